//! Reading products: one, some, or all in the order of their ids.

use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait as _,
    ExprTrait as _, JoinType, Order, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
    sea_query::{
        Alias, CommonTableExpression, Expr, Query, SelectStatement, UnionType, WithClause,
    },
};

use super::{
    Store, engine,
    entity::{category, membership, product},
    filter,
    replica::Replica,
    rows::Row,
    stored::json,
};
use crate::domain::{CategoryId, Product, ProductId, Result, Selection};

/// Rows that one statement tests against a filter at most, if the filter is one comparison: what
/// hardly anything matches must not keep a connection for long.
const WINDOW: usize = 5_000;
/// The same for the longest filter.
const MIN_WINDOW: usize = 100;

/// Some products of a selection.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) products: Vec<Product>,
    /// The rest of them, if any, is behind this product. None: there is no rest.
    pub(crate) rest: Option<ProductId>,
}

/// Where in the order of ids a statement looks for products of a selection.
pub(super) struct Window {
    pub(super) products: Select<product::Entity>,
    /// Products behind this one are not looked at. None: all are.
    pub(super) end: Option<ProductId>,
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

    /// The next products of a selection behind `after`, in the order of their ids: `limit` of them
    /// at most. There may be none although there is a rest.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) async fn page(
        &self,
        selection: &Selection,
        after: Option<&ProductId>,
        limit: usize,
    ) -> Result<Page> {
        if let Some((replica, db)) = self.replica_for(selection)
            && let Some(page) = replica.answer(self.page_of(db, selection, after, limit).await)
        {
            return page;
        }
        self.page_of(&self.0.reader, selection, after, limit).await
    }

    /// The replica, if the selection may be read from it and it has not just failed.
    pub(super) fn replica_for(
        &self,
        selection: &Selection,
    ) -> Option<(&Replica, &DatabaseConnection)> {
        let replica = self.0.replica.as_ref().filter(|_| selection.may_be_stale)?;
        Some((replica, replica.database()?))
    }

    async fn page_of(
        &self,
        db: &DatabaseConnection,
        selection: &Selection,
        after: Option<&ProductId>,
        limit: usize,
    ) -> Result<Page> {
        let Window { products, end } = self.window(db, selection, after, limit).await?;
        let products = read(db, products).await?;
        let rest = match products.last() {
            Some(last) if products.len() == limit => Some(last.id.clone()),
            _ => end,
        };
        Ok(Page { products, rest })
    }

    /// The query of the next products of a selection behind `after`, `limit` at most.
    pub(super) async fn window(
        &self,
        db: &DatabaseConnection,
        selection: &Selection,
        after: Option<&ProductId>,
        limit: usize,
    ) -> Result<Window> {
        let Selection { category, filter, show_deleted, may_be_stale: _ } = selection;
        let engine = self.engine();
        let after = after.map_or("", ProductId::as_str);
        let behind = product::Column::Id.gt(after);
        let mut products = select(engine).order_by_asc(product::Column::Id);
        let mut looked_at = None;
        products = match (category, filter) {
            (None, None) => products.filter(behind).limit(limit as u64),
            (Some(category), None) => {
                let members = members(category, *show_deleted, after, limit as u64);
                products.filter(product::Column::Id.in_subquery(members))
            }
            (category, Some(filter)) => {
                if !filter::is_narrow(filter) {
                    looked_at = window_end(db, after, filter::terms(filter)).await?;
                }
                products = products.filter(behind).limit(limit as u64);
                let within = category.as_ref().map(|id| filter::is_in_or_below(id.as_str()));
                let end = looked_at.as_ref().map(|end: &String| product::Column::Id.lte(end));
                let all = Condition::all().add_option(within).add_option(end);
                products.filter(all.add(filter::condition(engine, filter)?))
            }
        };
        if !show_deleted {
            products = products.filter(product::Column::DeletedAt.is_null());
        }
        Ok(Window { products, end: looked_at.map(ProductId::known) })
    }
}

/// The last product that a statement behind `after` should look at. None: all there are.
async fn window_end(
    db: &impl ConnectionTrait,
    after: &str,
    terms: usize,
) -> Result<Option<String>> {
    let rows = (WINDOW / terms.max(1)).max(MIN_WINDOW);
    let end = product::Entity::find()
        .select_only()
        .column(product::Column::Id)
        .filter(product::Column::Id.gt(after))
        .order_by_asc(product::Column::Id)
        .offset(rows as u64 - 1)
        .limit(1);
    Ok(end.into_tuple::<String>().one(db).await?)
}

/// Those of the products that exist, be they deleted or not.
pub(super) async fn load(db: &impl ConnectionTrait, ids: &[ProductId]) -> Result<Vec<Product>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<&str> = ids.iter().map(ProductId::as_str).collect();
    read_among(db, "products.id", &ids).await
}

/// The products that have one of these external ids.
pub(super) async fn load_external(
    db: &impl ConnectionTrait,
    external_ids: &[&str],
) -> Result<Vec<Product>> {
    if external_ids.is_empty() {
        return Ok(Vec::new());
    }
    read_among(db, "products.external_id", external_ids).await
}

/// The products that have a variant of one of these skus, be they deleted or not.
pub(super) async fn load_sellers(db: &impl ConnectionTrait, skus: &[&str]) -> Result<Vec<Product>> {
    if skus.is_empty() {
        return Ok(Vec::new());
    }
    let engine = db.get_database_backend();
    let sellers = format!(
        "products.id IN (SELECT product_id FROM product_variants WHERE {})",
        engine::is_among(engine, "sku")
    );
    read(db, select(engine).filter(Expr::cust_with_values(sellers, [json(skus)?]))).await
}

/// Those whose `column` is one of the texts. However many these are, the statement is the same.
async fn read_among(
    db: &impl ConnectionTrait,
    column: &str,
    texts: &[&str],
) -> Result<Vec<Product>> {
    let engine = db.get_database_backend();
    let among = Expr::cust_with_values(engine::is_among(engine, column), [json(texts)?]);
    read(db, select(engine).filter(among)).await
}

pub(super) fn select(engine: DbBackend) -> Select<product::Entity> {
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
