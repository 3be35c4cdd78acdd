//! JSON documents: arrays of objects, alone or within an object, as lines.
//!
//! **Invariant:** all of a file is read, or it is refused: documents may follow each other, and an object may have
//! members after its array.

use std::{fs::File, io::BufRead};

use anyhow::{Result, bail};
use serde_json::Value as Json;

use super::{json_scan::Scan, line_writer::LineWriter, lines::LINE_LIMIT};

/// Names of the array of products in an object with several arrays of objects, the surest first.
const NAMES: [&str; 9] =
    ["products", "items", "results", "records", "rows", "data", "entries", "offers", "articles"];

/// Maximum number of other arrays that are named.
const MAX_SKIPPED: usize = 50;

/// The objects of a file, as lines.
#[derive(Debug)]
pub(super) struct Documents {
    pub(super) file: File,
    /// Findings that a user may want to know.
    pub(super) notes: Vec<String>,
}

/// Writes the objects of all documents to a temporary file, one a line. Each stands on the line on
/// which it begins, unless several do.
///
/// `records` is the key of the array; without it, the array of objects is taken, of several the one
/// with the best known name.
///
/// # Errors
/// If there is no such array, a document ends within it, or something else follows it.
pub(super) fn lines(reader: impl BufRead, records: Option<&str>) -> Result<Documents> {
    let mut out = LineWriter::new()?;
    let mut scan = Scan::new(reader);
    let mut notes = Vec::new();
    while let Some(letter) = scan.next_letter()? {
        match letter {
            b'[' => array(&mut scan, &mut out)?,
            b'{' => {
                let skipped = object(&mut scan, &mut out, records)?.into_iter();
                notes.extend(skipped.map(|key| {
                    format!("the array {key:?} was not read; --records names the one to read")
                }));
                notes.sort_unstable();
                notes.dedup();
                notes.truncate(MAX_SKIPPED);
            }
            _ => {
                let what = "is neither a JSON array nor a JSON object";
                bail!("line {}: what stands there {what}", scan.line);
            }
        }
    }
    Ok(Documents { file: out.finish()?, notes })
}

/// Whether a text that begins with an object is a document rather than lines of objects.
pub(super) fn is_document(text: &str, records: Option<&str>) -> bool {
    if !text.starts_with('{') {
        return false;
    }
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let object = |line: &str| serde_json::from_str::<serde_json::Map<String, Json>>(line);
    match object(first) {
        Ok(object) => is_envelope(&object, records, rest.trim().is_empty()),
        // The first line ends within the object: it is pretty-printed, or damaged.
        Err(error) if error.is_eof() => {
            let opens_list = first.trim_end().ends_with('[');
            let next = rest.lines().find(|line| !line.trim().is_empty());
            opens_list || next.is_none_or(|line| object(line).is_err())
        }
        // A damaged envelope in one line holds many items, of which not one may be lost.
        Err(_) => {
            let next = rest.lines().find(|line| !line.trim().is_empty()).map(object);
            let is_lines =
                next.and_then(Result::ok).is_some_and(|next| !is_envelope(&next, records, false));
            !is_lines && opens_envelope(first, records)
        }
    }
}

/// Whether an object is an envelope of products, such as `{"total": 2, "products": [{...}]}`. One that
/// does not stand alone must have a known name for them: it could be a product with a list.
fn is_envelope(
    object: &serde_json::Map<String, Json>,
    records: Option<&str>,
    is_alone: bool,
) -> bool {
    let is_product = ["id", "name", "sku", "title", "handle", "externalId", "external_id"];
    let is_list = |(key, value): (&String, &Json)| {
        let is_known = is_alone || NAMES.contains(&key.as_str());
        is_known && value.as_array().is_some_and(|items| items.first().is_some_and(Json::is_object))
    };
    match records {
        Some(records) => object.get(records).is_some_and(Json::is_array),
        None => {
            !is_product.iter().any(|key| object.contains_key(*key))
                && object.iter().any(is_list)
                && !object.contains_key("variants")
        }
    }
}

/// Whether a text that is no JSON begins as an envelope does: with the array of products, before any field of one.
fn opens_envelope(text: &str, records: Option<&str>) -> bool {
    let names = match &records {
        Some(name) => std::slice::from_ref(name),
        None => &NAMES[..],
    };
    names.iter().any(|name| {
        let Some((before, after)) = text.split_once(&format!("\"{name}\":")) else { return false };
        let items = after.trim_start().strip_prefix('[').map(str::trim_start);
        items.is_some_and(|items| items.starts_with('{')) && !looks_like_product(before.as_bytes())
    })
}

