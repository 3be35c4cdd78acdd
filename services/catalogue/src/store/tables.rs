//! Bringing the tables up to date, or back: one process at a time, whoever else is starting.

use std::{fs::File, time::Duration};

use anyhow::{Context as _, bail};
use sea_orm::{DatabaseConnection, DbBackend, DbErr};
use sea_orm_migration::{MigratorTrait as _, SchemaManager};
use tokio::time::{Instant, sleep};

use super::{engine, location::Location, migrations::Migrator, open, startup};

/// How long we wait for another process that is changing the tables: a step may have to rewrite a
/// large one.
const PATIENCE: Duration = Duration::from_secs(15 * 60);
const LOOK_EVERY: Duration = Duration::from_millis(100);
const SAY_EVERY: Duration = Duration::from_secs(5);

/// One step of the tables' history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) name: String,
    pub(crate) state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Applied,
    Pending,
    /// Applied by a newer program than this one, which does not know it.
    Newer,
}

/// The tables, reached by a connection of their own.
pub(crate) struct Tables<'a> {
    location: &'a Location,
    connection: DatabaseConnection,
    /// Of a file: held so that no other process opens it.
    #[allow(dead_code, reason = "the system unlocks it when it is dropped")]
    lock: Option<File>,
}

impl<'a> Tables<'a> {
    /// The tables of a file that is open already, by the connection that writes.
    pub(super) fn of_file(location: &'a Location, writer: &DatabaseConnection) -> Self {
        Self { location, connection: writer.clone(), lock: None }
    }

    /// Waits for the database if need be.
    pub(crate) async fn open(location: &'a Location) -> anyhow::Result<Self> {
        let explain = |error| location.explain(error);
        let (connection, lock) = match location {
            Location::File(file) => {
                let lock = open::lock(file)?;
                (engine::open_writer(file).await.map_err(explain)?, Some(lock))
            }
            Location::Server(server) => {
                let connect = || engine::connect_migrations(&server.url);
                (engine::reach(server.wait, connect).await.map_err(explain)?, None)
            }
        };
        Ok(Self { location, connection, lock })
    }

    /// All steps in their order, and what has become of them. Changes nothing.
    pub(crate) async fn steps(&self) -> anyhow::Result<Vec<Step>> {
        self.read_steps().await.map_err(|error| self.location.explain(error))
    }

    /// Applies what is pending, at most `limit` steps. Returns their names.
    ///
    /// # Errors
    /// A step failed, and has left nothing behind; the lock is held by another for too long.
    pub(crate) async fn up(&self, limit: Option<u32>) -> anyhow::Result<Vec<String>> {
        self.claim().await?;
        let steps = self.steps().await?;
        startup::warn_of_newer(names(&steps, State::Newer).iter().map(String::as_str));
        let mut pending = names(&steps, State::Pending);
        pending.truncate(limit.map_or(usize::MAX, |limit| limit as usize));
        let ended = Migrator::up(&self.connection, limit).await;
        self.release().await;
        ended.map_err(|error| self.location.explain(error))?;
        Ok(pending)
    }

    /// Undoes the newest `limit` steps, and what is kept in the tables they made. Returns their
    /// names.
    ///
    /// # Errors
    /// As [`up`](Self::up); a newer program has applied steps that this one cannot undo.
    pub(crate) async fn down(&self, limit: u32) -> anyhow::Result<Vec<String>> {
        self.claim().await?;
        let steps = self.steps().await?;
        if let Some(newer) = names(&steps, State::Newer).last() {
            bail!("the newest step, {newer}, is of a newer program; undo it with that one");
        }
        let mut applied = names(&steps, State::Applied);
        applied.reverse();
        applied.truncate(limit as usize);
        let ended = Migrator::down(&self.connection, Some(limit)).await;
        self.release().await;
        ended.map_err(|error| self.location.explain(error))?;
        Ok(applied)
    }

    pub(crate) async fn close(self) {
        self.connection.close().await.ok(); // it has done what it was for, or failed to
    }

    async fn read_steps(&self) -> Result<Vec<Step>, DbErr> {
        let manager = SchemaManager::new(&self.connection);
        let table = Migrator::migration_table_name().to_string();
        let applied = match manager.has_table(table).await? {
            true => Migrator::applied(&self.connection).await?,
            false => Vec::new(),
        };
        let mut steps: Vec<Step> = Migrator::names()
            .map(|name| {
                let is_applied = applied.contains(&name);
                Step { name, state: if is_applied { State::Applied } else { State::Pending } }
            })
            .collect();
        let known: Vec<String> = Migrator::names().collect();
        let newer = applied.into_iter().filter(|name| !known.contains(name));
        steps.extend(newer.map(|name| Step { name, state: State::Newer }));
        Ok(steps)
    }

    /// Waits until nobody else changes the tables. It is not waited in one statement: that one's
    /// snapshot would hold up what the other is doing.
    async fn claim(&self) -> anyhow::Result<()> {
        if self.connection.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        let begun = Instant::now();
        let mut said: Option<Instant> = None;
        while !engine::try_claim_tables(&self.connection).await.context("locking the tables")? {
            if begun.elapsed() > PATIENCE {
                bail!("another catalogue has been changing the tables for too long; look after it");
            }
            if said.is_none_or(|said| said.elapsed() >= SAY_EVERY) {
                said = Some(Instant::now());
                let waited_s = begun.elapsed().as_secs();
                tracing::info!(waited_s, "waiting: another catalogue is changing the tables");
            }
            sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    /// Lets the next one. The connection's end would do it, too.
    async fn release(&self) {
        if self.connection.get_database_backend() == DbBackend::Postgres
            && let Err(error) = engine::release_tables(&self.connection).await
        {
            tracing::warn!(%error, "unlocking the tables");
        }
    }
}

/// The names of the steps in this state.
pub(super) fn names(steps: &[Step], state: State) -> Vec<String> {
    steps.iter().filter(|step| step.state == state).map(|step| step.name.clone()).collect()
}
