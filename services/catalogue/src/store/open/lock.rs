//! The lock on the data directory, so that no second process opens the same database file.

use std::{
    fs::{self, File, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::Path,
};

use anyhow::{Context as _, bail};

/// Creates the directory of `file` and the empty file, each for its owner only, and locks the file
/// beside it. The operating system releases the lock when the process ends, however it ends.
///
/// # Errors
/// Another process holds the lock, or the directory cannot be written.
pub(super) fn lock(file: &Path) -> anyhow::Result<File> {
    let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    let directory = directory.unwrap_or(Path::new("."));
    let place = directory.display();
    let hint = || format!("{place} cannot be written; check it or choose another --data-dir");
    let private = fs::DirBuilder::new().recursive(true).mode(0o700).create(directory);
    private.with_context(hint)?;
    let path = file.with_extension("lock");
    let lock = File::options().create(true).truncate(false).write(true).mode(0o600).open(path);
    let lock = lock.with_context(hint)?;
    match lock.try_lock() {
        Ok(()) => {
            create_private(file).with_context(hint)?;
            Ok(lock)
        }
        Err(TryLockError::WouldBlock) => {
            bail!("another catalogue is using {place}; stop it or choose another --data-dir")
        }
        Err(TryLockError::Error(error)) => Err(error).with_context(hint),
    }
}

/// Creates an empty file that only its owner can read, as SQLite then creates those beside it. The
/// permissions of a file that exists stay as they are.
fn create_private(file: &Path) -> io::Result<()> {
    match File::options().write(true).create_new(true).mode(0o600).open(file) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
