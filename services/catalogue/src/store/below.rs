//! The products in a category and below it, all at once.

use sea_orm::{ConnectionTrait, Statement, Value};

use super::{engine, order, unit::Unit};
use crate::domain::{CategoryId, KEPT_REVISIONS, Op, Result, RevisionKind};

/// The ids of the products in the category `$1` or below it.
const MEMBERS: &str = "WITH RECURSIVE below(id) AS ( \
        SELECT $1 UNION SELECT c.id FROM categories c JOIN below ON c.parent_id = below.id) \
    SELECT m.product_id FROM below JOIN product_categories m ON m.category_id = below.id";

/// How many products a category holds.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Held {
    pub(super) present: u64,
    /// They can come back.
    pub(super) deleted: u64,
}

impl Held {
    pub(super) fn all(self) -> u64 {
        self.present + self.deleted
    }
}

/// How many products are in the category or below it, each counted once.
pub(super) async fn held(db: &impl ConnectionTrait, category: &CategoryId) -> Result<Held> {
    let sql =
        format!("SELECT count(*), count(p.deleted_at) FROM products p WHERE p.id IN ({MEMBERS})");
    let values = [category.as_str().into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let Some(row) = db.query_one_raw(statement).await? else { return Ok(Held::default()) };
    let (all, deleted): (i64, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    let count = |count: i64| u64::try_from(count).unwrap_or(0);
    Ok(Held { present: count(all - deleted), deleted: count(deleted) })
}

/// Counts it as a change of each product in the category or below it that their `category_paths`
/// are others now: in the product, its history and the feed. Their content, and so their etag,
/// stays. Deleted ones hear of it when they are undeleted.
pub(super) async fn tell_of_new_paths(unit: &Unit, category: &CategoryId) -> Result<()> {
    let engine = unit.tx.get_database_backend();
    let here = format!("p.deleted_at IS NULL AND p.id IN ({MEMBERS})");
    let run = async |sql: String, more: &[Value]| {
        let values = std::iter::once(category.as_str().into()).chain(more.iter().cloned());
        let statement = Statement::from_sql_and_values(engine, sql, values);
        unit.tx.execute_raw(statement).await
    };
    if engine::is_concurrent(engine) {
        // In the order that everyone locks products in.
        let lock = format!("SELECT p.id FROM products p WHERE {here} ORDER BY p.id FOR UPDATE");
        run(lock, &[]).await?;
    }
    let now: Value = unit.now.into();
    let count = "UPDATE products AS p SET revision = revision + 1, updated_at = $2";
    run(format!("{count} WHERE {here}"), std::slice::from_ref(&now)).await?;
    let who = [now, unit.context.actor.as_str().into(), unit.request_id().into()];
    let history = format!(
        "INSERT INTO product_revisions \
        (product_id, revision, op, changed_fields, before, actor, request_id, changed_at) \
        SELECT p.id, p.revision, {kind}, '[\"category_paths\"]', '{{}}', $3, $4, $2 \
        FROM products p WHERE {here}",
        kind = RevisionKind::Updated as i32,
    );
    run(history, &who).await?;
    let forget = format!(
        "DELETE FROM product_revisions WHERE product_id IN ({MEMBERS}) AND revision <= \
        (SELECT p.revision - {KEPT_REVISIONS} FROM products p WHERE p.id = product_id)"
    );
    run(forget, &[]).await?;
    let feed = format!(
        "INSERT INTO changes (xid, product_id, op, changed_fields, changed_at, actor, request_id) \
        SELECT {xid}, p.id, {op}, '[\"category_paths\"]', $2, $3, $4 \
        FROM products p WHERE {here} ORDER BY p.id",
        xid = order::transaction(&unit.tx).await?,
        op = Op::Updated as i32,
    );
    run(feed, &who).await?;
    Ok(())
}
