//! The rejects file: each rejected row once, even if the import is killed and resumed.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Seek as _, SeekFrom, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use proto::catalogue::v1::RejectedRow;
use serde_json::Value as Json;

use crate::{REJECT_COLUMNS, SourceRow, TableHead};

/// A rejected row with its source.
#[derive(Debug, Clone, PartialEq)]
pub struct Reject {
    pub row: RejectedRow,
    pub source_row: SourceRow,
}

/// Writes rejected rows in the form of their source, which can be corrected and imported: rows of a
/// table as they are, behind columns that say why; others as JSON lines `{line, reason, field,
/// message, row}`. Creates the file with the first row.
#[derive(Debug)]
pub struct RejectsFile {
    path: PathBuf,
    file: Option<BufWriter<File>>,
    /// Whether a file of an earlier import has yet to be removed.
    stale: bool,
    /// Length of the file in bytes, including buffered lines.
    length: u64,
    unsynced: bool,
}

impl RejectsFile {
    /// For a new import. An existing file is removed with the first sync, that is, not if the import
    /// fails at the start.
    pub fn new(path: PathBuf) -> Self {
        Self { path, file: None, stale: true, length: 0, unsynced: false }
    }

    /// For a resumed import: truncates the file to its length at the checkpoint.
    ///
    /// # Errors
    /// If the file cannot be opened, or is shorter than that.
    pub fn resume(path: PathBuf, length: u64) -> Result<Self> {
        if length == 0 {
            return Ok(Self::new(path));
        }
        let name = path.display().to_string();
        let opening = || format!("opening {name}, which has the rows rejected before");
        let mut file = OpenOptions::new().write(true).open(&path).with_context(opening)?;
        let metadata = file.metadata().with_context(opening)?;
        if metadata.is_file() {
            if metadata.len() < length {
                bail!("{name} lacks rows that were rejected before; start over with --restart");
            }
            file.set_len(length).with_context(opening)?;
            file.seek(SeekFrom::End(0)).with_context(opening)?;
        }
        let file = Some(BufWriter::new(file));
        Ok(Self { path, file, stale: false, length, unsynced: false })
    }

    /// The path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds a row.
    ///
    /// # Errors
    /// If the file cannot be created or written.
    pub fn add(&mut self, reject: &Reject) -> Result<()> {
        let mut line = match &reject.source_row {
            SourceRow::Csv(row, head) => table_line(&reject.row, row, head),
            row => json_line(&reject.row, row),
        };
        if let SourceRow::Csv(_, head) = &reject.source_row
            && self.length == 0
        {
            line = [table_header(head), line].concat();
        }
        let writing = || format!("writing rejected rows to {}", self.path.display());
        let file = match &mut self.file {
            Some(file) => file,
            None => {
                let file = File::create(&self.path).with_context(writing)?;
                self.stale = false;
                self.file.insert(BufWriter::new(file))
            }
        };
        file.write_all(&line).with_context(writing)?;
        self.length += line.len() as u64;
        self.unsynced = true;
        Ok(())
    }

    /// Length of the file in bytes, including buffered lines.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Flushes the buffer and syncs the file to disk.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn sync(&mut self) -> Result<()> {
        let writing = || format!("writing rejected rows to {}", self.path.display());
        if std::mem::take(&mut self.stale) {
            self.remove_stale().with_context(writing)?;
        }
        if std::mem::take(&mut self.unsynced)
            && let Some(file) = &mut self.file
        {
            file.flush().with_context(writing)?;
            let file = file.get_ref();
            // Pipes and terminals cannot be synced.
            if file.metadata().with_context(writing)?.is_file() {
                file.sync_data().with_context(writing)?;
            }
        }
        Ok(())
    }

    fn remove_stale(&self) -> io::Result<()> {
        match fs::symlink_metadata(&self.path) {
            Ok(metadata) if metadata.is_file() => fs::remove_file(&self.path),
            // No file, or a pipe or link of the user.
            _ => Ok(()),
        }
    }
}

fn json_line(
    RejectedRow { line, reason, field, message }: &RejectedRow,
    row: &SourceRow,
) -> Vec<u8> {
    let text = |text: &str| Json::String(text.to_owned());
    let line = format!(
        "{{\"line\":{line},\"reason\":{},\"field\":{},\"message\":{},\"row\":{}}}\n",
        text(reason),
        text(field),
        text(message),
        row.to_json()
    );
    line.into_bytes()
}

fn table_header(head: &TableHead) -> Vec<u8> {
    let mut line = Vec::new();
    for column in REJECT_COLUMNS {
        line.extend_from_slice(column.as_bytes());
        line.push(head.delimiter);
    }
    let text = head.line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head.line);
    [&line[..], text, b"\n"].concat()
}

/// The row as it is, behind its line, reason and message: columns behind it would be in the wrong
/// place if the row lacks some.
fn table_line(reject: &RejectedRow, row: &[u8], head: &TableHead) -> Vec<u8> {
    let RejectedRow { line, reason, field, message } = reject;
    let field = if field.is_empty() { String::new() } else { format!("{field} ") };
    let message = format!("\"{}\"", format!("{field}{message}").replace('"', "'"));
    let delimiter = char::from(head.delimiter);
    let why = format!("{line}{delimiter}{reason}{delimiter}{message}{delimiter}");
    [why.as_bytes(), row, b"\n"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reject(line: i64) -> Reject {
        let row = RejectedRow { line, reason: "INVALID_FIELD".to_owned(), ..Default::default() };
        Reject { row, source_row: SourceRow::Object(r#"{"id":"1","price":1.10}"#.to_owned()) }
    }

    #[test]
    fn a_resumed_import_truncates_rows_after_its_checkpoint() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rejects.jsonl");
        let mut rejects = RejectsFile::new(path.clone());
        rejects.add(&reject(1)).unwrap();
        rejects.sync().unwrap();
        let length = rejects.length();
        rejects.add(&reject(2)).unwrap();
        drop(rejects);
        let mut rejects = RejectsFile::resume(path.clone(), length).unwrap();
        rejects.add(&reject(3)).unwrap();
        rejects.sync().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines[0].starts_with("{\"line\":1,") && lines[1].starts_with("{\"line\":3,"));
        assert!(lines[0].ends_with("\"row\":{\"id\":\"1\",\"price\":1.10}}"), "as it was: {text}");

        fs::write(&path, "").unwrap();
        let error = RejectsFile::resume(path, length).err().unwrap().to_string();
        assert!(error.contains("--restart"), "{error}");
    }

    #[test]
    fn without_rejected_rows_even_an_old_file_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rejects.jsonl");
        fs::write(&path, "old").unwrap();
        let mut rejects = RejectsFile::new(path.clone());
        assert!(path.exists(), "an import that fails at the start removes nothing");
        rejects.sync().unwrap();
        assert!(!path.exists());
    }
}
