//! Generated tables.

use super::{Content, Damage, FileRow, Shape, pick};
use crate::Random;

/// A table with the rows.
pub(super) fn table(random: &mut Random, shape: Shape, mut rows: Vec<FileRow>) -> Content {
    let delimiter = pick(random, &[',', ';', '\t', '|']);
    let end = pick(random, &["\n", "\r\n", "\r"]);
    let has_preamble = random.chance(0.1);
    let separator = delimiter.to_string();
    let mut text = String::new();
    if has_preamble {
        text.push_str(&format!("Our list of 2026{end}{end}"));
    }
    text.push_str(&header(shape).join(&separator));
    text.push_str(end);
    for index in 0..rows.len() {
        let is_first = index == 0 || rows[index - 1].id != rows[index].id;
        let row = &rows[index];
        let mut cells: Vec<String> =
            cells(shape, row, is_first).iter().map(|cell| quoted(cell, delimiter)).collect();
        match row.damage {
            Some(Damage::OpenQuote) => cells[1] = "\"open".to_owned(),
            Some(Damage::LostCell) => cells.truncate(cells.len() - 2),
            Some(Damage::ExtraCell) => cells.push("extra".to_owned()),
            _ => {}
        }
        // A carriage return alone ends a line of such a file, within quotes as well.
        let inner = if end == "\r" { "\u{b7}" } else { end };
        text.push_str(&cells.join(&separator).replace('\n', inner));
        rows[index].end = text.len();
        text.push_str(end);
        if random.chance(0.05) {
            text.push_str(&separator.repeat(random.below(7) as usize));
            text.push_str(end);
        }
    }
    let extension = pick(random, &["csv", "txt"]);
    let about = format!("{delimiter:?} {end:?} preamble {has_preamble}");
    Content { text, rows, extension, may_be_refused: false, about }
}

fn header(shape: Shape) -> Vec<&'static str> {
    let names = match shape {
        Shape::Shopify => {
            "Handle,Title,Vendor,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Barcode,\
             Image Src,Body (HTML)"
        }
        Shape::WooCommerce => {
            "ID,Name,Type,SKU,Published,In stock?,Regular price,Parent,Attribute 1 name,\
             Attribute 1 value(s),Description"
        }
        Shape::BySku => "sku,gtin,price,currency",
        _ => "id,name,price,currency,sku,gtin,description",
    };
    names.split(',').collect()
}

/// The cells of a row; `is_first` of its product.
fn cells(shape: Shape, row: &FileRow, is_first: bool) -> Vec<String> {
    let FileRow { id, mark, written: name, text, .. } = row;
    let (price, gtin) = (row.price(), row.gtin());
    let (size, sku, picture) =
        (format!("{mark} cm"), format!("{mark}-s"), format!("https://img.example/{id}.jpg"));
    let of_first = |text| if is_first { text } else { "" };
    let cells: Vec<&str> = match shape {
        Shape::Shopify => {
            let (title, vendor) = (of_first(name), of_first("Olmo"));
            let option = of_first("Size");
            vec![id, title, vendor, option, &size, &sku, price, gtin, &picture, text]
        }
        Shape::WooCommerce => {
            let (kind, sku, parent) = match is_first {
                true => ("variable", id.as_str(), ""),
                false => ("variation", sku.as_str(), id.as_str()),
            };
            vec![mark, name, kind, sku, "1", "1", price, parent, "Size", &size, text]
        }
        Shape::BySku => vec![mark, gtin, price, "EUR"],
        _ => vec![id, name, price, "EUR", mark, gtin, text],
    };
    cells.into_iter().map(str::to_owned).collect()
}

/// A cell as writers of CSV write it.
fn quoted(text: &str, delimiter: char) -> String {
    match text.contains([delimiter, '"', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}
