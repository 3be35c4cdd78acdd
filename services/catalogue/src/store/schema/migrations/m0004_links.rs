//! A copy of a product's links in its own row: its category ids, the number of its variants, and
//! the content revision of the copy.
//!
//! It saves the subqueries when a product is read. The copy is used only if its revision equals the
//! row's `content_revision`, so rows written by an earlier version are read correctly.

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
        // One column a statement, as SQLite requires.
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

    /// Atomic on both engines.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
