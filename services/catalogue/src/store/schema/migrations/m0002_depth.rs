//! Variants, status, soft deletion, history, idempotent requests, reservations, and a feed that
//! keeps its order under concurrent writers.

use sea_orm::{ConnectionTrait as _, DbBackend};
use sea_orm_migration::prelude::{
    Alias, ColumnDef, DbErr, DeriveIden, Expr, ExprTrait, ForeignKey, ForeignKeyAction,
    ForeignKeyCreateStatement, Index, IndexCreateStatement, MigrationName, MigrationTrait,
    SchemaManager, Table, TableAlterStatement, TableCreateStatement, async_trait,
};

/// The status of an active product.
const ACTIVE: i32 = 2;

pub(super) struct Depth;

impl MigrationName for Depth {
    fn name(&self) -> &'static str {
        "m0002_depth"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Depth {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in new_columns() {
            manager.alter_table(column).await?;
        }
        for table in [variants(), revisions(), requests(), reservations(), reservation_lines()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        if manager.get_database_backend() == DbBackend::Postgres {
            for statement in POSTGRES_UP {
                manager.get_connection().execute_unprepared(statement).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The previous version deletes changes without raising the floor.
        let delete_floor = "DELETE FROM meta WHERE key = 'feed_floor'";
        manager.get_connection().execute_unprepared(delete_floor).await?;
        for table in ["reservation_lines", "reservations", "requests", "product_revisions"] {
            manager.drop_table(Table::drop().table(Alias::new(table)).take()).await?;
        }
        manager.drop_table(Table::drop().table(ProductVariants::Table).take()).await?;
        for index in ["products_deleted_at", "changes_transaction"] {
            manager.drop_index(Index::drop().name(index).if_exists().to_owned()).await?;
        }
        let columns = [
            ("products", &["status", "deleted_at", "created_by"][..]),
            ("categories", &["revision"]),
            ("changes", &["xid", "category_id", "actor", "request_id"]),
        ];
        for (table, columns) in columns {
            for column in columns {
                let (table, column) = (Alias::new(table), Alias::new(*column));
                let drop = Table::alter().table(table).drop_column(column).take();
                manager.alter_table(drop).await?;
            }
        }
        Ok(())
    }

    /// Atomic on both engines.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// A change's place is its transaction number and its sequence number: sequence numbers alone become
/// visible out of order when transactions run concurrently. Ids are compared as bytes, independent
/// of the database's collation.
const POSTGRES_UP: [&str; 8] = [
    "ALTER TABLE changes ALTER COLUMN xid SET DEFAULT (pg_current_xact_id()::text::bigint)",
    "CREATE INDEX changes_transaction ON changes (xid, seq)",
    "ALTER TABLE products ALTER COLUMN id TYPE text COLLATE \"C\"",
    "ALTER TABLE product_categories ALTER COLUMN product_id TYPE text COLLATE \"C\"",
    "ALTER TABLE product_variants ALTER COLUMN product_id TYPE text COLLATE \"C\"",
    "ALTER TABLE product_variants ALTER COLUMN sku TYPE text COLLATE \"C\"",
    "ALTER TABLE product_revisions ALTER COLUMN product_id TYPE text COLLATE \"C\"",
    "ALTER TABLE reservation_lines ALTER COLUMN product_id TYPE text COLLATE \"C\"",
];

fn text(column: impl sea_orm::sea_query::IntoIden) -> ColumnDef {
    ColumnDef::new(column).text().not_null().take()
}

fn empty_text(column: &'static str) -> ColumnDef {
    text(Alias::new(column)).default("").take()
}

fn number(column: impl sea_orm::sea_query::IntoIden) -> ColumnDef {
    ColumnDef::new(column).big_integer().not_null().take()
}

/// One column a statement, as SQLite requires.
fn new_columns() -> Vec<TableAlterStatement> {
    let status = ColumnDef::new(Alias::new("status")).integer().not_null().default(ACTIVE).take();
    let deleted_at = ColumnDef::new(Alias::new("deleted_at")).big_integer().null().take();
    let category_id = ColumnDef::new(Alias::new("category_id")).text().null().take();
    let columns = [
        ("products", status),
        ("products", deleted_at),
        ("products", empty_text("created_by")),
        ("categories", number(Alias::new("revision")).default(1).take()),
        ("changes", number(Alias::new("xid")).default(0).take()),
        ("changes", category_id),
        ("changes", empty_text("actor")),
        ("changes", empty_text("request_id")),
    ];
    let add = |(table, column): (&'static str, ColumnDef)| {
        Table::alter().table(Alias::new(table)).add_column(column).take()
    };
    columns.into_iter().map(add).collect()
}

#[derive(DeriveIden)]
enum Products {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum ProductVariants {
    Table,
    Sku,
    ProductId,
    Position,
    Gtin,
    OptionValues,
    PriceMinor,
    Currency,
    StockQty,
}

fn variants() -> TableCreateStatement {
    let mut stock_qty = ColumnDef::new(ProductVariants::StockQty).integer().not_null().take();
    Table::create()
        .table(ProductVariants::Table)
        .col(text(ProductVariants::Sku).primary_key())
        .col(text(ProductVariants::ProductId))
        .col(ColumnDef::new(ProductVariants::Position).integer().not_null())
        .col(text(ProductVariants::Gtin))
        .col(text(ProductVariants::OptionValues))
        .col(ColumnDef::new(ProductVariants::PriceMinor).big_integer())
        .col(ColumnDef::new(ProductVariants::Currency).text())
        .col(stock_qty.check(Expr::col(ProductVariants::StockQty).gte(0)))
        .foreign_key(&mut of_product(ProductVariants::Table, ProductVariants::ProductId))
        .take()
}

#[derive(DeriveIden)]
enum ProductRevisions {
    Table,
    ProductId,
    Revision,
    Op,
    ChangedFields,
    Before,
    Actor,
    RequestId,
    ChangedAt,
}

/// The values that each revision replaced, so that earlier states can be reconstructed.
fn revisions() -> TableCreateStatement {
    Table::create()
        .table(ProductRevisions::Table)
        .col(text(ProductRevisions::ProductId))
        .col(number(ProductRevisions::Revision))
        .col(ColumnDef::new(ProductRevisions::Op).integer().not_null())
        .col(text(ProductRevisions::ChangedFields))
        .col(text(ProductRevisions::Before))
        .col(text(ProductRevisions::Actor))
        .col(text(ProductRevisions::RequestId))
        .col(number(ProductRevisions::ChangedAt))
        .primary_key(
            Index::create().col(ProductRevisions::ProductId).col(ProductRevisions::Revision),
        )
        .foreign_key(&mut of_product(ProductRevisions::Table, ProductRevisions::ProductId))
        .take()
}

#[derive(DeriveIden)]
enum Requests {
    Table,
    Id,
    Fingerprint,
    Answer,
    AnsweredAt,
}

/// The responses of writes, returned again when a request is repeated.
fn requests() -> TableCreateStatement {
    Table::create()
        .table(Requests::Table)
        .col(text(Requests::Id).primary_key())
        .col(ColumnDef::new(Requests::Fingerprint).blob().not_null())
        .col(ColumnDef::new(Requests::Answer).blob().not_null())
        .col(number(Requests::AnsweredAt))
        .take()
}

#[derive(DeriveIden)]
enum Reservations {
    Table,
    Id,
    State,
    ExpiresAt,
    CreatedAt,
    Actor,
}

fn reservations() -> TableCreateStatement {
    Table::create()
        .table(Reservations::Table)
        .col(text(Reservations::Id).primary_key())
        .col(ColumnDef::new(Reservations::State).integer().not_null())
        .col(number(Reservations::ExpiresAt))
        .col(number(Reservations::CreatedAt))
        .col(text(Reservations::Actor))
        .take()
}

#[derive(DeriveIden)]
enum ReservationLines {
    Table,
    ReservationId,
    Line,
    ProductId,
    Sku,
    Quantity,
}

/// Purging a product deletes its lines: a later product with the same id must not receive its goods.
fn reservation_lines() -> TableCreateStatement {
    Table::create()
        .table(ReservationLines::Table)
        .col(text(ReservationLines::ReservationId))
        .col(ColumnDef::new(ReservationLines::Line).integer().not_null())
        .col(text(ReservationLines::ProductId))
        .col(text(ReservationLines::Sku))
        .col(ColumnDef::new(ReservationLines::Quantity).integer().not_null())
        .primary_key(
            Index::create().col(ReservationLines::ReservationId).col(ReservationLines::Line),
        )
        .foreign_key(&mut of_product(ReservationLines::Table, ReservationLines::ProductId))
        .foreign_key(
            ForeignKey::create()
                .from(ReservationLines::Table, ReservationLines::ReservationId)
                .to(Reservations::Table, Reservations::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take()
}

/// A foreign key to a product, whose deletion cascades.
fn of_product(
    table: impl sea_orm::sea_query::IntoTableRef,
    column: impl sea_orm::sea_query::IntoIden,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, column)
        .to(Products::Table, Products::Id)
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}

fn indexes() -> Vec<IndexCreateStatement> {
    let index = |name: &str, table: &'static str, columns: &[&'static str]| {
        let mut index = Index::create().name(name).table(Alias::new(table)).take();
        columns.iter().for_each(|column| {
            index.col(Alias::new(*column));
        });
        index
    };
    vec![
        index("product_variants_product", "product_variants", &["product_id", "position"]),
        index("products_deleted_at", "products", &["deleted_at"]),
        index("requests_answered_at", "requests", &["answered_at"]),
        index("reservations_state", "reservations", &["state", "expires_at"]),
        index("reservation_lines_product", "reservation_lines", &["product_id"]),
    ]
}
