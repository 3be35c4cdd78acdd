//! Line reader with a limit on the length of a line.

use std::io::{self, BufRead};

/// Maximum length of a line, in bytes.
pub(crate) const LINE_LIMIT: usize = 1 << 20;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads numbered lines, and buffers at most [`LINE_LIMIT`] bytes of each.
pub(crate) struct Lines<R> {
    inner: R,
    number: i64,
    /// The last byte of a line: a line feed, or a carriage return in files of old Macs.
    end: u8,
}

/// The result of reading one line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// The line, including its line ending if there is one.
    Whole(Vec<u8>),
    /// The line exceeded the limit and was skipped.
    TooLong,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self::ending_with(inner, b'\n')
    }

    pub(crate) fn ending_with(inner: R, end: u8) -> Self {
        Self { inner, number: 0, end }
    }

    /// Reads the next line; line numbers start at 1.
    pub(crate) fn next(&mut self) -> io::Result<Option<(i64, Line)>> {
        let mut line = Vec::new();
        let mut too_long = false;
        loop {
            let available = match self.inner.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if available.is_empty() && line.is_empty() && !too_long {
                return Ok(None);
            }
            let end = available.iter().position(|byte| *byte == self.end).map(|at| at + 1);
            let length = end.unwrap_or(available.len());
            too_long |= line.len() + length > LINE_LIMIT;
            if too_long {
                line = Vec::new();
            } else {
                line.extend_from_slice(&available[..length]);
            }
            let at_end = available.is_empty();
            self.inner.consume(length);
            if end.is_some() || at_end {
                break;
            }
        }
        self.number += 1;
        if self.number == 1 && line.starts_with(BYTE_ORDER_MARK) {
            line.drain(..BYTE_ORDER_MARK.len());
        }
        Ok(Some((self.number, if too_long { Line::TooLong } else { Line::Whole(line) })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_skipped_and_the_next_one_is_whole() {
        let mut text = b"\xef\xbb\xbffirst\n".to_vec();
        text.resize(text.len() + LINE_LIMIT, b'x');
        text.extend_from_slice(b"\nlast");
        let mut lines = Lines::new(io::BufReader::with_capacity(1000, text.as_slice()));
        assert_eq!(lines.next().unwrap(), Some((1, Line::Whole(b"first\n".to_vec()))));
        assert_eq!(lines.next().unwrap(), Some((2, Line::TooLong)));
        assert_eq!(lines.next().unwrap(), Some((3, Line::Whole(b"last".to_vec()))));
        assert_eq!(lines.next().unwrap(), None);
    }
}
