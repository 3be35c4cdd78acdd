//! CSV reader (RFC 4180) with a limit on the size of a record.
//!
//! Not the `csv` crate, which reads the rest of the file as one field after an unclosed quote.
//! **Invariant:** no row is swallowed. A quote that would take in whole rows, or is never closed,
//! concerns its own line only.

use std::{
    collections::VecDeque,
    io::{self, BufRead},
    sync::Arc,
};

use super::{
    dialect::Dialect,
    record_parser::{RecordParser, strip_end},
};
use crate::{
    input::{LINE_LIMIT, Line, Lines, sheet_text},
    row_error::RowError,
    source_row::{SourceRow, TableHead},
};

/// Reads numbered records.
pub(crate) struct CsvReader<R> {
    lines: Lines<R>,
    /// Lines that were read ahead of their record.
    pending: VecDeque<(i64, Line)>,
    dialect: Dialect,
    /// Number of columns of the header, once it is read.
    width: usize,
    head: Arc<TableHead>,
    doubts: Doubts,
}

/// How a cell ends whose quote is open at the end of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CellEnd {
    Closed,
    /// Beyond what looks like a row, or the limit.
    TakesRow,
    /// Not within the limit or the file.
    Unclosed,
}

/// Lines read ahead of records whose quotes are in doubt, so that they are not read again and again.
#[derive(Default)]
struct Doubts {
    /// Number of bytes of records, and of lines that were read ahead in vain.
    read: u64,
    read_ahead: u64,
    /// The last line that was read ahead in vain.
    last: i64,
    /// The line up to which no quote is closed that is open at the end of a line.
    unclosed: i64,
}

impl Doubts {
    /// Maximum of bytes read ahead in vain: for each byte of records, and besides.
    const PER_BYTE: u64 = 16;
    const BESIDES: u64 = 2 * LINE_LIMIT as u64;

    /// How the cell ends that is open at the end of a line, where that is known. A cell is taken for one that takes in a
    /// row where it would take too long to find out.
    fn end(&self, line: i64) -> Option<CellEnd> {
        let is_too_much = self.read_ahead > self.read * Self::PER_BYTE + Self::BESIDES;
        match line {
            // From here on, it is read as the cell that was open on this line.
            line if line < self.unclosed => Some(CellEnd::Unclosed),
            line if line < self.last && is_too_much => Some(CellEnd::TakesRow),
            _ => None,
        }
    }

    /// Adds lines that were read ahead in vain.
    fn add(&mut self, ahead: &[(i64, Line)], is_unclosed: bool) {
        let length = |(_, line): &(i64, Line)| match line {
            Line::Whole(bytes) => bytes.len() as u64,
            Line::TooLong => 0,
        };
        let Some((last, _)) = ahead.last() else { return };
        self.last = self.last.max(*last);
        if is_unclosed {
            // That is known of the next lines then.
            self.unclosed = self.unclosed.max(*last);
        } else {
            self.read_ahead += ahead.iter().map(length).sum::<u64>();
        }
    }
}

/// A record.
#[derive(Debug, PartialEq)]
pub(crate) struct SourceRecord {
    /// The line on which it starts.
    pub(crate) line: i64,
    pub(crate) fields: Result<Vec<String>, RowError>,
    pub(crate) text: SourceRow,
}

impl<R: BufRead> CsvReader<R> {
    /// Skips the lines before the header and reads it; `None` for a table without one.
    pub(crate) fn new(reader: R, dialect: Dialect) -> io::Result<(Self, Option<SourceRecord>)> {
        let lines = Lines::ending_with(reader, dialect.line_end);
        let head = Arc::default();
        let (pending, doubts) = (VecDeque::new(), Doubts::default());
        let mut reader = Self { lines, pending, dialect, width: 0, head, doubts };
        while let Some((number, line)) = reader.next_line()? {
            if number >= dialect.header_line {
                reader.pending.push_back((number, line));
                break;
            }
        }
        let header = reader.next()?;
        if let Some(SourceRecord { fields: Ok(fields), text: SourceRow::Csv(line, _), .. }) =
            &header
        {
            reader.width = fields.len();
            let head = TableHead { line: line.clone(), delimiter: dialect.delimiter };
            reader.head = Arc::new(head);
        }
        Ok((reader, header))
    }

    /// Reads the next record, skipping blank lines.
    pub(crate) fn next(&mut self) -> io::Result<Option<SourceRecord>> {
        loop {
            let Some((number, line)) = self.next_line()? else { return Ok(None) };
            let Line::Whole(bytes) = line else {
                let fields = Err(RowError::too_long());
                return Ok(Some(SourceRecord {
                    line: number,
                    fields,
                    text: self.text(Vec::new()),
                }));
            };
            if !bytes.trim_ascii().is_empty() {
                return self.record(number, bytes).map(Some);
            }
        }
    }

