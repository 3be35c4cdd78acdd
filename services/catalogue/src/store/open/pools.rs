//! The connection pools of a database.

use std::{fs, path::Path};

use anyhow::{Context as _, bail};
use sea_orm::{DatabaseConnection, DbErr};

use super::{
    file::DatabaseFile,
    location::{Location, Server},
    lock::lock,
    schema::{MigrationState, Schema, names},
};
use crate::store::engine;

/// One connection listens for notifications, the other polls.
const FEED_CONNECTIONS: u32 = 2;

/// How pending migrations are handled when the store is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PendingMigrations {
    Apply,
    Refuse,
}

/// The connections of a store, and its file.
pub(super) struct Pools {
    pub(super) reader: DatabaseConnection,
    pub(super) replica: Option<DatabaseConnection>,
    pub(super) writer: DatabaseConnection,
    /// The size of the writer pool.
    pub(super) writers: u32,
    /// For following the feed; PostgreSQL only.
    pub(super) feed: Option<DatabaseConnection>,
    pub(super) file: Option<DatabaseFile>,
}

impl Pools {
    pub(super) async fn open(location: &Location) -> anyhow::Result<Self> {
        let explain = |error| location.explain(error);
        match location {
            Location::File(file) => {
                let lock = lock(file)?;
                let (writer, reader) = open_file(file).await.map_err(explain)?;
                let file = Some(DatabaseFile::new(file, lock).context("looking at the database")?);
                Ok(Self { reader, replica: None, writer, writers: 1, feed: None, file })
            }
            Location::Server(server) => server.connect().await.map_err(explain),
        }
    }

    /// Applies pending migrations, or fails if there are any.
    pub(super) async fn migrate(
        &self,
        location: &Location,
        pending: PendingMigrations,
    ) -> anyhow::Result<()> {
        let schema = match location {
            Location::File(_) => Schema::of_file(location, &self.writer),
            Location::Server(_) => Schema::open(location).await?,
        };
        match pending {
            PendingMigrations::Apply => drop(schema.up(None).await?),
            PendingMigrations::Refuse => {
                if let Some(first) =
                    names(&schema.migrations().await?, MigrationState::Pending).first()
                {
                    bail!("the tables lack {first}; run this program with: migrate up");
                }
            }
        }
        if let Location::Server(_) = location {
            schema.close().await;
        }
        Ok(())
    }
}

/// Opens the connections to a file; concurrently if it is a database already.
async fn open_file(file: &Path) -> Result<(DatabaseConnection, DatabaseConnection), DbErr> {
    if fs::metadata(file).is_ok_and(|file| file.len() > 0) {
        return tokio::try_join!(engine::open_writer(file), engine::open_readers(file));
    }
    let writer = engine::open_writer(file).await?;
    Ok((writer, engine::open_readers(file).await?))
}

impl Server {
    /// Opens the first writing connection, waiting for the server if necessary, and the first reading one at the same
    /// time. All others are opened on first use.
    async fn connect(&self) -> Result<Pools, DbErr> {
        let connect = || engine::connect_writers(&self.url, self.writers);
        let reader = engine::connect_readers(&self.url, self.readers).await?;
        let (writer, _) =
            tokio::join!(engine::connect_with_retries(self.wait, connect), reader.ping());
        let writer = writer?;
        // Not connected here: the service starts without its read replica.
        let replica = match &self.read_url {
            Some(url) => Some(engine::connect_readers(url, self.readers).await?),
            None => None,
        };
        let feed = Some(engine::connect_readers(&self.url, FEED_CONNECTIONS).await?);
        Ok(Pools { reader, replica, writer, writers: self.writers, feed, file: None })
    }
}
