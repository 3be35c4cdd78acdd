//! Reads and parses the rows of a source.

use std::{collections::BTreeSet, io::BufRead, sync::Arc};

use anyhow::{Context as _, Result};
use proto::catalogue::v1::ImportRow;
use serde_json::{Map as Object, Value as Json};

use super::{
    csv_reader::CsvReader,
    field_map::{FieldMap, MaskedProduct},
    lines::{Line, Lines},
    native, rejects,
    row_error::RowError,
    source::{Format, Source},
    source_row::SourceRow,
    value::{Record, Value},
};

/// A row to send, or its error.
#[derive(Debug)]
pub(crate) struct ParsedRow {
    /// Line number, starting at 1.
    pub(crate) line: i64,
    pub(crate) source_row: SourceRow,
    pub(crate) outcome: Result<ImportRow, RowError>,
}

#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ReadOptions {
    /// Rows up to this line are skipped.
    pub(crate) resume_after: i64,
    /// Whether the first invalid row ends the reading.
    pub(crate) stop_at_reject: bool,
}

#[derive(Debug, Default)]
pub(crate) struct ReadSummary {
    /// Source fields of the map that no row had.
    pub(crate) unused_fields: BTreeSet<String>,
}

/// Reads the source to its end and passes each row to `emit`, until that returns false.
///
/// # Errors
/// If the source cannot be read, or its header is invalid.
pub(crate) fn read(
    source: Source,
    map: Option<&FieldMap>,
    options: ReadOptions,
    mut emit: impl FnMut(ParsedRow) -> bool,
) -> Result<ReadSummary> {
    let Source { reader, format, name, .. } = source;
    let mut seen = ReadSummary::default();
    // Unknown for a resumed import, because the rows before are not parsed.
    if let (Some(map), 0) = (map, options.resume_after) {
        seen.unused_fields = map.source_fields().into_iter().map(str::to_owned).collect();
    }
    let mut emit = |line: i64, source_row: SourceRow, outcome: Result<MaskedProduct, RowError>| {
        let outcome = outcome.and_then(|mapped| native::row(line, mapped));
        let may_continue = outcome.is_ok() || !options.stop_at_reject;
        emit(ParsedRow { line, source_row, outcome }) && may_continue
    };
    match format {
        Format::Jsonl => json_lines(reader, map, options.resume_after, &mut seen, &mut emit),
        Format::Csv => csv(reader, map, options.resume_after, &mut seen, &mut emit),
    }
    .with_context(|| format!("reading {name}"))?;
    Ok(seen)
}

type Emit<'a> = &'a mut dyn FnMut(i64, SourceRow, Result<MaskedProduct, RowError>) -> bool;

fn json_lines(
    reader: impl BufRead,
    map: Option<&FieldMap>,
    resume_after: i64,
    seen: &mut ReadSummary,
    emit: Emit<'_>,
) -> Result<()> {
    let mut lines = Lines::new(reader);
    let mut last = 0;
    loop {
        let next = lines.next().with_context(|| format!("after line {last}"))?;
        let Some((number, line)) = next else { return Ok(()) };
        last = number;
        let (source_row, row) = match line {
            _ if number <= resume_after => continue,
            Line::TooLong => (SourceRow::Missing, Err(RowError::too_long())),
            Line::Whole(bytes) if bytes.trim_ascii().is_empty() => continue,
            Line::Whole(bytes) => json_row(&bytes, map, seen),
        };
        if !emit(number, source_row, row) {
            return Ok(());
        }
    }
}

/// Parses a line of JSON lines, or of a rejects file that the user has corrected.
fn json_row(
    line: &[u8],
    map: Option<&FieldMap>,
    seen: &mut ReadSummary,
) -> (SourceRow, Result<MaskedProduct, RowError>) {
    if let Some(row) = rejects::parse_rejected_row(line) {
        return corrected_row(&row, map, seen);
    }
    let row = json_object(line, map, seen);
    let is_object = row.as_ref().err().is_none_or(|error| error.reason != RowError::MALFORMED_JSON);
    (SourceRow::line(line, is_object), row)
}

fn json_object(
    line: &[u8],
    map: Option<&FieldMap>,
    seen: &mut ReadSummary,
) -> Result<MaskedProduct, RowError> {
    let Some(map) = map else { return native::product(line) };
    let record = record(line)?;
    seen.note(&record);
    map.apply(&record)
}

fn corrected_row(
    row: &Json,
    map: Option<&FieldMap>,
    seen: &mut ReadSummary,
) -> (SourceRow, Result<MaskedProduct, RowError>) {
    let (object, text) = match row {
        Json::Object(object) => (object, row.to_string()),
        other => {
            let message = "`row` is not an object; correct the unparsed text to one";
            let text = other.as_str().map_or_else(|| other.to_string(), str::to_owned);
            return (SourceRow::Text(text), Err(RowError::row(RowError::MALFORMED_JSON, message)));
        }
    };
    let native_map = if map.is_none() { native_columns(object) } else { None };
    let outcome = json_object(text.as_bytes(), map.or(native_map.as_ref()), seen);
    (SourceRow::Object(text), outcome)
}

