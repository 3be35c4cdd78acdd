//! State machine that parses one record line by line (RFC 4180).

use super::MAX_COLUMNS;

/// The state of a record.
pub(super) struct RecordParser {
    delimiter: u8,
    /// Whether quotes enclose fields; otherwise they are letters like others.
    quotes: bool,
    state: State,
    /// Whether letters stand between a closing quote and the end of its field.
    is_irregular: bool,
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
    pub(super) fn new(delimiter: u8, quotes: bool) -> Self {
        let (fields, field) = (Vec::new(), Vec::new());
        Self { delimiter, quotes, state: State::Start, is_irregular: false, fields, field }
    }

    /// The fields of one line alone; an open quote ends with the line.
    pub(super) fn line(line: &[u8], delimiter: u8, quotes: bool) -> Vec<Vec<u8>> {
        let mut parser = Self::new(delimiter, quotes);
        parser.push(line);
        parser.finish()
    }

    pub(super) fn is_open(&self) -> bool {
        self.state == State::Quoted
    }

    pub(super) fn is_irregular(&self) -> bool {
        self.is_irregular
    }

    /// Parses one line, including its line ending.
    pub(super) fn push(&mut self, line: &[u8]) {
        let text = strip_end(line);
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
                // Text beyond the columns of any header stays one field, which no row may have.
                (_, byte) if byte == self.delimiter && self.fields.len() <= MAX_COLUMNS => {
                    self.fields.push(std::mem::take(&mut self.field));
                    State::Start
                }
                (State::Start, b'"') if self.quotes => State::Quoted,
                // A quote within an unquoted field is literal, as in `3.5" disk`.
                (State::Start | State::Plain | State::Closing, _) => {
                    self.is_irregular |= self.state == State::Closing;
                    self.field.push(byte);
                    State::Plain
                }
            };
        }
        if self.is_open() {
            self.field.extend_from_slice(&line[text.len()..]);
        }
    }

    pub(super) fn finish(mut self) -> Vec<Vec<u8>> {
        self.fields.push(self.field);
        self.fields
    }
}

/// The line without its ending.
pub(super) fn strip_end(line: &[u8]) -> &[u8] {
    let text = line.strip_suffix(b"\n").unwrap_or(line);
    text.strip_suffix(b"\r").unwrap_or(text)
}
