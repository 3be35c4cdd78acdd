//! The SQLite file of a catalogue, or a copy of it.

use std::{path::Path, time::Duration};

use anyhow::{Context as _, Result, bail};
use sqlx::{
    Connection as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};

/// How long to wait for a lock: the catalogue holds them for moments only.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

const DAMAGED: &str = "the file is not an intact catalogue database";

/// The contents of a database, as numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Contents {
    pub(super) products: u64,
    pub(super) changes: u64,
    pub(super) bytes: u64,
}

/// A connection to a file.
pub(super) struct Database(SqliteConnection);

impl Database {
    /// Opens the file of a catalogue, which may be running.
    pub(super) async fn open(file: &Path) -> Result<Self> {
        Self::connect(SqliteConnectOptions::new(), file).await
    }

    /// Opens a copy that no one else has open, and leaves no other file beside it.
    pub(super) async fn open_unchanged(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new().journal_mode(SqliteJournalMode::Delete);
        Self::connect(options, file).await.context(DAMAGED)
    }

    async fn connect(options: SqliteConnectOptions, file: &Path) -> Result<Self> {
        let options = options.filename(file).busy_timeout(BUSY_TIMEOUT);
        let connection = SqliteConnection::connect_with(&options).await;
        Ok(Self(connection.with_context(|| format!("opening {}", file.display()))?))
    }

    /// Writes one state of the database to an empty file. Writers are not held up.
    pub(super) async fn copy_to(&mut self, to: &Path) -> Result<()> {
        let to = to.to_str().context("the name of the file is not UTF-8")?;
        sqlx::query("VACUUM INTO ?").bind(to).execute(&mut self.0).await?;
        Ok(())
    }

    /// Checks every page and index, and counts the rows.
    pub(super) async fn verify(&mut self) -> Result<Contents> {
        let check = sqlx::query_scalar::<_, String>("PRAGMA integrity_check(1)");
        let found = check.fetch_one(&mut self.0).await.context(DAMAGED)?;
        if found != "ok" {
            bail!("{DAMAGED}: {found}");
        }
        let pages = "(SELECT page_count FROM pragma_page_count)";
        let size = "(SELECT page_size FROM pragma_page_size)";
        let counts = format!(
            "SELECT (SELECT count(*) FROM products), (SELECT count(*) FROM changes), {pages} * {size}"
        );
        let counts = sqlx::query_as::<_, (i64, i64, i64)>(sqlx::AssertSqlSafe(counts));
        let (products, changes, bytes) = counts.fetch_one(&mut self.0).await.context(DAMAGED)?;
        Ok(Contents {
            products: products.unsigned_abs(),
            changes: changes.unsigned_abs(),
            bytes: bytes.unsigned_abs(),
        })
    }

    /// Ends the feed: the catalogue begins another one when it opens the file, so that cursors from after
    /// the backup, which would skip changes, are refused.
    pub(super) async fn end_feed(&mut self) -> Result<()> {
        let end = "DELETE FROM meta WHERE key = 'feed_epoch'";
        sqlx::query(end).execute(&mut self.0).await?;
        Ok(())
    }

    pub(super) async fn close(self) -> Result<()> {
        Ok(self.0.close().await?)
    }
}
