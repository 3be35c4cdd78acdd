//! The open database file: its lock, whether it is still the one at its path, and known damage.

use std::{
    fs::{self, File, Metadata},
    io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::{
    domain::{Error, Result},
    store::engine,
};

/// The SQLite file of an open store.
#[derive(Debug)]
pub(in crate::store) struct DatabaseFile {
    path: PathBuf,
    /// Device and inode.
    identity: (u64, u64),
    lock: File,
    /// [`engine::damage_reports`] when the file was last checked.
    reports: AtomicU64,
    /// The first damage that a check has found.
    damage: OnceLock<String>,
}

impl DatabaseFile {
    /// The file that has just been opened, with the lock on its directory.
    pub(super) fn new(path: &Path, lock: File) -> io::Result<Self> {
        Ok(Self {
            path: path.to_owned(),
            identity: identity(&fs::metadata(path)?),
            lock,
            reports: AtomicU64::new(engine::damage_reports()),
            damage: OnceLock::new(),
        })
    }

    /// Checks that the file is still at its path, and not known to be damaged. One system call.
    ///
    /// # Errors
    /// [`Error::StoreReplaced`]: what is written now would be gone when the process ends;
    /// [`Error::Damaged`].
    pub(in crate::store) fn check(&self) -> Result<()> {
        if let Some(damage) = self.damage.get() {
            return Err(Error::Damaged(damage.clone().into()));
        }
        match fs::metadata(&self.path) {
            Ok(found) if identity(&found) != self.identity => Err(Error::StoreReplaced),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Error::StoreReplaced),
            // Another error says nothing of the file.
            _ => Ok(()),
        }
    }

    /// Whether a database has reported damage since the last call.
    pub(in crate::store) fn is_suspect(&self) -> bool {
        let reports = engine::damage_reports();
        self.damage.get().is_none() && self.reports.swap(reports, Ordering::Relaxed) != reports
    }

    /// Records damage, for good: the file has to be replaced.
    pub(in crate::store) fn set_damaged(&self, damage: String) {
        self.damage.set(damage).ok(); // the first one is kept
    }

    /// Releases the lock on the directory.
    pub(in crate::store) fn unlock(&self) -> io::Result<()> {
        self.lock.unlock()
    }
}

fn identity(file: &Metadata) -> (u64, u64) {
    (file.dev(), file.ino())
}
