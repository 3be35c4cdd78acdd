//! Rows out of a source, one by one, in a thread of its own.

use std::{collections::BTreeSet, io::BufRead, sync::Arc};

use anyhow::{Context as _, Result};
use proto::catalogue::v1::ImportRow;
use serde_json::{Map as Object, Value as Json};

use super::{
    lines::{Line, Lines},
    map::{Map, Mapped},
    original::Original,
    own,
    problem::Problem,
    records::Records,
    rejects,
    source::{Format, Source},
    value::{Record, Value},
};

/// A row to send, or why there is none.
#[derive(Debug)]
pub(crate) struct Item {
    /// From 1.
    pub(crate) line: i64,
    pub(crate) original: Original,
    pub(crate) outcome: Result<ImportRow, Problem>,
}

/// Which rows are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Span {
    /// Only those behind this line.
    pub(crate) after: i64,
    /// The first broken one ends it.
    pub(crate) stop: bool,
}

/// What was seen of the source once it has been read.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Source fields that the map names and no row had.
    pub(crate) absent: BTreeSet<String>,
}

/// Reads the source to its end and gives each row to `give`, until that one returns false.
///
/// # Errors
/// A source that cannot be read, or whose header does not fit.
pub(crate) fn read(
    source: Source,
    map: Option<&Map>,
    span: Span,
    mut give: impl FnMut(Item) -> bool,
) -> Result<Seen> {
    let Source { reader, format, name, .. } = source;
    let mut seen = Seen::default();
    // What the rows before had, nobody knows.
    if let (Some(map), 0) = (map, span.after) {
        seen.absent = map.sources().into_iter().map(str::to_owned).collect();
    }
    let mut give = |line: i64, original: Original, outcome: Result<Mapped, Problem>| {
        let outcome = outcome.and_then(|mapped| own::row(line, mapped));
        let goes_on = outcome.is_ok() || !span.stop;
        give(Item { line, original, outcome }) && goes_on
    };
    let context = || format!("reading {name}");
    match format {
        Format::Jsonl => json_lines(reader, map, span.after, &mut seen, &mut give),
        Format::Csv => csv(reader, map, span.after, &mut seen, &mut give),
    }
    .with_context(context)?;
    Ok(seen)
}

type Give<'a> = &'a mut dyn FnMut(i64, Original, Result<Mapped, Problem>) -> bool;

fn json_lines(
    reader: impl BufRead,
    map: Option<&Map>,
    after: i64,
    seen: &mut Seen,
    give: Give<'_>,
) -> Result<()> {
    let mut lines = Lines::new(reader);
    let mut last = 0;
    loop {
        let next = lines.next().with_context(|| format!("after line {last}"))?;
        let Some((number, line)) = next else { return Ok(()) };
        last = number;
        let (original, row) = match line {
            _ if number <= after => continue,
            Line::TooLong => (Original::Nothing, Err(Problem::too_long())),
            Line::Whole(bytes) if bytes.trim_ascii().is_empty() => continue,
            Line::Whole(bytes) => json_row(&bytes, map, seen),
        };
        if !give(number, original, row) {
            return Ok(());
        }
    }
}

/// A line of JSON lines, or of the file of rejected rows: those come back this way when mended.
fn json_row(
    line: &[u8],
    map: Option<&Map>,
    seen: &mut Seen,
) -> (Original, Result<Mapped, Problem>) {
    if let Some(row) = rejects::row_of(line) {
        return mended(&row, map, seen);
    }
    let row = json_object(line, map, seen);
    let is_object = row.as_ref().err().is_none_or(|problem| problem.reason != Problem::NO_JSON);
    (Original::line(line, is_object), row)
}

fn json_object(line: &[u8], map: Option<&Map>, seen: &mut Seen) -> Result<Mapped, Problem> {
    let Some(map) = map else { return own::product(line) };
    let record = record(line)?;
    seen.note(&record);
    map.apply(&record)
}

fn mended(row: &Json, map: Option<&Map>, seen: &mut Seen) -> (Original, Result<Mapped, Problem>) {
    let (object, text) = match row {
        Json::Object(object) => (object, row.to_string()),
        other => {
            let message = "`row` is not an object; make one of what could not be read";
            let text = other.as_str().map_or_else(|| other.to_string(), str::to_owned);
            return (Original::Text(text), Err(Problem::row(Problem::NO_JSON, message)));
        }
    };
    let own_map = if map.is_none() { own_columns(object) } else { None };
    let outcome = json_object(text.as_bytes(), map.or(own_map.as_ref()), seen);
    (Original::Object(text), outcome)
}

/// The map for a rejected row that came from CSV with our own columns: there all values are text.
fn own_columns(row: &Object<String, Json>) -> Option<Map> {
    let names: Vec<String> = row.keys().cloned().collect();
    let is_text = row.values().all(Json::is_string);
    if is_text { own::columns(&names).ok() } else { None }
}

