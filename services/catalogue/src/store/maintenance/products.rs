//! Purges products that were deleted long ago.

use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::{
    domain::{Micros, ProductId, Result},
    store::{Store, schema::entity::product, writes::Write},
};

/// Products purged in one transaction.
const BATCH: u64 = 500;

impl Store {
    /// Purges the products that were deleted before `end`.
    pub(crate) async fn purge_deleted_before(&self, end: Micros) -> Result<()> {
        loop {
            let purged = self
                .write(Write::internal(), move |unit| {
                    Box::pin(async move {
                        let old = product::Entity::find()
                            .select_only()
                            .column(product::Column::Id)
                            .filter(product::Column::DeletedAt.lt(end))
                            .order_by_asc(product::Column::DeletedAt)
                            .limit(BATCH);
                        let old: Vec<String> = old.into_tuple().all(&unit.tx).await?;
                        let ids: Vec<_> = old.iter().cloned().map(ProductId::known).collect();
                        unit.lock_products(&ids).await?;
                        unit.changed_products.extend(ids);
                        // Checked again: a product may have been undeleted before it was locked.
                        let purge = product::Entity::delete_many()
                            .filter(product::Column::Id.is_in(old))
                            .filter(product::Column::DeletedAt.lt(end));
                        Ok(purge.exec(&unit.tx).await?.rows_affected)
                    })
                })
                .await?;
            if purged < BATCH {
                return Ok(());
            }
        }
    }
}
