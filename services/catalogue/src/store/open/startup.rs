//! The state of a database that a store reads before it serves.
//!
//! In the common case, with all migrations applied in the database where they were applied first,
//! one statement reads all of it and nothing is written.

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbErr, QueryResult, Statement};
use uuid::Uuid;

use crate::{
    domain::Place,
    store::{
        changes::{self, epoch},
        engine,
        schema::{
            meta::{self, PAGE_TOKEN_KEY},
            migrations::{Migrator, warn_of_newer},
        },
    },
};

/// The state of a database that is ready to serve.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct Startup {
    pub(in crate::store) feed_epoch: Uuid,
    pub(in crate::store) page_token_key: [u8; 32],
    /// The newest change.
    pub(in crate::store) newest: Place,
    /// The newest settled change, if there is one and it was read.
    pub(in crate::store) settled: Option<Place>,
}

impl Startup {
    /// Reads the state. None if the database must be prepared first, or cannot be read: then
    /// preparing it reports the reason.
    pub(in crate::store) async fn read(writer: &DatabaseConnection) -> Option<Self> {
        let engine = writer.get_database_backend();
        let statement = Statement::from_string(engine, engine::startup(engine));
        let row = match writer.query_one_raw(statement).await {
            Ok(row) => row?,
            Err(error) => {
                tracing::debug!(%error, "the database is not ready to serve");
                return None;
            }
        };
        let startup = Self::of(&row).ok().flatten()?;
        if !engine::is_concurrent(engine) {
            // Changes nothing, but fails if the file cannot be written.
            meta::get_or_create(writer, PAGE_TOKEN_KEY, startup.page_token_key).await.ok()?;
        }
        Some(startup)
    }

    fn of(row: &QueryResult) -> Result<Option<Self>, DbErr> {
        let applied: Option<String> = row.try_get_by_index(0)?;
        let applied: Vec<&str> = applied.iter().flat_map(|names| names.split(' ')).collect();
        let can_be_served: bool = row.try_get_by_index(1)?;
        if !can_be_served || !Migrator::names().all(|name| applied.contains(&name.as_str())) {
            return Ok(None);
        }
        warn_of_newer(applied);
        let epoch: Option<Vec<u8>> = row.try_get_by_index(2)?;
        let key: Option<Vec<u8>> = row.try_get_by_index(3)?;
        let place = |at: usize| -> Result<Option<Place>, DbErr> {
            let transaction: Option<i64> = row.try_get_by_index(at)?;
            let sequence: Option<i64> = row.try_get_by_index(at + 1)?;
            let both = transaction.zip(sequence);
            Ok(both.map(|(transaction, sequence)| Place { transaction, sequence }))
        };
        let (newest, settled) = (place(4)?.unwrap_or_default(), place(6)?);
        let epoch = epoch.and_then(|epoch| epoch.try_into().ok());
        let key = key.and_then(|key| key.try_into().ok());
        Ok(epoch.zip(key).map(|(epoch, page_token_key)| Self {
            feed_epoch: Uuid::from_bytes(epoch),
            page_token_key,
            newest,
            settled,
        }))
    }

    /// Creates the missing values of the `meta` table, and reads the state. All migrations must have
    /// been applied.
    pub(super) async fn establish(writer: &DatabaseConnection) -> Result<Self, DbErr> {
        let feed_epoch = epoch::current(writer).await?;
        let key = page_token::random_key();
        let page_token_key = meta::get_or_create(writer, PAGE_TOKEN_KEY, key).await?;
        let newest = changes::newest(writer).await?;
        Ok(Self { feed_epoch, page_token_key, newest, settled: None })
    }
}
