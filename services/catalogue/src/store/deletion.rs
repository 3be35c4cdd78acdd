//! Deleting products, bringing them back, and forgetting them for good.

use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::{
    Store,
    entity::product,
    history,
    products::{seen, seen_or_deleted},
    save,
    unit::Unit,
    write::Write,
};
use crate::domain::{Change, Error, Micros, Op, Product, ProductId, Result, Revision};

impl Store {
    /// Hides a product until it is undeleted or purged.
    ///
    /// # Errors
    /// There is no such product, or it has another etag.
    pub(crate) async fn delete<A: Send + 'static>(
        &self,
        write: Write<Product, A>,
        id: ProductId,
        etag: Option<String>,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                let mut product = seen(unit, id, etag.as_deref()).await?;
                product.delete(unit.now);
                save::products(&unit.tx, &[&product]).await?;
                history::keep(unit, &[Revision::deleted(&product)]).await?;
                tell_of_deletion(unit, &product).await?;
                Ok(product)
            })
        })
        .await
    }

    /// Brings a deleted product back.
    ///
    /// # Errors
    /// There is no such product, it is not deleted, or it has another etag.
    pub(crate) async fn undelete<A: Send + 'static>(
        &self,
        write: Write<Product, A>,
        id: ProductId,
        etag: Option<String>,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                let mut product = seen_or_deleted(unit, id, etag.as_deref()).await?;
                if product.deleted_at.is_none() {
                    return Err(Error::ProductNotDeleted(product.id));
                }
                let deleted_at = product.deleted_at;
                product.undelete(unit.now);
                save::products(&unit.tx, &[&product]).await?;
                history::keep(unit, &[Revision::undeleted(&product, deleted_at)]).await?;
                let change = Change::undeleted(product.id.clone(), unit.now);
                save::changes(unit, &[change]).await?;
                unit.moved_products = true;
                Ok(product)
            })
        })
        .await
    }

    /// Deletes a product for good, with all that is known of it, and returns it as it last was.
    ///
    /// # Errors
    /// There is no such product, or it has another etag.
    pub(crate) async fn purge<A: Send + 'static>(
        &self,
        write: Write<Product, A>,
        id: ProductId,
        etag: Option<String>,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                let product = seen_or_deleted(unit, id, etag.as_deref()).await?;
                product::Entity::delete_by_id(product.id.as_str()).exec(&unit.tx).await?;
                unit.changed_products.push(product.id.clone());
                // Who follows the feed has been told when it was deleted.
                if product.deleted_at.is_none() {
                    tell_of_deletion(unit, &product).await?;
                }
                Ok(product)
            })
        })
        .await
    }

    /// Purges the products that were deleted before `end`, some at a time so that no write waits
    /// long.
    ///
    /// # Errors
    /// The store cannot be written.
    pub(crate) async fn purge_deleted_before(&self, end: Micros) -> Result<()> {
        const AT_ONCE: u64 = 500;
        loop {
            let purged = self
                .write(Write::housekeeping(), move |unit| {
                    Box::pin(async move {
                        let old = product::Entity::find()
                            .select_only()
                            .column(product::Column::Id)
                            .filter(product::Column::DeletedAt.lt(end))
                            .order_by_asc(product::Column::DeletedAt)
                            .limit(AT_ONCE);
                        let old: Vec<String> = old.into_tuple().all(&unit.tx).await?;
                        let ids: Vec<_> = old.iter().cloned().map(ProductId::known).collect();
                        unit.lock_products(&ids).await?;
                        unit.changed_products.extend(ids);
                        // One that was undeleted meanwhile is not old any more.
                        let gone = product::Entity::delete_many()
                            .filter(product::Column::Id.is_in(old))
                            .filter(product::Column::DeletedAt.lt(end));
                        Ok(gone.exec(&unit.tx).await?.rows_affected)
                    })
                })
                .await?;
            if purged < AT_ONCE {
                return Ok(());
            }
        }
    }
}

async fn tell_of_deletion(unit: &mut Unit, product: &Product) -> Result<()> {
    unit.moved_products = true;
    let change = Change::whole(product.id.clone(), Op::Deleted, unit.now);
    save::changes(unit, &[change]).await
}
