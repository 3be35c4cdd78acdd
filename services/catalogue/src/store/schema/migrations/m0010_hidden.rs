//! Whether a changed product was not for sale before, so that the public part of the feed does not name it.
//!
//! Changes of before this migration count as of products that were.

use sea_orm_migration::prelude::{
    Alias, ColumnDef, DbErr, MigrationName, MigrationTrait, SchemaManager, Table, async_trait,
};

const CHANGES: &str = "changes";
const WAS_HIDDEN: &str = "was_hidden";

pub(super) struct Hidden;

impl MigrationName for Hidden {
    fn name(&self) -> &'static str {
        "m0010_hidden"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Hidden {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = ColumnDef::new(Alias::new(WAS_HIDDEN)).integer().not_null().default(0).take();
        let table = Table::alter().table(Alias::new(CHANGES)).add_column(column).take();
        manager.alter_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table =
            Table::alter().table(Alias::new(CHANGES)).drop_column(Alias::new(WAS_HIDDEN)).take();
        manager.alter_table(table).await
    }

    /// Atomic on both engines.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
