//! `catctl backup` and `catctl restore`: whole copies of an embedded (SQLite) catalogue.
//!
//! Both work on the files, not through the gateway, so they run on the catalogue's machine as its user. A
//! backup is taken while the catalogue serves; a restore needs it to be stopped.

mod database;
mod restore;

pub(crate) use restore::{Restore, restore};

use std::{
    fs::{self, File},
    io,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

use crate::output::{Output, thousands};
use database::{Contents, Database};

/// The name of the database in the data directory of a catalogue.
const DATABASE: &str = "catalogue.db";

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl backup --data-dir /var/lib/catalogue /srv/backups/catalogue-2026-01-31.db
  catctl restore --data-dir /var/lib/catalogue /srv/backups/catalogue-2026-01-31.db

The catalogue may be running, and is not held up: the backup has every write that was acknowledged
before it began. It is a SQLite file, verified before it gets its name. Run it as the catalogue's
user. For PostgreSQL use pg_dump or pg_basebackup.")]
pub(crate) struct Backup {
    /// File to create
    file: PathBuf,
    /// Data directory of the catalogue
    #[arg(long, env = "DATA_DIR", value_name = "DIR", default_value = "./data/catalogue")]
    data_dir: PathBuf,
    /// Replace the file if it exists
    #[arg(long)]
    force: bool,
}

/// Takes a backup, and prints what it contains.
pub(crate) async fn backup(args: Backup, output: Output) -> Result<()> {
    let Backup { file, data_dir, force } = args;
    let source = data_dir.join(DATABASE);
    if !source.is_file() {
        bail!(
            "{} does not exist; name the catalogue's directory with --data-dir",
            source.display()
        );
    }
    if file.exists() && !force {
        bail!("{} exists; choose another name, or replace it with --force", file.display());
    }
    let partial = partial(&file)?;
    let copied = copy(&source, &partial).await;
    if copied.is_err() {
        fs::remove_file(&partial).ok(); // the error of the copy is the cause
    }
    let contents = copied.with_context(|| format!("backing up {}", source.display()))?;
    put_in_place(&partial, &file)?;
    report("backed up", &contents, &file, output);
    Ok(())
}

/// Copies the database and verifies the copy.
async fn copy(source: &Path, to: &Path) -> Result<Contents> {
    let mut database = Database::open(source).await?;
    database.copy_to(to).await?;
    database.close().await?;
    let mut copy = Database::open_unchanged(to).await?;
    let contents = copy.verify().await?;
    copy.close().await?;
    Ok(contents)
}

/// Creates the empty file that becomes `file` when it is whole. Only its owner can read it.
fn partial(file: &Path) -> Result<PathBuf> {
    let mut name = file.file_name().context("the path names no file")?.to_owned();
    name.push(".partial");
    let partial = file.with_file_name(name);
    let mut options = File::options();
    options.write(true).create(true).truncate(true).mode(0o600);
    options.open(&partial).with_context(|| format!("creating {}", partial.display()))?;
    Ok(partial)
}

/// Renames a whole file, so that both survive a power failure or neither is seen.
fn put_in_place(partial: &Path, file: &Path) -> Result<()> {
    let sync = |path: &Path| File::open(path).and_then(|file| file.sync_all());
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    sync(partial)
        .and_then(|()| fs::rename(partial, file))
        .and_then(|()| sync(folder.unwrap_or(Path::new("."))))
        .with_context(|| format!("writing {}", file.display()))
}

fn report(done: &str, contents: &Contents, file: &Path, output: Output) {
    let Contents { products, changes, bytes } = contents;
    let file = file.display().to_string();
    match output {
        Output::Json => println!(
            "{}",
            serde_json::json!({"file": file, "products": products, "changes": changes, "bytes": bytes})
        ),
        Output::Table => println!(
            "{done} {} products and {} changes, {} bytes, verified: {file}",
            thousands(*products),
            thousands(*changes),
            thousands(*bytes)
        ),
    }
}

/// Whether an error means that there is no such file.
fn is_missing(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}
