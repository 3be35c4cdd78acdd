//! An index of the deleted products alone.
//!
//! The index of all products was of no use for those that are not deleted, which is nearly all of
//! them, and cost each write. Worse, SQLite took it for a page of a list: it sorted everything that
//! is not deleted, for each page again.

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

    /// All of it or nothing, on every engine.
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
