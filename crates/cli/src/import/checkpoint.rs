//! The checkpoint: progress of an import on disk, from which an interrupted import resumes.
//!
//! **Invariant:** a checkpoint is never ahead of the rejects file, which is synced first. Rejected
//! rows written after the checkpoint are truncated when the import resumes.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, Result};
use pbjson_types::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::output::{format_time, warn};

/// Length of the source's prefix that its digest includes, in bytes.
const HEAD: u64 = 64 << 10;
/// Minimum interval between checkpoints for rows rejected locally, without a server response.
const INTERVAL: Duration = Duration::from_millis(200);

/// Counts of all rows up to `line`, which are settled. Serialized as JSON.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Checkpoint {
    pub(crate) line: i64,
    pub(crate) created: i64,
    pub(crate) updated: i64,
    pub(crate) unchanged: i64,
    #[serde(default)]
    pub(crate) stock_kept: i64,
    #[serde(default)]
    pub(crate) grouped: u64,
    pub(crate) rejected: u64,
    /// Length of the rejects file with the rows up to `line`, in bytes.
    pub(crate) rejects_length: u64,
    /// Start time of the import, in seconds since 1970.
    pub(crate) begun: i64,
    /// Identifies source and options: see [`digest`].
    pub(crate) digest: String,
    /// Names the import over all of its runs.
    #[serde(default)]
    pub(crate) import_id: String,
}

impl Checkpoint {
    /// Warns that the import goes on from here, if it has begun before.
    pub(crate) fn warn_of_resuming(&self) {
        if self.line > 0 {
            let begun = format_time(&Timestamp { seconds: self.begun, nanos: 0 });
            let line = self.line + 1;
            warn(&format!("resuming at line {line} (import started at {begun} UTC)"));
        }
    }
}

/// The checkpoint file of one import, `<source>.checkpoint`.
#[derive(Debug)]
pub(crate) struct CheckpointFile {
    path: PathBuf,
    /// The source, locked, so that only one import of it at a time writes the checkpoint.
    _source: File,
    digest: String,
    begun: i64,
    import_id: String,
    last_written: Option<Instant>,
    write_failed: bool,
}

impl CheckpointFile {
    /// Locks the source. Returns `None` if another process is importing it.
    ///
    /// # Errors
    /// If the source cannot be read.
    pub(crate) fn open(source: &Path, options: &[&str]) -> Result<Option<Self>> {
        let opening = || format!("opening {}", source.display());
        let file = File::open(source).with_context(opening)?;
        if matches!(file.try_lock(), Err(fs::TryLockError::WouldBlock)) {
            let name = source.display();
            warn(&format!("another import of {name} is running: no checkpoint is written"));
            return Ok(None);
        }
        let digest = digest(&file, options).with_context(opening)?;
        let path = with_suffix(source, "checkpoint");
        let begun = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let begun = i64::try_from(begun).unwrap_or_default();
        Ok(Some(Self {
            path,
            _source: file,
            digest,
            begun,
            import_id: String::new(),
            last_written: None,
            write_failed: false,
        }))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Loads the checkpoint of an earlier run with the same digest. Warns about any other.
    pub(crate) fn load(&mut self) -> Option<Checkpoint> {
        let text = fs::read_to_string(&self.path).ok()?;
        match serde_json::from_str::<Checkpoint>(&text) {
            Ok(found) if found.digest == self.digest => {
                self.begun = found.begun;
                Some(found)
            }
            _ => {
                let name = self.path.display();
                warn(&format!(
                    "{name} belongs to a different file, map, server or option: starting over"
                ));
                None
            }
        }
    }

    /// Sets the import that the checkpoints are of.
    pub(crate) fn set_import_id(&mut self, id: &str) {
        id.clone_into(&mut self.import_id);
    }

    /// Whether [`INTERVAL`] has passed since the last write.
    pub(crate) fn is_due(&self) -> bool {
        self.last_written.is_none_or(|last_written| last_written.elapsed() >= INTERVAL)
    }

    /// Replaces the checkpoint. A failed write is only a warning, because the previous checkpoint
    /// stays valid.
    pub(crate) fn write(&mut self, state: Checkpoint) {
        self.last_written = Some(Instant::now());
        let (digest, import_id) = (self.digest.clone(), self.import_id.clone());
        let state = Checkpoint { digest, import_id, begun: self.begun, ..state };
        if let Err(error) = self.try_write(&state)
            && !std::mem::replace(&mut self.write_failed, true)
        {
            let name = self.path.display();
            warn(&format!("writing {name}: {error}; this import cannot be resumed"));
        }
    }

    fn try_write(&self, state: &Checkpoint) -> io::Result<()> {
        let part = with_suffix(&self.path, "part");
        fs::write(&part, serde_json::to_vec(state)?)?;
        fs::rename(&part, &self.path)
    }

    /// Whether this run has written a checkpoint from which another run can resume.
    pub(crate) fn is_resumable(&self) -> bool {
        self.last_written.is_some() && !self.write_failed
    }

    /// Removes the checkpoint of a completed import.
    pub(crate) fn remove(self) {
        // A checkpoint that stays is harmless: it marks all rows as settled.
        fs::remove_file(&self.path).ok();
    }
}

/// Returns `<path>.<extension>`.
pub(crate) fn with_suffix(path: &Path, extension: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".");
    name.push(extension);
    PathBuf::from(name)
}

/// SHA-256 of the source's size, modification time and head, and of the options.
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
    fn only_the_same_import_resumes() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("rows.jsonl");
        fs::write(&source, "{}").unwrap();
        let open = |options: &[&str]| CheckpointFile::open(&source, options).unwrap().unwrap();
        let mut checkpoint = open(&["map"]);
        assert_eq!(checkpoint.load(), None);
        checkpoint.write(state(7));
        assert!(checkpoint.is_resumable());
        assert!(CheckpointFile::open(&source, &["map"]).unwrap().is_none(), "two at the same time");
        drop(checkpoint);
        assert_eq!(open(&["map"]).load().unwrap().line, 7);
        assert_eq!(open(&["other map"]).load(), None);
        assert_eq!(open(&["ma", "p"]).load(), None);
        fs::write(&source, "{ }").unwrap();
        assert_eq!(open(&["map"]).load(), None);
        open(&[]).remove();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_corrupt_checkpoint_is_ignored() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("rows.jsonl");
        fs::write(&source, "{}").unwrap();
        fs::write(with_suffix(&source, "checkpoint"), "{\"line\":").unwrap();
        let mut checkpoint = CheckpointFile::open(&source, &[]).unwrap().unwrap();
        assert_eq!(checkpoint.load(), None);
        checkpoint.write(state(7));
        assert_eq!(checkpoint.load().unwrap().line, 7);
    }

    #[test]
    fn a_failed_checkpoint_write_does_not_stop_the_import() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("rows.jsonl");
        fs::write(&source, "{}").unwrap();
        fs::create_dir(with_suffix(&source, "checkpoint")).unwrap();
        let mut checkpoint = CheckpointFile::open(&source, &[]).unwrap().unwrap();
        checkpoint.write(state(7));
        assert!(!checkpoint.is_resumable());
        assert_eq!(checkpoint.load(), None);
    }
}
