//! Which revisions of a product belong to an import.

use super::{ImportId, Micros, Product, ProductId};

/// Errors of imports.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImportError {
    #[error(
        "import {0} does not exist, or was longer ago than imports are kept: see --keep-imports of the catalogue"
    )]
    NotFound(ImportId),
    #[error("import {0} was undone and takes no more rows; import them under another id")]
    Undone(ImportId),
    #[error("import {0} has begun already; import this file under another id")]
    Exists(ImportId),
}

/// A product that an import has written, and the revisions that it wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ImportedProduct {
    pub(crate) product_id: ProductId,
    /// When the product was created: an id can be reused after a purge.
    pub(crate) created_at: Micros,
    /// The revision before the import; 0 if the import has created the product.
    pub(crate) before_revision: i64,
    /// The content revision before the import; 0 if the import has created the product.
    pub(crate) before_content: i64,
    /// The last revision that the import wrote.
    pub(crate) last_revision: i64,
    /// The last content revision that the import wrote.
    pub(crate) last_content: i64,
    /// Whether another writer has changed the content between two writes of the import.
    pub(crate) is_mixed: bool,
    /// Whether the import has set the stock of what existed.
    pub(crate) stock_set: bool,
}

impl ImportedProduct {
    /// The present revision of `product` as the last one of the import.
    pub(crate) fn last(product: &Product) -> Self {
        Self {
            product_id: product.id.clone(),
            created_at: product.created_at,
            before_revision: 0,
            before_content: 0,
            last_revision: product.revision,
            last_content: product.content_revision,
            is_mixed: false,
            stock_set: false,
        }
    }

    /// Whether the import has created the product.
    pub(crate) fn is_creation(&self) -> bool {
        self.before_revision == 0
    }

    /// Whether the content of `product` is still what the import made of it. Sales and reservations change
    /// the revision, and no content.
    pub(crate) fn is_current(&self, product: &Product) -> bool {
        !self.is_mixed
            && self.created_at == product.created_at
            && self.last_content == product.content_revision
    }
}
