//! CSV records (RFC 4180) of bounded size, out of lines.
//!
//! Read here and not by the `csv` crate because a quote that is never closed would make that one
//! take the rest of the file for one field: here it costs one row, with its line number.

use std::{
    collections::VecDeque,
    io::{self, BufRead},
};

use super::{
    lines::{LINE_LIMIT, Line, Lines},
    original::Original,
    problem::Problem,
};

/// Reads records one by one.
pub(crate) struct Records<R> {
    lines: Lines<R>,
    /// Lines read ahead of a record that turned out to end earlier.
    pending: VecDeque<(i64, Line)>,
    delimiter: u8,
}

/// A record, or what is wrong with it, and the line it begins on.
pub(crate) type Numbered = (i64, Result<Vec<String>, (Problem, Original)>);

impl<R: BufRead> Records<R> {
    /// Reads the header line, which also shows the delimiter: a comma, or else a semicolon or tab.
    pub(crate) fn new(reader: R) -> io::Result<(Self, Option<Numbered>)> {
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
        let mut records = Self { lines, pending, delimiter };
        let header = records.next()?;
        Ok((records, header))
    }

    /// The next record; blank lines are none.
    pub(crate) fn next(&mut self) -> io::Result<Option<Numbered>> {
        loop {
            let Some((number, line)) = self.next_line()? else { return Ok(None) };
            let Line::Whole(bytes) = line else {
                return Ok(Some((number, Err((Problem::too_long(), Original::Nothing)))));
            };
            if bytes.trim_ascii().is_empty() {
                continue;
            }
            let mut record = Record::new(self.delimiter);
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
                // Give up this one line only: what follows it may be whole rows.
                for line in ahead.into_iter().rev() {
                    self.pending.push_front(line);
                }
                let message = "a quote (\") is opened and not closed within 1 MiB";
                let problem = Problem::row("MALFORMED_CSV", message);
                return Ok(Some((number, Err((problem, Original::line(&bytes, false))))));
            }
            let fields = record.finish().map_err(|problem| {
                let lines = ahead.iter().filter_map(|(_, line)| match line {
                    Line::Whole(bytes) => Some(bytes.as_slice()),
                    Line::TooLong => None,
                });
                let whole: Vec<&[u8]> = [bytes.as_slice()].into_iter().chain(lines).collect();
                (problem, Original::line(&whole.concat(), false))
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

/// A record as far as it has been read.
struct Record {
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
    /// After a quote within quotes: either half of an escaped quote, or the closing one.
    Closing,
}

impl Record {
    fn new(delimiter: u8) -> Self {
        Self { delimiter, state: State::Start, fields: Vec::new(), field: Vec::new() }
    }

    fn is_open(&self) -> bool {
        self.state == State::Quoted
    }

    /// Takes in one line, its end included.
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
                // A quote within a plain field stands for itself: 3.5" disks are sold, too.
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

    fn finish(mut self) -> Result<Vec<String>, Problem> {
        self.fields.push(self.field);
        let texts: Result<Vec<String>, _> =
            self.fields.into_iter().map(String::from_utf8).collect();
        texts.map_err(|_| {
            let message = "is not UTF-8; convert the file first: iconv -f latin1 -t utf-8";
            Problem::row("MALFORMED_CSV", message)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Numbered> {
        let (mut records, first) = Records::new(text.as_bytes()).unwrap();
        let mut all: Vec<Numbered> = first.into_iter().collect();
        while let Some(record) = records.next().unwrap() {
            all.push(record);
        }
        all
    }

    fn fields(texts: &[&str]) -> Result<Vec<String>, (Problem, Original)> {
        Ok(texts.iter().map(|text| (*text).to_owned()).collect())
    }

    #[test]
    fn quotes_hold_delimiters_quotes_and_line_ends() {
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
    fn a_quote_never_closed_costs_one_row() {
        let all = read("id,name\n1,\"open\n2,whole\n3,also\n");
        assert_eq!(all[1].0, 2);
        let (problem, original) = all[1].1.as_ref().unwrap_err();
        assert_eq!(problem.reason, "MALFORMED_CSV");
        assert_eq!(original.to_json(), r#""1,\"open""#, "to be mended");
        assert_eq!(all[2..], [(3, fields(&["2", "whole"])), (4, fields(&["3", "also"]))]);
    }

    #[test]
    fn semicolons_and_tabs_are_seen_in_the_header() {
        assert_eq!(read("id;name\n1;a,b\n")[1], (2, fields(&["1", "a,b"])));
        assert_eq!(read("id\tname\n1\ta,b\n")[1], (2, fields(&["1", "a,b"])));
    }
}
