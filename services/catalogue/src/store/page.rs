//! Reading products: one, some, or all in the order of their ids.

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbBackend, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select, Statement, sea_query::Expr,
};

use super::{Store, engine, entity::product, rows::Row};
use crate::domain::{CategoryId, Product, ProductId, Result};

impl Store {
    /// The product, if there is one of that id.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) async fn product(&self, id: &ProductId) -> Result<Option<Product>> {
        Ok(load(&self.0.reader, std::slice::from_ref(id)).await?.pop())
    }

    /// Those of the products that exist, in no order.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) async fn products(&self, ids: &[ProductId]) -> Result<Vec<Product>> {
        load(&self.0.reader, ids).await
    }

    /// The first `limit` products after `after`, in the order of their ids; of `category` and
    /// below, or of all.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) async fn page(
        &self,
        category: Option<&CategoryId>,
        after: Option<&ProductId>,
        limit: usize,
    ) -> Result<Vec<Product>> {
        let after = after.map_or("", ProductId::as_str);
        let limit = limit as u64;
        let products = select(self.engine()).order_by_asc(product::Column::Id);
        let products = match category {
            None => products.filter(product::Column::Id.gt(after)).limit(limit),
            Some(category) => {
                let ids = members(&self.0.reader, category, after, limit).await?;
                products.filter(product::Column::Id.is_in(ids))
            }
        };
        read(&self.0.reader, products).await
    }
}

/// Those of the products that exist.
pub(super) async fn load(db: &impl ConnectionTrait, ids: &[ProductId]) -> Result<Vec<Product>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids = ids.iter().map(ProductId::as_str);
    read(db, select(db.get_database_backend()).filter(product::Column::Id.is_in(ids))).await
}

/// The products that have one of these external ids.
pub(super) async fn load_external(
    db: &impl ConnectionTrait,
    external_ids: &[&str],
) -> Result<Vec<Product>> {
    if external_ids.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = product::Column::ExternalId.is_in(external_ids.iter().copied());
    read(db, select(db.get_database_backend()).filter(wanted)).await
}

fn select(engine: DbBackend) -> Select<product::Entity> {
    product::Entity::find()
        .expr_as(Expr::cust(engine::category_ids(engine)), "category_ids")
        .expr_as(Expr::cust(engine::variants(engine)), "variants")
}

async fn read(
    db: &impl ConnectionTrait,
    products: Select<product::Entity>,
) -> Result<Vec<Product>> {
    let rows = products.into_model::<Row>().all(db).await?;
    rows.into_iter().map(Product::try_from).collect()
}

/// The ids of the products in the category or below it. The index leads straight to them, however
/// few of the products they are.
async fn members(
    db: &impl ConnectionTrait,
    category: &CategoryId,
    after: &str,
    limit: u64,
) -> Result<Vec<String>> {
    const SQL: &str = "WITH RECURSIVE below(id) AS ( \
            SELECT $1 UNION SELECT c.id FROM categories c JOIN below ON c.parent_id = below.id) \
        SELECT DISTINCT m.product_id FROM below \
        JOIN product_categories m ON m.category_id = below.id \
        WHERE m.product_id > $2 ORDER BY m.product_id LIMIT $3";
    let values = [category.as_str().into(), after.into(), limit.into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), SQL, values);
    let rows = db.query_all_raw(statement).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<std::result::Result<_, _>>()?)
}
