//! Rejected rows.

use crate::domain::{Error, Result};

/// Maximum length of a message, in characters: a response may have hundreds.
const MAX_MESSAGE: usize = 500;

/// A rejected row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reject {
    pub(crate) line: i64,
    pub(crate) reason: &'static str,
    /// Name of the field in the contract, or empty.
    pub(crate) field: String,
    pub(crate) message: String,
}

impl Reject {
    /// Rejects a row because of an error.
    ///
    /// # Errors
    /// Returns `error` if the row did not cause it, which ends the import.
    pub(crate) fn new(line: i64, error: Error) -> Result<Self> {
        let message = error.to_string().chars().take(MAX_MESSAGE).collect();
        let (reason, field) = match error {
            Error::Invalid(violations) => {
                let first = violations.iter().next().map(|(field, _)| field.to_owned());
                ("INVALID_FIELD", first.unwrap_or_default())
            }
            Error::StockNotWritable => ("STOCK_NOT_WRITABLE", "stock_qty".to_owned()),
            Error::CategoryNotFound(_) => ("CATEGORY_NOT_FOUND", "category_ids".to_owned()),
            Error::SkuTaken { .. } => ("SKU_TAKEN", "variants".to_owned()),
            Error::ExternalIdTaken { .. } => ("EXTERNAL_ID_TAKEN", "external_id".to_owned()),
            Error::SkuNotFound(_) => ("SKU_NOT_FOUND", "variants".to_owned()),
            Error::GtinNotFound(_) => ("GTIN_NOT_FOUND", "variants".to_owned()),
            Error::GtinAmbiguous(_) => ("GTIN_AMBIGUOUS", "variants".to_owned()),
            Error::ProductNotFound(_) => ("PRODUCT_NOT_FOUND", "id".to_owned()),
            Error::ProductExists(_) => ("PRODUCT_EXISTS", "id".to_owned()),
            Error::EtagMismatch(_) => ("ETAG_MISMATCH", "etag".to_owned()),
            Error::TooManyCategories(_) => ("CATEGORY_LIMIT", "category_paths".to_owned()),
            other => return Err(other),
        };
        Ok(Self { line, reason, field, message })
    }

    /// Rejects a row that does not identify a product.
    pub(crate) fn key_missing(line: i64) -> Self {
        let message = "the row needs an id, an external_id or a variant's sku or gtin".to_owned();
        Self { line, reason: "KEY_MISSING", field: "id".to_owned(), message }
    }
}
