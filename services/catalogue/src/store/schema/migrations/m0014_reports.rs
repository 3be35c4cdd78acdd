//! The table of how far imports of files are.

use sea_orm_migration::prelude::{
    Alias, ColumnDef, DbErr, MigrationName, MigrationTrait, SchemaManager, Table, async_trait,
};

pub(super) struct ImportReports;

const REPORTS: &str = "import_reports";

impl MigrationName for ImportReports {
    fn name(&self) -> &'static str {
        "m0014_reports"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for ImportReports {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = |name: &str| ColumnDef::new(Alias::new(name));
        let reports = Table::create()
            .table(Alias::new(REPORTS))
            .col(column("import_id").text().not_null().primary_key())
            .col(column("state").integer().not_null())
            .col(column("updated_at").big_integer().not_null())
            .col(column("cancelled_at").big_integer().null())
            .col(column("report").binary().not_null())
            .take();
        manager.create_table(reports).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Alias::new(REPORTS)).take()).await
    }
}
