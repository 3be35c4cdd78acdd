//! The file of rejected rows: each once, also when an import is killed and run again.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Seek as _, SeekFrom, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use proto::catalogue::v1::RejectedRow;
use serde_json::{Map, Value as Json};

use super::original::Original;

/// The fields of a line: import takes such a line for the row that it holds.
const FIELDS: [&str; 5] = ["line", "reason", "field", "message", "row"];

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reject {
    pub(crate) row: RejectedRow,
    pub(crate) original: Original,
}

/// JSON lines `{line, reason, field, message, row}`. The file is made with the first of them.
pub(crate) struct Rejects {
    path: PathBuf,
    file: Option<BufWriter<File>>,
    /// What an earlier import left there has yet to go.
    stale: bool,
    /// How long the file is, in bytes, with what is not written out yet.
    length: u64,
    unsynced: bool,
}

impl Rejects {
    /// For a new import: what is there goes away as soon as the import gets anywhere.
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, file: None, stale: true, length: 0, unsynced: false }
    }

    /// For an import that goes on: what was written behind its checkpoint is told again.
    ///
    /// # Errors
    /// A file that is not what the checkpoint says.
    pub(crate) fn resume(path: PathBuf, length: u64) -> Result<Self> {
        if length == 0 {
            return Ok(Self::new(path));
        }
        let name = path.display().to_string();
        let opening = || format!("opening {name}, which has the rows rejected so far");
        let mut file = OpenOptions::new().write(true).open(&path).with_context(opening)?;
        let metadata = file.metadata().with_context(opening)?;
        if metadata.is_file() {
            if metadata.len() < length {
                bail!("{name} lacks rows that were rejected before; --restart begins anew");
            }
            file.set_len(length).with_context(opening)?;
            file.seek(SeekFrom::End(0)).with_context(opening)?;
        }
        let file = Some(BufWriter::new(file));
        Ok(Self { path, file, stale: false, length, unsynced: false })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// # Errors
    /// A file that cannot be created or written.
    pub(crate) fn add(&mut self, reject: &Reject) -> Result<()> {
        let RejectedRow { line, reason, field, message } = &reject.row;
        let text = |text: &str| Json::String(text.to_owned());
        let line = format!(
            "{{\"line\":{line},\"reason\":{},\"field\":{},\"message\":{},\"row\":{}}}\n",
            text(reason),
            text(field),
            text(message),
            reject.original.to_json()
        );
        let writing =
            || format!("writing rejected rows to {} (see --rejects)", self.path.display());
        let file = match &mut self.file {
            Some(file) => file,
            None => {
                let file = File::create(&self.path).with_context(writing)?;
                self.stale = false;
                self.file.insert(BufWriter::new(file))
            }
        };
        file.write_all(line.as_bytes()).with_context(writing)?;
        self.length += line.len() as u64;
        self.unsynced = true;
        Ok(())
    }

    /// How long the file is, in bytes, with all that was added.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Returns once all of it is safely on the disk.
    ///
    /// # Errors
    /// A disk that is full, or worse.
    pub(crate) fn sync(&mut self) -> Result<()> {
        let writing =
            || format!("writing rejected rows to {} (see --rejects)", self.path.display());
        if std::mem::take(&mut self.stale) {
            self.remove_stale().with_context(writing)?;
        }
        if std::mem::take(&mut self.unsynced)
            && let Some(file) = &mut self.file
        {
            file.flush().with_context(writing)?;
            let file = file.get_ref();
            // A pipe or a terminal has no disk.
            if file.metadata().with_context(writing)?.is_file() {
                file.sync_data().with_context(writing)?;
            }
        }
        Ok(())
    }

    fn remove_stale(&self) -> io::Result<()> {
        match fs::symlink_metadata(&self.path) {
            Ok(metadata) if metadata.is_file() => fs::remove_file(&self.path),
            // Nothing there, or something that is not ours to remove.
            _ => Ok(()),
        }
    }
}

/// The row in a line of such a file; nothing if it is no such line.
pub(crate) fn row_of(line: &[u8]) -> Option<Json> {
    // A glance, for the sake of all the lines that are something else.
    let inner = line.trim_ascii().strip_prefix(b"{")?.trim_ascii_start();
    if !inner.starts_with(b"\"line\"") {
        return None;
    }
    let mut object: Map<String, Json> = serde_json::from_slice(line).ok()?;
    let is_reject =
        object.len() == FIELDS.len() && FIELDS.iter().all(|field| object.contains_key(*field));
    if is_reject { object.remove("row") } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reject(line: i64) -> Reject {
        let row = RejectedRow { line, reason: "INVALID_FIELD".to_owned(), ..Default::default() };
        Reject { row, original: Original::Object(r#"{"id":"1","price":1.10}"#.to_owned()) }
    }

    #[test]
    fn an_import_that_goes_on_drops_what_its_checkpoint_does_not_know() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rejects.jsonl");
        let mut rejects = Rejects::new(path.clone());
        rejects.add(&reject(1)).unwrap();
        rejects.sync().unwrap();
        let length = rejects.length();
        rejects.add(&reject(2)).unwrap();
        drop(rejects);
        let mut rejects = Rejects::resume(path.clone(), length).unwrap();
        rejects.add(&reject(3)).unwrap();
        rejects.sync().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines[0].starts_with("{\"line\":1,") && lines[1].starts_with("{\"line\":3,"));
        assert!(lines[0].ends_with("\"row\":{\"id\":\"1\",\"price\":1.10}}"), "as it was: {text}");

        fs::write(&path, "").unwrap();
        let error = Rejects::resume(path, length).err().unwrap().to_string();
        assert!(error.contains("--restart"), "{error}");
    }

    #[test]
    fn nothing_rejected_leaves_no_file_not_even_an_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rejects.jsonl");
        fs::write(&path, "old").unwrap();
        let mut rejects = Rejects::new(path.clone());
        assert!(path.exists(), "an import that gets nowhere takes nothing away");
        rejects.sync().unwrap();
        assert!(!path.exists());
    }
}