    /// Reads the record that starts with a line.
    fn record(&mut self, number: i64, mut first: Vec<u8>) -> io::Result<SourceRecord> {
        let mut record = RecordParser::new(self.dialect.delimiter, self.dialect.quotes);
        record.push(&first);
        let mut ahead: Vec<(i64, Line)> = Vec::new();
        self.doubts.read += first.len() as u64;
        let known = if record.is_open() { self.doubts.end(number) } else { Some(CellEnd::Closed) };
        let end = match known {
            Some(end) => end,
            None => self.read_on(&mut record, &first, &mut ahead)?,
        };
        let is_unclosed = end == CellEnd::Unclosed;
        if end == CellEnd::Closed {
            let is_regular = !record.is_irregular();
            let fields = record.finish();
            if ahead.is_empty() || self.width == 0 || is_regular && fields.len() == self.width {
                for (_, line) in &ahead {
                    if let Line::Whole(bytes) = line {
                        first.extend_from_slice(bytes);
                    }
                }
                return Ok(self.finished(number, fields, first));
            }
        }
        self.doubts.add(&ahead, is_unclosed);
        let last = ahead.last().map_or(self.doubts.last, |(line, _)| *line);
        for line in ahead.into_iter().rev() {
            self.pending.push_front(line);
        }
        // Tables with tabs are mostly written without quotes around fields.
        if self.dialect.delimiter == b'\t' && self.is_row_without_quotes(&first) {
            let fields = RecordParser::line(&first, b'\t', false);
            return Ok(self.finished(number, fields, first));
        }
        let closed = match is_unclosed {
            true => "not closed within 1 MiB",
            false => "closed on another line only",
        };
        let reach = match last > number {
            true => format!("; it would take in rows up to line {last}"),
            false => String::new(),
        };
        let message = format!(
            "has a quote (\") that is {closed}{reach}. Remove or double the quote, or read the file with --quotes none"
        );
        let error = RowError::row("MALFORMED_CSV", message);
        Ok(SourceRecord { line: number, fields: Err(error), text: self.text(first) })
    }

    /// Reads lines up to the end of a quoted cell.
    fn read_on(
        &mut self,
        record: &mut RecordParser,
        first: &[u8],
        ahead: &mut Vec<(i64, Line)>,
    ) -> io::Result<CellEnd> {
        let Dialect { delimiter, quotes, .. } = self.dialect;
        let key = RecordParser::line(first, delimiter, quotes).swap_remove(0);
        let is_row = self.width > 2 && self.is_row_without_quotes(first);
        let mut length = first.len();
        while record.is_open() {
            let Some((number, line)) = self.next_line()? else { return Ok(CellEnd::Unclosed) };
            let (is_over, is_whole) = match &line {
                Line::Whole(bytes) => {
                    length += bytes.len();
                    record.push(bytes);
                    (length > LINE_LIMIT, self.is_row(bytes, &key))
                }
                Line::TooLong => (true, false),
            };
            ahead.push((number, line));
            // The last line of a cell may look like a row; one within it must not.
            if is_over && record.is_open() {
                return Ok(CellEnd::Unclosed);
            }
            if is_over || is_whole && (record.is_open() || is_row) {
                return Ok(CellEnd::TakesRow);
            }
        }
        Ok(CellEnd::Closed)
    }

    /// Whether a line by itself has as many fields as the header, and its first field is an id as
    /// `key` is. Words of a text have blanks behind their commas.
    fn is_row(&self, line: &[u8], key: &[u8]) -> bool {
        let Dialect { delimiter, quotes, .. } = self.dialect;
        let fields = RecordParser::line(line, delimiter, quotes);
        let is_prose = || fields[1..].iter().all(|field| field.starts_with(b" "));
        let has_digit = |field: &[u8]| field.iter().any(u8::is_ascii_digit);
        self.width > 1
            && fields.len() == self.width
            && is_key(&fields[0])
            && (has_digit(&fields[0]) || !has_digit(key))
            && !is_prose()
    }

    fn is_row_without_quotes(&self, line: &[u8]) -> bool {
        RecordParser::line(line, self.dialect.delimiter, false).len() == self.width
    }

    fn finished(&self, line: i64, fields: Vec<Vec<u8>>, bytes: Vec<u8>) -> SourceRecord {
        let texts: Result<Vec<String>, _> = fields.into_iter().map(String::from_utf8).collect();
        let fields = texts.map_err(|error| {
            let message = format!(
                "is not UTF-8, as most of the file is (byte {} of a field); if the whole file is an \
                 old one, --encoding windows-1252 reads it",
                error.utf8_error().valid_up_to() + 1
            );
            RowError::row("MALFORMED_CSV", message)
        });
        let fields = fields.map(|fields| self.dialect.cells(fields));
        SourceRecord { line, fields, text: self.text(bytes) }
    }

    /// The row for a rejects file, in which a sheet is a table like others.
    fn text(&self, mut bytes: Vec<u8>) -> SourceRow {
        bytes.truncate(strip_end(&bytes).len());
        if self.dialect.is_sheet
            && let Some(text) = std::str::from_utf8(&bytes).ok().and_then(sheet_text)
        {
            bytes = text.into_bytes();
        }
        SourceRow::Csv(bytes, self.head.clone())
    }

    fn next_line(&mut self) -> io::Result<Option<(i64, Line)>> {
        match self.pending.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.lines.next(),
        }
    }
}

