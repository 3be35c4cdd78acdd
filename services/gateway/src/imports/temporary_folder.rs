//! The temporary folder of imports, for a gateway without `--import-dir`: locked while it is used, so that one that a
//! killed gateway has left is recognised and removed.

use std::{
    fs::{self, File, Permissions, TryLockError},
    io,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::Path,
    time::{Duration, SystemTime},
};

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

const PREFIX: &str = "catalogue-imports-";
/// The file in a folder that is locked while a gateway uses it.
const LOCK: &str = "lock";
/// How often a folder is made, as another gateway may take a new one for abandoned before it is locked.
const ATTEMPTS: usize = 5;
/// Time without a change after which a folder without a lock is abandoned; one with a lock is as soon as that is free.
const UNLOCKED_TIME: Duration = Duration::from_secs(24 * 60 * 60);

/// Makes a folder in `parent` that no other user can read. It is removed with the first part, and used by nobody else while
/// the second is kept.
///
/// # Errors
/// It cannot be made.
pub(super) fn create(parent: &Path) -> Result<(TempDir, File)> {
    for _ in 0..ATTEMPTS {
        let mut builder = tempfile::Builder::new();
        let builder = builder.prefix(PREFIX).permissions(Permissions::from_mode(0o700));
        let folder = builder.tempdir_in(parent).context("making the folder")?;
        let locked = lock(folder.path())?;
        if let Some(lock) = locked
            && folder.path().join(LOCK).exists()
        {
            return Ok((folder, lock));
        }
    }
    bail!("the folder cannot be locked");
}

/// Locks a folder; `None` if another gateway has.
///
/// # Errors
/// The lock's file cannot be made or locked.
pub(super) fn lock(folder: &Path) -> Result<Option<File>> {
    let lock = File::create(folder.join(LOCK)).context("writing to the folder")?;
    match lock.try_lock() {
        Ok(()) => Ok(Some(lock)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error).context("locking the folder"),
    }
}

/// Removes the folders of this user in `parent` that no gateway uses.
pub(super) fn remove_abandoned(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let name = path.file_name().map(|name| name.to_string_lossy());
        if name.is_some_and(|name| name.starts_with(PREFIX))
            && let Err(error) = remove_if_abandoned(&path)
        {
            let path = path.display();
            tracing::warn!(%path, %error, "an old folder of imports could not be removed");
        }
    }
}

fn remove_if_abandoned(folder: &Path) -> io::Result<()> {
    // Not followed: other users may link to whatever they like.
    let metadata = fs::symlink_metadata(folder)?;
    if !metadata.is_dir() || metadata.uid() != fs::metadata("/proc/self")?.uid() {
        return Ok(());
    }
    let _lock = match File::open(folder.join(LOCK)) {
        Ok(lock) => match lock.try_lock() {
            Ok(()) => Some(lock),
            Err(_) => return Ok(()),
        },
        // Perhaps it is being made.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let age = SystemTime::now().duration_since(metadata.modified()?).unwrap_or_default();
            if age < UNLOCKED_TIME {
                return Ok(());
            }
            None
        }
        Err(error) => return Err(error),
    };
    fs::remove_dir_all(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_private_and_removed_only_when_it_is_abandoned() {
        let parent = tempfile::tempdir().unwrap();
        let (used, lock) = create(parent.path()).unwrap();
        let mode = fs::metadata(used.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        fs::write(used.path().join("one.data"), "secret").unwrap();
        let others = ["catalogue-imports-new", "others"].map(|name| parent.path().join(name));
        others.iter().for_each(|folder| fs::create_dir(folder).unwrap());
        let linked = parent.path().join("catalogue-imports-link");
        std::os::unix::fs::symlink(&others[1], &linked).unwrap();

        remove_abandoned(parent.path());
        assert!(used.path().join("one.data").exists());
        // Killed: the lock is gone, and the folder stays.
        drop(lock);
        let abandoned = used.keep();
        remove_abandoned(parent.path());
        assert!(!abandoned.exists());
        assert!(others.iter().all(|folder| folder.exists()) && linked.exists());

        let old = SystemTime::now() - 2 * UNLOCKED_TIME;
        File::open(&others[0]).unwrap().set_modified(old).unwrap();
        remove_abandoned(parent.path());
        assert!(!others[0].exists() && others[1].exists());
    }
}
