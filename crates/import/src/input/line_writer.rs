//! Writes lines with numbers to a temporary file.

use std::{
    fs::File,
    io::{self, BufWriter, Seek as _, SeekFrom, Write as _},
};

use anyhow::Result;

/// Writes lines at given numbers, with blank lines between them.
pub(super) struct LineWriter {
    out: BufWriter<File>,
    at: Mark,
}

/// A position in the output: the number of the next line, and the length so far in bytes.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    line: i64,
    length: u64,
}

impl LineWriter {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self { out: BufWriter::new(tempfile::tempfile()?), at: Mark { line: 1, length: 0 } })
    }

    pub(super) fn write(&mut self, line: i64, text: &[u8]) -> io::Result<()> {
        while self.at.line < line {
            self.end(b"")?;
        }
        self.end(text)
    }

    fn end(&mut self, text: &[u8]) -> io::Result<()> {
        self.out.write_all(text)?;
        self.out.write_all(b"\n")?;
        self.at = Mark { line: self.at.line + 1, length: self.at.length + text.len() as u64 + 1 };
        Ok(())
    }

    pub(super) fn mark(&self) -> Mark {
        self.at
    }

    /// Removes all lines from a mark on.
    pub(super) fn rewind(&mut self, mark: Mark) -> io::Result<()> {
        if self.at.length > mark.length {
            self.out.seek(SeekFrom::Start(mark.length))?;
            self.out.get_mut().set_len(mark.length)?;
            self.at = mark;
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<File> {
        let mut file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }
}
