//! Import of rows: computes in memory how a batch of rows changes the products.
//!
//! A [`Batch`] starts with every stored product that its rows may refer to, applies the rows in their
//! order, and then has the products, changes and revisions to write. A [`DryRun`] remembers the
//! products that earlier batches would have written. A [`CommitTurn`] lets two batches of an import
//! run side by side. An [`Undo`] is how the import of a product is undone.

mod batch;
mod commit_turn;
mod conditions;
mod dry_run;
mod key;
mod known;
mod merge;
mod reject;
#[cfg(test)]
mod tests;
mod undo;

pub(crate) use batch::Batch;
pub(crate) use commit_turn::CommitTurn;
pub(crate) use dry_run::DryRun;
pub(crate) use merge::{MediaMerge, Merge, VariantFields};
pub(crate) use reject::Reject;
pub(crate) use undo::{Conflict, Undo, UndoneProduct};

use crate::domain::{CategoryId, Details, Error, Field, Mask, ProductId, Result, Sku};

/// A row to import. Its product is found by id, else by the external id in its details, else by SKU,
/// else by GTIN.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) line: i64,
    pub(crate) id: Option<ProductId>,
    /// SKU of the first variant.
    pub(crate) sku: Option<Sku>,
    /// GTIN of the first variant, if it has no SKU: the variant is the one with this GTIN.
    pub(crate) gtin: Option<String>,
    /// The product's etag when the row was written, if known.
    pub(crate) etag: Option<String>,
    pub(crate) details: Details,
    pub(crate) mask: Mask,
    /// Which lists the row merges instead of replacing them.
    pub(crate) merge: Merge,
    /// Categories by name, for categories with unknown ids.
    pub(crate) category_paths: Vec<Path>,
}

impl Row {
    /// All SKUs in the row.
    pub(crate) fn skus(&self) -> impl Iterator<Item = &Sku> {
        self.sku.iter().chain(self.details.variants.iter().map(|variant| &variant.sku))
    }

    /// Leaves the stock of an existing product out of the row; returns whether it differs from the current one.
    ///
    /// # Errors
    /// [`Error::StockNotWritable`] if the row has nothing else.
    fn keep_stock_of(&mut self, current: &Details) -> Result<bool> {
        // The external id may be the key.
        if self.mask.without(Field::ExternalId).is_stock_alone() || self.merges_stock_alone() {
            return Err(Error::StockNotWritable);
        }
        let differs = self.details.contradicts_stock_of(current, self.mask);
        self.mask = self.mask.without(Field::StockQty);
        self.details.keep_stock_of(current);
        Ok(differs)
    }
}

/// Path of a category from the root. `ids` are another catalogue's, or empty.
#[derive(Debug, Clone)]
pub(crate) struct Path {
    pub(crate) names: Vec<String>,
    pub(crate) ids: Vec<CategoryId>,
}

/// How rows are applied.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ApplyOptions {
    pub(crate) on_error: OnError,
    pub(crate) mode: Mode,
    /// Whether rows with another etag than their product are rejected.
    pub(crate) check_etags: bool,
    /// Whether rows set the stock of products and variants that exist.
    pub(crate) set_stock: bool,
}

/// Whether rows may create and update.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    #[default]
    Upsert,
    UpdateOnly,
    CreateOnly,
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
    /// Rows with another stock than that of their product, which was kept.
    pub(crate) stock_kept: i64,
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
