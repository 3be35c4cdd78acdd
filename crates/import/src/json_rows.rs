//! Rows of JSON lines.

use anyhow::{Context as _, Result};
use serde_json::{Map as Object, Value as Json};

use crate::{
    field_map::{FieldMap, MaskedProduct},
    input::{Line, Lines, Source},
    native, native_table,
    parsed_row::ParsedRow,
    reading::{Emit, Reading, is_settled},
    rejected,
    row_error::RowError,
    rows::Mapper,
    source_row::SourceRow,
    value::{Record, Value},
};

/// Reads lines to their end, or until `emit` returns false.
pub(crate) fn read(source: Source, reading: &mut Reading<'_>, emit: Emit<'_>) -> Result<()> {
    let Source { reader, head, .. } = source;
    let mut lines = Lines::new(reader);
    let Some(map) = map_of(&head, reading) else { return native_lines(lines, reading, emit) };
    let mut notes = std::mem::take(&mut reading.notes);
    let mut mapper = Mapper::new(&map, &mut notes, emit);
    let mut last = 0;
    let ended = loop {
        let (number, line) = match lines.next().with_context(|| format!("after line {last}")) {
            Ok(Some(next)) => next,
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        };
        last = number;
        if is_settled(number, reading.options) {
            continue;
        }
        let (source_row, record) = match line {
            Line::TooLong => (SourceRow::Missing, Err(RowError::too_long())),
            Line::Whole(bytes) if bytes.trim_ascii().is_empty() => continue,
            Line::Whole(bytes) => mapped_line(&bytes),
        };
        if let Ok(record) = &record {
            reading.summary.note(record);
        }
        if !mapper.push(number, source_row, record) {
            break Ok(());
        }
    };
    mapper.finish();
    reading.notes = notes;
    reading.note_currency(&map);
    ended
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
    map.set_style(&settings, false, std::iter::empty(), |_| Vec::new());
    Some(map)
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

/// Product JSON, whose rows stand for themselves.
fn native_lines(
    mut lines: Lines<crate::reading::Reader>,
    reading: &mut Reading<'_>,
    emit: Emit<'_>,
) -> Result<()> {
    let mut last = 0;
    loop {
        let next = lines.next().with_context(|| format!("after line {last}"))?;
        let Some((line, bytes)) = next else { return Ok(()) };
        last = line;
        let (source_row, row) = match bytes {
            _ if is_settled(line, reading.options) => continue,
            Line::TooLong => (SourceRow::Missing, Err(RowError::too_long())),
            Line::Whole(bytes) if bytes.trim_ascii().is_empty() => continue,
            Line::Whole(bytes) => native_line(&bytes),
        };
        let outcome = row.and_then(|row| native::row(line, row));
        let source_rows = vec![(line, source_row)];
        let rejects = Vec::new();
        if !emit(ParsedRow { line, last_line: line, source_rows, outcome, rejects }) {
            return Ok(());
        }
    }
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
