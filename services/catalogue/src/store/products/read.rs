//! The SELECT of whole products, and the reads by id, external id or SKU that decode them. `encoded::sql` makes the
//! statement of a cache miss from it; pages are in [`super::page`].

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbBackend, EntityTrait as _, QueryFilter as _,
    QuerySelect as _, Select, sea_query::Expr,
};

use crate::{
    domain::{Product, ProductId, Result},
    store::{
        Store, engine,
        rows::{json::json, product::Row},
        schema::entity::product,
    },
};

impl Store {
    /// The product with this id, deleted or not.
    pub(crate) async fn product(&self, id: &ProductId) -> Result<Option<Product>> {
        Ok(by_ids(&self.0.reader, std::slice::from_ref(id)).await?.pop())
    }

    /// The products with these ids that are not deleted, in no particular order.
    pub(crate) async fn products(&self, ids: &[ProductId]) -> Result<Vec<Product>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids = ids.iter().map(ProductId::as_str);
        let wanted = select(self.engine()).filter(product::Column::Id.is_in(ids));
        fetch(&self.0.reader, wanted.filter(product::Column::DeletedAt.is_null())).await
    }
}

/// The products with these ids, deleted or not.
pub(in crate::store) async fn by_ids(
    db: &impl ConnectionTrait,
    ids: &[ProductId],
) -> Result<Vec<Product>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<&str> = ids.iter().map(ProductId::as_str).collect();
    fetch_where_in(db, "products.id", &ids).await
}

/// The products with these external ids, deleted or not.
pub(super) async fn by_external_ids(
    db: &impl ConnectionTrait,
    external_ids: &[&str],
) -> Result<Vec<Product>> {
    if external_ids.is_empty() {
        return Ok(Vec::new());
    }
    fetch_where_in(db, "products.external_id", external_ids).await
}

/// The products with a variant of one of these SKUs, deleted or not.
pub(super) async fn by_skus(db: &impl ConnectionTrait, skus: &[&str]) -> Result<Vec<Product>> {
    by_variants(db, "sku", skus).await
}

/// The products with a variant of one of these GTINs, deleted or not.
pub(super) async fn by_gtins(db: &impl ConnectionTrait, gtins: &[&str]) -> Result<Vec<Product>> {
    by_variants(db, "gtin", gtins).await
}

/// The products that have a variant with one of `texts` in `column`.
async fn by_variants(
    db: &impl ConnectionTrait,
    column: &str,
    texts: &[&str],
) -> Result<Vec<Product>> {
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    let engine = db.get_database_backend();
    let has_one = format!(
        "products.id IN (SELECT product_id FROM product_variants WHERE {})",
        engine::in_json_list(engine, column)
    );
    fetch(db, select(engine).filter(Expr::cust_with_values(has_one, [json(texts)?]))).await
}

/// The products with one of `texts` in `column`.
async fn fetch_where_in(
    db: &impl ConnectionTrait,
    column: &str,
    texts: &[&str],
) -> Result<Vec<Product>> {
    let engine = db.get_database_backend();
    fetch(db, select(engine).filter(is_in(engine, column, texts)?)).await
}

/// The condition that a column has one of these texts. The SQL is the same for any number of them, so that its plan is
/// cached, and no more than one is.
pub(super) fn is_in(engine: DbBackend, column: &str, texts: &[&str]) -> Result<Expr> {
    Ok(Expr::cust_with_values(engine::in_json_list(engine, column), [json(texts)?]))
}

/// The SELECT of products with their categories and variants, without a condition.
pub(in crate::store) fn select(engine: DbBackend) -> Select<product::Entity> {
    product::Entity::find()
        .expr_as(Expr::cust(engine::category_ids(engine)), "category_ids")
        .expr_as(Expr::cust(engine::variants(engine)), "variants")
}

/// Runs a [`select`] and converts its rows.
pub(super) async fn fetch(
    db: &impl ConnectionTrait,
    products: Select<product::Entity>,
) -> Result<Vec<Product>> {
    let rows = products.into_model::<Row>().all(db).await?;
    rows.into_iter().map(Product::try_from).collect()
}
