//! Applies and reverts migrations, one process at a time.

use std::{fs::File, time::Duration};

use anyhow::{Context as _, bail};
use sea_orm::{DatabaseConnection, DbBackend, DbErr};
use sea_orm_migration::{MigratorTrait as _, SchemaManager};
use tokio::time::{Instant, sleep};

use super::{location::Location, lock::lock};
use crate::store::{
    engine,
    schema::migrations::{Migrator, warn_of_newer},
};

/// How long to wait for another process that is migrating: a migration may rewrite a large table.
const LOCK_TIMEOUT: Duration = Duration::from_secs(15 * 60);
const POLL_INTERVAL: Duration = Duration::from_millis(100);
const LOG_INTERVAL: Duration = Duration::from_secs(5);

/// A migration and its state in this database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Migration {
    pub(crate) name: String,
    pub(crate) state: MigrationState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MigrationState {
    Applied,
    Pending,
    /// Applied by a newer version of the program; unknown to this one.
    Newer,
}

/// The schema of a database, over a separate connection.
pub(crate) struct Schema<'a> {
    location: &'a Location,
    connection: DatabaseConnection,
    /// Held so that no other process opens the file; SQLite only.
    #[allow(dead_code, reason = "the system unlocks it when it is dropped")]
    lock: Option<File>,
}

impl<'a> Schema<'a> {
    /// The schema of a file that is open already, over its writing connection.
    pub(in crate::store) fn of_file(location: &'a Location, writer: &DatabaseConnection) -> Self {
        Self { location, connection: writer.clone(), lock: None }
    }

    /// Opens a database, waiting for the server if necessary.
    pub(crate) async fn open(location: &'a Location) -> anyhow::Result<Self> {
        let explain = |error| location.explain(error);
        let (connection, lock) = match location {
            Location::File(file) => {
                let lock = lock(file)?;
                (engine::open_writer(file).await.map_err(explain)?, Some(lock))
            }
            Location::Server(server) => {
                let connect = || engine::connect_migrations(&server.url);
                (engine::connect_with_retries(server.wait, connect).await.map_err(explain)?, None)
            }
        };
        Ok(Self { location, connection, lock })
    }

    /// All migrations in order. Changes nothing.
    pub(crate) async fn migrations(&self) -> anyhow::Result<Vec<Migration>> {
        self.read_migrations().await.map_err(|error| self.location.explain(error))
    }

    /// Applies pending migrations, at most `limit`. Returns their names.
    ///
    /// # Errors
    /// A migration failed and was rolled back; another process held the lock for too long.
    pub(crate) async fn up(&self, limit: Option<u32>) -> anyhow::Result<Vec<String>> {
        self.acquire_lock().await?;
        let migrations = self.migrations().await?;
        warn_of_newer(names(&migrations, MigrationState::Newer).iter().map(String::as_str));
        let mut pending = names(&migrations, MigrationState::Pending);
        pending.truncate(limit.map_or(usize::MAX, |limit| limit as usize));
        let result = Migrator::up(&self.connection, limit).await;
        self.release_lock().await;
        result.map_err(|error| self.location.explain(error))?;
        Ok(pending)
    }

    /// Reverts the newest `limit` migrations, which deletes the data in the tables and columns they
    /// added. Returns their names.
    ///
    /// # Errors
    /// As for [`up`](Self::up); the newest migration is unknown to this version of the program.
    pub(crate) async fn down(&self, limit: u32) -> anyhow::Result<Vec<String>> {
        self.acquire_lock().await?;
        let migrations = self.migrations().await?;
        if let Some(newer) = names(&migrations, MigrationState::Newer).last() {
            bail!("the newest step, {newer}, is of a newer program; undo it with that one");
        }
        let mut applied = names(&migrations, MigrationState::Applied);
        applied.reverse();
        applied.truncate(limit as usize);
        let result = Migrator::down(&self.connection, Some(limit)).await;
        self.release_lock().await;
        result.map_err(|error| self.location.explain(error))?;
        Ok(applied)
    }

    pub(crate) async fn close(self) {
        self.connection.close().await.ok(); // nothing is lost if it was closed already
    }

    async fn read_migrations(&self) -> Result<Vec<Migration>, DbErr> {
        let manager = SchemaManager::new(&self.connection);
        let table = Migrator::migration_table_name().to_string();
        let applied = match manager.has_table(table).await? {
            true => Migrator::applied(&self.connection).await?,
            false => Vec::new(),
        };
        let mut migrations: Vec<Migration> = Migrator::names()
            .map(|name| {
                let state = match applied.contains(&name) {
                    true => MigrationState::Applied,
                    false => MigrationState::Pending,
                };
                Migration { name, state }
            })
            .collect();
        let known: Vec<String> = Migrator::names().collect();
        let newer = applied.into_iter().filter(|name| !known.contains(name));
        migrations.extend(newer.map(|name| Migration { name, state: MigrationState::Newer }));
        Ok(migrations)
    }

    /// Waits for the migration lock. It polls rather than blocking in one statement: the
    /// statement's snapshot would block some migrations of the other process.
    async fn acquire_lock(&self) -> anyhow::Result<()> {
        if self.connection.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        let started = Instant::now();
        let mut logged: Option<Instant> = None;
        while !engine::try_lock_schema(&self.connection).await.context("locking the tables")? {
            if started.elapsed() > LOCK_TIMEOUT {
                bail!("another catalogue has been changing the tables for too long; look after it");
            }
            if logged.is_none_or(|at| at.elapsed() >= LOG_INTERVAL) {
                logged = Some(Instant::now());
                let waited_s = started.elapsed().as_secs();
                tracing::info!(
                    waited_s,
                    "waiting for another catalogue that is changing the tables"
                );
            }
            sleep(POLL_INTERVAL).await;
        }
        Ok(())
    }

    /// Releases the migration lock, which closing the connection would also do.
    async fn release_lock(&self) {
        if self.connection.get_database_backend() == DbBackend::Postgres
            && let Err(error) = engine::unlock_schema(&self.connection).await
        {
            tracing::warn!(%error, "the migration lock could not be released");
        }
    }
}

/// The names of the migrations in this state.
pub(super) fn names(migrations: &[Migration], state: MigrationState) -> Vec<String> {
    let in_state = migrations.iter().filter(|migration| migration.state == state);
    in_state.map(|migration| migration.name.clone()).collect()
}
