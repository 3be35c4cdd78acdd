//! A partial index of the deleted products.
//!
//! The index over all products was useless for those that are not deleted, nearly all of them, and
//! slowed each write down. Worse, SQLite chose it for pages of a list, and sorted all products that
//! are not deleted for every page.

use sea_orm::ConnectionTrait as _;
use sea_orm_migration::prelude::{
    DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};

const DROP: &str = "DROP INDEX products_deleted_at";
const OF_DELETED: &str = "CREATE INDEX products_deleted_at ON products (deleted_at) \
    WHERE deleted_at IS NOT NULL";
const OF_ALL: &str = "CREATE INDEX products_deleted_at ON products (deleted_at)";

pub(super) struct Deleted;

impl MigrationName for Deleted {
    fn name(&self) -> &'static str {
        "m0003_deleted"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Deleted {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        replace_with(manager, OF_DELETED).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        replace_with(manager, OF_ALL).await
    }

    /// Atomic on both engines.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn replace_with(manager: &SchemaManager<'_>, index: &str) -> Result<(), DbErr> {
    for statement in [DROP, index] {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}
