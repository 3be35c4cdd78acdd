//! Opening: the data directory, its lock, the tables, and what is kept beside them.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
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

use super::{Inner, Store, categories, changes, engine, entity::meta, migrations::Migrator};

/// More waiting writes than this would only time out.
const MAX_WAITING_WRITES: usize = 1_024;

/// Where the products are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Location(PathBuf);

impl Location {
    /// The database that `url` names, or else the file of the embedded one under `data_dir`.
    ///
    /// # Errors
    /// The URL is not of a database we know.
    pub(crate) fn new(data_dir: &Path, url: Option<&str>) -> anyhow::Result<Self> {
        let Some(url) = url else { return Ok(Self(data_dir.join("catalogue.db"))) };
        // The URL is not repeated: it may hold a password.
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            bail!(
                "--database-url names PostgreSQL, which this version cannot use yet; leave it out \
                 to keep the products in --data-dir, or name a file: sqlite:///path/to/catalogue.db"
            );
        }
        let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
        match path {
            Some(path) if !path.is_empty() && !path.contains(['?', ':']) => Ok(Self(path.into())),
            _ => bail!("--database-url must be of the form sqlite:///path/to/catalogue.db"),
        }
    }
}

impl Store {
    /// Opens the store, making what is missing: the directory, the file, the tables.
    ///
    /// # Errors
    /// Another process has it open, or it cannot be read and written. Says what to do.
    pub(crate) async fn open(location: &Location) -> anyhow::Result<Self> {
        let file = &location.0;
        let lock = lock(file)?;
        let writer = engine::open_writer(file).await.map_err(|error| explain(file, error))?;
        Migrator::up(&writer, None).await.map_err(|error| explain(file, error))?;
        let reader = engine::open_readers(file).await.map_err(|error| explain(file, error))?;
        Self::with(lock, reader, writer).await.map_err(|error| explain(file, error))
    }

    async fn with(
        lock: File,
        reader: DatabaseConnection,
        writer: DatabaseConnection,
    ) -> Result<Self, DbErr> {
        let feed_epoch = remembered(&writer, "feed_epoch", Uuid::new_v4().into_bytes()).await?;
        let page_token_key =
            remembered(&writer, "page_token_key", chassis::token::random_key()).await?;
        let tree = categories::load(&reader).await?;
        let newest_seen = changes::newest(&reader).await?;
        Ok(Self(Arc::new(Inner {
            reader,
            writer,
            background: Handle::current(),
            turn: tokio::sync::Mutex::default(),
            queue: Arc::new(Semaphore::new(MAX_WAITING_WRITES)),
            tree: RwLock::new(Arc::new(tree)),
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

fn explain(file: &Path, error: DbErr) -> anyhow::Error {
    let advice = engine::advice(&error);
    anyhow::Error::new(error).context(format!("opening {}: {advice}", file.display()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_databases_we_know_are_taken() {
        let dir = Path::new("data");
        assert_eq!(Location::new(dir, None).unwrap().0, dir.join("catalogue.db"));
        let file = Location::new(dir, Some("sqlite:///srv/c.db")).unwrap();
        assert_eq!(file.0, Path::new("/srv/c.db"));
        for url in ["postgres://u:secret@h/db", "mysql://h", "sqlite::memory:", "sqlite://", ""] {
            let error = Location::new(dir, Some(url)).unwrap_err().to_string();
            assert!(error.contains("--database-url") && !error.contains("secret"), "{error}");
        }
    }
}