/// Copies the items of an array, after its bracket.
fn array<R: BufRead>(scan: &mut Scan<R>, out: &mut LineWriter) -> Result<()> {
    loop {
        match scan.next_letter()? {
            Some(b']') => return Ok(()),
            Some(b',') => {}
            Some(first) => {
                let line = scan.line;
                let item = scan.value(first)?;
                if line == scan.line && may_hold_items(&item) {
                    bail!(
                        "line {line}: the JSON is malformed, and where its next item begins cannot be \
                         told: {}...",
                        String::from_utf8_lossy(&item).chars().take(100).collect::<String>()
                    );
                }
                out.write(line, &item)?;
            }
            None => bail!("line {}: the JSON array is not closed", scan.line),
        }
    }
}

/// Whether a malformed item of one line may hold further ones, because a quote is missing.
fn may_hold_items(item: &[u8]) -> bool {
    let holds_border = item.split(|byte| *byte == b'}').skip(1).any(|rest| {
        let rest = rest.trim_ascii_start().strip_prefix(b",");
        rest.is_some_and(|rest| rest.trim_ascii_start().starts_with(b"{"))
    });
    holds_border && serde_json::from_slice::<serde::de::IgnoredAny>(item).is_err()
}

/// The array of products that was found in an object so far.
#[derive(Default)]
struct Found {
    key: Option<String>,
    /// Arrays of objects that were found besides and are not read.
    skipped: Vec<String>,
}

/// Finds the array in an object, after its brace, and copies the items. Returns the keys of the other arrays of
/// objects. Of an object without the array no more is kept than makes its line too long.
fn object<R: BufRead>(
    scan: &mut Scan<R>,
    out: &mut LineWriter,
    records: Option<&str>,
) -> Result<Vec<String>> {
    let mut whole = b"{".to_vec();
    let (line, start) = (scan.line, out.mark());
    let (mut found, mut is_product) = (Found::default(), false);
    loop {
        let first = match scan.next_letter()? {
            Some(b'}') => break,
            Some(b',') => continue,
            Some(first) => first,
            None => bail!("line {}: the JSON object is not closed", scan.line),
        };
        let key = scan.value(first)?;
        if scan.next_letter()? != Some(b':') {
            bail!("line {}: the JSON is malformed", scan.line);
        }
        let Some(first) = scan.next_letter()? else { bail!("the JSON ends early") };
        if first == b'[' && found.takes(scan, &key, records, is_product)? {
            // The items of an array with a less known name.
            out.rewind(start)?;
            array(scan, out)?;
            continue;
        }
        let value = scan.value(first)?;
        if found.key.is_some() || whole.len() > LINE_LIMIT {
            continue;
        }
        if whole.len() > 1 {
            whole.push(b',');
        }
        let member = [&key[..], b":", &value].concat();
        is_product |= looks_like_product(&member);
        whole.extend_from_slice(&member);
    }
    whole.push(b'}');
    if found.key.is_none() {
        if records.is_some() || !is_product {
            let key = records.map_or("of objects".to_owned(), |name| format!("{name:?}"));
            bail!("line {line}: the JSON object has no array {key}");
        }
        out.write(line, &whole)?;
    }
    Ok(found.skipped)
}

impl Found {
    /// Whether the array at the reader is the array of products. Its bracket has been read. `is_product`: whether the
    /// object looks like a product so far.
    fn takes<R: BufRead>(
        &mut self,
        scan: &mut Scan<R>,
        key: &[u8],
        records: Option<&str>,
        is_product: bool,
    ) -> Result<bool> {
        let name: String = serde_json::from_slice(key).unwrap_or_default();
        if let Some(records) = records {
            let is_wanted = records == name;
            if is_wanted {
                self.key = Some(name);
            }
            return Ok(is_wanted);
        }
        // A single product has lists of objects, too; its other fields distinguish it from an envelope.
        if scan.peek_letter()? != Some(b'{') || self.key.is_none() && is_product {
            return Ok(false);
        }
        let rank =
            |name: &str| NAMES.iter().position(|known| *known == name).unwrap_or(NAMES.len());
        let Some(known) = self.key.take() else {
            self.key = Some(name);
            return Ok(true);
        };
        if rank(&known) == rank(&name) {
            bail!(
                "line {}: the JSON object has several arrays of objects ({known:?}, {name:?}); name \
                 the one of the products with --records",
                scan.line
            );
        }
        let is_better = rank(&name) < rank(&known);
        let (taken, skipped) = if is_better { (name, known) } else { (known, name) };
        self.key = Some(taken);
        if self.skipped.len() < MAX_SKIPPED {
            self.skipped.push(skipped);
        }
        Ok(is_better)
    }
}

