//! Generated JSON and XML.

use serde_json::{Value, json};

use super::{Content, Damage, FileRow, Shape};
use crate::Random;

/// How the items of a document stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// All in one line.
    Compact,
    /// Each in a line.
    Lines,
    /// Each in several lines.
    Pretty,
}

/// A document with the rows.
pub(super) fn document(random: &mut Random, shape: Shape, mut rows: Vec<FileRow>) -> Content {
    let layout = match shape {
        Shape::JsonLines => Layout::Lines,
        Shape::JsonPretty => Layout::Pretty,
        _ => [Layout::Compact, Layout::Lines, Layout::Pretty][random.below(3) as usize],
    };
    let (open, between, close) = match shape {
        Shape::JsonLines => ("", "\n", "\n"),
        Shape::JsonArray | Shape::JsonPretty => ("[", ",", "]"),
        Shape::GoogleXml => ("<rss><channel><title>Shop</title>", "", "</channel></rss>"),
        _ => ("{\"total\": 9, \"products\": [", ",", "], \"facets\": [{\"a\": 1}]}"),
    };
    // Line break between items: none in compact documents, and in JSON lines `between` has it.
    let line = if layout == Layout::Compact || shape == Shape::JsonLines { "" } else { "\n" };
    let pages = if shape == Shape::JsonPages { 1 + random.below(4) as usize } else { 1 };
    let page = rows.len().div_ceil(pages);
    let mut text = String::new();
    for rows in rows.chunks_mut(page) {
        text.push_str(open);
        text.push_str(line);
        for (index, row) in rows.iter_mut().enumerate() {
            if index > 0 {
                text.push_str(between);
                text.push_str(line);
            }
            text.push_str(&if shape == Shape::GoogleXml { xml(row) } else { json(row, layout) });
            row.end = text.len();
        }
        text.push_str(line);
        text.push_str(close);
        text.push('\n');
    }
    let is_open = |row: &FileRow| row.damage == Some(Damage::OpenQuote);
    let may_be_refused = layout == Layout::Compact && rows.iter().any(is_open);
    let extension = if shape == Shape::GoogleXml { "xml" } else { "json" };
    Content { text, rows, extension, may_be_refused, about: format!("{layout:?}") }
}

fn json(row: &FileRow, layout: Layout) -> String {
    let FileRow { id, mark, written: name, text, damage, .. } = row;
    let price = match damage {
        Some(Damage::BadPrice) => json!("cheap"),
        _ => json!({"currencyCode": "EUR", "units": "12", "nanos": 500_000_000}),
    };
    let item: Value =
        json!({"id": id, "name": name, "brand": mark, "price": price, "description": text});
    let item = match layout {
        Layout::Pretty => serde_json::to_string_pretty(&item),
        _ => serde_json::to_string(&item),
    };
    let item = item.expect("a value is JSON");
    match damage {
        Some(Damage::OpenQuote) => item.replacen(" of ", "\" of ", 1),
        _ => item,
    }
}

fn xml(row: &FileRow) -> String {
    let FileRow { id, mark, written: name, text, .. } = row;
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<item><g:id>{mark}</g:id><g:item_group_id>{id}</g:item_group_id><title>{}</title>\
         <description><![CDATA[{text}]]></description><g:price>{} EUR</g:price><g:gtin>{}</g:gtin>\
         <g:image_link>/{id}.jpg</g:image_link><g:availability>in stock</g:availability></item>",
        escaped(name),
        row.price(),
        row.gtin(),
    )
}
