//! XML feeds, as lines of JSON: each item an object, repeated elements as lists.

use std::{
    fs::File,
    io::{self, BufRead, BufWriter, Seek as _, SeekFrom, Write as _},
};

use anyhow::{Context as _, Result, bail};
use quick_xml::{Reader, events::Event};
use serde_json::{Map, Value as Json};

/// Elements that are items, in the feeds that shops export.
const ITEMS: [&str; 8] =
    ["item", "entry", "product", "offer", "shopitem", "article", "record", "row"];
/// Maximum depth of an item.
const MAX_DEPTH: usize = 16;

/// Writes the items of a feed to a temporary file, one a line, in their order. Names are without
/// namespaces. `records` is the element that is an item; without it, the first known one.
///
/// # Errors
/// If the XML is malformed, or has no item.
pub(super) fn lines(reader: impl BufRead, records: Option<&str>) -> Result<File> {
    let mut xml = Reader::from_reader(reader);
    let mut out = BufWriter::new(tempfile::tempfile().context("creating a temporary file")?);
    let (mut buffer, mut found) = (Vec::new(), records.map(str::to_owned));
    let mut items = 0_u64;
    loop {
        let event = xml.read_event_into(&mut buffer);
        match event.with_context(|| format!("after item {items}: the XML is malformed"))? {
            Event::Start(start) => {
                let name = start.local_name().as_ref().to_owned();
                let is_item = match &found {
                    Some(found) => found.eq_ignore_ascii_case(&name),
                    None => ITEMS.contains(&name.to_lowercase().as_str()),
                };
                if is_item {
                    found = Some(name);
                    items += 1;
                    let item = element(&mut xml, 1)
                        .with_context(|| format!("item {items}: the XML is malformed"))?;
                    serde_json::to_writer(&mut out, &item)?;
                    out.write_all(b"\n")?;
                }
            }
            Event::Eof => break,
            _ => {}
        }
        buffer.clear();
    }
    if items == 0 {
        bail!(
            "the XML has no <{}>; name the element of a product with --records",
            ITEMS.join(">, <")
        );
    }
    let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

/// Reads up to the end of the element whose start was read: its text, or its elements.
fn element<R: BufRead>(xml: &mut Reader<R>, depth: usize) -> Result<Json> {
    if depth > MAX_DEPTH {
        bail!("elements are nested more than {MAX_DEPTH} deep");
    }
    let (mut text, mut children, mut buffer) = (String::new(), Map::new(), Vec::new());
    loop {
        match xml.read_event_into(&mut buffer)? {
            Event::Start(start) => {
                let name = start.local_name().as_ref().to_owned();
                let child = element(xml, depth + 1)?;
                add(&mut children, name, child);
            }
            Event::Empty(empty) => {
                let name = empty.local_name().as_ref().to_owned();
                add(&mut children, name, Json::String(String::new()));
            }
            Event::Text(part) => text.push_str(part.as_ref()),
            Event::CData(part) => text.push_str(part.as_ref()),
            Event::GeneralRef(name) => {
                let name: &str = name.as_ref();
                text.push_str(&entity(name).unwrap_or_else(|| format!("&{name};")));
            }
            Event::End(_) => break,
            Event::Eof => bail!("the XML ends early"),
            _ => {}
        }
        buffer.clear();
    }
    Ok(if children.is_empty() { Json::String(text.trim().to_owned()) } else { children.into() })
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
}
