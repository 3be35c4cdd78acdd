//! Import of rows: computes in memory how a batch of rows changes the products.
//!
//! A [`Batch`] starts with every stored product that its rows may refer to, applies the rows in their
//! order, and then has the products, changes and revisions to write. A [`DryRun`] remembers the
//! products that earlier batches would have written. A [`CommitTurn`] lets two batches of an import
//! run side by side.

mod batch;
mod commit_turn;
mod dry_run;
mod reject;
#[cfg(test)]
mod tests;

pub(crate) use batch::Batch;
pub(crate) use commit_turn::CommitTurn;
pub(crate) use dry_run::DryRun;
pub(crate) use reject::Reject;

use crate::domain::{CategoryId, Details, Mask, ProductId, Sku};

/// A row to import. Its product is found by id, else by the external id in its details, else by SKU.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) line: i64,
    pub(crate) id: Option<ProductId>,
    /// SKU of the first variant.
    pub(crate) sku: Option<Sku>,
    pub(crate) details: Details,
    pub(crate) mask: Mask,
    /// Categories by name, for those whose ids are unknown.
    pub(crate) category_paths: Vec<Path>,
}

impl Row {
    /// All SKUs in the row.
    pub(crate) fn skus(&self) -> impl Iterator<Item = &Sku> {
        self.sku.iter().chain(self.details.variants.iter().map(|variant| &variant.sku))
    }
}

/// Path of a category from the root. `ids` are those of another catalogue, or empty.
#[derive(Debug, Clone)]
pub(crate) struct Path {
    pub(crate) names: Vec<String>,
    pub(crate) ids: Vec<CategoryId>,
}

/// How to continue after a rejected row.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnError {
    #[default]
    Skip,
    Stop,
}

/// Result of a batch.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) created: i64,
    pub(crate) updated: i64,
    pub(crate) unchanged: i64,
    pub(crate) rejects: Vec<Reject>,
    /// The changes of each row, in a dry run.
    pub(crate) diffs: Vec<Diff>,
}

/// The changes of one row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Diff {
    pub(crate) line: i64,
    /// `None` if the product would get a generated id.
    pub(crate) id: Option<ProductId>,
    /// The old values of the changed fields; `None` if the product is new.
    pub(crate) before: Option<Details>,
    /// The new values of the changed fields.
    pub(crate) after: Details,
    pub(crate) changed: Mask,
}
