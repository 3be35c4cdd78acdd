//! The database of the catalogue, and its rate without the catalogue.

use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
    time::Instant,
};

use anyhow::Result;
use devtools::bench::Engine;
use futures::TryStreamExt as _;
use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};
use tempfile::TempDir;
use testkit::{PostgresOptions, PostgresServer};

/// A private database with durable commits.
pub(crate) struct Database {
    dir: TempDir,
    postgres: Option<(PostgresServer, testkit::Database)>,
    started: AtomicU32,
}

impl Database {
    /// Starts it. `None`, reported on standard error, if PostgreSQL is not installed.
    ///
    /// # Errors
    /// It does not start.
    pub(crate) async fn start(engine: Engine) -> Result<Option<Self>> {
        let postgres = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => {
                let options = PostgresOptions { durable: true, settings: Vec::new() };
                let Some(server) = PostgresServer::start(options).await? else { return Ok(None) };
                let database = server.database().await?;
                Some((server, database))
            }
        };
        Ok(Some(Self { dir: tempfile::tempdir()?, postgres, started: AtomicU32::new(0) }))
    }

    pub(crate) fn engine(&self) -> Engine {
        if self.postgres.is_some() { Engine::Postgres } else { Engine::Sqlite }
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// A number for the next log file.
    pub(crate) fn next(&self) -> u32 {
        self.started.fetch_add(1, Ordering::Relaxed)
    }

    /// The URL for the catalogue; `None` for SQLite.
    pub(crate) fn url(&self) -> Option<&str> {
        self.postgres.as_ref().map(|(_, database)| database.url.as_str())
    }

    /// The process id of the postmaster, if there is one.
    ///
    /// # Errors
    /// It is not running.
    pub(crate) fn server_id(&self) -> Result<Option<u32>> {
        let id = self.postgres.as_ref().map(|(server, _)| server.id()).transpose()?;
        Ok(id.map(u32::try_from).transpose()?)
    }

    /// Products per second into a table without indexes, by the fastest statement.
    ///
    /// # Errors
    /// The database refuses.
    pub(crate) async fn bare_rate(&self) -> Result<(f64, &'static str)> {
        let Some(url) = self.url() else {
            let mut file = self.file().await?;
            sqlx::query("CREATE TABLE bare AS SELECT * FROM products WHERE false")
                .execute(&mut file)
                .await?;
            let began = Instant::now();
            let copied = sqlx::query("INSERT INTO bare SELECT * FROM products");
            let rows = copied.execute(&mut file).await?.rows_affected();
            return Ok((rows as f64 / began.elapsed().as_secs_f64(), "INSERT .. SELECT"));
        };
        let mut connection = PgConnection::connect(url).await?;
        let out = connection.copy_out_raw("COPY products TO STDOUT").await?;
        let rows: Vec<bytes::Bytes> = out.try_collect().await?;
        sqlx::query("CREATE TABLE bare (LIKE products)").execute(&mut connection).await?;
        let began = Instant::now();
        let mut copy = connection.copy_in_raw("COPY bare FROM STDIN").await?;
        for chunk in rows.chunks(100) {
            copy.send(chunk.concat()).await?;
        }
        let count = copy.finish().await?;
        Ok((count as f64 / began.elapsed().as_secs_f64(), "COPY"))
    }

    /// Inserts `count` products directly.
    ///
    /// # Errors
    /// The database refuses.
    pub(crate) async fn seed(&self, count: usize) -> Result<()> {
        const COLUMNS: &str = "INSERT INTO products (id, external_id, name, description, brand, \
            price_minor, currency, stock_qty, image_urls, attributes, labels, revision, \
            content_revision, created_at, updated_at)";
        const VALUES: &str = "'Product ' || n, 'Holds tea, coffee and what else there is to drink', \
            'Brand ' || (n % 160), n % 10000, 'EUR', n % 500, \
            '[\"https://images.example.com/gallery/product.jpg\"]', \
            '[{\"name\":\"colour\",\"text\":\"blue\"},{\"name\":\"width\",\"number\":56,\"unit\":\"mm\"},\
              {\"name\":\"safe\",\"flag\":true}]', \
            '[\"new\"]', 1, 1, 1700000000000000, 1700000000000000";
        let Some(url) = self.url() else {
            let sql = format!(
                "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers \
                 WHERE n < {count}) {COLUMNS} SELECT printf('p-%08d', n), 'erp-' || n, {VALUES} \
                 FROM numbers"
            );
            let mut file = self.file().await?;
            sqlx::query(AssertSqlSafe(sql)).execute(&mut file).await?;
            return Ok(file.close().await?);
        };
        let sql = format!(
            "{COLUMNS} SELECT 'p-' || lpad(n::text, 8, '0'), 'erp-' || n, {VALUES} \
             FROM generate_series(1, {count}) AS numbers(n)"
        );
        let mut connection = PgConnection::connect(url).await?;
        sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await?;
        sqlx::query("VACUUM ANALYZE products").execute(&mut connection).await?;
        Ok(connection.close().await?)
    }

    /// Opens the SQLite file, which the catalogue must have closed.
    async fn file(&self) -> Result<SqliteConnection> {
        let options = SqliteConnectOptions::new()
            .filename(self.dir.path().join("data/catalogue.db"))
            .journal_mode(SqliteJournalMode::Wal);
        Ok(SqliteConnection::connect_with(&options).await?)
    }
}
