//! Products, categories, the change feed and the `meta` table.

use sea_orm_migration::prelude::{
    ColumnDef, DbErr, DeriveIden, Expr, ExprTrait, ForeignKey, ForeignKeyAction, Index,
    IndexCreateStatement, MigrationName, MigrationTrait, SchemaManager, Table,
    TableCreateStatement, TableRef, async_trait,
};

pub(super) struct Initial;

impl MigrationName for Initial {
    fn name(&self) -> &'static str {
        "m0001_initial"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Initial {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [products(), categories(), memberships(), changes(), meta()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = |table: TableRef| Table::drop().table(table).take();
        manager.drop_table(drop(Meta::Table.into())).await?;
        manager.drop_table(drop(Changes::Table.into())).await?;
        manager.drop_table(drop(ProductCategories::Table.into())).await?;
        manager.drop_table(drop(Categories::Table.into())).await?;
        manager.drop_table(drop(Products::Table.into())).await
    }

    /// Atomic on both engines.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

#[derive(DeriveIden)]
enum Products {
    Table,
    Id,
    ExternalId,
    Name,
    Description,
    Brand,
    PriceMinor,
    Currency,
    StockQty,
    ImageUrls,
    Attributes,
    Labels,
    Revision,
    ContentRevision,
    CreatedAt,
    UpdatedAt,
}

/// Times are microseconds since the Unix epoch; lists are JSON.
fn products() -> TableCreateStatement {
    let text = |column| ColumnDef::new(column).text().not_null().take();
    let number = |column| ColumnDef::new(column).big_integer().not_null().take();
    let mut stock_qty = ColumnDef::new(Products::StockQty).integer().not_null().take();
    Table::create()
        .table(Products::Table)
        .col(ColumnDef::new(Products::Id).text().not_null().primary_key())
        .col(ColumnDef::new(Products::ExternalId).text().unique_key())
        .col(text(Products::Name))
        .col(text(Products::Description))
        .col(text(Products::Brand))
        .col(ColumnDef::new(Products::PriceMinor).big_integer())
        .col(ColumnDef::new(Products::Currency).text())
        .col(stock_qty.check(Expr::col(Products::StockQty).gte(0)))
        .col(text(Products::ImageUrls))
        .col(text(Products::Attributes))
        .col(text(Products::Labels))
        .col(number(Products::Revision))
        .col(number(Products::ContentRevision))
        .col(number(Products::CreatedAt))
        .col(number(Products::UpdatedAt))
        .take()
}

#[derive(DeriveIden)]
enum Categories {
    Table,
    Id,
    Name,
    ParentId,
    Position,
}

fn categories() -> TableCreateStatement {
    Table::create()
        .table(Categories::Table)
        .col(ColumnDef::new(Categories::Id).text().not_null().primary_key())
        .col(ColumnDef::new(Categories::Name).text().not_null())
        .col(ColumnDef::new(Categories::ParentId).text())
        .col(ColumnDef::new(Categories::Position).integer().not_null())
        .foreign_key(
            ForeignKey::create()
                .from(Categories::Table, Categories::ParentId)
                .to(Categories::Table, Categories::Id),
        )
        .take()
}

#[derive(DeriveIden)]
enum ProductCategories {
    Table,
    ProductId,
    CategoryId,
    Position,
}

fn memberships() -> TableCreateStatement {
    Table::create()
        .table(ProductCategories::Table)
        .col(ColumnDef::new(ProductCategories::ProductId).text().not_null())
        .col(ColumnDef::new(ProductCategories::CategoryId).text().not_null())
        .col(ColumnDef::new(ProductCategories::Position).integer().not_null())
        .primary_key(
            Index::create().col(ProductCategories::ProductId).col(ProductCategories::CategoryId),
        )
        .foreign_key(
            ForeignKey::create()
                .from(ProductCategories::Table, ProductCategories::ProductId)
                .to(Products::Table, Products::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .foreign_key(
            ForeignKey::create()
                .from(ProductCategories::Table, ProductCategories::CategoryId)
                .to(Categories::Table, Categories::Id),
        )
        .take()
}

#[derive(DeriveIden)]
enum Changes {
    Table,
    Seq,
    ProductId,
    Op,
    ChangedFields,
    ChangedAt,
}

/// AUTOINCREMENT, so that a number is never reused, even after the newest rows were deleted.
fn changes() -> TableCreateStatement {
    Table::create()
        .table(Changes::Table)
        .col(ColumnDef::new(Changes::Seq).big_integer().not_null().auto_increment().primary_key())
        .col(ColumnDef::new(Changes::ProductId).text().not_null())
        .col(ColumnDef::new(Changes::Op).integer().not_null())
        .col(ColumnDef::new(Changes::ChangedFields).text().not_null())
        .col(ColumnDef::new(Changes::ChangedAt).big_integer().not_null())
        .take()
}

#[derive(DeriveIden)]
enum Meta {
    Table,
    Key,
    Value,
}

fn meta() -> TableCreateStatement {
    Table::create()
        .table(Meta::Table)
        .col(ColumnDef::new(Meta::Key).text().not_null().primary_key())
        .col(ColumnDef::new(Meta::Value).blob().not_null())
        .take()
}

fn indexes() -> [IndexCreateStatement; 2] {
    [
        Index::create()
            .name("categories_parent_name")
            .table(Categories::Table)
            .col(Categories::ParentId)
            .col(Categories::Name)
            .unique()
            .take(),
        Index::create()
            .name("product_categories_category")
            .table(ProductCategories::Table)
            .col(ProductCategories::CategoryId)
            .col(ProductCategories::ProductId)
            .take(),
    ]
}
