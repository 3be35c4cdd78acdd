//! Backfills the copies of links that [`super::m0004_links`] added columns for.
//!
//! It runs in batches, each a transaction, so that running services keep reading and writing the
//! table. It can be interrupted and resumed: only rows without a copy are filled. A row without a
//! copy is read correctly, only slower.

use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use sea_orm_migration::prelude::{
    DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};

/// Products in one statement.
const BATCH: i64 = 5_000;

/// The last id of the next batch after $1.
const BATCH_END: &str = "SELECT max(id) FROM \
    (SELECT id FROM products WHERE id > $1 ORDER BY id LIMIT $2) AS batch";

/// Fills the rows after $1 up to $2. The links are read together with their content revision: a
/// product that is changed concurrently is skipped, since PostgreSQL evaluates the condition again
/// on the changed row.
const FILL: &str = "UPDATE products SET category_list = copy.category_list, \
        variant_count = copy.variant_count, links_revision = copy.content_revision \
    FROM (SELECT p.id, p.content_revision, \
            (SELECT LIST(m.category_id, ' ' ORDER BY m.position) \
                FROM product_categories m WHERE m.product_id = p.id) AS category_list, \
            (SELECT count(*) FROM product_variants v WHERE v.product_id = p.id) AS variant_count \
        FROM products p WHERE p.id > $1 AND p.id <= $2 AND p.links_revision IS NULL) AS copy \
    WHERE products.id = copy.id AND products.content_revision = copy.content_revision \
        AND products.links_revision IS NULL";

pub(super) struct Backfill;

impl MigrationName for Backfill {
    fn name(&self) -> &'static str {
        "m0005_fill"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Backfill {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (db, engine) = (manager.get_connection(), manager.get_database_backend());
        let list = if engine == DbBackend::Postgres { "string_agg" } else { "group_concat" };
        let fill = FILL.replace("LIST", list);
        let mut after = String::new();
        loop {
            let end = [after.as_str().into(), BATCH.into()];
            let end = Statement::from_sql_and_values(engine, BATCH_END, end);
            let end: Option<String> = match db.query_one_raw(end).await? {
                Some(row) => row.try_get_by_index(0)?,
                None => None,
            };
            let Some(end) = end else { return Ok(()) };
            let batch = [after.into(), end.as_str().into()];
            db.execute_raw(Statement::from_sql_and_values(engine, &fill, batch)).await?;
            after = end;
        }
    }

    /// The copies are dropped with their columns.
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}
