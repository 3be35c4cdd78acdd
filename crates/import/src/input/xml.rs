//! XML feeds, as lines of JSON: each item an object, repeated elements as lists.

use std::{
    fs::File,
    io::{self, BufRead, BufWriter, Seek as _, SeekFrom, Write as _},
};

use anyhow::{Context as _, Result, bail};
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use serde_json::{Map, Value as Json};

use super::{
    container::{Limited, Limits},
    item_reader::ItemReader,
};

/// Elements that are items, in the feeds that shops export.
const ITEMS: [&str; 8] =
    ["item", "entry", "product", "offer", "shopitem", "article", "record", "row"];
/// Maximum depth of an item.
const MAX_DEPTH: usize = 16;

/// Writes the items of a feed to a temporary file within the limits, one a line, in their order. Names are without namespaces. `records`
/// is the element that is an item; without it, the first known one. Attributes are fields like elements; attributes of
/// an element that is a text stand beside it as `element.attribute`.
///
/// # Errors
/// If the XML is malformed, ends early, has no item, or its lines exceed the limits: JSON writes some letters longer.
pub(super) fn lines(reader: impl BufRead, records: Option<&str>, limits: &Limits) -> Result<File> {
    let mut xml = Reader::from_reader(ItemReader::new(reader));
    let file = tempfile::tempfile().context("creating a temporary file")?;
    let mut out = BufWriter::new(Limited::new(file, limits));
    let (mut buffer, mut found) = (Vec::new(), records.map(str::to_owned));
    let (mut items, mut open) = (0_u64, 0_u64);
    loop {
        xml.get_mut().begin_item();
        let event = xml.read_event_into(&mut buffer);
        let event = event.with_context(|| format!("after item {items}: the XML is malformed"))?;
        let item = match event {
            Event::Start(start) if is_item(&start, found.as_deref()) => {
                found = Some(start.local_name().as_ref().to_owned());
                let own = attributes(&start)?;
                let item = element(&mut xml, own, 1);
                Some(item.with_context(|| format!("item {}: the XML is malformed", items + 1))?)
            }
            Event::Empty(start) if is_item(&start, found.as_deref()) => {
                found = Some(start.local_name().as_ref().to_owned());
                Some(attributes(&start)?.into())
            }
            Event::Start(_) => {
                open += 1;
                None
            }
            Event::End(_) => {
                open -= 1;
                None
            }
            Event::Eof if open > 0 => {
                bail!("after item {items}: the XML ends early: its first element is not closed")
            }
            Event::Eof => break,
            _ => None,
        };
        if let Some(item) = item {
            items += 1;
            serde_json::to_writer(&mut out, &item)?;
            out.write_all(b"\n")?;
        }
        buffer.clear();
    }
    if items == 0 {
        bail!(
            "the XML has no <{}>; name the element of a product with --records",
            records.map_or_else(|| ITEMS.join(">, <"), str::to_owned)
        );
    }
    let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?.into_inner();
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

fn is_item(start: &BytesStart<'_>, found: Option<&str>) -> bool {
    let name = start.local_name();
    let name: &str = name.as_ref();
    match found {
        Some(found) => found.eq_ignore_ascii_case(name),
        None => ITEMS.contains(&name.to_lowercase().as_str()),
    }
}

/// The attributes of an element, without declarations of namespaces.
fn attributes(start: &BytesStart<'_>) -> Result<Map<String, Json>> {
    let mut found = Map::new();
    for attribute in start.attributes() {
        let attribute = attribute?;
        let (name, value): (&str, &str) = (attribute.key.as_ref(), attribute.value.as_ref());
        if name == "xmlns" || name.starts_with("xmlns:") {
            continue;
        }
        let name = attribute.key.local_name().as_ref().to_owned();
        let value = quick_xml::escape::unescape(value)?.into_owned();
        found.insert(name, Json::String(value));
    }
    Ok(found)
}

/// Reads up to the end of an element, after its start and attributes: its text, or its elements and attributes.
/// Elements within a text are its words.
fn element<R: BufRead>(xml: &mut Reader<R>, own: Map<String, Json>, depth: usize) -> Result<Json> {
    if depth > MAX_DEPTH {
        bail!("elements are nested more than {MAX_DEPTH} deep");
    }
    let (mut children, mut buffer) = (Map::new(), Vec::new());
    // The text of the element alone, and with that of its elements.
    let (mut text, mut flat) = (String::new(), String::new());
    loop {
        match xml.read_event_into(&mut buffer)? {
            Event::Start(start) => {
                let name = start.local_name().as_ref().to_owned();
                let own = attributes(&start)?;
                let child = element(xml, own.clone(), depth + 1)?;
                flat.push_str(child.as_str().unwrap_or_default());
                add_child(&mut children, &name, child, own);
            }
            Event::Empty(empty) => {
                let name = empty.local_name().as_ref().to_owned();
                let text = Json::String(String::new());
                add_child(&mut children, &name, text, attributes(&empty)?);
            }
            Event::Text(part) => push(part.as_ref(), &mut text, &mut flat),
            Event::CData(part) => push(part.as_ref(), &mut text, &mut flat),
            Event::GeneralRef(name) => {
                let name: &str = name.as_ref();
                let letters = entity(name).unwrap_or_else(|| format!("&{name};"));
                push(&letters, &mut text, &mut flat);
            }
            Event::End(_) => break,
            Event::Eof => bail!("the XML ends early"),
            _ => {}
        }
        buffer.clear();
    }
    let (is_item, has_text) = (depth == 1, !text.trim().is_empty());
    if !is_item && (has_text || children.is_empty()) {
        return Ok(Json::String(flat.trim().to_owned()));
    }
    for (name, value) in own {
        children.entry(name).or_insert(value);
    }
    if has_text {
        children.entry("text").or_insert_with(|| Json::String(text.trim().to_owned()));
    }
    Ok(children.into())
}

fn push(part: &str, text: &mut String, flat: &mut String) {
    text.push_str(part);
    flat.push_str(part);
}

/// Adds an element; the attributes of a text stand beside it.
fn add_child(
    children: &mut Map<String, Json>,
    name: &str,
    child: Json,
    attributes: Map<String, Json>,
) {
    if child.is_string() {
        for (attribute, value) in attributes {
            add(children, format!("{name}.{attribute}"), value);
        }
    }
    add(children, name.to_owned(), child);
}

fn add(children: &mut Map<String, Json>, name: String, child: Json) {
    match children.get_mut(&name) {
        None => {
            children.insert(name, child);
        }
        Some(Json::Array(items)) => items.push(child),
        Some(first) => *first = Json::Array(vec![first.take(), child]),
    }
}

/// The letter that an entity or a character reference stands for.
pub(crate) fn entity(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return code.ok().and_then(char::from_u32).map(String::from);
    }
    quick_xml::escape::resolve_html5_entity(name).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    fn lines(reader: &[u8], records: Option<&str>) -> Result<File> {
        super::lines(reader, records, &Limits::default())
    }

    #[test]
    fn items_become_objects() {
        let feed = r#"<?xml version="1.0"?><rss xmlns:g="http://base.google.com/ns/1.0"><channel>
            <title>Shop</title><item><g:id>A&amp;1</g:id><title><![CDATA[Mug <b>]]> &amp; Cup</title>
            <g:additional_image_link>/b</g:additional_image_link>
            <g:additional_image_link>/c</g:additional_image_link>
            <g:shipping><g:price>4 EUR</g:price></g:shipping><g:gtin/></item>
            <item><g:id>2</g:id></item></channel></rss>"#;
        let mut out = String::new();
        lines(feed.as_bytes(), None).unwrap().read_to_string(&mut out).unwrap();
        let items: Vec<Json> =
            out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(items[0]["id"], "A&1");
        assert_eq!(items[0]["title"], "Mug <b> & Cup");
        assert_eq!(items[0]["additional_image_link"], serde_json::json!(["/b", "/c"]));
        assert_eq!(items[0]["shipping"]["price"], "4 EUR");
        assert_eq!(items[1]["id"], "2");
        assert!(lines(&b"<a><b>"[..], Some("b")).is_err());
        assert!(lines(&b"<a></a>"[..], None).is_err());
    }

    #[test]
    fn a_truncated_feed_is_refused() {
        let feed = "<rss><channel><item><id>1</id></item><item><id>2</id></item>";
        let error = lines(feed.as_bytes(), None).unwrap_err();
        assert!(error.to_string().contains("after item 2: the XML ends early"), "{error}");
        assert!(lines(format!("{feed}</channel>").as_bytes(), None).is_err());
        assert!(lines(format!("{feed}</channel></rss>\n").as_bytes(), None).is_ok());
    }

    #[test]
    fn attributes_are_fields() {
        let feed = r#"<offers xmlns:g="x"><o id="1" price="2.50"><name lang="de">Topf <b>rot</b> 2 l</name></o><o id="2"/></offers>"#;
        let mut out = String::new();
        lines(feed.as_bytes(), Some("o")).unwrap().read_to_string(&mut out).unwrap();
        let items: Vec<Json> =
            out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let first = serde_json::json!({"id": "1", "price": "2.50", "name": "Topf rot 2 l", "name.lang": "de"});
        assert_eq!(items, [first, serde_json::json!({"id": "2"})]);
    }

    #[test]
    fn lines_are_bounded_as_what_is_unpacked_is() {
        let feed = format!("<feed><item><id>{}</id></item></feed>", "\u{1}".repeat(1_000));
        let limits = |bytes: u64| Limits::default().with_bytes(bytes);
        assert!(super::lines(feed.as_bytes(), None, &limits(7_000)).is_ok());
        let error = super::lines(feed.as_bytes(), None, &limits(2_000)).unwrap_err();
        assert!(format!("{error:#}").contains("more than 2000 bytes"), "{error:#}");
    }
}
