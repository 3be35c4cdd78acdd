//! How far a feed has been pushed, in a file that is replaced as a whole.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};
use url::Url;

use super::host::identity;

/// The state of a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// The feed, as its host names it.
    pub(super) feed: String,
    /// The cursor of the last event whose product the host has.
    pub(super) cursor: String,
}

/// The file of a state, which one push uses at a time.
#[derive(Debug)]
pub(super) struct StateFile {
    path: PathBuf,
    /// Locked: a file of its own, as the other is replaced.
    _lock: File,
}

impl StateFile {
    /// Takes the file for a push.
    ///
    /// # Errors
    /// Another push uses it, or its folder cannot be written to.
    pub(super) fn lock(path: PathBuf) -> Result<Self> {
        let locking = || format!("locking {}", path.display());
        let mut options = private();
        let lock = options.create(true).truncate(false).open(beside(&path, ".lock"));
        let lock = lock.with_context(locking)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => bail!(
                "another push uses {}: end that one, or name another file with --state",
                path.display()
            ),
            Err(TryLockError::Error(error)) => Err(error).with_context(locking),
        }
    }

    /// The cursor of the feed; empty if it has not been pushed whole.
    ///
    /// # Errors
    /// The file cannot be read, or is of another feed.
    pub(super) fn cursor_of(&self, feed: &str) -> Result<String> {
        let name = self.path.display();
        let json = match fs::read(&self.path) {
            Ok(json) => json,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(String::new()),
            Err(error) => return Err(error).with_context(|| format!("reading {name}")),
        };
        let state: State = serde_json::from_slice(&json).with_context(|| {
            format!("{name} is not the state of a feed; delete it to start over")
        })?;
        // One of an earlier version has the address as it was given.
        let kept = Url::parse(&state.feed).map_or(state.feed, |url| identity(&url));
        if kept != feed {
            bail!("{name} is of the feed {kept}; name another file with --state");
        }
        Ok(state.cursor)
    }

    /// Replaces the state. It is on disk when this returns.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn save(&self, state: &State) -> Result<()> {
        self.write(state).with_context(|| format!("writing {}", self.path.display()))
    }

    fn write(&self, state: &State) -> Result<()> {
        let part = beside(&self.path, ".part");
        // One of a push that was killed may be readable by others.
        match fs::remove_file(&part) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let mut file = private().create_new(true).open(&part)?;
        file.write_all(&serde_json::to_vec(state)?)?;
        file.sync_all()?;
        Ok(fs::rename(part, &self.path)?)
    }
}

/// Options for a file that only its owner can read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).mode(0o600);
    options
}

/// The path with a suffix.
fn beside(path: &Path, suffix: &str) -> OsString {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_state_is_read_back_by_its_feed_only() {
        let folder = tempfile::tempdir().unwrap();
        let file = StateFile::lock(folder.path().join("feed.state")).unwrap();
        assert_eq!(file.cursor_of("one").unwrap(), "");
        file.save(&State { feed: "one".to_owned(), cursor: "7".to_owned() }).unwrap();
        assert_eq!(file.cursor_of("one").unwrap(), "7");
        let other = file.cursor_of("other").unwrap_err().to_string();
        assert!(other.contains("--state"), "{other}");
        fs::write(folder.path().join("feed.state"), "{").unwrap();
        assert!(file.cursor_of("one").unwrap_err().to_string().contains("delete it"));
    }

    #[test]
    fn a_state_is_private_and_of_one_push_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("feed.state");
        fs::write(&path, "{}").unwrap();
        fs::write(folder.path().join("feed.state.part"), "{").unwrap();
        let file = StateFile::lock(path.clone()).unwrap();
        file.save(&State::default()).unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let error = StateFile::lock(path.clone()).unwrap_err().to_string();
        assert!(error.contains("another push") && error.contains("--state"), "{error}");
        drop(file);
        assert!(StateFile::lock(path).is_ok());
    }

    #[test]
    fn a_state_with_an_address_as_it_was_given_is_still_of_its_feed() {
        let folder = tempfile::tempdir().unwrap();
        let file = StateFile::lock(folder.path().join("feed.state")).unwrap();
        let given = "https://ada:hunter2@agent.example/feeds/f/products";
        file.save(&State { feed: given.to_owned(), cursor: "7".to_owned() }).unwrap();
        assert_eq!(file.cursor_of("https://agent.example/feeds/f/products").unwrap(), "7");
        let error = file.cursor_of("https://other.example/").unwrap_err().to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }
}
