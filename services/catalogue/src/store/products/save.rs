//! Writes the rows of products and their categories, many rows a statement.

use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait, QueryFilter as _};

use super::read::is_in;

use crate::{
    domain::{Category, Error, Product, ProductId, Result},
    store::{
        rows::{
            insert::{Insert, LazyInsert, Row as _, insert_models},
            product::{MembershipRow, PRODUCT_COLUMNS, ProductRow, VariantRow},
        },
        schema::entity::{category, membership, product, variant},
    },
};

/// Inserts the `products` rows of new products, without their categories and variants.
///
/// # Errors
/// [`Error::Raced`] if a concurrent transaction has inserted one of them, or taken its external id.
pub(in crate::store) async fn new_products(
    db: &impl ConnectionTrait,
    products: &[&Product],
) -> Result<()> {
    static INSERT: LazyInsert<PRODUCT_COLUMNS> =
        LazyInsert::new(|| Insert::new::<ProductRow>("products", ""));
    INSERT.run(db, &to_rows(products)).await?;
    Ok(())
}

/// Inserts or replaces the `products` rows of products, without their categories and variants.
///
/// # Errors
/// [`Error::Raced`] if a stored revision is not older: a concurrent transaction has written it.
pub(in crate::store) async fn products(
    db: &impl ConnectionTrait,
    products: &[&Product],
) -> Result<()> {
    static UPSERT: LazyInsert<PRODUCT_COLUMNS> = LazyInsert::new(|| {
        let set = ProductRow::COLUMNS[1..].iter();
        let set = set.map(|(name, _)| format!("{name} = excluded.{name}"));
        let set = set.collect::<Vec<_>>().join(", ");
        let over = format!(
            "ON CONFLICT (id) DO UPDATE SET {set} WHERE products.revision < excluded.revision"
        );
        Insert::new::<ProductRow>("products", &over)
    });
    if UPSERT.run(db, &to_rows(products)).await? != products.len() as u64 {
        return Err(Error::Raced("a product has a later revision".into()));
    }
    Ok(())
}

fn to_rows<'a>(products: &[&'a Product]) -> Vec<ProductRow<'a>> {
    products.iter().map(|product| ProductRow(product)).collect()
}

/// Replaces the variants of the products. A SKU may move from one of them to another.
pub(in crate::store) async fn variants(
    db: &impl ConnectionTrait,
    products: &[&Product],
) -> Result<()> {
    static INSERT: LazyInsert<10> =
        LazyInsert::new(|| Insert::new::<VariantRow>("product_variants", ""));
    delete_rows::<variant::Entity>(db, products).await?;
    let rows: Vec<_> = products.iter().flat_map(|product| VariantRow::of(product)).collect();
    INSERT.run(db, &rows).await?;
    Ok(())
}

/// Replaces the category memberships of the products.
pub(in crate::store) async fn memberships(
    db: &impl ConnectionTrait,
    products: &[&Product],
) -> Result<()> {
    static INSERT: LazyInsert<3> =
        LazyInsert::new(|| Insert::new::<MembershipRow>("product_categories", ""));
    delete_rows::<membership::Entity>(db, products).await?;
    let rows: Vec<_> = products.iter().flat_map(|product| MembershipRow::of(product)).collect();
    INSERT.run(db, &rows).await?;
    Ok(())
}

/// Deletes the rows of the products in a table. New products have none yet.
async fn delete_rows<E: EntityTrait>(
    db: &impl ConnectionTrait,
    products: &[&Product],
) -> Result<()> {
    let changed = products.iter().filter(|product| product.revision > 1);
    let ids: Vec<&str> = changed.map(|product| product.id.as_str()).collect();
    if !ids.is_empty() {
        let of_products = is_in(db.get_database_backend(), "product_id", &ids)?;
        E::delete_many().filter(of_products).exec(db).await?;
    }
    Ok(())
}

/// Inserts categories, which must be in an order with parents first.
pub(in crate::store) async fn categories(
    db: &impl ConnectionTrait,
    categories: &[Category],
) -> Result<()> {
    insert_models(db, categories.iter().map(category::ActiveModel::from).collect()).await
}

/// Clears the external ids of these products, so that other products of the batch can take them.
pub(in crate::store) async fn release_external_ids(
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
