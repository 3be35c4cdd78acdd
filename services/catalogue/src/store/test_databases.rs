//! Databases of both engines with the same products, for tests of SQL.

use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use sea_orm_migration::MigratorTrait as _;
use tempfile::TempDir;
use testkit::Postgres;

use super::{engine, products::save, schema::migrations::Migrator};
use crate::domain::{Category, Product};

/// A SQLite file and, if the tests have a server, a PostgreSQL database.
pub(super) struct TestDatabases {
    pub(super) all: Vec<DatabaseConnection>,
    _dir: TempDir,
}

impl TestDatabases {
    pub(super) async fn with(categories: &[Category], products: &[Product]) -> Self {
        let dir = TempDir::new().unwrap();
        let file = dir.path().join("catalogue.db");
        let mut all = vec![engine::open_writer(&file).await.unwrap()];
        if let Some(postgres) = Postgres::shared().await {
            let database = postgres.database().await.unwrap();
            let mut options = ConnectOptions::new(database.url.as_str());
            options.max_connections(1);
            all.push(Database::connect(options).await.unwrap());
        }
        let products: Vec<&Product> = products.iter().collect();
        for database in &all {
            Migrator::up(database, None).await.unwrap();
            save::categories(database, categories).await.unwrap();
            save::products(database, &products).await.unwrap();
            save::memberships(database, &products).await.unwrap();
            save::variants(database, &products).await.unwrap();
        }
        Self { all, _dir: dir }
    }
}
