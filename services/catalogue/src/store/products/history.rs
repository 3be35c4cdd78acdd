//! A product's earlier revisions: each stores the values that it replaced, so that they are
//! reconstructed backwards from the current state.

use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use crate::{
    domain::{
        Details, Error, ImportedProduct, KEPT_REVISIONS, Product, ProductId, Result, Revision, Sku,
    },
    store::{
        Store,
        rows::{
            insert::{Insert, LazyInsert},
            revision::RevisionRow,
        },
        schema::entity::revision,
        writes::Unit,
    },
};

/// Rows read in one statement: each may hold a whole product.
const BATCH: u64 = 20;
/// The largest total size of the fields in a page, in bytes: products may be large, and a response
/// is limited.
const MAX_BYTES: usize = 3 << 20;
/// Products to delete the oldest revisions of, in one statement.
const PRUNE_BATCH: usize = 400;

/// A revision with the values before and after it.
#[derive(Debug)]
pub(crate) struct PastRevision {
    pub(crate) revision: Revision,
    pub(crate) after: Details,
    /// The stock, after the revision, of the variants that it changed the stock of.
    pub(crate) variant_stock: Vec<(Sku, i32)>,
}

impl Store {
    /// The revisions of a product below the number `below`, newest first: at most `limit`, and no
    /// more than fit into a response; and whether there are more. The product may be deleted.
    ///
    /// # Errors
    /// The product does not exist, or the store cannot be read.
    pub(crate) async fn revisions(
        &self,
        id: &ProductId,
        below: Option<i64>,
        limit: usize,
    ) -> Result<(Vec<PastRevision>, bool)> {
        let product = self.product(id).await?.ok_or_else(|| Error::ProductNotFound(id.clone()))?;
        let (mut steps, mut bytes, mut more) = (Vec::new(), 0, false);
        walk_back(&self.0.reader, product, |product, revision| {
            if below.is_some_and(|below| product.revision >= below) {
                return true;
            }
            let step = step(product, revision);
            bytes += step.revision.before.bytes() + step.after.bytes();
            more = steps.len() == limit || (bytes > MAX_BYTES && !steps.is_empty());
            if !more {
                steps.push(step);
            }
            !more
        })
        .await?;
        Ok((steps, more))
    }

    /// The state of a product at an earlier revision.
    ///
    /// # Errors
    /// The revision is not retained, or the store cannot be read.
    pub(crate) async fn product_at(&self, product: Product, revision: i64) -> Result<Product> {
        at(&self.0.reader, product, revision).await
    }
}

fn step(product: &Product, revision: Option<&Revision>) -> PastRevision {
    let revision = revision.cloned().unwrap_or_else(|| Revision::created(product));
    let mut after = Details::default();
    after.take(&product.details, revision.changed);
    let stock_of = |sku: &Sku| {
        let mut variants = product.details.variants.iter();
        variants.find(|variant| variant.sku == *sku).map(|variant| variant.stock_qty)
    };
    let stock = revision.variant_stock.iter();
    let variant_stock = stock.filter_map(|(sku, _)| Some((sku.clone(), stock_of(sku)?))).collect();
    PastRevision { revision, after, variant_stock }
}

/// Records revisions and prunes revisions beyond [`KEPT_REVISIONS`], in batches: an import may
/// write thousands.
pub(in crate::store) async fn record(unit: &Unit, revisions: &[Revision]) -> Result<()> {
    static INSERT: LazyInsert<8> =
        LazyInsert::new(|| Insert::new::<RevisionRow>("product_revisions", ""));
    let (actor, request_id) = (&unit.context.actor, unit.request_id());
    let row = |revision| RevisionRow { revision, actor, request_id };
    INSERT.run(&unit.tx, &revisions.iter().map(row).collect::<Vec<_>>()).await?;
    let old: Vec<_> =
        revisions.iter().filter(|revision| revision.revision > KEPT_REVISIONS).collect();
    for chunk in old.chunks(PRUNE_BATCH) {
        let pruned = chunk.iter().fold(Condition::any(), |any, newest| {
            let of_product = revision::Column::ProductId.eq(newest.product_id.as_str());
            let too_old = revision::Column::Revision.lte(newest.revision - KEPT_REVISIONS);
            any.add(Condition::all().add(of_product).add(too_old))
        });
        revision::Entity::delete_many().filter(pruned).exec(&unit.tx).await?;
    }
    Ok(())
}

/// The revisions that imports have written of these products, and sales meanwhile: of each product the newest first.
pub(super) async fn of_imports<'a>(
    db: &impl ConnectionTrait,
    imported: impl Iterator<Item = &'a ImportedProduct>,
) -> Result<Vec<Revision>> {
    let mut of_any = Condition::any();
    for product in imported {
        let of_product = revision::Column::ProductId.eq(product.product_id.as_str());
        let after = revision::Column::Revision.gt(product.before_revision);
        let last = revision::Column::Revision.lte(product.last_revision);
        of_any = of_any.add(Condition::all().add(of_product).add(after).add(last));
    }
    if of_any.is_empty() {
        return Ok(Vec::new());
    }
    let newest_first = revision::Entity::find()
        .filter(of_any)
        .order_by_asc(revision::Column::ProductId)
        .order_by_desc(revision::Column::Revision);
    newest_first.all(db).await?.into_iter().map(Revision::try_from).collect()
}

/// The state of the product at revision `wanted`.
pub(super) async fn at(
    db: &impl ConnectionTrait,
    product: Product,
    wanted: i64,
) -> Result<Product> {
    let missing = Error::RevisionNotFound { product: product.id.clone(), revision: wanted };
    if product.revision == wanted {
        return Ok(product);
    }
    let mut found = None;
    walk_back(db, product, |product, _| {
        if product.revision == wanted {
            found = Some(product.clone());
        }
        product.revision > wanted
    })
    .await?;
    found.ok_or(missing)
}

/// Walks back through the retained revisions while `visit` returns true. `visit` gets the product as
/// the revision left it; the revision is None for the creation, which has no row.
async fn walk_back(
    db: &impl ConnectionTrait,
    mut product: Product,
    mut visit: impl FnMut(&Product, Option<&Revision>) -> bool,
) -> Result<()> {
    let pruned = (product.revision - KEPT_REVISIONS).max(0);
    while product.revision > 1 {
        let rows = revision::Entity::find()
            .filter(revision::Column::ProductId.eq(product.id.as_str()))
            .filter(revision::Column::Revision.gt(pruned))
            .filter(revision::Column::Revision.lte(product.revision))
            .order_by_desc(revision::Column::Revision)
            .limit(BATCH)
            .all(db)
            .await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            let revision = Revision::try_from(row)?;
            if revision.revision != product.revision {
                // The product was changed by a version without a history.
                return Ok(());
            }
            product.updated_at = revision.at;
            if !visit(&product, Some(&revision)) {
                return Ok(());
            }
            revision.undo(&mut product);
        }
    }
    if pruned == 0 {
        product.updated_at = product.created_at;
        visit(&product, None);
    }
    Ok(())
}
