//! Rows become products: what a batch of them does to what there is.
//!
//! A [`Batch`] is settled in memory, row by row in their order, and knows afterwards what is to be
//! written. It asks nobody, so it is given every product its rows may concern. A [`Rehearsal`] keeps
//! what batches would have written, for those that come after them. A [`Turn`] lets a batch be written
//! while the one before it is.

mod batch;
mod rehearsal;
mod reject;
#[cfg(test)]
mod tests;
mod turn;

pub(crate) use batch::Batch;
pub(crate) use rehearsal::Rehearsal;
pub(crate) use reject::Reject;
pub(crate) use turn::Turn;

use crate::domain::{CategoryId, Details, Mask, ProductId, Sku};

/// What a row wants. It has an id, or an external id in its details, or else a sku.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) line: i64,
    pub(crate) id: Option<ProductId>,
    /// Of its first variant.
    pub(crate) sku: Option<Sku>,
    pub(crate) details: Details,
    pub(crate) mask: Mask,
    /// By name, for the categories that are not named by a known id.
    pub(crate) category_paths: Vec<Path>,
}

impl Row {
    /// Every sku that it names.
    pub(crate) fn skus(&self) -> impl Iterator<Item = &Sku> {
        self.sku.iter().chain(self.details.variants.iter().map(|variant| &variant.sku))
    }
}

/// The way to a category. `ids` are those of another catalogue, or none.
#[derive(Debug, Clone)]
pub(crate) struct Path {
    pub(crate) names: Vec<String>,
    pub(crate) ids: Vec<CategoryId>,
}

/// What a row that cannot be taken means for those behind it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnError {
    #[default]
    Skip,
    Stop,
}

/// What became of some rows.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) created: i64,
    pub(crate) updated: i64,
    pub(crate) unchanged: i64,
    pub(crate) rejects: Vec<Reject>,
    /// What each row that changed something has changed; only where it was asked for.
    pub(crate) diffs: Vec<Diff>,
}

/// What a row does to its product.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Diff {
    pub(crate) line: i64,
    /// None for a product that would be given its id only when it is made.
    pub(crate) id: Option<ProductId>,
    /// The changed fields as they were; none when the product is new.
    pub(crate) before: Option<Details>,
    /// The changed fields as they are now.
    pub(crate) after: Details,
    pub(crate) changed: Mask,
}
