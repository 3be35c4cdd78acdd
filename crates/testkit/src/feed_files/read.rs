//! Readers of files, item by item.

use std::io::BufRead;

use anyhow::{Context as _, Result, bail};
use quick_xml::{Reader, events::Event};
use serde_json::Value;

use super::Field;

/// Reads lines of JSON, each the object of an item.
pub(super) fn lines(reader: impl BufRead, mut item: impl FnMut(Vec<Field>)) -> Result<()> {
    for (number, line) in (1..).zip(reader.lines()) {
        let line = line.with_context(|| format!("line {number}"))?;
        match serde_json::from_str(&line).with_context(|| format!("line {number}"))? {
            Value::Object(fields) => item(fields.into_iter().collect()),
            other => bail!("line {number} is {other}, no object"),
        }
    }
    Ok(())
}

/// Reads a table with a header. Empty cells are no fields.
pub(super) fn table(
    reader: impl BufRead,
    delimiter: u8,
    mut item: impl FnMut(Vec<Field>),
) -> Result<()> {
    let mut table = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(reader);
    let header = table.headers()?.clone();
    for row in table.records() {
        let row = row?;
        let fields = header.iter().zip(&row).filter(|(_, cell)| !cell.is_empty());
        item(fields.map(|(name, cell)| (name.to_owned(), cell.into())).collect());
    }
    Ok(())
}

/// Reads the items of RSS. Names of fields are without their namespace.
pub(super) fn xml(reader: impl BufRead, mut item: impl FnMut(Vec<Field>)) -> Result<()> {
    let mut xml = Reader::from_reader(reader);
    let (mut buffer, mut open) = (Vec::new(), Vec::<String>::new());
    let (mut fields, mut text) = (Vec::<Field>::new(), String::new());
    loop {
        match xml.read_event_into(&mut buffer)? {
            Event::Start(start) => {
                open.push(start.local_name().as_ref().to_owned());
                text.clear();
            }
            Event::Text(part) => text.push_str(part.as_ref()),
            Event::GeneralRef(reference) => match reference.resolve_char_ref()? {
                Some(letter) => text.push(letter),
                None => {
                    let name: &str = reference.as_ref();
                    let letter = quick_xml::escape::resolve_xml_entity(name);
                    text.push_str(letter.with_context(|| format!("&{name}; is not known"))?);
                }
            },
            Event::End(_) => {
                let closed = open.pop().unwrap_or_default();
                if closed == "item" {
                    item(std::mem::take(&mut fields));
                } else if open.last().is_some_and(|parent| parent == "item") {
                    let text = Value::from(std::mem::take(&mut text));
                    // Each has an element of its own: a comma is part of the address.
                    let is_listed = closed == "additional_image_link";
                    fields.push((closed, if is_listed { vec![text].into() } else { text }));
                }
            }
            Event::Eof if open.is_empty() => return Ok(()),
            Event::Eof => bail!("the file ends within {}", open.join(" > ")),
            _ => {}
        }
        buffer.clear();
    }
}
