//! A copy of a product's links in its own row: the ids of its categories, the number of its variants,
//! and the content revision that the copy is of.
//!
//! Reading a product then takes no subqueries. A copy is used only while its revision is the row's
//! `content_revision`, so rows written by a program that does not know these columns stay right.

use sea_orm_migration::prelude::{
    Alias, ColumnDef, DbErr, MigrationName, MigrationTrait, SchemaManager, Table, async_trait,
};

pub(super) struct Links;

impl MigrationName for Links {
    fn name(&self) -> &'static str {
        "m0004_links"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Links {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            ColumnDef::new(Alias::new("category_list")).text().null().take(),
            ColumnDef::new(Alias::new("variant_count")).integer().null().take(),
            ColumnDef::new(Alias::new("links_revision")).big_integer().null().take(),
        ];
        // SQLite adds one column a statement.
        for column in columns {
            let products = Table::alter().table(Alias::new("products")).add_column(column).take();
            manager.alter_table(products).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["category_list", "variant_count", "links_revision"] {
            let column = Alias::new(column);
            let drop = Table::alter().table(Alias::new("products")).drop_column(column).take();
            manager.alter_table(drop).await?;
        }
        Ok(())
    }

    /// All of it or nothing, on every engine.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
