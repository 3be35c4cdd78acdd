//! The products in a category and its descendants, counted and changed in single statements.

use sea_orm::{ConnectionTrait, Statement, Value};

use crate::{
    domain::{CategoryId, KEPT_REVISIONS, Op, Result, RevisionKind},
    store::{changes::order, engine, writes::Unit},
};

/// The ids of the products in the category `$1` and its descendants.
const MEMBERS: &str = "WITH RECURSIVE below(id) AS ( \
        SELECT $1 UNION SELECT c.id FROM categories c JOIN below ON c.parent_id = below.id) \
    SELECT m.product_id FROM below JOIN product_categories m ON m.category_id = below.id";

/// The number of products in a category.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct MemberCount {
    pub(super) present: u64,
    /// Deleted, but not yet purged.
    pub(super) deleted: u64,
}

impl MemberCount {
    pub(super) fn all(self) -> u64 {
        self.present + self.deleted
    }
}

/// Counts the products in the category and its descendants, each once.
pub(super) async fn count(db: &impl ConnectionTrait, category: &CategoryId) -> Result<MemberCount> {
    let sql =
        format!("SELECT count(*), count(p.deleted_at) FROM products p WHERE p.id IN ({MEMBERS})");
    let values = [category.as_str().into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let Some(row) = db.query_one_raw(statement).await? else { return Ok(MemberCount::default()) };
    let (all, deleted): (i64, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    let count = |count: i64| u64::try_from(count).unwrap_or(0);
    Ok(MemberCount { present: count(all - deleted), deleted: count(deleted) })
}

/// Records that the `category_paths` of the products in the category and its descendants have
/// changed: in the products' revisions, their history and the feed. Their own content, and so their
/// etag, stays the same. Deleted products are left out: undeleting them reports the whole product.
pub(super) async fn record_path_changes(unit: &Unit, category: &CategoryId) -> Result<()> {
    let engine = unit.tx.get_database_backend();
    let is_member = format!("p.deleted_at IS NULL AND p.id IN ({MEMBERS})");
    let run = async |sql: String, more_values: &[Value]| {
        let values = std::iter::once(category.as_str().into()).chain(more_values.iter().cloned());
        let statement = Statement::from_sql_and_values(engine, sql, values);
        unit.tx.execute_raw(statement).await
    };
    if engine::is_concurrent(engine) {
        // In the order of ids, as every transaction locks products.
        let lock =
            format!("SELECT p.id FROM products p WHERE {is_member} ORDER BY p.id FOR UPDATE");
        run(lock, &[]).await?;
    }
    let now: Value = unit.now.into();
    let update = "UPDATE products AS p SET revision = revision + 1, updated_at = $2";
    run(format!("{update} WHERE {is_member}"), std::slice::from_ref(&now)).await?;
    let audit = [now, unit.context.actor.as_str().into(), unit.request_id().into()];
    let history = format!(
        "INSERT INTO product_revisions \
        (product_id, revision, op, changed_fields, before, actor, request_id, changed_at) \
        SELECT p.id, p.revision, {kind}, '[\"category_paths\"]', '{{}}', $3, $4, $2 \
        FROM products p WHERE {is_member}",
        kind = RevisionKind::Updated as i32,
    );
    run(history, &audit).await?;
    let prune = format!(
        "DELETE FROM product_revisions WHERE product_id IN ({MEMBERS}) AND revision <= \
        (SELECT p.revision - {KEPT_REVISIONS} FROM products p WHERE p.id = product_id)"
    );
    run(prune, &[]).await?;
    let feed = format!(
        "INSERT INTO changes (xid, product_id, op, changed_fields, changed_at, actor, request_id) \
        SELECT {xid}, p.id, {op}, '[\"category_paths\"]', $2, $3, $4 \
        FROM products p WHERE {is_member} ORDER BY p.id",
        xid = order::transaction(&unit.tx).await?,
        op = Op::Updated as i32,
    );
    run(feed, &audit).await?;
    Ok(())
}
