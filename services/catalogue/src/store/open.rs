//! Opening: the data directory and its lock, or the server; the tables; what is kept beside them.

use std::{
    fs::{self, File, TryLockError},
    path::Path,
    sync::{Arc, Mutex, RwLock, atomic::AtomicU64},
};

use anyhow::{Context as _, bail};
use sea_orm::{
    ActiveValue::Set, DatabaseConnection, DbErr, EntityTrait as _, sea_query::OnConflict,
};
use sea_orm_migration::MigratorTrait as _;
use tokio::{
    runtime::Handle,
    sync::{Semaphore, watch},
};
use uuid::Uuid;

use super::{
    Inner, Store, categories, changes, engine,
    entity::meta,
    location::{Location, Server},
    migrations::Migrator,
};

/// More waiting writes than this would only time out.
const MAX_WAITING_WRITES: usize = 1_024;

impl Store {
    /// Opens the store, making what is missing: the directory, the file, the tables.
    ///
    /// # Errors
    /// Another process has the file open, the server does not answer in time, or it cannot be read
    /// and written. Says what to do.
    pub(crate) async fn open(location: &Location) -> anyhow::Result<Self> {
        let explain = |error| location.explain(error);
        let pools = match location {
            Location::File(file) => {
                let lock = lock(file)?;
                let writer = engine::open_writer(file).await.map_err(explain)?;
                Migrator::up(&writer, None).await.map_err(explain)?;
                let reader = engine::open_readers(file).await.map_err(explain)?;
                Pools { relaxed: reader.clone(), reader, writer, lock: Some(lock) }
            }
            Location::Server(server) => {
                server.migrate().await.map_err(explain)?;
                server.connect().await.map_err(explain)?
            }
        };
        Self::with(pools).await.map_err(explain)
    }

    /// Brings the tables up to date, and does no more.
    ///
    /// # Errors
    /// As when [opening](Self::open) it.
    pub(crate) async fn migrate(location: &Location) -> anyhow::Result<()> {
        match location {
            Location::File(_) => Self::open(location).await?.close().await,
            Location::Server(server) => {
                server.migrate().await.map_err(|error| location.explain(error))?;
            }
        }
        Ok(())
    }

    async fn with(pools: Pools) -> Result<Self, DbErr> {
        let Pools { reader, relaxed, writer, lock } = pools;
        let feed_epoch = remembered(&writer, "feed_epoch", Uuid::new_v4().into_bytes()).await?;
        let page_token_key =
            remembered(&writer, "page_token_key", chassis::token::random_key()).await?;
        let tree = categories::load(&reader).await?;
        let newest_seen = changes::newest(&reader).await?;
        Ok(Self(Arc::new(Inner {
            reader,
            relaxed,
            writer,
            background: Handle::current(),
            turn: tokio::sync::Mutex::default(),
            queue: Arc::new(Semaphore::new(MAX_WAITING_WRITES)),
            tree: RwLock::new(Arc::new(tree)),
            reload: tokio::sync::Mutex::default(),
            memberships: AtomicU64::default(),
            counts: Mutex::default(),
            committed: watch::Sender::default(),
            feed_epoch: Uuid::from_bytes(feed_epoch),
            newest_seen: Mutex::new(newest_seen),
            page_token_key,
            lock,
        })))
    }
}

/// The connections of a store, and what keeps others from its file.
struct Pools {
    reader: DatabaseConnection,
    relaxed: DatabaseConnection,
    writer: DatabaseConnection,
    lock: Option<File>,
}

impl Server {
    async fn migrate(&self) -> Result<(), DbErr> {
        engine::reach(&self.url, self.wait).await?;
        let connection = engine::connect_migrations(&self.url).await?;
        let migrated = Migrator::up(&connection, None).await;
        connection.close().await.ok(); // it has done what it was for, or failed to
        migrated
    }

    async fn connect(&self) -> Result<Pools, DbErr> {
        let writer = engine::connect_writers(&self.url, self.writers).await?;
        let reader = engine::connect_readers(&self.url, self.readers).await?;
        let relaxed = match &self.read_url {
            Some(url) => engine::connect_readers(url, self.readers).await?,
            None => reader.clone(),
        };
        Ok(Pools { reader, relaxed, writer, lock: None })
    }
}

/// Makes the directory and takes the lock in it. The system releases the lock when we end,
/// however we end.
fn lock(file: &Path) -> anyhow::Result<File> {
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
async fn remembered<const N: usize>(
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
