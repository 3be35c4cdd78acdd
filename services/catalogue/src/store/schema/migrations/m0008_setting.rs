//! The tables of settings and of their changes.

use sea_orm_migration::prelude::{
    Alias, ColumnDef, DbErr, Index, MigrationName, MigrationTrait, SchemaManager, Table,
    async_trait,
};

pub(super) struct Settings;

impl MigrationName for Settings {
    fn name(&self) -> &'static str {
        "m0008_setting"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Settings {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = |name: &str| ColumnDef::new(Alias::new(name));
        let settings = Table::create()
            .table(Alias::new("settings"))
            .col(column("name").text().not_null().primary_key())
            .col(column("value").text().not_null())
            .col(column("revision").big_integer().not_null())
            .col(column("changed_at").big_integer().not_null())
            .col(column("actor").text().not_null())
            .take();
        manager.create_table(settings).await?;
        let changes = Table::create()
            .table(Alias::new("setting_changes"))
            .col(column("revision").big_integer().not_null().primary_key())
            .col(column("name").text().not_null())
            .col(column("value").text().null())
            .col(column("changed_at").big_integer().not_null())
            .col(column("actor").text().not_null())
            .take();
        manager.create_table(changes).await?;
        let by_name = Index::create()
            .name("setting_changes_by_name")
            .table(Alias::new("setting_changes"))
            .col(Alias::new("name"))
            .col(Alias::new("revision"))
            .take();
        manager.create_index(by_name).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["settings", "setting_changes"] {
            manager.drop_table(Table::drop().table(Alias::new(table)).take()).await?;
        }
        Ok(())
    }

    /// Atomic on both engines.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
