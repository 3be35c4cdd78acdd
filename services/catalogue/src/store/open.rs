//! Opening: the data directory and its lock, or the server; the tables; what is kept beside them.

use std::{
    fs::{self, File, TryLockError},
    path::Path,
    sync::{Arc, Mutex, RwLock, atomic::AtomicU64},
};

use anyhow::{Context as _, bail};
use chassis::CancellationToken;
use opentelemetry::global::meter;
use sea_orm::{
    ActiveValue::Set, DatabaseConnection, DbErr, EntityTrait as _, sea_query::OnConflict,
};
use tokio::{
    runtime::Handle,
    sync::{Semaphore, watch},
};

use super::{
    Inner, Store, categories, engine,
    entity::meta,
    follow::Signals,
    location::{Location, Server},
    reads::Reads,
    replica::Replica,
    startup::Startup,
    tables::{State, Tables, names},
};
use crate::domain::Tree;

/// One connection listens, and one looks.
const WATCHERS: u32 = 2;
/// More waiting writes than this would only time out.
const MAX_WAITING_WRITES: usize = 1_024;

/// What to do about tables that are older than this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pending {
    Apply,
    Refuse,
}

impl Store {
    /// Opens the store, making what is missing: the directory, the file and, unless `pending` says
    /// otherwise, the tables. Products take at most `cache_bytes` of memory.
    ///
    /// # Errors
    /// Another process has the file open, the server does not answer in time, or it cannot be read
    /// and written. Says what to do.
    pub(crate) async fn open(
        location: &Location,
        pending: Pending,
        cache_bytes: u64,
    ) -> anyhow::Result<Self> {
        let explain = |error| location.explain(error);
        let pools = Pools::open(location).await?;
        let startup = match Startup::read(&pools.writer).await {
            Some(startup) => startup,
            None => {
                pools.bring_up(location, pending).await?;
                Startup::establish(&pools.writer).await.map_err(explain)?
            }
        };
        let tree = categories::load(&pools.writer).await.map_err(explain)?;
        let server = match location {
            Location::File(_) => None,
            Location::Server(server) => {
                Some(engine::ReaderOptions::new(&server.url).map_err(explain)?)
            }
        };
        Ok(Self::with(pools, Reads::new(cache_bytes, server), startup, tree))
    }

    fn with(pools: Pools, reads: Reads, startup: Startup, tree: Tree) -> Self {
        let Pools { reader, replica, writer, writers, watcher, lock } = pools;
        let (reader, writer) = (engine::watched(reader, "read"), engine::watched(writer, "write"));
        let replica = replica.map(|replica| engine::watched(replica, "replica"));
        let watch_with = watcher.clone();
        let store = Self(Arc::new(Inner {
            reader,
            reads,
            replica: replica.map(Replica::new),
            writer,
            watcher,
            background: Handle::current(),
            turn: tokio::sync::Mutex::default(),
            queue: Arc::new(Semaphore::new(MAX_WAITING_WRITES)),
            // At most half of the connections wait for what the others do.
            ahead: Arc::new(Semaphore::new(writers as usize / 2)),
            tree: RwLock::new(Arc::new(tree)),
            reload: tokio::sync::Mutex::default(),
            memberships: AtomicU64::default(),
            counts: Mutex::default(),
            signals: Signals::default(),
            closing: CancellationToken::new(),
            committed: watch::Sender::default(),
            feed_epoch: startup.feed_epoch,
            newest_seen: Mutex::new(startup.newest),
            settled_at_start: startup.settled,
            page_token_key: startup.page_token_key,
            lock,
        }));
        if let Some(watcher) = watch_with {
            store.follow_others(&watcher);
        }
        store.watch_queue();
        store.watch_reads();
        store
    }
}

impl Store {
    /// Shows how many writes wait, for as long as the store is there.
    fn watch_queue(&self) {
        let store = Arc::downgrade(&self.0);
        meter("catalogue")
            .u64_observable_gauge("catalogue.writes.waiting")
            .with_description("Writes under way, those that wait for their turn among them.")
            .with_callback(move |gauge| {
                if let Some(store) = store.upgrade() {
                    let free = store.queue.available_permits();
                    gauge.observe(MAX_WAITING_WRITES.saturating_sub(free) as u64, &[]);
                }
            })
            .build();
    }
}

