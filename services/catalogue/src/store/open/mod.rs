//! Opens a database: its connections, its migrations, and the values of the `meta` table that a
//! store needs, among them the feed epoch and the key that signs page tokens.

mod file;
mod location;
mod lock;
mod pools;
mod schema;
mod startup;

pub(crate) use location::Location;
pub(crate) use pools::PendingMigrations;
pub(crate) use schema::{Migration, MigrationState, Schema};

pub(super) use file::DatabaseFile;
pub(super) use startup::Startup;

use std::sync::{Arc, Mutex, RwLock, atomic::AtomicU64};

use chassis::CancellationToken;
use opentelemetry::global::meter;
use tokio::{
    runtime::Handle,
    sync::{Semaphore, watch},
};

use self::pools::Pools;
use super::{
    Inner, Store, cache::SharedReads, category_tree, engine, follow::Signals, products::ReadReplica,
};
use crate::domain::Tree;

/// Writes under way and waiting, at most. More would only time out.
const MAX_WRITES: usize = 1_024;

impl Store {
    /// Opens the store. A missing directory or file is created, and `pending` migrations are handled.
    /// The product cache takes at most `cache_bytes`; 0 disables it.
    ///
    /// # Errors
    /// Another process has the file open, the server does not respond in time, or the database
    /// cannot be read and written. The message is for operators and names a remedy.
    pub(crate) async fn open(
        location: &Location,
        pending: PendingMigrations,
        cache_bytes: u64,
    ) -> anyhow::Result<Self> {
        let explain = |error| location.explain(error);
        let pools = Pools::open(location).await?;
        let startup = match Startup::read(&pools.writer).await {
            Some(startup) => startup,
            None => {
                pools.migrate(location, pending).await?;
                Startup::establish(&pools.writer).await.map_err(explain)?
            }
        };
        let tree = category_tree::load(&pools.writer).await.map_err(explain)?;
        let server = match location {
            Location::File(_) => None,
            Location::Server(server) => {
                Some(engine::ReaderOptions::new(&server.url).map_err(explain)?)
            }
        };
        Ok(Self::with(pools, SharedReads::new(cache_bytes, server), startup, tree))
    }

    fn with(pools: Pools, reads: SharedReads, startup: Startup, tree: Tree) -> Self {
        let Pools { reader, replica, writer, writers, feed, file } = pools;
        let (reader, writer) =
            (engine::with_metrics(reader, "read"), engine::with_metrics(writer, "write"));
        let replica = replica.map(|replica| engine::with_metrics(replica, "replica"));
        let feed_pool = feed.clone();
        let store = Self(Arc::new(Inner {
            reader,
            reads,
            read_replica: replica.map(ReadReplica::new),
            writer,
            feed,
            background: Handle::current(),
            write_lock: tokio::sync::Mutex::default(),
            write_slots: Arc::new(Semaphore::new(MAX_WRITES)),
            // At most half of the connections wait for the batches before theirs.
            import_slots: Arc::new(Semaphore::new(writers as usize / 2)),
            tree: RwLock::new(Arc::new(tree)),
            tree_reload: tokio::sync::Mutex::default(),
            membership_version: AtomicU64::default(),
            counts: Mutex::default(),
            signals: Signals::default(),
            closing: CancellationToken::new(),
            committed: watch::Sender::default(),
            setting_revision: watch::Sender::default(),
            feed_epoch: startup.feed_epoch,
            newest_seen: Mutex::new(startup.newest),
            settled_at_open: startup.settled,
            page_token_key: startup.page_token_key,
            file,
        }));
        if let Some(feed) = feed_pool {
            store.follow_replicas(&feed);
        }
        store.register_write_metrics();
        store.register_cache_metrics();
        store
    }

    /// Registers the gauge of writes under way.
    fn register_write_metrics(&self) {
        let store = Arc::downgrade(&self.0);
        meter("catalogue")
            .u64_observable_gauge("catalogue.writes.waiting")
            .with_description("Writes under way, including those that wait for the write lock.")
            .with_callback(move |gauge| {
                if let Some(store) = store.upgrade() {
                    let free = store.write_slots.available_permits();
                    gauge.observe(MAX_WRITES.saturating_sub(free) as u64, &[]);
                }
            })
            .build();
    }
}
