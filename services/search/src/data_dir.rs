//! The data directory: one process at a time, one live index, possibly a replacement being built.
//!
//! ```text
//! lock                  held by the process
//! index-v2.live         names the folder of the live index: index-v2-000007
//! index-v2-000007/      the live index
//! index-v2-000008/      a replacement being built, or the remains of one after a crash
//! index-v1…             of another version of the format, kept until this one's index is complete
//! damaged-1764366096/   the last index that was damaged, for a post-mortem; set aside at that time
//! unused-000006/        an index that is being removed
//! ```
//! **Invariant:** after a crash at any point, `index-v2.live` names a complete index directory or
//! does not exist. It is replaced atomically; indexes that it does not name are removed at the next
//! start.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use crate::index::{Error, VERSION};

const LOCK: &str = "lock";
/// Prefix of the names of all indexes, of any version.
const INDEX: &str = "index-v";
/// Prefix of the names of indexes set aside.
const DAMAGED: &str = "damaged-";
/// Prefix of the names of indexes being removed.
const UNUSED: &str = "unused-";

type Result<T> = std::result::Result<T, Error>;

/// A data directory, locked for this process until it is dropped.
#[derive(Debug)]
pub(crate) struct DataDir {
    folder: PathBuf,
    _lock: File,
}

/// The directory of one index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IndexDir {
    number: u64,
    pub(crate) path: PathBuf,
}

impl DataDir {
    /// Locks a data directory, creating it if it does not exist.
    ///
    /// # Errors
    /// [`Error::Locked`] if another process has it, [`Error::Folder`].
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let failed = |error| Error::Folder(folder.to_owned(), error);
        fs::create_dir_all(folder).map_err(failed)?;
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(folder.join(LOCK))
            .map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { folder: folder.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Error::Locked(folder.display().to_string())),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// Returns the live index's directory, creating the first one. Removes other indexes of this
    /// version, which a crash during a rebuild has left.
    ///
    /// # Errors
    /// [`Error::Folder`].
    pub(crate) fn live_index_dir(&self) -> Result<IndexDir> {
        let live = match self.named_index_dir() {
            Some(dir) => dir,
            None => {
                let dir = match self.oldest_index_dir()? {
                    Some(dir) => dir,
                    None => self.new_index_dir()?,
                };
                fs::create_dir_all(&dir.path).map_err(|error| self.failed(error))?;
                self.set_live(&dir)?;
                dir
            }
        };
        self.remove_entries(|name| {
            let is_other = number_of(name).is_some_and(|number| number != live.number);
            is_other || name.starts_with(UNUSED)
        })?;
        Ok(live)
    }

