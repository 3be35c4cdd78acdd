//! Rows of `import_products`.

use sea_orm::Value;

use super::insert::Row;
use crate::{
    domain::{ImportId, ImportedProduct, ProductId, Result},
    store::{engine::ColumnKind, schema::entity::imported_product},
};

/// A product to record as written by an import.
pub(in crate::store) struct ImportedRow<'a> {
    pub(in crate::store) import: &'a ImportId,
    pub(in crate::store) product: &'a ImportedProduct,
}

impl Row<9> for ImportedRow<'_> {
    const COLUMNS: [(&'static str, ColumnKind); 9] = [
        ("import_id", ColumnKind::Text),
        ("product_id", ColumnKind::Text),
        ("created_at", ColumnKind::BigInteger),
        ("before_revision", ColumnKind::BigInteger),
        ("before_content", ColumnKind::BigInteger),
        ("last_revision", ColumnKind::BigInteger),
        ("last_content", ColumnKind::BigInteger),
        ("mixed", ColumnKind::Integer),
        ("stock_set", ColumnKind::Integer),
    ];

    fn values(&self) -> Result<[Value; 9]> {
        let Self { import, product } = self;
        Ok([
            import.as_str().into(),
            product.product_id.as_str().into(),
            product.created_at.into(),
            product.before_revision.into(),
            product.before_content.into(),
            product.last_revision.into(),
            product.last_content.into(),
            i32::from(product.is_mixed).into(),
            i32::from(product.stock_set).into(),
        ])
    }
}

impl From<imported_product::Model> for ImportedProduct {
    fn from(row: imported_product::Model) -> Self {
        Self {
            product_id: ProductId::known(row.product_id),
            created_at: row.created_at,
            before_revision: row.before_revision,
            before_content: row.before_content,
            last_revision: row.last_revision,
            last_content: row.last_content,
            is_mixed: row.mixed != 0,
            stock_set: row.stock_set != 0,
        }
    }
}
