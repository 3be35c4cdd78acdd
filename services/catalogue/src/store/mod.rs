//! The database: products, categories, stock, and the feed of their changes.
//!
//! Two engines share one code path: a SQLite file with one writing and several reading connections,
//! or a PostgreSQL server with pools of both, used by several replicas of this service. Their
//! differences are in `engine`.
//!
//! A write and its rows in the feed are one transaction, which runs in a separate task: a dropped
//! request cannot cancel it and return its connection to the pool with the transaction open.
//!
//! **Invariant:** a read that begins after a write was acknowledged shows that write.
//!
//! The modules, each of which uses only modules before it:
//!
//! - `engine`, `schema`, `rows`, `category_tree`: the engines, the tables, the conversion of rows
//! - `changes`: the order and the epoch of the feed, and reading it
//! - `writes`: units of work, idempotency, appending to the feed
//! - `imports`: which products an import has written
//! - `filter`, `products`, `stock`, `categories`: reading and writing each resource
//! - `audit`, `keys`: the audit trail, the API keys
//! - `encoded`, `cache`: products as wire bytes, and the cache of them
//! - `follow`: applies the writes of other replicas
//! - `maintenance`: deletes old rows, looks for damage
//! - `open`: connections, migrations, startup

mod audit;
mod cache;
mod categories;
mod category_tree;
mod changes;
mod encoded;
mod engine;
mod filter;
mod follow;
mod imports;
mod keys;
mod maintenance;
mod open;
mod page_token_keys;
mod products;
mod rows;
mod schema;
mod sessions;
mod settings;
mod stock;
#[cfg(test)]
mod test_databases;
#[cfg(test)]
mod tests;
mod writes;

pub(crate) use cache::{FramedProduct, ProductReader};
pub(crate) use categories::{Count, CountedCategory, Counts};
pub(crate) use changes::{FeedBounds, FeedPosition};
pub(crate) use encoded::{EncodedPage, encoded_id};
pub(crate) use imports::{UndoTotals, UndoneConflict};
pub(crate) use open::{Location, Migration, MigrationState, PendingMigrations, Schema};
pub(crate) use products::{PastRevision, UndoPass};
pub(crate) use settings::{SettingState, SettingUpdate};
pub(crate) use writes::{AfterWrite, RequestKey, Write, WriteContext, Written};

use std::sync::{Arc, Mutex, RwLock, atomic::AtomicU64};

use chassis::CancellationToken;
use sea_orm::{DatabaseConnection, DbBackend, EntityTrait as _};
use tokio::{
    runtime::Handle,
    sync::{Semaphore, watch},
};
use uuid::Uuid;

use self::products::ReadReplica;
use crate::domain::{Place, Result, Tree};

/// A handle to the store; cheap to clone.
#[derive(Clone)]
pub(crate) struct Store(Arc<Inner>);

struct Inner {
    reader: DatabaseConnection,
    /// The product cache and the state of batched reads.
    reads: cache::SharedReads,
    /// For reads that may be slightly stale; optional.
    read_replica: Option<ReadReplica>,
    writer: DatabaseConnection,
    /// For following the writes of other replicas; PostgreSQL only.
    feed: Option<DatabaseConnection>,
    /// The runtime of transactions, which outlive cancelled requests.
    background: Handle,
    /// SQLite only: serializes transactions, including the publication of their effects in memory.
    write_lock: tokio::sync::Mutex<()>,
    /// One permit for each write under way or waiting.
    write_slots: Arc<Semaphore>,
    /// One permit for each import batch written while its predecessor is still being written.
    import_slots: Arc<Semaphore>,
    tree: RwLock<Arc<Tree>>,
    /// Held while the tree is reloaded, so that trees are published in the order they were read.
    tree_reload: tokio::sync::Mutex<()>,
    /// Counts the transactions that changed which categories products are in.
    membership_version: AtomicU64,
    /// The latest counts, with their `membership_version`.
    counts: Mutex<Option<(u64, Arc<Counts>)>>,
    signals: follow::Signals,
    /// Cancelled when the store is being closed.
    closing: CancellationToken,
    /// Marked as changed after each commit.
    committed: watch::Sender<()>,
    /// The newest revision of settings that this process has seen.
    setting_revision: watch::Sender<i64>,
    feed_epoch: Uuid,
    /// The newest change that this process has written or seen.
    newest_seen: Mutex<Place>,
    settled_at_open: Option<Place>,
    /// The first key of page tokens.
    page_token_key: [u8; 32],
    /// SQLite only: the file, locked against other processes.
    file: Option<open::DatabaseFile>,
}

impl Store {
    /// The UUID of the feed; a new one begins when the database was restored or copied.
    pub(crate) fn feed_epoch(&self) -> Uuid {
        self.0.feed_epoch
    }

    /// The newest settled change when the store was opened, if it was read.
    pub(crate) fn settled_at_open(&self) -> Option<Place> {
        self.0.settled_at_open
    }

    /// The runtime for work that a dropped request must not cancel.
    pub(crate) fn background(&self) -> &Handle {
        &self.0.background
    }

    /// A receiver that is marked as changed after each commit.
    pub(crate) fn commits(&self) -> watch::Receiver<()> {
        self.0.committed.subscribe()
    }

    /// Runs a cheap query to check that the store can be read, and checks its file.
    pub(crate) async fn probe(&self) -> Result<()> {
        self.check_file()?;
        Ok(schema::entity::meta::Entity::find().one(&self.0.reader).await.map(drop)?)
    }

    /// Checks that the database file, if there is one, is still there and not known to be damaged.
    fn check_file(&self) -> Result<()> {
        self.0.file.as_ref().map_or(Ok(()), open::DatabaseFile::check)
    }

    fn engine(&self) -> DbBackend {
        self.0.writer.get_database_backend()
    }

    /// Closes the connections and releases the lock on the data.
    pub(crate) async fn close(&self) {
        self.0.closing.cancel();
        let _writer = self.0.write_lock.lock().await;
        let Inner { reader, read_replica, writer, feed, .. } = &*self.0;
        let replica = read_replica.as_ref().map(ReadReplica::pool);
        for pool in [Some(reader), replica, Some(writer), feed.as_ref()].into_iter().flatten() {
            if let Err(error) = pool.close_by_ref().await {
                tracing::warn!(%error, "a connection pool could not be closed");
            }
        }
        if let Some(Err(error)) = self.0.file.as_ref().map(open::DatabaseFile::unlock) {
            tracing::warn!(%error, "the lock on the data directory could not be released");
        }
    }
}