fn csv(
    reader: impl BufRead,
    map: Option<&Map>,
    after: i64,
    seen: &mut Seen,
    give: Give<'_>,
) -> Result<()> {
    let (mut records, header) = Records::new(reader).context("its header")?;
    let Some((line, header)) = header else { return Ok(()) };
    let header = header.map_err(|(problem, _)| {
        anyhow::anyhow!("the header on line {line} cannot be read: {}", problem.message)
    })?;
    let header: Arc<[String]> = header.iter().map(|column| column.trim().to_owned()).collect();
    let own_columns;
    let map = match map {
        Some(map) => map,
        None => {
            own_columns = own::columns(&header)?;
            &own_columns
        }
    };
    let mut last = line;
    loop {
        let next = records.next().with_context(|| format!("after line {last}"))?;
        let Some((number, fields)) = next else { return Ok(()) };
        last = number;
        if number <= after {
            continue;
        }
        let (original, row) = match fields {
            Err((problem, original)) => (original, Err(problem)),
            Ok(fields) if fields.len() != header.len() => {
                let message =
                    format!("has {} columns, the header has {}", fields.len(), header.len());
                let text = fields.join(",");
                (Original::Text(text), Err(Problem::row("MALFORMED_CSV", message)))
            }
            Ok(fields) => {
                let original = Original::Columns(header.clone(), fields.clone());
                let record = Record::from_texts(&header, fields);
                seen.note(&record);
                (original, map.apply(&record))
            }
        };
        if !give(number, original, row) {
            return Ok(());
        }
    }
}

fn record(line: &[u8]) -> Result<Record, Problem> {
    match serde_json::from_slice(line).map_err(|error| Problem::json(&error))? {
        Value::Object(record) => Ok(record),
        other => {
            let message = format!("is {}, must be a JSON object", other.kind());
            Err(Problem::row(Problem::NO_JSON, message))
        }
    }
}

impl Seen {
    fn note(&mut self, record: &Record) {
        self.absent.retain(|field| record.get(field).is_none());
    }
}

#[cfg(test)]
mod tests {
    use std::{io::Cursor, path::Path};

    use proto::catalogue::v1::RejectedRow;

    use super::*;
    use crate::import::map;

    fn rows(text: &str, map: Option<&Map>) -> (Vec<ImportRow>, Vec<RejectedRow>, Seen) {
        let bytes = Cursor::new(text.as_bytes().to_vec());
        let source = Source::new(bytes, None, "test".to_owned(), None).unwrap();
        collect(source, map)
    }

    fn collect(source: Source, map: Option<&Map>) -> (Vec<ImportRow>, Vec<RejectedRow>, Seen) {
        let (mut rows, mut rejects) = (Vec::new(), Vec::new());
        let seen = read(source, map, Span::default(), |item| {
            match item.outcome {
                Ok(row) => rows.push(row),
                Err(problem) => rejects.push(problem.at(item.line)),
            }
            true
        });
        (rows, rejects, seen.unwrap())
    }

    #[test]
    fn broken_rows_are_told_by_line_and_the_others_kept() {
        let long = "x".repeat(1 << 20);
        let text = format!(
            "{{\"id\":\"1\",\"name\":\"a\"}}\n\n{{oops\n{{\"id\":\"2\",\"name\":\"{long}\"}}\n\
             {{\"id\":\"3\",\"name\":\"c\"}}"
        );
        let (rows, rejects, _) = rows(&text, None);
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [1, 5]);
        let told: Vec<_> = rejects.iter().map(|each| (each.line, each.reason.as_str())).collect();
        assert_eq!(told, [(3, "MALFORMED_JSON"), (4, "ROW_TOO_LONG")]);
    }

    #[test]
    fn rows_behind_a_line_are_read_up_to_the_first_broken_one() {
        let lines = "{\"id\":\"1\",\"name\":\"a\"}\n{oops\n".repeat(3);
        let csv = "id,name\n1,a\n2\n3,c\n4\n5,d\n";
        for (text, after, stop, expected) in [
            (lines.as_str(), 2, true, &[3, 4][..]),
            (&lines, 4, false, &[5, 6]),
            (csv, 3, true, &[4, 5]),
            (csv, 4, false, &[5, 6]),
        ] {
            let bytes = Cursor::new(text.as_bytes().to_vec());
            let source = Source::new(bytes, None, "test".to_owned(), None).unwrap();
            let mut given = Vec::new();
            read(source, None, Span { after, stop }, |item| {
                given.push(item.line);
                true
            })
            .unwrap();
            assert_eq!(given, expected, "{text}");
        }
    }

    #[test]
    fn rejected_rows_come_back_when_they_are_mended() {
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

        let map = map::parse("id = \"sku\"\nname = \"title\"").unwrap();
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
    fn a_packed_file_that_is_cut_off_is_a_failure_after_its_last_row() {
        use std::io::Write as _;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
        packed.write_all(b"{\"id\":\"1\",\"name\":\"a\"}\n{\"id\":\"2\",").unwrap();
        let mut bytes = packed.finish().unwrap();
        bytes.truncate(bytes.len() - 10);
        let source = Source::new(Cursor::new(bytes), None, "x.gz".to_owned(), None).unwrap();
        let mut rows = 0;
        let error = read(source, None, Span::default(), |_| {
            rows += 1;
            true
        });
        let error = format!("{:#}", error.unwrap_err());
        assert!(error.starts_with("reading x.gz: after line 1: "), "{error}");
        assert_eq!(rows, 1);
    }

    #[test]
    fn a_field_that_no_row_has_is_noticed() {
        let map = map::parse("id = \"id\"\nname = \"title\"\nbrand = \"maker\"").unwrap();
        let (_, _, seen) = rows("{\"id\":1,\"title\":\"a\"}\n{\"id\":2}\n", Some(&map));
        assert_eq!(seen.absent.into_iter().collect::<Vec<_>>(), ["maker"]);
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
        let map = map::parse(&text).unwrap();
        let (rows, rejects, seen) = collect(Source::open(&path, None).unwrap(), Some(&map));
        assert_eq!(rejects, []);
        assert_eq!(rows.len(), 19_406);
        assert!(seen.absent.is_empty(), "{:?}", seen.absent);
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
