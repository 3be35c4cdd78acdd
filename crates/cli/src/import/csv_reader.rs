//! CSV reader (RFC 4180) with a limit on the size of a record.
//!
//! Not the `csv` crate, which reads the rest of the file as one field after an unclosed quote. Here
//! an unclosed quote rejects one row, with its line number.

use std::{
    collections::VecDeque,
    io::{self, BufRead},
};

use super::{
    lines::{LINE_LIMIT, Line, Lines},
    row_error::RowError,
    source_row::SourceRow,
};

/// Reads numbered records.
pub(crate) struct CsvReader<R> {
    lines: Lines<R>,
    /// Lines that were read as part of a record whose quote was never closed.
    pending: VecDeque<(i64, Line)>,
    delimiter: u8,
}

/// The line on which a record starts, and its fields or error.
pub(crate) type NumberedRecord = (i64, Result<Vec<String>, (RowError, SourceRow)>);

impl<R: BufRead> CsvReader<R> {
    /// Reads the header, and detects the delimiter in it: a comma, otherwise a semicolon or tab.
    pub(crate) fn new(reader: R) -> io::Result<(Self, Option<NumberedRecord>)> {
        let mut lines = Lines::new(reader);
        let mut pending = VecDeque::new();
        let mut delimiter = b',';
        if let Some((number, line)) = lines.next()? {
            if let Line::Whole(bytes) = &line {
                delimiter = [b',', b';', b'\t']
                    .into_iter()
                    .find(|candidate| bytes.contains(candidate))
                    .unwrap_or(b',');
            }
            pending.push_back((number, line));
        }
        let mut reader = Self { lines, pending, delimiter };
        let header = reader.next()?;
        Ok((reader, header))
    }

    /// Reads the next record, skipping blank lines.
    pub(crate) fn next(&mut self) -> io::Result<Option<NumberedRecord>> {
        loop {
            let Some((number, line)) = self.next_line()? else { return Ok(None) };
            let Line::Whole(bytes) = line else {
                return Ok(Some((number, Err((RowError::too_long(), SourceRow::Missing)))));
            };
            if bytes.trim_ascii().is_empty() {
                continue;
            }
            let mut record = RecordParser::new(self.delimiter);
            record.push(&bytes);
            let mut length = bytes.len();
            let mut ahead = Vec::new();
            while record.is_open() {
                let Some((number, line)) = self.next_line()? else { break };
                if let Line::Whole(bytes) = &line {
                    length += bytes.len();
                    record.push(bytes);
                }
                let over = line == Line::TooLong || length > LINE_LIMIT;
                ahead.push((number, line));
                if over {
                    break;
                }
            }
            let fits =
                length <= LINE_LIMIT && !ahead.iter().any(|(_, line)| *line == Line::TooLong);
            if record.is_open() || !fits {
                // Reject only the first line: the following lines may be complete records.
                for line in ahead.into_iter().rev() {
                    self.pending.push_front(line);
                }
                let message = "has a quote (\") that is not closed within 1 MiB";
                let error = RowError::row("MALFORMED_CSV", message);
                return Ok(Some((number, Err((error, SourceRow::line(&bytes, false))))));
            }
            let fields = record.finish().map_err(|error| {
                let lines = ahead.iter().filter_map(|(_, line)| match line {
                    Line::Whole(bytes) => Some(bytes.as_slice()),
                    Line::TooLong => None,
                });
                let record_lines: Vec<&[u8]> =
                    [bytes.as_slice()].into_iter().chain(lines).collect();
                (error, SourceRow::line(&record_lines.concat(), false))
            });
            return Ok(Some((number, fields)));
        }
    }

    fn next_line(&mut self) -> io::Result<Option<(i64, Line)>> {
        match self.pending.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.lines.next(),
        }
    }
}

/// State machine that parses one record line by line.
struct RecordParser {
    delimiter: u8,
    state: State,
    fields: Vec<Vec<u8>>,
    field: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Plain,
    Quoted,
    /// After a quote within quotes: the first half of an escaped quote, or the closing quote.
    Closing,
}

impl RecordParser {
    fn new(delimiter: u8) -> Self {
        Self { delimiter, state: State::Start, fields: Vec::new(), field: Vec::new() }
    }

    fn is_open(&self) -> bool {
        self.state == State::Quoted
    }

    /// Parses one line, including its line ending.
    fn push(&mut self, line: &[u8]) {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        for byte in text.iter().copied() {
            self.state = match (self.state, byte) {
                (State::Quoted, b'"') => State::Closing,
                (State::Closing, b'"') => {
                    self.field.push(b'"');
                    State::Quoted
                }
                (State::Quoted, _) => {
                    self.field.push(byte);
                    State::Quoted
                }
                (_, byte) if byte == self.delimiter => {
                    self.fields.push(std::mem::take(&mut self.field));
                    State::Start
                }
                (State::Start, b'"') => State::Quoted,
                // A quote within an unquoted field is literal, as in `3.5" disk`.
                (State::Start | State::Plain | State::Closing, _) => {
                    self.field.push(byte);
                    State::Plain
                }
            };
        }
        if self.is_open() {
            self.field.extend_from_slice(&line[text.len()..]);
        }
    }

    fn finish(mut self) -> Result<Vec<String>, RowError> {
        self.fields.push(self.field);
        let texts: Result<Vec<String>, _> =
            self.fields.into_iter().map(String::from_utf8).collect();
        texts.map_err(|_| {
            let message = "is not UTF-8; convert the file first: iconv -f latin1 -t utf-8";
            RowError::row("MALFORMED_CSV", message)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<NumberedRecord> {
        let (mut reader, first) = CsvReader::new(text.as_bytes()).unwrap();
        let mut all: Vec<NumberedRecord> = first.into_iter().collect();
        while let Some(record) = reader.next().unwrap() {
            all.push(record);
        }
        all
    }

    fn fields(texts: &[&str]) -> Result<Vec<String>, (RowError, SourceRow)> {
        Ok(texts.iter().map(|text| (*text).to_owned()).collect())
    }

    #[test]
    fn quoted_fields_contain_delimiters_quotes_and_line_endings() {
        let all = read("id,name\r\n\r\n1,\"a, \"\"b\"\"\r\nc\"\r\n2,3.5\" disk\r\n3,\n");
        assert_eq!(
            all,
            [
                (1, fields(&["id", "name"])),
                (3, fields(&["1", "a, \"b\"\r\nc"])),
                (5, fields(&["2", "3.5\" disk"])),
                (6, fields(&["3", ""])),
            ]
        );
    }

    #[test]
    fn an_unclosed_quote_rejects_one_row() {
        let all = read("id,name\n1,\"open\n2,whole\n3,also\n");
        assert_eq!(all[1].0, 2);
        let (error, source_row) = all[1].1.as_ref().unwrap_err();
        assert_eq!(error.reason, "MALFORMED_CSV");
        assert_eq!(source_row.to_json(), r#""1,\"open""#, "for the user to correct");
        assert_eq!(all[2..], [(3, fields(&["2", "whole"])), (4, fields(&["3", "also"]))]);
    }

    #[test]
    fn semicolons_and_tabs_are_detected_in_the_header() {
        assert_eq!(read("id;name\n1;a,b\n")[1], (2, fields(&["1", "a,b"])));
        assert_eq!(read("id\tname\n1\ta,b\n")[1], (2, fields(&["1", "a,b"])));
    }
}
