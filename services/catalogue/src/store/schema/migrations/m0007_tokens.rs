//! The table of page-token keys.

use sea_orm_migration::prelude::{
    Alias, ColumnDef, DbErr, MigrationName, MigrationTrait, SchemaManager, Table, async_trait,
};

pub(super) struct PageTokenKeys;

impl MigrationName for PageTokenKeys {
    fn name(&self) -> &'static str {
        "m0007_tokens"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for PageTokenKeys {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = |name: &str| ColumnDef::new(Alias::new(name));
        let keys = Table::create()
            .table(Alias::new("page_token_keys"))
            .col(column("signs_from").big_integer().not_null().primary_key())
            .col(column("secret").binary().not_null())
            .col(column("previous_until").big_integer().not_null())
            .take();
        manager.create_table(keys).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Alias::new("page_token_keys")).take()).await
    }

    /// Atomic on both engines.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
