//! How far a feed has been pushed, in a file that is replaced as a whole.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

/// The state of a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// The address of the feed.
    pub(super) feed: String,
    /// The cursor of the last event whose product the host has.
    pub(super) cursor: String,
}

/// The file of a state.
#[derive(Debug)]
pub(super) struct StateFile(PathBuf);

impl StateFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// The cursor of the feed; empty if it has not been pushed whole.
    ///
    /// # Errors
    /// The file cannot be read, or is of another feed.
    pub(super) fn cursor_of(&self, feed: &str) -> Result<String> {
        let name = self.0.display();
        let json = match fs::read(&self.0) {
            Ok(json) => json,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(String::new()),
            Err(error) => return Err(error).with_context(|| format!("reading {name}")),
        };
        let state: State = serde_json::from_slice(&json).with_context(|| {
            format!("{name} is not the state of a feed; delete it to start over")
        })?;
        if state.feed != feed {
            bail!("{name} is of the feed {}; name another file with --state", state.feed);
        }
        Ok(state.cursor)
    }

    /// Replaces the state. It is on disk when this returns.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn save(&self, state: &State) -> Result<()> {
        self.write(state).with_context(|| format!("writing {}", self.0.display()))
    }

    fn write(&self, state: &State) -> Result<()> {
        let mut part = self.0.clone().into_os_string();
        part.push(".part");
        let part = Path::new(&part);
        let mut file = File::create(part)?;
        file.write_all(&serde_json::to_vec(state)?)?;
        file.sync_all()?;
        Ok(fs::rename(part, &self.0)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_read_back_by_its_feed_only() {
        let folder = tempfile::tempdir().unwrap();
        let file = StateFile::new(folder.path().join("feed.state"));
        assert_eq!(file.cursor_of("one").unwrap(), "");
        file.save(&State { feed: "one".to_owned(), cursor: "7".to_owned() }).unwrap();
        assert_eq!(file.cursor_of("one").unwrap(), "7");
        let other = file.cursor_of("other").unwrap_err().to_string();
        assert!(other.contains("--state"), "{other}");
        fs::write(folder.path().join("feed.state"), "{").unwrap();
        assert!(file.cursor_of("one").unwrap_err().to_string().contains("delete it"));
    }
}
