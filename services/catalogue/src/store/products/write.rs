//! Creates and updates single products.

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::{history, read, save};
use crate::{
    domain::{
        Change, Details, Error, Field, Mask, Op, Product, ProductId, Result, Revision, Sku,
        Violations, check_whole,
    },
    store::{
        Store,
        schema::entity::{product, variant},
        writes::{Unit, Write},
    },
};

impl Store {
    /// Creates a product.
    ///
    /// # Errors
    /// Its id, its external id or a SKU is taken, or one of its categories does not exist.
    pub(crate) async fn create<A: Send + 'static>(
        &self,
        write: Write<Product, A>,
        id: ProductId,
        details: Details,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                match read::by_ids(&unit.tx, std::slice::from_ref(&id)).await?.pop() {
                    Some(other) if other.deleted_at.is_some() => {
                        return Err(Error::DeletedProductExists(id));
                    }
                    Some(_) => return Err(Error::ProductExists(id)),
                    None => {}
                }
                let mut product = Product::new(id, details, unit.now);
                product.created_by.clone_from(&unit.context.actor);
                check_references(unit, &product).await?;
                save::products(&unit.tx, &[&product]).await?;
                if !product.details.variants.is_empty() {
                    save::variants(&unit.tx, &[&product]).await?;
                }
                save::memberships(&unit.tx, &[&product]).await?;
                let change = Change::whole(product.id.clone(), Op::Created, unit.now);
                unit.append_changes(&[change]).await?;
                unit.memberships_changed = true;
                Ok(product)
            })
        })
        .await
    }

    /// Updates the fields of `mask` to those of `new`, except for the stock of what exists; writes
    /// nothing if none of them differs.
    ///
    /// # Errors
    /// The product does not exist, its etag differs, or it would refer to a missing category.
    pub(crate) async fn update<A: Send + 'static>(
        &self,
        write: Write<Product, A>,
        id: ProductId,
        new: Details,
        mask: Mask,
        etag: Option<String>,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                let product = lock_and_check(unit, id, etag.as_deref()).await?;
                apply(unit, product, new, mask).await
            })
        })
        .await
    }

    /// Restores the content of an earlier revision. The stock stays as it is.
    ///
    /// # Errors
    /// The product or the revision does not exist, the etag differs, or the content refers to a
    /// category that does not exist any more.
    pub(crate) async fn revert<A: Send + 'static>(
        &self,
        write: Write<Product, A>,
        id: ProductId,
        revision: i64,
        etag: Option<String>,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                let product = lock_and_check(unit, id, etag.as_deref()).await?;
                let old = history::at(&unit.tx, product.clone(), revision).await?;
                let mut content = old.details;
                // The stock that a variant had when it was removed does not come back with it.
                content.variants.iter_mut().for_each(|variant| variant.stock_qty = 0);
                apply(unit, product, content, Mask::all()).await
            })
        })
        .await
    }
}

/// Updates the product, its history and the feed; writes nothing if no field differs. The stock of
/// an existing product stays: some may have been sold since `new` was read.
async fn apply(
    unit: &mut Unit,
    mut product: Product,
    mut new: Details,
    mask: Mask,
) -> Result<Product> {
    let mask = mask.without(Field::StockQty);
    new.keep_stock_of(&product.details);
    let old = product.details.clone();
    let changed = product.update(&new, mask, unit.now);
    if changed.is_empty() {
        return Ok(product);
    }
    check_references(unit, &product).await?;
    save::products(&unit.tx, &[&product]).await?;
    let stocked = changed.has(Field::StockQty) && !product.details.variants.is_empty();
    if changed.has(Field::Variants) || stocked {
        save::variants(&unit.tx, &[&product]).await?;
    }
    if changed.has(Field::CategoryIds) {
        save::memberships(&unit.tx, &[&product]).await?;
    }
    unit.memberships_changed |= changed.has(Field::CategoryIds) || changed.has(Field::Status);
    history::record(unit, &[Revision::updated(&old, &product, changed)]).await?;
    let change = Change::updated(product.id.clone(), changed, unit.now).from(old.status);
    unit.append_changes(&[change]).await?;
    Ok(product)
}

/// Locks the product and returns it, if it is not deleted and its etag matches.
pub(super) async fn lock_and_check(
    unit: &Unit,
    id: ProductId,
    etag: Option<&str>,
) -> Result<Product> {
    let product = lock_and_check_deleted(unit, id, etag).await?;
    match product.deleted_at {
        Some(_) => Err(Error::ProductDeleted(product.id)),
        None => Ok(product),
    }
}

/// Locks the product and returns it, deleted or not, if its etag matches.
pub(super) async fn lock_and_check_deleted(
    unit: &Unit,
    id: ProductId,
    etag: Option<&str>,
) -> Result<Product> {
    unit.lock_products([&id]).await?;
    let product = read::by_ids(&unit.tx, std::slice::from_ref(&id)).await?.pop();
    let product = product.ok_or_else(|| Error::ProductNotFound(id.clone()))?;
    match etag {
        Some(etag) if etag != product.etag() => Err(Error::EtagMismatch(id)),
        _ => Ok(product),
    }
}

/// Checks that the product is consistent, its categories exist, and its external id and SKUs are
/// not taken.
async fn check_references(unit: &mut Unit, product: &Product) -> Result<()> {
    unit.load_categories(&product.details.category_ids).await?;
    let mut violations = Violations::default();
    check_whole(&product.details, &mut violations);
    for (index, id) in product.details.category_ids.iter().enumerate() {
        if unit.tree.get(id).is_none() {
            violations
                .add(format!("category_ids[{index}]"), "names a category that does not exist");
        }
    }
    violations.check()?;
    check_external_id(unit, product).await?;
    check_skus(unit, product).await
}

async fn check_external_id(unit: &Unit, product: &Product) -> Result<()> {
    let Some(external_id) = &product.details.external_id else { return Ok(()) };
    let others = product::Entity::find()
        .filter(product::Column::ExternalId.eq(external_id))
        .filter(product::Column::Id.ne(product.id.as_str()));
    match others.one(&unit.tx).await? {
        None => Ok(()),
        Some(other) => Err(Error::ExternalIdTaken {
            external_id: external_id.clone(),
            owner: ProductId::known(other.id),
        }),
    }
}

async fn check_skus(unit: &Unit, product: &Product) -> Result<()> {
    let variants = &product.details.variants;
    if variants.is_empty() {
        return Ok(());
    }
    let others = variant::Entity::find()
        .filter(variant::Column::Sku.is_in(variants.iter().map(|variant| variant.sku.as_str())))
        .filter(variant::Column::ProductId.ne(product.id.as_str()));
    match others.one(&unit.tx).await? {
        None => Ok(()),
        Some(other) => Err(Error::SkuTaken {
            sku: Sku::known(other.sku),
            owner: ProductId::known(other.product_id),
        }),
    }
}
