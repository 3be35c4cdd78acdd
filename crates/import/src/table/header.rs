//! The header of a table, and rows in its columns.

use std::collections::{HashMap, hash_map::Entry};

use anyhow::{Result, ensure};

use super::MAX_COLUMNS;
use crate::{
    field_map::Samples,
    native_table::REJECT_COLUMNS,
    row_error::RowError,
    value::{Record, Value},
};

/// The columns of a table.
#[derive(Debug)]
pub(crate) struct Header {
    /// The names as they are, for the rejects file.
    pub(crate) texts: Vec<String>,
    /// The name of each record entry, and the columns it stands in.
    columns: Vec<(String, Vec<usize>)>,
    /// Number of columns up to the last one with a name.
    named: usize,
    /// Columns without a name.
    nameless: Vec<usize>,
    /// Words that stand for a blank cell, in lower case.
    blanks: Vec<String>,
    is_native: bool,
}

/// First letters of cells that spreadsheets take for formulas, and of cells that are guarded.
const FORMULA_SIGNS: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\''];

/// How rows fit the header.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowShape {
    /// Whether rows lack blank cells at their end.
    pub(crate) trims: bool,
}

impl Header {
    /// `blanks` are words that stand for a blank cell. The columns of a rejects file are left out.
    ///
    /// # Errors
    /// There are more than [`MAX_COLUMNS`] columns.
    pub(crate) fn new(texts: Vec<String>, blanks: Vec<String>) -> Result<Self> {
        ensure!(
            texts.len() <= MAX_COLUMNS,
            "the header has more than {MAX_COLUMNS} columns, the most that a sheet can have; leave out those that are \
             not needed, or name its line (--header-line) or the delimiter (--delimiter)"
        );
        let mut columns: Vec<(String, Vec<usize>)> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        let (mut named, mut nameless) = (0, Vec::new());
        for (index, text) in texts.iter().enumerate() {
            let text = text.trim();
            if text.is_empty() {
                nameless.push(index);
                continue;
            }
            named = index + 1;
            if REJECT_COLUMNS.contains(&text) {
                continue;
            }
            match places.entry(text) {
                Entry::Occupied(place) => columns[*place.get()].1.push(index),
                Entry::Vacant(place) => {
                    place.insert(columns.len());
                    columns.push((text.to_owned(), vec![index]));
                }
            }
        }
        Ok(Self { texts, columns, named, nameless, blanks, is_native: false })
    }

    /// Reads cells as an export writes them: with an apostrophe before text that a spreadsheet
    /// would read as a formula.
    pub(crate) fn set_native(&mut self) {
        self.is_native = true;
    }

    /// The values of the columns in the first rows.
    pub(crate) fn samples(&self, rows: &[Vec<String>]) -> Samples {
        let values = |(name, indexes): &(String, Vec<usize>)| {
            let cells =
                indexes.iter().flat_map(|index| rows.iter().map(move |row| row.get(*index)));
            let cells = cells.flatten().filter(|text| !is_blank(text) && !self.is_blank_word(text));
            (name.clone(), cells.cloned().collect())
        };
        Samples { fields: self.columns.iter().map(values).collect(), are_texts: true }
    }

