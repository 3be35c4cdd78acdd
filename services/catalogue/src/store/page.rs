//! Reading products: one, some, or all in the order of their ids.

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbBackend, EntityTrait as _, ExprTrait as _, JoinType,
    Order, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
    sea_query::{
        Alias, CommonTableExpression, Expr, Query, SelectStatement, UnionType, WithClause,
    },
};

use super::{
    Store, engine,
    entity::{category, membership, product},
    rows::Row,
};
use crate::domain::{CategoryId, Product, ProductId, Result};

/// Which products a list is of; all that are not deleted, if nothing else is said.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Selection {
    /// Those in this category or below it.
    pub(crate) category: Option<CategoryId>,
    /// The deleted ones, too.
    pub(crate) show_deleted: bool,
}

impl Store {
    /// The product, if there is one of that id; be it deleted or not.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) async fn product(&self, id: &ProductId) -> Result<Option<Product>> {
        Ok(load(&self.0.reader, std::slice::from_ref(id)).await?.pop())
    }

    /// Those of the products that exist and are not deleted, in no order.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) async fn products(&self, ids: &[ProductId]) -> Result<Vec<Product>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids = ids.iter().map(ProductId::as_str);
        let wanted = select(self.engine()).filter(product::Column::Id.is_in(ids));
        read(&self.0.reader, wanted.filter(product::Column::DeletedAt.is_null())).await
    }

    /// The first `limit` products of a selection after `after`, in the order of their ids.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) async fn page(
        &self,
        selection: &Selection,
        after: Option<&ProductId>,
        limit: usize,
    ) -> Result<Vec<Product>> {
        let after = after.map_or("", ProductId::as_str);
        let limit = limit as u64;
        let products = select(self.engine()).order_by_asc(product::Column::Id);
        let products = match &selection.category {
            None => products.filter(product::Column::Id.gt(after)).limit(limit),
            Some(category) => {
                let members = members(category, selection.show_deleted, after, limit);
                products.filter(product::Column::Id.in_subquery(members))
            }
        };
        let products = match selection.show_deleted {
            true => products,
            false => products.filter(product::Column::DeletedAt.is_null()),
        };
        read(&self.0.reader, products).await
    }
}

/// Those of the products that exist, be they deleted or not.
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

/// The ids of the products in the category or below it, as a query. The index leads straight to
/// them, however few of the products they are. Part of the statement that reads them: between two
/// statements some may be deleted, and a page that is not full would be taken for the last one.
fn members(category: &CategoryId, show_deleted: bool, after: &str, limit: u64) -> SelectStatement {
    let (categories, below) = (category::Entity, Alias::new("below"));
    let itself = Expr::value(category.as_str()).cast_as("text");
    let children = Query::select()
        .column((categories, category::Column::Id))
        .from(categories)
        .inner_join(
            below.clone(),
            Expr::col((categories, category::Column::ParentId)).equals((below.clone(), "id")),
        )
        .take();
    let tree = Query::select().expr(itself).union(UnionType::Distinct, children).take();
    let tree =
        CommonTableExpression::new().table_name(below.clone()).column("id").query(tree).to_owned();
    let product_id = (membership::Entity, membership::Column::ProductId);
    let mut members = Query::select();
    members
        .distinct()
        .column(product_id)
        .from(below.clone())
        .inner_join(
            membership::Entity,
            Expr::col((membership::Entity, membership::Column::CategoryId)).equals((below, "id")),
        )
        .and_where(Expr::col(product_id).gt(after))
        .order_by(product_id, Order::Asc)
        .limit(limit)
        .with_cte(WithClause::new().recursive(true).cte(tree).to_owned());
    if !show_deleted {
        let its_product = Alias::new("p");
        members
            .join_as(
                JoinType::InnerJoin,
                product::Entity,
                its_product.clone(),
                Expr::col((its_product.clone(), product::Column::Id)).equals(product_id),
            )
            .and_where(Expr::col((its_product, product::Column::DeletedAt)).is_null());
    }
    members
}