    /// Returns the directory that the pointer file names, if it exists.
    fn named_index_dir(&self) -> Option<IndexDir> {
        let pointer = self.pointer_file();
        let file = pointer.display();
        let name = match fs::read(&pointer) {
            Ok(name) => name,
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    tracing::error!(%error, %file, "the file that names the live index is unreadable");
                }
                return None;
            }
        };
        let number = str::from_utf8(&name).ok().and_then(|name| number_of(name.trim()));
        let dir = number.map(|number| self.index_dir(number)).filter(|dir| dir.path.is_dir());
        if dir.is_none() {
            let name = String::from_utf8_lossy(&name);
            tracing::error!(%file, %name, "the file that names the live index names none");
        }
        dir
    }

    /// Returns the oldest index: the live one if its name is lost, since others are replacements.
    fn oldest_index_dir(&self) -> Result<Option<IndexDir>> {
        let numbers = self.names()?.into_iter().filter_map(|name| number_of(&name));
        let oldest = numbers.min().map(|number| self.index_dir(number));
        Ok(oldest.filter(|dir| dir.path.is_dir()))
    }

    /// Returns an unused directory for another index. Does not create it. The name of the live index is in use even if
    /// its directory is gone, or its replacement would be set aside in its place.
    ///
    /// # Errors
    /// [`Error::Folder`].
    pub(crate) fn new_index_dir(&self) -> Result<IndexDir> {
        let live = fs::read_to_string(self.pointer_file()).ok();
        let numbers = self.names()?.into_iter().chain(live);
        let numbers = numbers.filter_map(|name| number_of(name.trim()));
        Ok(self.index_dir(numbers.max().map_or(1, |number| number + 1)))
    }

    /// Makes an index the live one, atomically and durably.
    ///
    /// # Errors
    /// [`Error::Folder`]; the live index has not changed.
    pub(crate) fn set_live(&self, dir: &IndexDir) -> Result<()> {
        let written = crate::atomic_file::replace(&self.pointer_file(), dir.name().as_bytes());
        written.map_err(|error| self.failed(error))
    }

    /// Removes an index. Readers that have its files open can continue. It is renamed first, so that a
    /// merge that still runs creates no file in it.
    ///
    /// # Errors
    /// [`Error::Folder`]; the next start tries again.
    pub(crate) fn remove(&self, dir: &IndexDir) -> Result<()> {
        let unused = self.folder.join(format!("{UNUSED}{:06}", dir.number));
        let removed = fs::rename(&dir.path, &unused).and_then(|()| fs::remove_dir_all(&unused));
        match removed {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.failed(error)),
            _ => Ok(()),
        }
    }

    /// Renames a damaged index, which no longer counts as an index. The one set aside before is removed. Readers that
    /// have its files open can continue.
    ///
    /// # Errors
    /// [`Error::Folder`]; the index is where it was.
    pub(crate) fn set_aside(&self, dir: &IndexDir) -> Result<()> {
        if matches!(dir.path.try_exists(), Ok(false)) {
            return Ok(());
        }
        self.remove_entries(|name| name.starts_with(DAMAGED))?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let aside = self.folder.join(format!("{DAMAGED}{now}"));
        fs::rename(&dir.path, &aside).map_err(|error| self.failed(error))?;
        tracing::warn!(folder = %aside.display(), "damaged index set aside");
        Ok(())
    }

    /// Removes the indexes of other versions. They are kept until this version's index is complete,
    /// so that a rollback finds its index unchanged.
    ///
    /// # Errors
    /// [`Error::Folder`].
    pub(crate) fn remove_other_versions(&self) -> Result<()> {
        let ours = format!("{INDEX}{VERSION}");
        self.remove_entries(|name| {
            let rest = name.strip_prefix(&ours);
            let is_ours = rest.is_some_and(|rest| rest.starts_with('.') || rest.starts_with('-'));
            name.starts_with(INDEX) && !is_ours
        })
    }

    fn remove_entries(&self, which: impl Fn(&str) -> bool) -> Result<()> {
        for name in self.names()?.into_iter().filter(|name| which(name)) {
            tracing::info!(folder = %name, "removing unused index");
            let path = self.folder.join(&name);
            let removed =
                if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.map_err(|error| self.failed(error))?;
        }
        Ok(())
    }

    fn names(&self) -> Result<Vec<String>> {
        let names = || {
            let entries = fs::read_dir(&self.folder)?.collect::<io::Result<Vec<_>>>()?;
            let names = entries.into_iter().map(|entry| entry.file_name());
            Ok(names.filter_map(|name| name.into_string().ok()).collect())
        };
        names().map_err(|error| self.failed(error))
    }

    fn pointer_file(&self) -> PathBuf {
        self.folder.join(format!("{INDEX}{VERSION}.live"))
    }

    fn index_dir(&self, number: u64) -> IndexDir {
        IndexDir { number, path: self.folder.join(name_of(number)) }
    }

    fn failed(&self, error: io::Error) -> Error {
        Error::Folder(self.folder.clone(), error)
    }
}

impl IndexDir {
    fn name(&self) -> String {
        name_of(self.number)
    }

    /// Returns the total size of its files, approximate while they change.
    pub(crate) fn size_bytes(&self) -> u64 {
        let files = fs::read_dir(&self.path).into_iter().flatten().filter_map(io::Result::ok);
        files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum()
    }
}

fn name_of(number: u64) -> String {
    format!("{INDEX}{VERSION}-{number:06}")
}