    fn is_blank_word(&self, text: &str) -> bool {
        // A letter is at most three times as long in upper case.
        let longest = 3 * self.blanks.iter().map(String::len).max().unwrap_or_default();
        let word = text.trim();
        word.len() <= longest && self.blanks.contains(&word.to_lowercase())
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// The names that several columns have, with the numbers of these, from 1.
    pub(crate) fn repeated(&self) -> impl Iterator<Item = (&str, Vec<usize>)> {
        let repeated = self.columns.iter().filter(|(_, indexes)| indexes.len() > 1);
        repeated.map(|(name, at)| (name.as_str(), at.iter().map(|index| index + 1).collect()))
    }

    /// The number of the first column without a name that has a value in the row, from 1.
    pub(crate) fn unnamed_value(&self, fields: &[String]) -> Option<usize> {
        let has_value = |index: &&usize| fields.get(**index).is_some_and(|text| !is_blank(text));
        self.nameless.iter().find(has_value).map(|index| index + 1)
    }

    /// The row as a record. Cells that it lacks at its end are absent.
    ///
    /// # Errors
    /// The row has too many or too few cells.
    pub(crate) fn record(&self, fields: &[String], shape: RowShape) -> Result<Record, RowError> {
        let beyond = fields.get(self.texts.len()..).unwrap_or_default();
        let may_be_short = shape.trims && fields.len() > 1;
        if beyond.iter().any(|text| !is_blank(text)) || (fields.len() < self.named && !may_be_short)
        {
            let message =
                format!("has {} columns, the header has {}", fields.len(), self.texts.len());
            return Err(RowError::row("MALFORMED_CSV", message));
        }
        let mut record = Record::default();
        for (name, indexes) in &self.columns {
            let mut cells = indexes.iter().filter_map(|index| fields.get(*index));
            let value = match &indexes[..] {
                [_] => match cells.next() {
                    Some(text) => self.value(text),
                    None => continue,
                },
                _ => Value::Cells(
                    cells.map(|text| self.value(text)).filter(|value| !value.is_blank()).collect(),
                ),
            };
            record.push(name.clone(), value);
        }
        Ok(record)
    }

    fn value(&self, text: &str) -> Value {
        if self.is_blank_word(text) || is_blank(text) {
            return Value::Text(String::new());
        }
        // Others, such as WooCommerce, guard fewer letters.
        let signs = if self.is_native { &FORMULA_SIGNS[..] } else { &FORMULA_SIGNS[..4] };
        let guarded = text.strip_prefix('\'').filter(|rest| begins_with(rest, signs));
        Value::Text(guarded.unwrap_or(text).to_owned())
    }
}

/// Whether a spreadsheet takes a text for a formula, or it looks guarded against that. Some remove blanks before it.
pub fn is_formula(text: &str) -> bool {
    begins_with(text, &FORMULA_SIGNS)
}

/// Whether a text begins with one of the signs, or does behind blanks.
fn begins_with(text: &str, signs: &[char]) -> bool {
    text.starts_with(signs) || text.trim_start().starts_with(signs)
}

/// Whether a cell has nothing in it.
pub(crate) fn is_blank(text: &str) -> bool {
    text.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}').is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_blank_have_any_length() {
        let blanks = ["n/a", "nicht vorhanden"].map(str::to_owned).to_vec();
        let header = Header::new(vec!["id".to_owned(), "name".to_owned()], blanks).unwrap();
        let row = ["1", " Nicht Vorhanden "].map(str::to_owned);
        let record = header.record(&row, RowShape { trims: false }).unwrap();
        assert_eq!(record.get("name"), Some(&Value::from("")));
        assert_eq!(record.get("id"), Some(&Value::from("1")));
    }

    #[test]
    fn a_header_is_as_wide_as_a_sheet_at_most() {
        let texts = |count: usize| (0..count).map(|number| format!("c{number}")).collect();
        assert_eq!(
            Header::new(texts(MAX_COLUMNS), Vec::new()).unwrap().names().count(),
            MAX_COLUMNS
        );
        let error = Header::new(texts(MAX_COLUMNS + 1), Vec::new()).unwrap_err().to_string();
        assert!(error.contains("more than 16384 columns"), "{error}");
    }

    #[test]
    fn guards_of_formulas_are_removed() {
        let mut header = Header::new(vec!["a".to_owned(), "b".to_owned()], Vec::new()).unwrap();
        let row = ["'=1+1", "''s"].map(str::to_owned);
        let read = |header: &Header, row: &[String]| {
            let record = header.record(row, RowShape { trims: false }).unwrap();
            record.iter().map(|(_, value)| value.clone()).collect::<Vec<_>>()
        };
        let behind_blanks = ["' =1+1", "' 's"].map(str::to_owned);
        assert_eq!(read(&header, &row), ["=1+1", "''s"].map(Value::from));
        assert_eq!(read(&header, &behind_blanks), [" =1+1", "' 's"].map(Value::from));
        header.set_native();
        assert_eq!(read(&header, &row), ["=1+1", "'s"].map(Value::from));
        assert_eq!(read(&header, &behind_blanks), [" =1+1", " 's"].map(Value::from));
    }
}
