//! Reading how many there are of products.

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};

use super::{Store, entity::product};
use crate::domain::{Item, ProductId, Result, StockLevel};

impl Store {
    /// The stock of those of the products that exist and are not deleted, in no order: of each as a
    /// whole, and without what is reserved.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) async fn levels(&self, ids: &[ProductId]) -> Result<Vec<StockLevel>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let columns = [product::Column::Id, product::Column::StockQty, product::Column::Revision];
        let levels = product::Entity::find()
            .select_only()
            .columns(columns)
            .filter(product::Column::Id.is_in(ids.iter().map(ProductId::as_str)))
            .filter(product::Column::DeletedAt.is_null());
        let levels: Vec<(String, i32, i64)> = levels.into_tuple().all(&self.0.reader).await?;
        let level = |(id, stock_qty, revision)| StockLevel {
            item: Item { product_id: ProductId::known(id), sku: None },
            stock_qty,
            revision,
            reserved_qty: 0,
        };
        Ok(levels.into_iter().map(level).collect())
    }
}
