//! Rows of tables.

use anyhow::{Context as _, Result, anyhow};

use crate::{
    field_map::{FieldMap, Style},
    input::Source,
    native_table,
    reading::{Emit, Reading, Weights, check_repeated},
    rows::Mapper,
    table::{CsvReader, Dialect, Header, RowShape, SourceRecord, TableOptions, is_blank},
    values::words,
};

/// Reads a table to its end, or until `emit` returns false.
pub(crate) fn read(source: Source, reading: &mut Reading<'_>, emit: Emit<'_>) -> Result<()> {
    let Source { reader, head, is_sheet, .. } = source;
    let given = reading.map.map(|map| reading.settings(map));
    let given = given.unwrap_or_else(|| reading.options.settings.clone());
    let options = TableOptions::new(&given, is_sheet);
    let weights = Weights::of(reading.map);
    let dialect = Dialect::detect(&head, options, |name| weights.of_name(name));
    let (mut reader, header) = CsvReader::new(reader, dialect).context("its header")?;
    let Some(SourceRecord { line, fields, .. }) = header else { return Ok(()) };
    let fields = fields
        .map_err(|error| anyhow!("the header on line {line} cannot be read: {}", error.message))?;
    note_preamble(line, &head, dialect, reading);
    let (map, header) = with_map(fields, &dialect.rows(&head), reading)?;
    let shape = RowShape { trims: dialect.trims };
    let mut notes = std::mem::take(&mut reading.notes);
    let mut mapper = Mapper::new(&map, &mut notes, emit);
    let mut last = line;
    let ended = loop {
        let next = reader.next().with_context(|| format!("after line {last}"));
        let next = match next {
            Ok(Some(next)) => next,
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        };
        last = next.line;
        let SourceRecord { line, fields, text } = next;
        let record = match fields {
            // A row of delimiters alone is blank.
            Ok(fields) if fields.iter().all(|text| is_blank(text)) => continue,
            Ok(fields) => {
                if let Some(column) = header.unnamed_value(&fields) {
                    mapper.notes.nameless(line, column);
                }
                header.record(&fields, shape)
            }
            Err(error) => Err(error),
        };
        if let Ok(record) = &record {
            reading.summary.note(record);
        }
        if !mapper.push(line, text, record) {
            break Ok(());
        }
    };
    // Of a source that cannot be read on, the last product may lack rows.
    if ended.is_ok() {
        mapper.finish();
    }
    reading.notes = notes;
    reading.note_currency(&map);
    ended
}

/// Finds the map for a header, and how the values below it are written.
fn with_map(
    texts: Vec<String>,
    rows: &[Vec<String>],
    reading: &mut Reading<'_>,
) -> Result<(FieldMap, Header)> {
    let blanks = |settings: &crate::Settings| {
        let default = || words::BLANKS.map(str::to_owned).to_vec();
        settings.blank.clone().unwrap_or_else(default)
    };
    let probe = Header::new(texts.clone(), Vec::new())?;
    let columns: Vec<&str> = probe.names().collect();
    let names: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
    let (mut map, is_native) = match reading.map {
        Some(map) => (reading.over_shipped(map, columns.iter().copied()), false),
        None => match native_table::columns(&names) {
            Ok(map) => (map, true),
            Err(error) => {
                let Some(map) = reading.shipped(columns.iter().copied()) else {
                    return Err(error.context("no map fits (--guess prints one for this file)"));
                };
                (map, false)
            }
        },
    };
    check_repeated(&map, probe.repeated())?;
    // The file of an export is as it was written.
    let is_literal = is_native && map.etag.is_some();
    let settings = reading.settings(&map);
    let words = if is_literal { Vec::new() } else { blanks(&settings) };
    let mut header = Header::new(texts, words)?;
    if is_native {
        header.set_native();
    }
    map.style = Style::find(&settings, is_literal, &header.samples(rows), map.price_fields());
    Ok((map, header))
}

fn note_preamble(line: i64, head: &str, dialect: Dialect, reading: &mut Reading<'_>) {
    let before = head.split(char::from(dialect.line_end)).take((line - 1).max(0) as usize);
    let skipped = before.filter(|text| !text.trim().is_empty()).count();
    if skipped > 0 {
        let lines = if skipped == 1 { "line" } else { "lines" };
        reading.summary.notes.push(format!(
            "the header is on line {line}; {skipped} {lines} above it skipped (--header-line names \
             another)"
        ));
    }
}
