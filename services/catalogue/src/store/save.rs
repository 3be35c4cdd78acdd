//! Writing rows, many a statement.

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, ConnectionTrait, EntityTrait, Iterable as _, QueryFilter as _,
    QueryTrait as _,
    sea_query::{Alias, Expr, ExprTrait as _, OnConflict, Query},
};

use super::{
    entity::{category, change, membership, product, variant},
    rows,
    stored::json,
    unit::Unit,
};
use crate::domain::{Category, Change, Error, Place, Product, ProductId, Result, Subject};

/// Below SQLite's limit of 32,766 values a statement.
const MAX_VALUES: usize = 30_000;

/// Writes products as they are now, over an earlier revision of them if there is one. Their
/// categories and variants are apart.
///
/// # Errors
/// [`Error::Raced`] if there is a later one: somebody else has written it since it was read.
pub(super) async fn products(db: &impl ConnectionTrait, products: &[&Product]) -> Result<()> {
    let columns =
        || product::Column::iter().filter(|column| !matches!(column, product::Column::Id));
    let revision = |table: &str| Expr::col((Alias::new(table), product::Column::Revision));
    let over = OnConflict::column(product::Column::Id)
        .update_columns(columns())
        .action_and_where(revision("products").lt(revision("excluded")))
        .to_owned();
    for chunk in products.chunks(MAX_VALUES / product::Column::iter().count()) {
        let rows: Vec<product::ActiveModel> =
            chunk.iter().map(|product| (*product).try_into()).collect::<Result<_>>()?;
        let written = product::Entity::insert_many(rows)
            .on_conflict(over.clone())
            .exec_without_returning(db)
            .await?;
        if written != chunk.len() as u64 {
            return Err(Error::Raced("a product has a later revision".into()));
        }
    }
    Ok(())
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
    for chunk in products.chunks(MAX_VALUES) {
        let ids = chunk.iter().map(|product| product.id.as_str());
        let old = membership::Entity::delete_many();
        old.filter(membership::Column::ProductId.is_in(ids)).exec(db).await?;
    }
    let rows = products.iter().flat_map(|product| {
        let numbered = (0..).zip(&product.details.category_ids);
        numbered.map(|(position, category_id)| membership::ActiveModel {
            product_id: Set(product.id.as_str().to_owned()),
            category_id: Set(category_id.as_str().to_owned()),
            position: Set(position),
        })
    });
    insert(db, rows.collect()).await
}

/// Appends to the feed, in this order.
pub(super) async fn changes(unit: &mut Unit, changes: &[Change]) -> Result<()> {
    let context = &unit.context;
    let request_id = unit.request_id();
    // What is empty is left out of the statement: an import writes many of these.
    let text = |text: &str| if text.is_empty() { NotSet } else { Set(text.to_owned()) };
    let rows = changes.iter().map(|change| {
        let (product_id, category_id) = match &change.subject {
            Subject::Product(id) => (id.as_str(), NotSet),
            Subject::Category(id) => ("", Set(Some(id.as_str().to_owned()))),
        };
        Ok(change::ActiveModel {
            seq: NotSet,
            xid: NotSet,
            product_id: Set(product_id.to_owned()),
            category_id,
            op: Set(change.op as i32),
            changed_fields: Set(json(&change.changed_fields)?),
            changed_at: Set(change.at),
            actor: text(&context.actor),
            request_id: text(request_id),
        })
    });
    let mut rows = rows.collect::<Result<Vec<_>>>()?;
    let Some(last) = rows.pop() else { return Ok(()) };
    insert(&unit.tx, rows).await?;
    // Only of the last one do we need to know where it stands.
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
