//! What a store needs to know of its database before it serves.
//!
//! In the common case, tables that are up to date in the database they were made in, all of it is
//! read by one statement and nothing is written.

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbErr, QueryResult, Statement};
use uuid::Uuid;

use super::{changes, engine, epoch, migrations::Migrator, open::remembered};
use crate::domain::Place;

const PAGE_TOKEN_KEY: &str = "page_token_key";

/// The state of a database that is ready to be served.
#[derive(Debug, Clone, Copy)]
pub(super) struct Startup {
    pub(super) feed_epoch: Uuid,
    pub(super) page_token_key: [u8; 32],
    /// The newest change.
    pub(super) newest: Place,
    /// The newest change that no other can come before any more, if such a change is kept.
    pub(super) settled: Option<Place>,
}

impl Startup {
    /// Reads the state; None if it has to be brought about first, or the reason why it cannot be read
    /// is to be found out on the way.
    pub(super) async fn read(writer: &DatabaseConnection) -> Option<Self> {
        let engine = writer.get_database_backend();
        let statement = Statement::from_string(engine, engine::startup(engine));
        let row = match writer.query_one_raw(statement).await {
            Ok(row) => row?,
            Err(error) => {
                tracing::debug!(%error, "the database is not ready to be served as it is");
                return None;
            }
        };
        let startup = Self::of(&row).ok().flatten()?;
        if !engine::is_concurrent(engine) {
            // Writes nothing, but fails like a write would on a file that cannot be written.
            remembered(writer, PAGE_TOKEN_KEY, startup.page_token_key).await.ok()?;
        }
        Some(startup)
    }

    fn of(row: &QueryResult) -> Result<Option<Self>, DbErr> {
        let steps: Option<String> = row.try_get_by_index(0)?;
        let steps: Vec<&str> = steps.iter().flat_map(|steps| steps.split(' ')).collect();
        let can_be_served: bool = row.try_get_by_index(1)?;
        if !can_be_served || !Migrator::names().all(|name| steps.contains(&name.as_str())) {
            return Ok(None);
        }
        warn_of_newer(steps);
        let epoch: Option<Vec<u8>> = row.try_get_by_index(2)?;
        let key: Option<Vec<u8>> = row.try_get_by_index(3)?;
        let place = |at: usize| -> Result<Option<Place>, DbErr> {
            let transaction: Option<i64> = row.try_get_by_index(at)?;
            let sequence: Option<i64> = row.try_get_by_index(at + 1)?;
            let both = transaction.zip(sequence);
            Ok(both.map(|(transaction, sequence)| Place { transaction, sequence }))
        };
        let (newest, settled) = (place(4)?.unwrap_or_default(), place(6)?);
        let kept =
            epoch.and_then(|it| it.try_into().ok()).zip(key.and_then(|it| it.try_into().ok()));
        Ok(kept.map(|(epoch, page_token_key)| Self {
            feed_epoch: Uuid::from_bytes(epoch),
            page_token_key,
            newest,
            settled,
        }))
    }

    /// Brings about what is missing beside the tables, which must be up to date.
    pub(super) async fn establish(writer: &DatabaseConnection) -> Result<Self, DbErr> {
        let feed_epoch = epoch::current(writer).await?;
        let fresh = page_token::random_key();
        let page_token_key = remembered(writer, PAGE_TOKEN_KEY, fresh).await?;
        let newest = changes::newest(writer).await?;
        Ok(Self { feed_epoch, page_token_key, newest, settled: None })
    }
}

/// Says that a newer program has been here, if one has.
pub(super) fn warn_of_newer<'a>(applied: impl IntoIterator<Item = &'a str>) {
    let known: Vec<String> = Migrator::names().collect();
    let newer = applied.into_iter().filter(|name| !known.iter().any(|known| known == name));
    let newer: Vec<&str> = newer.collect();
    if !newer.is_empty() {
        tracing::warn!(?newer, "the tables are newer than this program, which goes on with them");
    }
}
