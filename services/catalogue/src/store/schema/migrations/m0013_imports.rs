//! The tables of imports, and of the products that each has written.

use sea_orm::{ConnectionTrait as _, DbBackend};
use sea_orm_migration::prelude::{
    Alias, ColumnDef, DbErr, Index, MigrationName, MigrationTrait, SchemaManager, Table,
    async_trait,
};

pub(super) struct Imports;

/// On SQLite the key is the table, so that a row is written once.
const PRODUCTS: &str = "CREATE TABLE import_products (\
    import_id text NOT NULL, \
    product_id text NOT NULL, \
    created_at bigint NOT NULL, \
    before_revision bigint NOT NULL, \
    before_content bigint NOT NULL, \
    last_revision bigint NOT NULL, \
    last_content bigint NOT NULL, \
    mixed integer NOT NULL, \
    stock_set integer NOT NULL, \
    state integer NOT NULL DEFAULT 0, \
    reason text NOT NULL DEFAULT '', \
    message text NOT NULL DEFAULT '', \
    PRIMARY KEY (import_id, product_id))";

impl MigrationName for Imports {
    fn name(&self) -> &'static str {
        "m0013_imports"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Imports {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = |name: &str| ColumnDef::new(Alias::new(name));
        let imports = Table::create()
            .table(Alias::new("imports"))
            .col(column("id").text().not_null().primary_key())
            .col(column("created_at").big_integer().not_null())
            .col(column("actor").text().not_null())
            .col(column("undone_at").big_integer().null())
            .take();
        manager.create_table(imports).await?;
        let by_time = Index::create()
            .name("imports_by_time")
            .table(Alias::new("imports"))
            .col(Alias::new("created_at"))
            .take();
        manager.create_index(by_time).await?;
        let rowid = match manager.get_database_backend() {
            DbBackend::Postgres => "",
            _ => " WITHOUT ROWID",
        };
        manager.get_connection().execute_unprepared(&format!("{PRODUCTS}{rowid}")).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["import_products", "imports"] {
            manager.drop_table(Table::drop().table(Alias::new(table)).take()).await?;
        }
        Ok(())
    }

    /// Atomic on both engines.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
