//! `catctl restore`: puts a backup in the place of a stopped catalogue's database.

use std::{
    fs::{self, File, TryLockError},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, chown},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use time::OffsetDateTime;

use super::{
    DATABASE,
    database::{Contents, Database},
    is_missing, partial, put_in_place, report,
};
use crate::output::Output;

/// The files of a database, in the order in which they are set aside: the log belongs to its file, and
/// must never meet another.
const FILES: [&str; 3] = ["catalogue.db-wal", "catalogue.db-shm", DATABASE];

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl restore --data-dir /var/lib/catalogue /srv/backups/catalogue-2026-01-31.db
  catctl restore --data-dir /var/lib/catalogue --force /srv/backups/catalogue-2026-01-31.db

Stop the catalogue first. The backup is verified before anything is replaced. What was there is kept
in a folder beside. The feed begins anew: search fills its index again by itself, and clients of the
feed start with a snapshot.")]
pub(crate) struct Restore {
    /// File that `catctl backup` has written
    file: PathBuf,
    /// Data directory of the catalogue
    #[arg(long, env = "DATA_DIR", value_name = "DIR", default_value = "./data/catalogue")]
    data_dir: PathBuf,
    /// Replace the database that is there; it is kept in a folder beside
    #[arg(long)]
    force: bool,
}

/// Restores a backup, and prints what it contains.
pub(crate) async fn restore(args: Restore, output: Output) -> Result<()> {
    let Restore { file, data_dir, force } = args;
    let private = fs::DirBuilder::new().recursive(true).mode(0o700).create(&data_dir);
    private.with_context(|| format!("creating {}", data_dir.display()))?;
    let _lock = lock(&data_dir)?;
    let database = data_dir.join(DATABASE);
    if database.exists() && !force {
        bail!("{} exists; replace it with --force, which keeps it aside", database.display());
    }
    let partial = partial(&database)?;
    let copied = copy(&file, &partial).await;
    if copied.is_err() {
        fs::remove_file(&partial).ok(); // the error of the copy is the cause
    }
    let contents = copied.with_context(|| format!("restoring {}", file.display()))?;
    give_to_owner_of(&data_dir, &partial)?;
    if let Some(aside) = set_aside(&data_dir)? {
        eprintln!("the database that was there is in {}", aside.display());
    }
    put_in_place(&partial, &database)?;
    report("restored", &contents, &database, output);
    Ok(())
}

/// Takes the catalogue's lock, so that it does not start meanwhile.
fn lock(data_dir: &Path) -> Result<File> {
    let path = data_dir.join(DATABASE).with_extension("lock");
    let mut options = File::options();
    options.create(true).truncate(false).write(true).mode(0o600);
    let lock = options.open(&path).with_context(|| format!("opening {}", path.display()))?;
    give_to_owner_of(data_dir, &path)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => {
            bail!("a catalogue is using {}; stop it first", data_dir.display())
        }
        Err(TryLockError::Error(error)) => Err(error).context("locking the data directory"),
    }
}

/// Gives a file to the owner of its directory, which is not the caller if that is root.
fn give_to_owner_of(data_dir: &Path, file: &Path) -> Result<()> {
    let owner = fs::metadata(data_dir)?;
    chown(file, Some(owner.uid()), Some(owner.gid()))
        .with_context(|| format!("giving {} to the owner of its directory", file.display()))
}

/// Copies the backup, verifies the copy, and ends its feed.
async fn copy(file: &Path, to: &Path) -> Result<Contents> {
    fs::copy(file, to)?;
    let mut database = Database::open_unchanged(to).await?;
    let contents = database.verify().await?;
    database.end_feed().await?;
    database.close().await?;
    Ok(contents)
}

/// Moves the files of a database into a new folder. None if there are none.
fn set_aside(data_dir: &Path) -> Result<Option<PathBuf>> {
    if !FILES.iter().any(|name| data_dir.join(name).exists()) {
        return Ok(None);
    }
    let now = OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000;
    let aside = data_dir.join(format!("replaced-{now}"));
    fs::DirBuilder::new().mode(0o700).create(&aside)?;
    for name in FILES {
        match fs::rename(data_dir.join(name), aside.join(name)) {
            Err(error) if !is_missing(&error) => {
                return Err(error).with_context(|| format!("setting {name} aside"));
            }
            _ => {}
        }
    }
    Ok(Some(aside))
}
