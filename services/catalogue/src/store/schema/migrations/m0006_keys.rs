//! The table of API keys.

use sea_orm_migration::prelude::{
    Alias, ColumnDef, DbErr, MigrationName, MigrationTrait, SchemaManager, Table, async_trait,
};

pub(super) struct Keys;

impl MigrationName for Keys {
    fn name(&self) -> &'static str {
        "m0006_keys"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Keys {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = |name: &str| ColumnDef::new(Alias::new(name));
        let keys = Table::create()
            .table(Alias::new("access_keys"))
            .col(column("id").text().not_null().primary_key())
            .col(column("name").text().not_null())
            .col(column("scopes").text().not_null())
            .col(column("digest").binary().not_null())
            .col(column("created_at").big_integer().not_null())
            .col(column("expires_at").big_integer().null())
            .col(column("revoked_at").big_integer().null())
            .take();
        manager.create_table(keys).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Alias::new("access_keys")).take()).await
    }

    /// Atomic on both engines.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
