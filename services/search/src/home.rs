//! The data folder: one process at a time, one index that is live, perhaps one that is being built.
//!
//! ```text
//! lock                  held by the process
//! index-v2.live         names the folder of the live index: index-v2-000007
//! index-v2-000007/      the live index
//! index-v2-000008/      one being built, or left behind by a crash
//! index-v1…             of another version of ours, kept until this one's index is complete
//! ```
//! **Invariant:** whenever the process dies, `index-v2.live` names a whole index or is not there. It
//! is written aside and renamed; what it does not name is removed at the next start.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use crate::index::{Error, VERSION};

const LOCK: &str = "lock";
/// What the names of all indexes begin with, whatever their version.
const INDEX: &str = "index-v";

type Result<T> = std::result::Result<T, Error>;

/// A data folder that is ours alone for as long as this lives.
#[derive(Debug)]
pub(crate) struct Home {
    folder: PathBuf,
    _lock: File,
}

/// The folder of one index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Room {
    number: u64,
    pub(crate) folder: PathBuf,
}

impl Home {
    /// Takes a data folder, making it if it is not there.
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

    /// Returns the live index's room. Whatever an index of this version left there beside it, by a
    /// crash while it was being built, is removed.
    ///
    /// # Errors
    /// [`Error::Folder`].
    pub(crate) fn live(&self) -> Result<Room> {
        let named = match fs::read_to_string(self.pointer()) {
            Ok(name) => number_of(name.trim()).map(|number| self.room(number)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(self.failed(error)),
        };
        let Some(live) = named.filter(|room| room.folder.is_dir()) else {
            // Nothing there, or nothing left: the first index, or a new first one.
            let room = self.next()?;
            fs::create_dir_all(&room.folder).map_err(|error| self.failed(error))?;
            self.put_live(&room)?;
            return self.live();
        };
        self.remove(|name| number_of(name).is_some_and(|number| number != live.number))?;
        Ok(live)
    }

    /// Returns a room for another index, which is empty and not live.
    ///
    /// # Errors
    /// [`Error::Folder`].
    pub(crate) fn next(&self) -> Result<Room> {
        let numbers = self.names()?.into_iter().filter_map(|name| number_of(&name));
        Ok(self.room(numbers.max().map_or(1, |number| number + 1)))
    }

    /// Makes a room the live one, for good: a crash finds the one before or this one.
    ///
    /// # Errors
    /// [`Error::Folder`]: then it is the one before.
    pub(crate) fn put_live(&self, room: &Room) -> Result<()> {
        let written = crate::files::replace(&self.pointer(), room.name().as_bytes());
        written.map_err(|error| self.failed(error))
    }

    /// Removes a room and what is in it. Readers that have it open may go on.
    ///
    /// # Errors
    /// [`Error::Folder`]; the next start tries again.
    pub(crate) fn vacate(&self, room: &Room) -> Result<()> {
        match fs::remove_dir_all(&room.folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.failed(error)),
            _ => Ok(()),
        }
    }

    /// Removes the indexes of other versions. Until ours is complete they are worth keeping: who
    /// goes back to that version finds its index as it was.
    ///
    /// # Errors
    /// [`Error::Folder`].
    pub(crate) fn remove_other_versions(&self) -> Result<()> {
        let ours = format!("{INDEX}{VERSION}");
        self.remove(|name| {
            let rest = name.strip_prefix(&ours);
            let is_ours = rest.is_some_and(|rest| rest.starts_with('.') || rest.starts_with('-'));
            name.starts_with(INDEX) && !is_ours
        })
    }

    fn remove(&self, which: impl Fn(&str) -> bool) -> Result<()> {
        for name in self.names()?.into_iter().filter(|name| which(name)) {
            tracing::info!(folder = %name, "removing an index that is not used");
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

    fn pointer(&self) -> PathBuf {
        self.folder.join(format!("{INDEX}{VERSION}.live"))
    }

    fn room(&self, number: u64) -> Room {
        Room { number, folder: self.folder.join(name_of(number)) }
    }

    fn failed(&self, error: io::Error) -> Error {
        Error::Folder(self.folder.clone(), error)
    }
}

impl Room {
    fn name(&self) -> String {
        name_of(self.number)
    }

    /// How many bytes its files have now; files come and go while they are counted.
    pub(crate) fn size_bytes(&self) -> u64 {
        let files = fs::read_dir(&self.folder).into_iter().flatten().filter_map(io::Result::ok);
        files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum()
    }
}

fn name_of(number: u64) -> String {
    format!("{INDEX}{VERSION}-{number:06}")
}

/// The number of an index of this version; none for any other file.
fn number_of(name: &str) -> Option<u64> {
    name.strip_prefix(INDEX)?.strip_prefix(&VERSION.to_string())?.strip_prefix('-')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_taken_once() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path()).unwrap();
        assert!(matches!(Home::open(folder.path()), Err(Error::Locked(_))));
        drop(home);
        assert!(Home::open(folder.path()).is_ok());
    }

    #[test]
    fn what_a_crash_leaves_behind_is_removed_and_the_live_one_kept() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Home::open(folder.path()).unwrap();
        let first = open().live().unwrap();
        assert!(first.folder.is_dir());
        // Died while building another one, and while writing the pointer.
        let aside = open().next().unwrap();
        fs::create_dir(&aside.folder).unwrap();
        fs::write(folder.path().join(format!("{INDEX}{VERSION}.live.new")), "index-v").unwrap();
        assert_eq!(open().live().unwrap(), first);
        assert!(!aside.folder.exists());
        // Died after the pointer was put in its place.
        let home = open();
        fs::create_dir(&aside.folder).unwrap();
        home.put_live(&aside).unwrap();
        drop(home);
        assert_eq!(open().live().unwrap(), aside);
        assert!(!first.folder.exists());
        // Somebody has deleted the index.
        fs::remove_dir_all(&aside.folder).unwrap();
        assert!(open().live().unwrap().folder.is_dir());
    }

    #[test]
    fn other_versions_stay_until_they_are_told_to_go() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path()).unwrap();
        let live = home.live().unwrap();
        let other = folder.path().join(format!("{INDEX}{VERSION}0-000001"));
        fs::create_dir(&other).unwrap();
        fs::write(folder.path().join("index-v0.live"), "index-v0-000001").unwrap();
        fs::write(folder.path().join("page-token.key"), "").unwrap();
        assert_eq!(home.live().unwrap(), live);
        assert!(other.exists());
        home.remove_other_versions().unwrap();
        assert!(!other.exists() && !folder.path().join("index-v0.live").exists());
        assert!(folder.path().join("page-token.key").exists());
        assert_eq!(home.live().unwrap(), live);
    }
}
