//! Pages of products in the order of their ids, restricted to a category and a filter.

use product_fields::filter_cost;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseConnection, EntityTrait as _,
    ExprTrait as _, JoinType, Order, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
    sea_query::{
        Alias, CommonTableExpression, Expr, Query, SelectStatement, UnionType, WithClause,
    },
};

use super::{
    read::{fetch, select},
    read_replica::ReadReplica,
};
use crate::{
    domain::{CategoryId, Product, ProductId, Result, Selection},
    store::{
        Store, filter,
        schema::entity::{category, membership, product},
    },
};

/// Rows that one statement tests against a filter, at most: a filter that matches hardly any product
/// must not occupy a connection for long.
const MAX_WINDOW: usize = 5_000;
/// Rows of a statement times the cost of its filter, at most: 10 to 20 ms of a release build on SQLite, which cannot
/// stop a statement when its caller has gone.
const WINDOW_COST: usize = 45_000;

/// A page of a selection.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) products: Vec<Product>,
    /// The product after which the next page starts. None after the last page.
    pub(crate) rest: Option<ProductId>,
}

/// The query of one page, and the range of ids that it covers.
pub(in crate::store) struct Window {
    pub(in crate::store) products: Select<product::Entity>,
    /// The last product that the query covers. None: it covers all after its start.
    pub(in crate::store) end: Option<ProductId>,
}

impl Store {
    /// The page of a selection after `after`, in the order of ids: at most `limit` products. It may
    /// be empty and still have a `rest`.
    pub(crate) async fn page(
        &self,
        selection: &Selection,
        after: Option<&ProductId>,
        limit: usize,
    ) -> Result<Page> {
        if let Some((replica, db)) = self.replica_for(selection)
            && let Some(page) = replica.check(self.page_of(db, selection, after, limit).await)
        {
            return page;
        }
        self.page_of(&self.0.reader, selection, after, limit).await
    }

    /// The read replica, if the selection may be read from it and it has not just failed.
    pub(in crate::store) fn replica_for(
        &self,
        selection: &Selection,
    ) -> Option<(&ReadReplica, &DatabaseConnection)> {
        let replica = self.0.read_replica.as_ref().filter(|_| selection.may_be_stale)?;
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
        let products = fetch(db, products).await?;
        let rest = match products.last() {
            Some(last) if products.len() == limit => Some(last.id.clone()),
            _ => end,
        };
        Ok(Page { products, rest })
    }

    /// The query of the page of a selection after `after`, with at most `limit` products.
    pub(in crate::store) async fn window(
        &self,
        db: &DatabaseConnection,
        selection: &Selection,
        after: Option<&ProductId>,
        limit: usize,
    ) -> Result<Window> {
        let Selection { category, filter, show_deleted, may_be_stale: _ } = selection;
        let engine = self.engine();
        let after = after.map_or("", ProductId::as_str);
        let is_after = product::Column::Id.gt(after);
        let mut products = select(engine).order_by_asc(product::Column::Id);
        let mut window_end = None;
        products = match (category, filter) {
            (None, None) => products.filter(is_after).limit(limit as u64),
            (Some(category), None) => {
                let members = members(category, *show_deleted, after, limit as u64);
                products.filter(product::Column::Id.in_subquery(members))
            }
            (category, Some(filter)) => {
                if !filter::is_narrow(filter) {
                    window_end = end_of_window(db, after, filter_cost(filter)).await?;
                }
                products = products.filter(is_after).limit(limit as u64);
                let within = category.as_ref().map(|id| filter::is_in_or_below(id.as_str()));
                let end = window_end.as_ref().map(|end: &String| product::Column::Id.lte(end));
                let all = Condition::all().add_option(within).add_option(end);
                products.filter(all.add(filter::condition(engine, filter)?))
            }
        };
        if !show_deleted {
            products = products.filter(product::Column::DeletedAt.is_null());
        }
        Ok(Window { products, end: window_end.map(ProductId::known) })
    }
}

/// The last product that a query after `after` should cover. None: all of them.
async fn end_of_window(
    db: &impl ConnectionTrait,
    after: &str,
    cost: u32,
) -> Result<Option<String>> {
    let rows = (WINDOW_COST / Ord::max(cost, 1) as usize).clamp(1, MAX_WINDOW);
    let end = product::Entity::find()
        .select_only()
        .column(product::Column::Id)
        .filter(product::Column::Id.gt(after))
        .order_by_asc(product::Column::Id)
        .offset(rows as u64 - 1)
        .limit(1);
    Ok(end.into_tuple::<String>().one(db).await?)
}

/// The query of the ids of the products in the category and its descendants, through the index of
/// memberships, so that a small category in a large catalogue is read quickly. It is a subquery of
/// the page: in two statements, products deleted in between would leave a page that is not full,
/// and a page that is not full is the last one.
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
