//! The table of the audit trail, and when keys were last used.

use sea_orm_migration::prelude::{
    Alias, ColumnDef, DbErr, Index, MigrationName, MigrationTrait, SchemaManager, Table,
    async_trait,
};

const EVENTS: &str = "audit_events";
const KEYS: &str = "access_keys";
const LAST_USED_AT: &str = "last_used_at";

pub(super) struct Audit;

impl MigrationName for Audit {
    fn name(&self) -> &'static str {
        "m0009_audit"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Audit {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = |name: &str| ColumnDef::new(Alias::new(name));
        let mut events = Table::create()
            .table(Alias::new(EVENTS))
            .col(column("id").big_integer().not_null().auto_increment().primary_key())
            .col(column("at").big_integer().not_null())
            .take();
        let texts = [
            "principal",
            "key_id",
            "address",
            "method",
            "resource",
            "request_id",
            "note",
            "outcome",
        ];
        for text in texts {
            events.col(column(text).text().not_null());
        }
        events.col(column("revision").big_integer().not_null());
        events.col(column("count").integer().not_null());
        manager.create_table(events).await?;
        for (name, columns) in [
            ("audit_events_by_time", &["at"][..]),
            ("audit_events_by_principal", &["principal", "id"]),
            ("audit_events_by_resource", &["resource", "id"]),
        ] {
            let mut index = Index::create().name(name).table(Alias::new(EVENTS)).take();
            for column in columns {
                index.col(Alias::new(*column));
            }
            manager.create_index(index).await?;
        }
        let last_use = column(LAST_USED_AT).big_integer().null().take();
        manager
            .alter_table(Table::alter().table(Alias::new(KEYS)).add_column(last_use).take())
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let last_use = Alias::new(LAST_USED_AT);
        manager
            .alter_table(Table::alter().table(Alias::new(KEYS)).drop_column(last_use).take())
            .await?;
        manager.drop_table(Table::drop().table(Alias::new(EVENTS)).take()).await
    }

    /// Atomic on both engines.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
