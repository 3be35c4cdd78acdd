//! Rows of JSON lines.

use std::io::BufRead;

use anyhow::{Context as _, Result};
use serde_json::{Map as Object, Value as Json};

use crate::{
    field_map::{FieldMap, MaskedProduct, Samples, Style},
    input::{Line, Lines, Source},
    native, native_table,
    parsed_row::ParsedRow,
    reading::{Emit, ReadOptions, Reading},
    rejected,
    row_error::RowError,
    rows::Mapper,
    source_row::SourceRow,
    value::{Record, Value},
};

/// Number of lines in which the values of fields are looked at.
const SAMPLE: usize = 300;

/// Reads lines to their end, or until `emit` returns false.
pub(crate) fn read(source: Source, reading: &mut Reading<'_>, emit: Emit<'_>) -> Result<()> {
    let Source { reader, head, .. } = source;
    let lines = Lines::new(reader);
    let Some(map) = map_of(&head, reading) else {
        return each_line(lines, |line, text| {
            // Product JSON: each row stands for itself.
            let ReadOptions { resume_after, collect_named, .. } = *reading.options;
            (line <= resume_after && !collect_named) || emit(native_row(line, text.as_deref()))
        });
    };
    let mut notes = std::mem::take(&mut reading.notes);
    let mut mapper = Mapper::new(&map, &mut notes, emit);
    let ended = each_line(lines, |line, text| {
        let (source_row, record) = match text {
            None => (SourceRow::Missing, Err(RowError::too_long())),
            Some(text) => mapped_line(&text),
        };
        if let Ok(record) = &record {
            reading.summary.note(record);
        }
        mapper.push(line, source_row, record)
    });
    if ended.is_ok() {
        mapper.finish();
    }
    reading.notes = notes;
    reading.note_currency(&map);
    ended
}

/// Passes each line that is not blank to `take`, until that returns false; without its text if that is
/// too long.
fn each_line(
    mut lines: Lines<Box<dyn BufRead + Send>>,
    mut take: impl FnMut(i64, Option<Vec<u8>>) -> bool,
) -> Result<()> {
    let mut last = 0;
    while let Some((number, line)) = lines.next().with_context(|| format!("after line {last}"))? {
        last = number;
        let text = match line {
            Line::TooLong => None,
            Line::Whole(bytes) if bytes.trim_ascii().is_empty() => continue,
            Line::Whole(bytes) => Some(bytes),
        };
        if !take(number, text) {
            break;
        }
    }
    Ok(())
}

/// The map for lines that begin with `head`; `None` for product JSON.
fn map_of(head: &str, reading: &mut Reading<'_>) -> Option<FieldMap> {
    let first = head.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let keys: Vec<String> = match serde_json::from_str::<Object<String, Json>>(first) {
        Ok(object) if rejected::row(first.as_bytes()).is_none() => {
            object.into_iter().map(|(key, _)| key).collect()
        }
        _ => Vec::new(),
    };
    let columns = keys.iter().map(String::as_str);
    let mut map = match reading.map {
        Some(map) => reading.over_shipped(map, columns),
        None if keys.iter().all(|key| native::is_field(key)) => return None,
        None => reading.shipped(columns)?,
    };
    let settings = reading.settings(&map);
    map.style = Style::find(&settings, false, &samples(head, &map), map.price_fields());
    Some(map)
}

/// The texts of the first lines, which may be numbers as people write them.
fn samples(head: &str, map: &FieldMap) -> Samples {
    let lines = head.lines().filter(|line| !line.trim().is_empty()).take(SAMPLE);
    // The head may end within a line.
    let records: Vec<Record> = lines.filter_map(|line| record(line.as_bytes()).ok()).collect();
    let values = |name: String| {
        let values = records.iter().filter_map(|record| match record.at(&name)?.into_owned() {
            Value::Text(text) => Some(text),
            _ => None,
        });
        let values = values.collect();
        (name, values)
    };
    Samples { fields: map.source_fields().into_iter().map(values).collect(), are_texts: false }
}

fn mapped_line(line: &[u8]) -> (SourceRow, Result<Record, RowError>) {
    match rejected::row(line) {
        Some(Json::Object(object)) => {
            let text = Json::Object(object).to_string();
            let record = record(text.as_bytes());
            (SourceRow::Object(text), record)
        }
        Some(other) => not_an_object(&other),
        None => {
            let record = record(line);
            (SourceRow::line(line, record.is_ok()), record)
        }
    }
}

fn native_row(line: i64, text: Option<&[u8]>) -> ParsedRow {
    let (source_row, row) = match text {
        None => (SourceRow::Missing, Err(RowError::too_long())),
        Some(text) => native_line(text),
    };
    let outcome = row.and_then(|row| native::row(line, row));
    let key = if outcome.is_err() { text.and_then(key_of) } else { None };
    let (source_rows, rejects) = (vec![(line, source_row)], Vec::new());
    ParsedRow { line, last_line: line, source_rows, outcome, key, rejects }
}

/// The id of the product of a row that is invalid otherwise.
fn key_of(text: &[u8]) -> Option<String> {
    let object: Object<String, Json> = serde_json::from_slice(text).ok()?;
    let keys = ["id", "external_id", "externalId"].into_iter().filter_map(|key| object.get(key));
    keys.filter_map(Json::as_str).find(|key| !key.is_empty()).map(str::to_owned)
}

/// Parses a line of product JSON, or of a rejects file that the user has corrected.
fn native_line(line: &[u8]) -> (SourceRow, Result<MaskedProduct, RowError>) {
    match rejected::row(line) {
        Some(Json::Object(object)) => {
            let columns = native_columns(&object);
            let text = Json::Object(object).to_string();
            let product = match columns {
                Some(map) => record(text.as_bytes()).and_then(|record| {
                    map.apply(&record).map(crate::field_map::Mapped::into_masked)
                }),
                None => native::product(text.as_bytes()),
            };
            (SourceRow::Object(text), product)
        }
        Some(other) => {
            let (source_row, outcome) = not_an_object(&other);
            (source_row, outcome.map(|_| Default::default()))
        }
        None => {
            let row = native::product(line);
            let is_object =
                row.as_ref().err().is_none_or(|error| error.reason != RowError::MALFORMED_JSON);
            (SourceRow::line(line, is_object), row)
        }
    }
}

fn not_an_object(row: &Json) -> (SourceRow, Result<Record, RowError>) {
    let message = "`row` is not an object; correct the unparsed text to one";
    let text = row.as_str().map_or_else(|| row.to_string(), str::to_owned);
    (SourceRow::Text(text), Err(RowError::row(RowError::MALFORMED_JSON, message)))
}

/// The field map for a rejected row of a native CSV, recognised by values that are all text.
fn native_columns(row: &Object<String, Json>) -> Option<FieldMap> {
    let names: Vec<String> = row.keys().cloned().collect();
    let is_text = row.values().all(Json::is_string);
    if is_text { native_table::columns(&names).ok() } else { None }
}

fn record(line: &[u8]) -> Result<Record, RowError> {
    match serde_json::from_slice(line).map_err(|error| RowError::json(&error))? {
        Value::Object(record) => Ok(record),
        other => {
            let message = format!("is {}, must be a JSON object", other.kind());
            Err(RowError::row(RowError::MALFORMED_JSON, message))
        }
    }
}