/// The field map for a rejected row of a native CSV, recognised by values that are all text.
fn native_columns(row: &Object<String, Json>) -> Option<FieldMap> {
    let names: Vec<String> = row.keys().cloned().collect();
    let is_text = row.values().all(Json::is_string);
    if is_text { native::columns(&names).ok() } else { None }
}

fn csv(
    reader: impl BufRead,
    map: Option<&FieldMap>,
    resume_after: i64,
    seen: &mut ReadSummary,
    emit: Emit<'_>,
) -> Result<()> {
    let (mut reader, header) = CsvReader::new(reader).context("its header")?;
    let Some((line, header)) = header else { return Ok(()) };
    let header = header.map_err(|(error, _)| {
        anyhow::anyhow!("the header on line {line} cannot be read: {}", error.message)
    })?;
    let header: Arc<[String]> = header.iter().map(|column| column.trim().to_owned()).collect();
    let native_columns;
    let map = match map {
        Some(map) => map,
        None => {
            native_columns = native::columns(&header)?;
            &native_columns
        }
    };
    let mut last = line;
    loop {
        let next = reader.next().with_context(|| format!("after line {last}"))?;
        let Some((number, fields)) = next else { return Ok(()) };
        last = number;
        if number <= resume_after {
            continue;
        }
        let (source_row, row) = match fields {
            Err((error, source_row)) => (source_row, Err(error)),
            Ok(fields) if fields.len() != header.len() => {
                let message =
                    format!("has {} columns, the header has {}", fields.len(), header.len());
                let text = fields.join(",");
                (SourceRow::Text(text), Err(RowError::row("MALFORMED_CSV", message)))
            }
            Ok(fields) => {
                let source_row = SourceRow::Columns(header.clone(), fields.clone());
                let record = Record::from_texts(&header, fields);
                seen.note(&record);
                (source_row, map.apply(&record))
            }
        };
        if !emit(number, source_row, row) {
            return Ok(());
        }
    }
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

impl ReadSummary {
    fn note(&mut self, record: &Record) {
        self.unused_fields.retain(|field| record.get(field).is_none());
    }
}

#[cfg(test)]
mod tests {
    use std::{io::Cursor, path::Path};

    use proto::catalogue::v1::RejectedRow;

    use super::*;
    use crate::import::field_map;

    fn rows(text: &str, map: Option<&FieldMap>) -> (Vec<ImportRow>, Vec<RejectedRow>, ReadSummary) {
        let bytes = Cursor::new(text.as_bytes().to_vec());
        let source = Source::new(bytes, None, "test".to_owned(), None).unwrap();
        collect(source, map)
    }

    fn collect(
        source: Source,
        map: Option<&FieldMap>,
    ) -> (Vec<ImportRow>, Vec<RejectedRow>, ReadSummary) {
        let (mut rows, mut rejects) = (Vec::new(), Vec::new());
        let seen = read(source, map, ReadOptions::default(), |item| {
            match item.outcome {
                Ok(row) => rows.push(row),
                Err(error) => rejects.push(error.at(item.line)),
            }
            true
        });
        (rows, rejects, seen.unwrap())
    }

    #[test]
    fn invalid_rows_are_rejected_by_line_and_the_others_kept() {
        let long = "x".repeat(1 << 20);
        let text = format!(
            "{{\"id\":\"1\",\"name\":\"a\"}}\n\n{{oops\n{{\"id\":\"2\",\"name\":\"{long}\"}}\n\
             {{\"id\":\"3\",\"name\":\"c\"}}"
        );
        let (rows, rejects, _) = rows(&text, None);
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [1, 5]);
        let rejects: Vec<_> =
            rejects.iter().map(|each| (each.line, each.reason.as_str())).collect();
        assert_eq!(rejects, [(3, "MALFORMED_JSON"), (4, "ROW_TOO_LONG")]);
    }

    #[test]
    fn rows_after_a_line_are_read_up_to_the_first_invalid_one() {
        let lines = "{\"id\":\"1\",\"name\":\"a\"}\n{oops\n".repeat(3);
        let csv = "id,name\n1,a\n2\n3,c\n4\n5,d\n";
        for (text, resume_after, stop_at_reject, expected) in [
            (lines.as_str(), 2, true, &[3, 4][..]),
            (&lines, 4, false, &[5, 6]),
            (csv, 3, true, &[4, 5]),
            (csv, 4, false, &[5, 6]),
        ] {
            let bytes = Cursor::new(text.as_bytes().to_vec());
            let source = Source::new(bytes, None, "test".to_owned(), None).unwrap();
            let mut given = Vec::new();
            read(source, None, ReadOptions { resume_after, stop_at_reject }, |item| {
                given.push(item.line);
                true
            })
            .unwrap();
            assert_eq!(given, expected, "{text}");
        }
    }

    #[test]
    fn corrected_rejects_are_imported() {
        let reject = |row: &str| {
            format!(
                "{{\"line\":7,\"reason\":\"R\",\"field\":\"\",\"message\":\"m\",\"row\":{row}}}\n"
            )
        };
        let text = [
            reject(r#"{"id":"1","name":"Mug","price":{"currencyCode":"EUR","units":"4"}}"#),
            reject(r#"{"id":"2","name":"Cup","price":"4.50","currency":"EUR","category":"A > B"}"#),
            reject(r#""{\"id\":\"3\"""#),
        ];
        let (mended, broken, _) = rows(&text.concat(), None);
        let products: Vec<_> = mended.into_iter().filter_map(|row| row.product).collect();
        assert_eq!((products[0].id.as_str(), products[1].id.as_str()), ("1", "2"));
        assert_eq!(products[1].category_paths[0].names, ["A", "B"]);
        assert_eq!(broken.len(), 1);
        assert_eq!((broken[0].line, broken[0].reason.as_str()), (3, "MALFORMED_JSON"));

        let map = field_map::parse("id = \"sku\"\nname = \"title\"").unwrap();
        let (mended, ..) = rows(&reject(r#"{"sku":"9","title":"Pen"}"#), Some(&map));
        assert_eq!(mended[0].product.as_ref().unwrap().name, "Pen");
    }

    #[test]
    fn a_csv_row_has_as_many_columns_as_its_header() {
        let (rows, rejects, _) = rows("id,name\n1,a\n2\n3,c,d\n4,\"d\ne\"\n5,f\n", None);
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 5, 7]);
        assert_eq!(rejects.iter().map(|each| each.line).collect::<Vec<_>>(), [3, 4]);
        assert_eq!(rejects[0].message, "has 1 columns, the header has 2");
    }

    #[test]
    fn a_truncated_gzip_file_is_an_error_after_its_last_row() {
        use std::io::Write as _;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
        packed.write_all(b"{\"id\":\"1\",\"name\":\"a\"}\n{\"id\":\"2\",").unwrap();
        let mut bytes = packed.finish().unwrap();
        bytes.truncate(bytes.len() - 10);
        let source = Source::new(Cursor::new(bytes), None, "x.gz".to_owned(), None).unwrap();
        let mut rows = 0;
        let error = read(source, None, ReadOptions::default(), |_| {
            rows += 1;
            true
        });
        let error = format!("{:#}", error.unwrap_err());
        assert!(error.starts_with("reading x.gz: after line 1: "), "{error}");
        assert_eq!(rows, 1);
    }

    #[test]
    fn a_mapped_field_that_no_row_has_is_reported() {
        let map = field_map::parse("id = \"id\"\nname = \"title\"\nbrand = \"maker\"").unwrap();
        let (_, _, seen) = rows("{\"id\":1,\"title\":\"a\"}\n{\"id\":2}\n", Some(&map));
        assert_eq!(seen.unused_fields.into_iter().collect::<Vec<_>>(), ["maker"]);
    }

    #[test]
    fn the_real_data_set_maps_without_a_reject() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let path = root.join("../../../shared/data/products.jsonl.gz");
        if !path.exists() {
            println!("skipped: {} is not here", path.display());
            return;
        }
        let text = std::fs::read_to_string(root.join("../../examples/icecat.toml")).unwrap();
        let map = field_map::parse(&text).unwrap();
        let (rows, rejects, seen) = collect(Source::open(&path, None).unwrap(), Some(&map));
        assert_eq!(rejects, []);
        assert_eq!(rows.len(), 19_406);
        assert!(seen.unused_fields.is_empty(), "{:?}", seen.unused_fields);
        let products = || rows.iter().filter_map(|row| row.product.as_ref());
        let all_have = products().all(|product| {
            let price = product.price.as_ref();
            !product.name.is_empty()
                && !product.brand.is_empty()
                && price.is_some_and(|price| price.currency_code == "USD" && price.units >= 0)
                && product.image_urls.len() == 3
                && product.attributes.len() > 2
        });
        assert!(all_have);
        let with_path = products().filter(|product| !product.category_paths.is_empty()).count();
        assert_eq!(with_path, 17_804);
        let first = products().next().unwrap();
        let names: Vec<&str> = first.attributes.iter().map(|each| each.name.as_str()).collect();
        assert_eq!(names[..3], ["type", "ink_type", "printing_colours"]);
        assert_eq!(names[names.len() - 3..], ["model", "ean", "released"]);
    }
}
