//! Writing rows, many a statement.

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, ConnectionTrait, EntityTrait, Iterable as _, QueryFilter as _,
    QueryTrait as _,
    sea_query::Query,
};

use super::{
    bulk::{Insert, LazyInsert, Row as _},
    entity::{category, change, membership, product, variant},
    order,
    rows::{self, ChangeRow, MembershipRow, ProductRow},
    stored::json,
    unit::Unit,
};
use crate::domain::{Category, Change, Error, Place, Product, ProductId, Result};

/// Below SQLite's limit of 32,766 values a statement.
const MAX_VALUES: usize = 30_000;

/// Writes products that were not there when they were looked for. Their categories and variants are
/// apart.
///
/// # Errors
/// [`Error::Raced`] if somebody else has written one of them meanwhile, or one with its external id.
pub(super) async fn new_products(db: &impl ConnectionTrait, products: &[&Product]) -> Result<()> {
    static INSERT: LazyInsert<21> = LazyInsert::new(|| Insert::of::<ProductRow>("products", ""));
    INSERT.run(db, &product_rows(products)).await?;
    Ok(())
}

/// Writes products as they are now, over an earlier revision of them if there is one. Their
/// categories and variants are apart.
///
/// # Errors
/// [`Error::Raced`] if there is a later one: somebody else has written it since it was read.
pub(super) async fn products(db: &impl ConnectionTrait, products: &[&Product]) -> Result<()> {
    static UPSERT: LazyInsert<21> = LazyInsert::new(|| {
        let set = ProductRow::COLUMNS[1..].iter();
        let set = set.map(|(name, _)| format!("{name} = excluded.{name}"));
        let set = set.collect::<Vec<_>>().join(", ");
        let over = format!(
            "ON CONFLICT (id) DO UPDATE SET {set} WHERE products.revision < excluded.revision"
        );
        Insert::of::<ProductRow>("products", &over)
    });
    if UPSERT.run(db, &product_rows(products)).await? != products.len() as u64 {
        return Err(Error::Raced("a product has a later revision".into()));
    }
    Ok(())
}

fn product_rows<'a>(products: &[&'a Product]) -> Vec<ProductRow<'a>> {
    products.iter().map(|product| ProductRow(product)).collect()
}

/// Writes the variants of the products, in the place of what there was. A sku may go from one of
/// them to another.
pub(super) async fn variants(db: &impl ConnectionTrait, products: &[&Product]) -> Result<()> {
    for chunk in products.chunks(MAX_VALUES) {
        let ids = chunk.iter().map(|product| product.id.as_str());
        let old = variant::Entity::delete_many();
        old.filter(variant::Column::ProductId.is_in(ids)).exec(db).await?;
    }
    let rows = products.iter().flat_map(|product| {
        let numbered = (0..).zip(&product.details.variants);
        numbered.map(|(position, variant)| rows::variant(&product.id, position, variant))
    });
    insert(db, rows.collect::<Result<_>>()?).await
}

/// Writes which categories the products are in, in the place of what there was.
pub(super) async fn memberships(db: &impl ConnectionTrait, products: &[&Product]) -> Result<()> {
    static INSERT: LazyInsert<3> =
        LazyInsert::new(|| Insert::of::<MembershipRow>("product_categories", ""));
    // A new product has none to be replaced.
    let old: Vec<&Product> = products.iter().copied().filter(|p| p.revision > 1).collect();
    for chunk in old.chunks(MAX_VALUES) {
        let ids = chunk.iter().map(|product| product.id.as_str());
        let old = membership::Entity::delete_many();
        old.filter(membership::Column::ProductId.is_in(ids)).exec(db).await?;
    }
    let rows: Vec<_> = products.iter().flat_map(|product| MembershipRow::of(product)).collect();
    INSERT.run(db, &rows).await?;
    Ok(())
}

/// Appends to the feed, in this order.
pub(super) async fn changes(unit: &mut Unit, changes: &[Change]) -> Result<()> {
    static INSERT: LazyInsert<8> = LazyInsert::new(|| Insert::of::<ChangeRow>("changes", ""));
    let Some((last, others)) = changes.split_last() else { return Ok(()) };
    unit.changed_products.extend(changes.iter().filter_map(Change::product_id).cloned());
    let (actor, request_id) = (unit.context.actor.as_str(), unit.request_id());
    let xid = order::transaction(&unit.tx).await?;
    let row = |change| ChangeRow::new(change, xid, actor, request_id);
    INSERT.run(&unit.tx, &others.iter().map(row).collect::<Vec<_>>()).await?;
    // Only of the last one do we need to know where it stands.
    let last = row(last);
    let last = change::ActiveModel {
        seq: NotSet,
        xid: Set(last.xid),
        product_id: Set(last.product_id.to_owned()),
        category_id: Set(last.category_id.map(str::to_owned)),
        op: Set(last.op),
        changed_fields: Set(json(last.changed_fields)?),
        changed_at: Set(last.changed_at),
        actor: Set(actor.to_owned()),
        request_id: Set(request_id.to_owned()),
    };
    let place = [change::Column::Xid, change::Column::Seq];
    let mut last = change::Entity::insert(last).into_query();
    let last = last.returning(Query::returning().columns(place));
    let row = unit.tx.query_one(&*last).await?;
    let row = row.ok_or_else(|| Error::Store("an insert returned nothing".into()))?;
    let (transaction, sequence) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    unit.last_change = Some(Place { transaction, sequence });
    Ok(())
}

/// Adds categories; parents first.
pub(super) async fn categories(db: &impl ConnectionTrait, categories: &[Category]) -> Result<()> {
    insert(db, categories.iter().map(category).collect()).await
}

/// A category as a row.
pub(super) fn category(category: &Category) -> category::ActiveModel {
    category::ActiveModel {
        id: Set(category.id.as_str().to_owned()),
        name: Set(category.name.clone()),
        parent_id: Set(category.parent_id.as_ref().map(|id| id.as_str().to_owned())),
        position: Set(category.position),
        revision: Set(category.revision),
    }
}

/// Lets go of these products' external ids, so that others can take them in whatever order.
pub(super) async fn release_external_ids(
    db: &impl ConnectionTrait,
    ids: &[&ProductId],
) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    product::Entity::update_many()
        .col_expr(product::Column::ExternalId, Option::<String>::None.into())
        .filter(product::Column::Id.is_in(ids.iter().map(|id| id.as_str())))
        .exec(db)
        .await?;
    Ok(())
}

pub(super) async fn insert<A>(db: &impl ConnectionTrait, rows: Vec<A>) -> Result<()>
where
    A: ActiveModelTrait + Send,
{
    let columns = <A::Entity as EntityTrait>::Column::iter().count();
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk = rows.by_ref().take(MAX_VALUES / columns);
        A::Entity::insert_many(chunk).exec_without_returning(db).await?;
    }
    Ok(())
}
