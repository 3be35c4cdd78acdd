//! Deletes, undeletes and purges products.

use sea_orm::EntityTrait as _;

use super::{
    history, save,
    write::{lock_and_check, lock_and_check_deleted},
};
use crate::{
    domain::{
        Change, Error, ImportId, ImportedProduct, Micros, Op, Product, ProductId, Result, Revision,
    },
    store::{
        Store, imports,
        schema::entity::product,
        writes::{Unit, Write},
    },
};

impl Store {
    /// Deletes a product: it stays hidden until it is undeleted or purged. `import`: the one that deletes it.
    ///
    /// # Errors
    /// The product does not exist, its etag differs, or the import was undone.
    pub(crate) async fn delete<A: Send + 'static>(
        &self,
        write: Write<Product, A>,
        id: ProductId,
        etag: Option<String>,
        import: Option<ImportId>,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                if let Some(import) = &import {
                    imports::begin(&unit.tx, import, &unit.context.actor, unit.now).await?;
                    imports::lock_for_write(unit, import).await?;
                }
                let mut product = lock_and_check(unit, id, etag.as_deref()).await?;
                let (before_revision, before_content) =
                    (product.revision, product.content_revision);
                product.delete(unit.now);
                save(unit, &product, Revision::deleted(&product)).await?;
                if let Some(import) = &import {
                    let last = ImportedProduct::last(&product);
                    let deleted = ImportedProduct { before_revision, before_content, ..last };
                    imports::record(&unit.tx, import, &[deleted]).await?;
                }
                append(unit, deletion(&product, unit.now)).await?;
                Ok(product)
            })
        })
        .await
    }

    /// Restores a deleted product.
    ///
    /// # Errors
    /// The product does not exist, is not deleted, or its etag differs.
    pub(crate) async fn undelete<A: Send + 'static>(
        &self,
        write: Write<Product, A>,
        id: ProductId,
        etag: Option<String>,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                let mut product = lock_and_check_deleted(unit, id, etag.as_deref()).await?;
                if product.deleted_at.is_none() {
                    return Err(Error::ProductNotDeleted(product.id));
                }
                let deleted_at = product.deleted_at;
                product.undelete(unit.now);
                save(unit, &product, Revision::undeleted(&product, deleted_at)).await?;
                append(unit, Change::undeleted(product.id.clone(), unit.now)).await?;
                Ok(product)
            })
        })
        .await
    }

    /// Removes a product and its history for good, and returns its last state.
    ///
    /// # Errors
    /// The product does not exist, or its etag differs.
    pub(crate) async fn purge<A: Send + 'static>(
        &self,
        write: Write<Product, A>,
        id: ProductId,
        etag: Option<String>,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                let product = lock_and_check_deleted(unit, id, etag.as_deref()).await?;
                product::Entity::delete_by_id(product.id.as_str()).exec(&unit.tx).await?;
                unit.changed_products.push(product.id.clone());
                // Otherwise its deletion is in the feed already.
                if product.deleted_at.is_none() {
                    append(unit, deletion(&product, unit.now)).await?;
                }
                Ok(product)
            })
        })
        .await
    }
}

/// Saves a product that has been deleted or restored, with its revision.
async fn save(unit: &mut Unit, product: &Product, revision: Revision) -> Result<()> {
    save::products(&unit.tx, &[product]).await?;
    history::record(unit, &[revision]).await
}

/// Appends a change after which the product is in other categories than before.
async fn append(unit: &mut Unit, change: Change) -> Result<()> {
    unit.memberships_changed = true;
    unit.append_changes(&[change]).await
}

fn deletion(product: &Product, now: Micros) -> Change {
    Change::whole(product.id.clone(), Op::Deleted, now).from(product.details.status)
}
