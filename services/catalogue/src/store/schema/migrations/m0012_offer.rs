//! Fields of products and variants besides their price: prices to compare with and in other currencies,
//! sales, weights, dimensions; and of products the condition, the class of taxes, texts for search engines
//! and costs.
//!
//! `on_sale` and `weight_mg` follow from the others; filters test them.

use sea_orm_migration::prelude::{
    Alias, ColumnDef, DbErr, MigrationName, MigrationTrait, SchemaManager, Table, async_trait,
};

const PRODUCTS: &str = "products";
const VARIANTS: &str = "product_variants";

pub(super) struct Offers;

impl MigrationName for Offers {
    fn name(&self) -> &'static str {
        "m0012_offer"
    }
}

/// The new columns with their tables.
fn columns() -> Vec<(&'static str, &'static str, ColumnDef)> {
    let column = |name: &str| ColumnDef::new(Alias::new(name));
    let text = |name: &str| column(name).text().not_null().default("").take();
    let json = |name: &str| column(name).text().null().take();
    let number = |name: &str| column(name).integer().not_null().default(0).take();
    vec![
        (PRODUCTS, "offer", json("offer")),
        (PRODUCTS, "condition", number("condition")),
        (PRODUCTS, "tax_class", text("tax_class")),
        (PRODUCTS, "seo_title", text("seo_title")),
        (PRODUCTS, "seo_description", text("seo_description")),
        (PRODUCTS, "costs", json("costs")),
        (PRODUCTS, "on_sale", number("on_sale")),
        (PRODUCTS, "weight_mg", column("weight_mg").big_integer().null().take()),
        (VARIANTS, "offer", json("offer")),
        (VARIANTS, "media_url", text("media_url")),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Offers {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One column a statement, as SQLite requires.
        for (table, _, column) in columns() {
            let alter = Table::alter().table(Alias::new(table)).add_column(column).take();
            manager.alter_table(alter).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, name, _) in columns() {
            let alter =
                Table::alter().table(Alias::new(table)).drop_column(Alias::new(name)).take();
            manager.alter_table(alter).await?;
        }
        Ok(())
    }

    /// Atomic on both engines.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
