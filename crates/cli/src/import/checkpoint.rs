//! How far an import has got, on disk, so that one that was killed goes on where it was.
//!
//! **Invariant:** a checkpoint says no more than what is true of the rejects file: that one is on
//! the disk first. What a crash leaves behind it is cut off when the import goes on.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::output::warn;

/// How much of the source tells it from another one of the same size, in bytes.
const HEAD: u64 = 64 << 10;
/// Rows that the server is not asked about need no checkpoint more often than this.
const INTERVAL: Duration = Duration::from_millis(200);

/// Everything up to `line` is settled, and this came of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Checkpoint {
    pub(crate) line: i64,
    pub(crate) created: i64,
    pub(crate) updated: i64,
    pub(crate) unchanged: i64,
    pub(crate) rejected: u64,
    /// How long the file of rejected rows is with those up to `line`, in bytes.
    pub(crate) rejects_length: u64,
    /// When the import began, in seconds since 1970.
    pub(crate) begun: i64,
    /// Of the source and of how it is imported: see [`digest`].
    pub(crate) digest: String,
}

/// Keeps the checkpoint of one import.
#[derive(Debug)]
pub(crate) struct Keeper {
    path: PathBuf,
    /// The source, locked: only one import of it at a time has its checkpoint.
    _source: File,
    digest: String,
    begun: i64,
    written: Option<Instant>,
    broken: bool,
}

impl Keeper {
    /// Keeps `<source>.checkpoint`; nothing can be kept of what cannot be read again from its
    /// beginning, or is imported by somebody else just now.
    ///
    /// # Errors
    /// A source that cannot be read.
    pub(crate) fn open(source: &Path, options: &[&str]) -> Result<Option<Self>> {
        let opening = || format!("opening {}", source.display());
        let file = File::open(source).with_context(opening)?;
        if matches!(file.try_lock(), Err(fs::TryLockError::WouldBlock)) {
            let name = source.display();
            warn(&format!("another import of {name} is under way: this one keeps no checkpoint"));
            return Ok(None);
        }
        let digest = digest(&file, options).with_context(opening)?;
        let path = beside(source, "checkpoint");
        let begun = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let begun = i64::try_from(begun).unwrap_or_default();
        Ok(Some(Self { path, _source: file, digest, begun, written: None, broken: false }))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Where an earlier run of the same import stopped. One of another import is told and passed
    /// over.
    pub(crate) fn find(&mut self) -> Option<Checkpoint> {
        let text = fs::read_to_string(&self.path).ok()?;
        match serde_json::from_str::<Checkpoint>(&text) {
            Ok(found) if found.digest == self.digest => {
                self.begun = found.begun;
                Some(found)
            }
            _ => {
                let name = self.path.display();
                warn(&format!("{name} is of another file, map, server or option: beginning anew"));
                None
            }
        }
    }

    /// Whether it is time for a checkpoint that no answer of the server asks for.
    pub(crate) fn is_due(&self) -> bool {
        self.written.is_none_or(|written| written.elapsed() >= INTERVAL)
    }

    /// Writes a checkpoint over the last one. One that cannot be written is no reason to stop:
    /// the last one still holds.
    pub(crate) fn write(&mut self, state: Checkpoint) {
        self.written = Some(Instant::now());
        let state = Checkpoint { digest: self.digest.clone(), begun: self.begun, ..state };
        if let Err(error) = self.try_write(&state)
            && !std::mem::replace(&mut self.broken, true)
        {
            let name = self.path.display();
            warn(&format!("writing {name}: {error}; if this import is cut off, it begins anew"));
        }
    }

    fn try_write(&self, state: &Checkpoint) -> io::Result<()> {
        let part = beside(&self.path, "part");
        fs::write(&part, serde_json::to_vec(state)?)?;
        fs::rename(&part, &self.path)
    }

    /// Whether there is a checkpoint that another run can go on from.
    pub(crate) fn holds(&self) -> bool {
        self.written.is_some() && !self.broken
    }

    /// The import is over.
    pub(crate) fn remove(self) {
        // One that stays by mistake says that all is done.
        fs::remove_file(&self.path).ok();
    }
}

/// `<path>.<extension>`.
pub(crate) fn beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".");
    name.push(extension);
    PathBuf::from(name)
}

/// What a source and the way it is imported are told by: its head, size and time of change, and
/// every option that decides what becomes of a row. A file mended in place is another one.
fn digest(source: &File, options: &[&str]) -> io::Result<String> {
    let metadata = source.metadata()?;
    let mut head = Vec::new();
    source.take(HEAD).read_to_end(&mut head)?;
    let changed = metadata.modified().ok();
    let changed = changed.and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    let mut hasher = Sha256::new();
    hasher.update(metadata.len().to_be_bytes());
    hasher.update(changed.as_nanos().to_be_bytes());
    for part in [&head[..]].into_iter().chain(options.iter().map(|option| option.as_bytes())) {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(line: i64) -> Checkpoint {
        Checkpoint { line, created: 3, rejected: 1, ..Checkpoint::default() }
    }

    #[test]
    fn only_the_same_import_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("rows.jsonl");
        fs::write(&source, "{}").unwrap();
        let open = |options: &[&str]| Keeper::open(&source, options).unwrap().unwrap();
        let mut keeper = open(&["map"]);
        assert_eq!(keeper.find(), None);
        keeper.write(state(7));
        assert!(keeper.holds());
        assert!(Keeper::open(&source, &["map"]).unwrap().is_none(), "two at the same time");
        drop(keeper);
        assert_eq!(open(&["map"]).find().unwrap().line, 7);
        assert_eq!(open(&["other map"]).find(), None);
        assert_eq!(open(&["ma", "p"]).find(), None);
        fs::write(&source, "{ }").unwrap();
        assert_eq!(open(&["map"]).find(), None);
        open(&[]).remove();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_broken_checkpoint_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("rows.jsonl");
        fs::write(&source, "{}").unwrap();
        fs::write(beside(&source, "checkpoint"), "{\"line\":").unwrap();
        let mut keeper = Keeper::open(&source, &[]).unwrap().unwrap();
        assert_eq!(keeper.find(), None);
        keeper.write(state(7));
        assert_eq!(keeper.find().unwrap().line, 7);
    }

    #[test]
    fn a_checkpoint_that_cannot_be_written_is_no_reason_to_stop() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("rows.jsonl");
        fs::write(&source, "{}").unwrap();
        fs::create_dir(beside(&source, "checkpoint")).unwrap();
        let mut keeper = Keeper::open(&source, &[]).unwrap().unwrap();
        keeper.write(state(7));
        assert!(!keeper.holds());
        assert_eq!(keeper.find(), None);
    }
}