/// Whether the fields of an object so far are fields of a product rather than of an envelope.
fn looks_like_product(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    ["\"name\":", "\"title\":", "\"sku\":", "\"handle\":"].iter().any(|key| text.contains(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    fn read(text: &str, records: Option<&str>) -> Result<String> {
        let mut out = String::new();
        lines(text.as_bytes(), records)?.file.read_to_string(&mut out)?;
        Ok(out)
    }

    #[test]
    fn items_stand_on_their_lines() {
        let text = "[\n {\"a\": \"]}\\\"\",\n  \"b\": [1, {}]},\n\n {\"c\":2}, 5 ]";
        let out = read(text, None).unwrap();
        assert_eq!(out, "\n{\"a\": \"]}\\\"\",   \"b\": [1, {}]}\n\n\n{\"c\":2}\n5\n");
    }

    #[test]
    fn envelopes_are_opened() {
        let text = r#"{"total": 2, "tags": ["x"], "items": [{"id": 1}, {"id": 2}], "skip": 0}"#;
        assert_eq!(read(text, None).unwrap(), "{\"id\": 1}\n{\"id\": 2}\n");
        let text = r#"{"meta": [{"a": 1}], "data": [{"id": 3}]}"#;
        assert_eq!(read(text, Some("data")).unwrap(), "{\"id\": 3}\n");
        let product = "{\n\"name\": \"Mug\",\n\"media\": [{\"url\": \"/a\"}]\n}";
        let out = "{\"name\":\"Mug\",\"media\":[{\"url\": \"/a\"}]}\n";
        assert_eq!(read(product, None).unwrap(), out);
        assert!(read(r#"{"a": 1}"#, None).is_err());
        let long = format!("{{\"name\": \"a\"{}}}", ",\n\"x\": \"0123456789\"".repeat(200_000));
        let line = read(&long, None).unwrap().len();
        assert!((LINE_LIMIT + 1..LINE_LIMIT + 100).contains(&line), "{line}: it is rejected");
        assert!(read("[{\"a\": 1}, {\"b\"", None).unwrap_err().to_string().contains("ends early"));
    }

    #[test]
    fn what_follows_a_document_is_read_or_refused() {
        let two = "{\"products\": [{\"id\": 1}], \"page\": 1}\n{\"products\": [{\"id\": 2}]}";
        assert_eq!(read(two, None).unwrap(), "{\"id\": 1}\n{\"id\": 2}\n");
        assert_eq!(read("[{\"a\":1}]\n[{\"a\":2}]", None).unwrap(), "{\"a\":1}\n{\"a\":2}\n");
        let products = "{\n\"name\": \"a\"\n}\n{\n\"name\": \"b\"\n}";
        assert_eq!(read(products, None).unwrap(), "{\"name\":\"a\"}\n\n\n{\"name\":\"b\"}\n");
        assert!(read("[{\"a\":1}] oops", None).is_err());
        assert!(read(r#"{"items": [{"id": 1}], "more": "#, None).is_err());
    }

    #[test]
    fn of_several_arrays_the_one_of_the_products_is_read() {
        let text = r#"{"facets": [{"f": 1}], "products": [{"id": 1}], "links": [{"l": 1}]}"#;
        let read = |text: &str| {
            let mut documents = lines(text.as_bytes(), None)?;
            let mut out = String::new();
            documents.file.read_to_string(&mut out)?;
            anyhow::Ok((out, documents.notes))
        };
        let (out, notes) = read(text).unwrap();
        assert_eq!(out, "{\"id\": 1}\n");
        assert_eq!(notes.len(), 2, "{notes:?}");
        let error = read(r#"{"a": [{"id": 1}], "b": [{"id": 2}]}"#).unwrap_err();
        assert!(error.to_string().contains("--records"), "{error}");
    }

    #[test]
    fn damaged_envelope_is_no_line() {
        let envelope = r#"{"total": 2, "products": [{"name": "12" pot"}, {"name": "b"}]}"#;
        assert!(opens_envelope(envelope, None) && opens_envelope(envelope, Some("products")));
        assert!(!opens_envelope(envelope, Some("rows")));
        assert!(!opens_envelope(r#"{"name": "12" pot", "offers": [{"price": 1}]}"#, None));
        assert!(!opens_envelope(r#"{"name": "12" pot"}"#, None));
    }

    #[test]
    fn a_missing_quote_damages_one_item() {
        let text = "[\n{\"id\": \"1\",\n\"name\": \"12\" pot\",\n\"x\": 1},\n{\"id\": \"2\"},\n{\"id\": \"3\"}]";
        let out = read(text, None).unwrap();
        let items: Vec<&str> = out.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(items.len(), 3, "{out}");
        assert_eq!(items[1..], ["{\"id\": \"2\"}", "{\"id\": \"3\"}"]);
        let text = "[\n{\"id\": \"1\", \"name\": \"12\" pot\"},\n{\"id\": \"2\"},\n{\"id\": \"3\", \"n\": \"x\"\"}]";
        let items = "\n{\"id\": \"1\", \"name\": \"12\" pot\"}\n{\"id\": \"2\"}\n";
        assert!(read(text, None).is_err(), "the last quote is open");
        assert!(read(&text.replace("}]", "}\n]"), None).unwrap().starts_with(items));
        // In one line, the start of the next item is ambiguous.
        let text = "[{\"n\": \"12\" pot\"}, {\"n\": \"b\"}, {\"n\": \"13\" pot\"}]";
        assert!(read(text, None).is_err());
    }
}
