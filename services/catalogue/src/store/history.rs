//! A product's past: found by going back from what it is now.

use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use super::{
    Store,
    entity::revision,
    products::{change, seen},
    save::insert,
    undo,
    unit::Unit,
    write::Write,
};
use crate::domain::{
    Details, Error, KEPT_REVISIONS, Mask, Product, ProductId, Result, Revision, Sku,
};

/// Rows read at once: each may hold a whole product.
const AT_ONCE: u64 = 20;
/// What fields a page may hold, in bytes: an answer is bounded, and products may be large.
const MAX_BYTES: usize = 3 << 20;
/// Products whose oldest revisions are forgotten in one statement.
const FORGOTTEN_AT_ONCE: usize = 400;

/// A revision, and what its fields were afterwards.
#[derive(Debug)]
pub(crate) struct PastRevision {
    pub(crate) revision: Revision,
    pub(crate) after: Details,
    /// How many there were afterwards of the variants whose stock it changed.
    pub(crate) variant_stock: Vec<(Sku, i32)>,
}

impl Store {
    /// The newest revisions of a product below `below`, newest first: at most `limit`, and no more
    /// than an answer holds. Also says whether there are more. The product may be deleted.
    ///
    /// # Errors
    /// There is no such product, or the store cannot be read.
    pub(crate) async fn revisions(
        &self,
        id: &ProductId,
        below: Option<i64>,
        limit: usize,
    ) -> Result<(Vec<PastRevision>, bool)> {
        let product = self.product(id).await?.ok_or_else(|| Error::ProductNotFound(id.clone()))?;
        let (mut steps, mut bytes, mut more) = (Vec::new(), 0, false);
        go_back(&self.0.reader, product, |product, revision| {
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

    /// A product as it was.
    ///
    /// # Errors
    /// That revision is not kept, or the store cannot be read.
    pub(crate) async fn product_at(&self, product: Product, revision: i64) -> Result<Product> {
        at(&self.0.reader, product, revision).await
    }

    /// Gives a product the content it had, and leaves its stock as it is.
    ///
    /// # Errors
    /// There is no such product or revision, it has another etag, or what it would refer to is
    /// missing by now.
    pub(crate) async fn revert<A: Send + 'static>(
        &self,
        write: Write<Product, A>,
        id: ProductId,
        revision: i64,
        etag: Option<String>,
    ) -> Result<A> {
        self.write(write, move |unit| {
            Box::pin(async move {
                let product = seen(unit, id, etag.as_deref()).await?;
                let old = at(&unit.tx, product.clone(), revision).await?;
                let content = old.details.with_stock_of(&product.details);
                change(unit, product, &content, Mask::all()).await
            })
        })
        .await
    }
}

fn step(product: &Product, revision: Option<&Revision>) -> PastRevision {
    let revision = revision.cloned().unwrap_or_else(|| Revision::created(product));
    let mut after = Details::default();
    after.take(&product.details, revision.changed);
    let counted = |sku: &Sku| {
        let mut variants = product.details.variants.iter();
        variants.find(|variant| variant.sku == *sku).map(|variant| variant.stock_qty)
    };
    let stock = revision.variant_stock.iter();
    let variant_stock = stock.filter_map(|(sku, _)| Some((sku.clone(), counted(sku)?))).collect();
    PastRevision { revision, after, variant_stock }
}

/// Keeps what these changes have replaced, and forgets what is too old now. An import may write
/// thousands at once.
pub(super) async fn keep(unit: &Unit, revisions: &[Revision]) -> Result<()> {
    let (actor, request_id) = (&unit.context.actor, unit.request_id());
    let rows = revisions.iter().map(|revision| undo::row(revision, actor, request_id));
    insert(&unit.tx, rows.collect::<Result<_>>()?).await?;
    let old: Vec<_> =
        revisions.iter().filter(|revision| revision.revision > KEPT_REVISIONS).collect();
    for chunk in old.chunks(FORGOTTEN_AT_ONCE) {
        let forgotten = chunk.iter().fold(Condition::any(), |any, newest| {
            let of_product = revision::Column::ProductId.eq(newest.product_id.as_str());
            let too_old = revision::Column::Revision.lte(newest.revision - KEPT_REVISIONS);
            any.add(Condition::all().add(of_product).add(too_old))
        });
        revision::Entity::delete_many().filter(forgotten).exec(&unit.tx).await?;
    }
    Ok(())
}

/// The product as it was at this revision.
async fn at(db: &impl ConnectionTrait, product: Product, wanted: i64) -> Result<Product> {
    let missing = Error::RevisionNotFound { product: product.id.clone(), revision: wanted };
    if product.revision == wanted {
        return Ok(product);
    }
    let mut found = None;
    go_back(db, product, |product, _| {
        if product.revision == wanted {
            found = Some(product.clone());
        }
        product.revision > wanted
    })
    .await?;
    found.ok_or(missing)
}

/// Goes back from revision to revision, as far as they are kept and `visit` wants to. It is shown
/// the product as each left it; the creation left no row.
async fn go_back(
    db: &impl ConnectionTrait,
    mut product: Product,
    mut visit: impl FnMut(&Product, Option<&Revision>) -> bool,
) -> Result<()> {
    let forgotten = (product.revision - KEPT_REVISIONS).max(0);
    while product.revision > 1 {
        let rows = revision::Entity::find()
            .filter(revision::Column::ProductId.eq(product.id.as_str()))
            .filter(revision::Column::Revision.gt(forgotten))
            .filter(revision::Column::Revision.lte(product.revision))
            .order_by_desc(revision::Column::Revision)
            .limit(AT_ONCE)
            .all(db)
            .await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            let revision = Revision::try_from(row)?;
            if revision.revision != product.revision {
                // It changed before there was a history.
                return Ok(());
            }
            product.updated_at = revision.at;
            if !visit(&product, Some(&revision)) {
                return Ok(());
            }
            revision.undo(&mut product);
        }
    }
    if forgotten == 0 {
        product.updated_at = product.created_at;
        visit(&product, None);
    }
    Ok(())
}
