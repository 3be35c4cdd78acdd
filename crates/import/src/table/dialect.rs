//! The dialect of a table, found by consistency over its first rows: line ends, delimiter, header.

use super::record_parser::RecordParser;
use crate::{field_map::Settings, input::sheet_text};

/// Number of records that the dialect is found in.
const SAMPLE: usize = 300;
/// Number of records in which the header is looked for.
const PREAMBLE: usize = 30;
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Statements of a user about a table. An omitted one is detected.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct TableOptions {
    pub delimiter: Option<u8>,
    /// Line of the header.
    pub header_line: Option<i64>,
    /// Whether quotes are letters like others.
    pub no_quotes: bool,
    /// Whether it is the sheet of a workbook.
    pub is_sheet: bool,
}

impl TableOptions {
    /// The statements in `settings`. A sheet was written here: how is known, and only the place of its
    /// header can be said.
    pub(crate) fn new(settings: &Settings, is_sheet: bool) -> Self {
        let delimiter = settings.delimiter.and_then(|letter| u8::try_from(letter).ok());
        Self {
            delimiter: if is_sheet { Some(b',') } else { delimiter },
            header_line: settings.header_line,
            no_quotes: !is_sheet && settings.no_quotes.unwrap_or(false),
            is_sheet,
        }
    }
}

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub(crate) delimiter: u8,
    /// The byte that ends a line.
    pub(crate) line_end: u8,
    pub(crate) quotes: bool,
    pub(crate) header_line: i64,
    /// Whether rows are written without their blank cells at the end.
    pub(crate) trims: bool,
    /// Whether it is the sheet of a workbook, see [`sheet_text`].
    pub(crate) is_sheet: bool,
}

impl Dialect {
    /// Finds the dialect in the first part of a table. `weight` says how much a name tells that its
    /// line is the header.
    pub(crate) fn detect(
        head: &str,
        options: TableOptions,
        weight: impl Fn(&str) -> usize,
    ) -> Self {
        let line_end = if !head.contains('\n') && head.contains('\r') { b'\r' } else { b'\n' };
        let quotes = !options.no_quotes;
        let best = |delimiter: &u8| score(&sample(head, line_end, *delimiter, quotes));
        let delimiter = options.delimiter.unwrap_or_else(|| {
            let found = DELIMITERS.into_iter().map(|delimiter| (best(&delimiter), delimiter));
            let found = found.filter(|(score, _)| *score > 0.0);
            // Of equal ones the first.
            found.rev().max_by(|a, b| a.0.total_cmp(&b.0)).map_or(b',', |(_, delimiter)| delimiter)
        });
        let records = sample(head, line_end, delimiter, quotes);
        let header_line = options.header_line.unwrap_or_else(|| header(&records, weight));
        let width = records.iter().find(|(line, _)| *line == header_line);
        let width = width.map_or(0, |(_, fields)| fields.len());
        let rows = || records.iter().filter(|(line, _)| *line > header_line).map(|(_, row)| row);
        let ends_blank = |row: &&Vec<String>| row.last().is_some_and(|cell| cell.trim().is_empty());
        let trims = rows().any(|row| row.len() < width) && rows().all(|row| !ends_blank(&row));
        Self { delimiter, line_end, quotes, header_line, trims, is_sheet: options.is_sheet }
    }

    /// The cells of the header.
    pub(crate) fn header(&self, head: &str) -> Vec<String> {
        let mut records = self.sample(head);
        let header = records.find(|(line, _)| *line == self.header_line);
        header.map(|(_, fields)| fields).unwrap_or_default()
    }

    /// The first rows below the header.
    pub(crate) fn rows(&self, head: &str) -> Vec<Vec<String>> {
        let below = self.sample(head).filter(|(line, _)| *line > self.header_line);
        below.map(|(_, fields)| fields).collect()
    }

    fn sample(&self, head: &str) -> impl Iterator<Item = (i64, Vec<String>)> {
        let records = sample(head, self.line_end, self.delimiter, self.quotes).into_iter();
        records.map(|(line, fields)| (line, self.cells(fields)))
    }

    /// The cells as they were before a sheet became lines.
    pub(super) fn cells(&self, mut fields: Vec<String>) -> Vec<String> {
        if self.is_sheet {
            for field in &mut fields {
                if let Some(text) = sheet_text(field) {
                    *field = text;
                }
            }
        }
        fields
    }
}