/// The connections of a store, and what keeps others from its file.
struct Pools {
    reader: DatabaseConnection,
    replica: Option<DatabaseConnection>,
    writer: DatabaseConnection,
    /// Transactions that may write side by side.
    writers: u32,
    watcher: Option<DatabaseConnection>,
    lock: Option<File>,
}

impl Pools {
    async fn open(location: &Location) -> anyhow::Result<Self> {
        let explain = |error| location.explain(error);
        match location {
            Location::File(file) => {
                let lock = Some(lock(file)?);
                let (writer, reader) = open_file(file).await.map_err(explain)?;
                Ok(Self { reader, replica: None, writer, writers: 1, watcher: None, lock })
            }
            Location::Server(server) => server.connect().await.map_err(explain),
        }
    }

    /// Brings the tables up to date, or refuses tables that are not.
    async fn bring_up(&self, location: &Location, pending: Pending) -> anyhow::Result<()> {
        let tables = match location {
            Location::File(_) => Tables::of_file(location, &self.writer),
            Location::Server(_) => Tables::open(location).await?,
        };
        match pending {
            Pending::Apply => drop(tables.up(None).await?),
            Pending::Refuse => {
                if let Some(first) = names(&tables.steps().await?, State::Pending).first() {
                    bail!("the tables lack {first}; run this program with: migrate up");
                }
            }
        }
        if let Location::Server(_) = location {
            tables.close().await;
        }
        Ok(())
    }
}

/// Opens the connections to a file: to one that is there, at once.
async fn open_file(file: &Path) -> Result<(DatabaseConnection, DatabaseConnection), DbErr> {
    if file.exists() {
        return tokio::try_join!(engine::open_writer(file), engine::open_readers(file));
    }
    let writer = engine::open_writer(file).await?;
    Ok((writer, engine::open_readers(file).await?))
}

impl Server {
    /// Opens the first connection that writes, waiting for the server if need be. All others are
    /// opened when they are first needed.
    async fn connect(&self) -> Result<Pools, DbErr> {
        let connect = || engine::connect_writers(&self.url, self.writers);
        let writer = engine::reach(self.wait, connect).await?;
        let reader = engine::connect_readers(&self.url, self.readers).await?;
        // One that is down is no reason not to start.
        let replica = match &self.read_url {
            Some(url) => Some(engine::connect_readers(url, self.readers).await?),
            None => None,
        };
        let watcher = Some(engine::connect_readers(&self.url, WATCHERS).await?);
        Ok(Pools { reader, replica, writer, writers: self.writers, watcher, lock: None })
    }
}

/// Makes the directory and takes the lock in it. The system releases the lock when we end,
/// however we end.
pub(super) fn lock(file: &Path) -> anyhow::Result<File> {
    let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    let directory = directory.unwrap_or(Path::new("."));
    let place = directory.display();
    let hint = || format!("{place} cannot be written; check it or choose another --data-dir");
    fs::create_dir_all(directory).with_context(hint)?;
    let path = file.with_extension("lock");
    let lock = File::options().create(true).truncate(false).write(true).open(path);
    let lock = lock.with_context(hint)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => {
            bail!("another catalogue is using {place}; stop it or choose another --data-dir")
        }
        Err(TryLockError::Error(error)) => Err(error).with_context(hint),
    }
}

/// The value kept under `key`; `fresh` if there was none.
pub(super) async fn remembered<const N: usize>(
    writer: &DatabaseConnection,
    key: &str,
    fresh: [u8; N],
) -> Result<[u8; N], DbErr> {
    let row = meta::ActiveModel { key: Set(key.to_owned()), value: Set(fresh.to_vec()) };
    let keep_old = OnConflict::column(meta::Column::Key).do_nothing().to_owned();
    meta::Entity::insert(row).on_conflict(keep_old).exec_without_returning(writer).await?;
    let kept = meta::Entity::find_by_id(key).one(writer).await?;
    kept.and_then(|row| row.value.try_into().ok())
        .ok_or_else(|| DbErr::Custom(format!("the value kept as {key} is damaged")))
}