/// Whether a first field is an id rather than words of a text.
fn is_key(field: &[u8]) -> bool {
    !field.is_empty() && !field.iter().any(u8::is_ascii_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::TableOptions;

    fn read(text: &str) -> Vec<SourceRecord> {
        let dialect = Dialect::detect(text, TableOptions::default(), |_| 0);
        let dialect = Dialect { header_line: 1, ..dialect };
        let (mut reader, first) = CsvReader::new(text.as_bytes(), dialect).unwrap();
        let mut all: Vec<SourceRecord> = first.into_iter().collect();
        while let Some(record) = reader.next().unwrap() {
            all.push(record);
        }
        all
    }

    /// Lines and fields; `None` for a rejected record.
    fn shown(text: &str) -> Vec<(i64, Option<Vec<String>>)> {
        read(text).into_iter().map(|record| (record.line, record.fields.ok())).collect()
    }

    fn row(line: i64, texts: &[&str]) -> (i64, Option<Vec<String>>) {
        (line, Some(texts.iter().map(|text| (*text).to_owned()).collect()))
    }

    #[test]
    fn quoted_fields_contain_delimiters_quotes_and_line_endings() {
        let all = shown("id,name\r\n\r\n1,\"a, \"\"b\"\"\r\nc\"\r\n2,3.5\" disk\r\n3,\n");
        let expected = [
            row(1, &["id", "name"]),
            row(3, &["1", "a, \"b\"\r\nc"]),
            row(5, &["2", "3.5\" disk"]),
            row(6, &["3", ""]),
        ];
        assert_eq!(all, expected);
        let text = "id,name,text,brand\n1,a,\"warm, soft,\nand blue\n\n- one\",x\n2,b,c,y\n";
        assert_eq!(shown(text)[1], row(2, &["1", "a", "warm, soft,\nand blue\n\n- one", "x"]));
        assert_eq!(shown(text)[2], row(6, &["2", "b", "c", "y"]));
    }

    #[test]
    fn an_unclosed_quote_rejects_one_row() {
        let all = read("id,name\n1,\"open\n2,whole\n3,also\n");
        assert_eq!(all[1].line, 2);
        let error = all[1].fields.as_ref().unwrap_err();
        assert_eq!(error.reason, "MALFORMED_CSV");
        assert_eq!(all[1].text.to_json(), r#""1,\"open""#, "for the user to correct");
        let rest = [row(3, &["2", "whole"]), row(4, &["3", "also"])];
        assert_eq!(shown("id,name\n1,\"open\n2,whole\n3,also\n")[2..], rest);
    }

    #[test]
    fn a_quote_that_closes_rows_later_swallows_none() {
        let rows: Vec<String> = (3..100).map(|n| format!("{n},b,c,d")).collect();
        let text = format!("id,name,x,y\n1,\"open,c,d\n{}\n100,12\",c,d\n", rows.join("\n"));
        let all = shown(&text);
        assert_eq!(all.len(), 100);
        assert_eq!(all[1], (2, None));
        assert!(all[2..].iter().all(|(_, fields)| fields.is_some()));
        // The very next row closes it.
        let all = shown("id,name,x,y\n1,\"open,c,d\n2,12\",c,d\n3,b,c,d\n");
        assert_eq!((all.len(), all[1].1.is_none(), all[2].1.is_some()), (4, true, true));
    }

    #[test]
    fn lines_that_open_quotes_are_not_read_again_for_each() {
        let line = format!("x\",\"{}\n", "y".repeat(95));
        // Never closed; closed far away, each time with too many cells.
        for (rows, end) in [(15_000, ""), (3_000, "\n\"")] {
            let text = format!("a,b,c,d\n{}{end}", line.repeat(rows));
            let dialect = Dialect::detect("a,b,c,d\n", TableOptions::default(), |_| 0);
            let (mut reader, _) = CsvReader::new(text.as_bytes(), dialect).unwrap();
            for line in 2..rows as i64 - 2 {
                let record = reader.next().unwrap().unwrap();
                assert_eq!((record.line, record.fields.is_err()), (line, true));
            }
            let (read_ahead, most) = (reader.doubts.read_ahead, 16 * text.len() + (3 << 20));
            assert!(read_ahead < most as u64, "{read_ahead}");
        }
    }

    #[test]
    fn quotes_in_a_table_with_tabs_are_letters_if_in_doubt() {
        let all = shown("id\tname\tx\n1\t\"open\tc\n2\tb\tc\n3\t\"Zero\" Cola\tc\n");
        assert_eq!(all[1], row(2, &["1", "\"open", "c"]));
        assert_eq!(all[2], row(3, &["2", "b", "c"]));
        assert_eq!(all[3], row(4, &["3", "Zero Cola", "c"]));
    }

    #[test]
    fn carriage_returns_end_lines_if_there_are_no_others() {
        assert_eq!(shown("id,name\r1,a\r2,b\r")[1..], [row(2, &["1", "a"]), row(3, &["2", "b"])]);
        assert_eq!(shown("id;name\n1;a,b\n")[1], row(2, &["1", "a,b"]));
    }
}