/// Parses the number of an index of this version; none for any other file.
fn number_of(name: &str) -> Option<u64> {
    name.strip_prefix(INDEX)?.strip_prefix(&VERSION.to_string())?.strip_prefix('-')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_locked_by_one_process() {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = DataDir::open(folder.path()).unwrap();
        assert!(matches!(DataDir::open(folder.path()), Err(Error::Locked(_))));
        drop(data_dir);
        assert!(DataDir::open(folder.path()).is_ok());
    }

    #[test]
    fn the_remains_of_a_crash_are_removed_and_the_live_index_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let open = || DataDir::open(folder.path()).unwrap();
        let first = open().live_index_dir().unwrap();
        assert!(first.path.is_dir());
        // A crash while building a replacement, while removing an index, and while writing the pointer file.
        let replacement = open().new_index_dir().unwrap();
        fs::create_dir(&replacement.path).unwrap();
        let unused = folder.path().join("unused-000001");
        fs::create_dir(&unused).unwrap();
        fs::write(folder.path().join(format!("{INDEX}{VERSION}.live.new")), "index-v").unwrap();
        assert_eq!(open().live_index_dir().unwrap(), first);
        assert!(!replacement.path.exists() && !unused.exists());
        // A crash after the pointer file was replaced.
        let data_dir = open();
        fs::create_dir(&replacement.path).unwrap();
        data_dir.set_live(&replacement).unwrap();
        drop(data_dir);
        assert_eq!(open().live_index_dir().unwrap(), replacement);
        assert!(!first.path.exists());
        // The index has been deleted.
        fs::remove_dir_all(&replacement.path).unwrap();
        assert!(open().live_index_dir().unwrap().path.is_dir());
    }

    #[test]
    fn a_damaged_pointer_file_loses_no_index() {
        let folder = tempfile::tempdir().unwrap();
        let open = || DataDir::open(folder.path()).unwrap();
        let live = open().live_index_dir().unwrap();
        let pointer = open().pointer_file();
        let missing = name_of(999_999);
        for damaged in [&b""[..], b"index-v", b"\xff\xfe", missing.as_bytes()] {
            fs::write(&pointer, damaged).unwrap();
            assert_eq!(open().live_index_dir().unwrap(), live, "{damaged:?}");
        }
        fs::remove_file(&pointer).unwrap();
        // A replacement being built is newer, and incomplete.
        fs::create_dir(&open().new_index_dir().unwrap().path).unwrap();
        assert_eq!(open().live_index_dir().unwrap(), live);
    }

    #[test]
    fn the_name_of_a_live_index_that_is_gone_is_not_used_again() {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = DataDir::open(folder.path()).unwrap();
        let live = data_dir.live_index_dir().unwrap();
        fs::remove_dir_all(&live.path).unwrap();
        assert_ne!(data_dir.new_index_dir().unwrap(), live);
    }

    #[test]
    fn one_damaged_index_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = DataDir::open(folder.path()).unwrap();
        let first = data_dir.live_index_dir().unwrap();
        data_dir.set_aside(&first).unwrap();
        let second = data_dir.live_index_dir().unwrap();
        fs::write(second.path.join("second"), "").unwrap();
        data_dir.set_aside(&second).unwrap();
        data_dir.set_aside(&second).unwrap();
        let names = data_dir.names().unwrap();
        let aside: Vec<_> = names.iter().filter(|name| name.starts_with(DAMAGED)).collect();
        assert_eq!(aside.len(), 1);
        assert!(folder.path().join(aside[0]).join("second").exists(), "the last one");
    }

    #[test]
    fn other_versions_stay_until_they_are_removed_explicitly() {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = DataDir::open(folder.path()).unwrap();
        let live = data_dir.live_index_dir().unwrap();
        let other = folder.path().join(format!("{INDEX}{VERSION}0-000001"));
        fs::create_dir(&other).unwrap();
        fs::write(folder.path().join("index-v0.live"), "index-v0-000001").unwrap();
        fs::write(folder.path().join("page-token.key"), "").unwrap();
        assert_eq!(data_dir.live_index_dir().unwrap(), live);
        assert!(other.exists());
        data_dir.remove_other_versions().unwrap();
        assert!(!other.exists() && !folder.path().join("index-v0.live").exists());
        assert!(folder.path().join("page-token.key").exists());
        assert_eq!(data_dir.live_index_dir().unwrap(), live);
    }
}