/// The first records that are not blank, with the lines on which they start. A quote that is not
/// closed within a few lines ends with its line.
fn sample(head: &str, line_end: u8, delimiter: u8, quotes: bool) -> Vec<(i64, Vec<String>)> {
    const LONGEST: usize = 50;
    let lines: Vec<&[u8]> = head.as_bytes().split_inclusive(|byte| *byte == line_end).collect();
    let mut records = Vec::new();
    let mut at = 0;
    while at < lines.len() && records.len() < SAMPLE {
        let (start, mut parser) = (at, RecordParser::new(delimiter, quotes));
        parser.push(lines[at]);
        at += 1;
        while parser.is_open() && at < lines.len() && at - start < LONGEST {
            parser.push(lines[at]);
            at += 1;
        }
        let fields = if parser.is_open() {
            at = start + 1;
            RecordParser::line(lines[start], delimiter, quotes)
        } else {
            parser.finish()
        };
        let texts: Vec<String> = fields
            .iter()
            .map(|field| String::from_utf8_lossy(field).trim_matches(['\u{feff}']).to_owned())
            .collect();
        if texts.iter().any(|text| !text.trim().is_empty()) {
            records.push((start as i64 + 1, texts));
        }
    }
    records
}

/// How well a delimiter explains the records: the share with the most frequent number of fields, weighted by that
/// number.
fn score(records: &[(i64, Vec<String>)]) -> f64 {
    let mut counts = std::collections::BTreeMap::<usize, usize>::new();
    for (_, fields) in records {
        *counts.entry(fields.len()).or_default() += 1;
    }
    let Some((&fields, &records_of_it)) =
        counts.iter().max_by_key(|(fields, count)| (**count, **fields))
    else {
        return 0.0;
    };
    records_of_it as f64 / records.len() as f64 * (fields as f64).ln()
}

/// The line of the header: of the first records the one with the best known names, else the first one that is as wide
/// as most.
fn header(records: &[(i64, Vec<String>)], weight: impl Fn(&str) -> usize) -> i64 {
    let known = |fields: &[String]| {
        let mut names: Vec<&str> = fields.iter().map(|field| field.trim()).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().map(&weight).sum::<usize>()
    };
    let first = records.first().map_or(1, |(line, _)| *line);
    let named = records.iter().take(PREAMBLE).map(|(line, fields)| (known(fields), *line));
    // Of equal ones the first.
    if let Some((names, line)) = named.rev().max_by_key(|(names, _)| *names)
        && names > 0
    {
        return line;
    }
    let filled = |fields: &[String]| fields.iter().filter(|text| !text.trim().is_empty()).count();
    let widest = records.iter().map(|(_, fields)| filled(fields)).max().unwrap_or_default();
    let wide = records.iter().take(PREAMBLE).find(|(_, fields)| filled(fields) * 2 > widest);
    wide.map_or(first, |(line, _)| *line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(head: &str) -> (char, i64) {
        let known = ["id", "name", "price", "item_sku"];
        let found = Dialect::detect(head, TableOptions::default(), |name| {
            usize::from(known.contains(&name))
        });
        (char::from(found.delimiter), found.header_line)
    }

    #[test]
    fn the_delimiter_is_the_consistent_one() {
        assert_eq!(detect("id;name (x,y,z);price (a, b)\n1;a;2,50\n2;b;3\n"), (';', 1));
        assert_eq!(detect("id,name\n1,\"a;b\nc;d\"\n2,e;f\n"), (',', 1));
        assert_eq!(detect("id\tname\n1\ta,b\n"), ('\t', 1));
        assert_eq!(detect("id|name\r1|a\r"), ('|', 1));
        assert_eq!(detect("id\n1\n"), (',', 1));
        assert_eq!(detect("id,name,,,\n1,a,,,\n2,b\n3,c,,,,,\n"), (',', 1));
    }

    #[test]
    fn the_header_is_found_below_a_preamble() {
        let amazon =
            "Template=home\tVersion=1\t\nSKU\tTitle\tCost\nitem_sku\tname\tprice\nA\tb\t1\n";
        assert_eq!(detect(amazon), ('\t', 3));
        assert_eq!(detect("Our list\n\nArt;Bez;Preis\n1;a;2\n"), (';', 3));
    }

    #[test]
    fn rows_without_their_blank_ends_are_noticed() {
        let trims = |head: &str| Dialect::detect(head, TableOptions::default(), |_| 0).trims;
        assert!(trims("id,name,brand\n1,a,x\n2,b\n"));
        assert!(!trims("id,name,brand\n1,a,\n2,b\n"));
    }
}
