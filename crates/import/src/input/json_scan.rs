//! A scan over the bytes of JSON: its values one by one, without a limit on their number.

use std::io::{self, BufRead};

use anyhow::{Result, bail};

use super::lines::LINE_LIMIT;

/// A scan over the bytes of a document.
pub(super) struct Scan<R: BufRead> {
    bytes: io::Bytes<R>,
    /// Number of the current line, from 1.
    pub(super) line: i64,
    peeked: Option<u8>,
}

impl<R: BufRead> Scan<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { bytes: reader.bytes(), line: 1, peeked: None }
    }

    fn next(&mut self) -> io::Result<Option<u8>> {
        if let Some(byte) = self.peeked.take() {
            return Ok(Some(byte));
        }
        let byte = self.bytes.next().transpose()?;
        self.line += i64::from(byte == Some(b'\n'));
        Ok(byte)
    }

    /// The next byte that is no blank; `None` at the end.
    pub(super) fn next_letter(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.next()? {
                Some(b' ' | b'\t' | b'\r' | b'\n') => {}
                other => return Ok(other),
            }
        }
    }

    /// The next byte that is no blank, which stays to be read.
    pub(super) fn peek_letter(&mut self) -> io::Result<Option<u8>> {
        self.peeked = self.next_letter()?;
        Ok(self.peeked)
    }

    /// Reads one value, after its first letter. Only the first [`LINE_LIMIT`] bytes are kept.
    ///
    /// A text ends with its line at the latest, as JSON has no line ends in texts. An object ends with a line that ends
    /// in its brace, even within a text: a missing quote damages one value and not the rest of the document.
    ///
    /// # Errors
    /// The document ends within the value.
    pub(super) fn value(&mut self, first: u8) -> Result<Vec<u8>> {
        let mut text = vec![first];
        let mut depth = u32::from(matches!(first, b'{' | b'['));
        let (mut quoted, mut escaped) = (first == b'"', false);
        let line = self.line;
        while depth > 0 || quoted || !matches!(first, b'{' | b'[' | b'"') {
            let Some(byte) = self.next()? else { bail!("line {}: the JSON ends early", self.line) };
            if depth == 0 && !quoted && matches!(byte, b',' | b']' | b'}') {
                self.peeked = Some(byte);
                break;
            }
            match byte {
                b'\n' if quoted && self.line == line + 1 && ends_object(&text) => {
                    let comma = text.trim_ascii_end().ends_with(b",");
                    text.truncate(text.trim_ascii_end().len() - usize::from(comma));
                    break;
                }
                b'\n' => (quoted, escaped) = (false, false),
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                b'{' | b'[' if !quoted => depth += 1,
                b'}' | b']' if !quoted => depth -= 1,
                _ => {}
            }
            if text.len() <= LINE_LIMIT {
                text.push(if matches!(byte, b'\n' | b'\r') { b' ' } else { byte });
            }
        }
        text.truncate(text.trim_ascii_end().len());
        Ok(text)
    }
}

/// Whether a line ends with the brace of an object, after which an array may continue.
fn ends_object(line: &[u8]) -> bool {
    let text = line.trim_ascii_end();
    line.starts_with(b"{")
        && text.strip_suffix(b",").unwrap_or(text).trim_ascii_end().ends_with(b"}")
}
