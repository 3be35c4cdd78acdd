//! The table of sessions.

use sea_orm_migration::prelude::{
    Alias, ColumnDef, DbErr, MigrationName, MigrationTrait, SchemaManager, Table, async_trait,
};

pub(super) struct Sessions;

impl MigrationName for Sessions {
    fn name(&self) -> &'static str {
        "m0011_session"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Sessions {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = |name: &str| ColumnDef::new(Alias::new(name));
        let sessions = Table::create()
            .table(Alias::new("sessions"))
            .col(column("id").text().not_null().primary_key())
            .col(column("holder_kind").text().not_null())
            .col(column("holder_id").text().not_null())
            .col(column("name").text().not_null())
            .col(column("scopes").text().not_null())
            .col(column("digest").binary().not_null())
            .col(column("created_at").big_integer().not_null())
            .col(column("expires_at").big_integer().not_null())
            .take();
        manager.create_table(sessions).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Alias::new("sessions")).take()).await
    }

    /// Atomic on both engines.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
