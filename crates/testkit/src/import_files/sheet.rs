//! Generated workbooks.

use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
};

use super::FileRow;
use crate::Random;

const HEADER: [&str; 6] = ["id", "name", "price", "currency", "sku", "description"];

/// A workbook with the rows.
pub(super) fn workbook(random: &mut Random, rows: Vec<FileRow>) -> (Vec<u8>, Vec<FileRow>) {
    let mut strings = random.chance(0.5).then(Vec::new);
    let mut sheet = "<worksheet><sheetData>".to_owned();
    add(&mut sheet, &mut strings, 1, &HEADER);
    let mut number = 2;
    for row in &rows {
        let FileRow { id, mark, written: name, text, .. } = row;
        let price = if row.gtin().is_empty() { row.price() } else { "1.25E+1 x" };
        add(&mut sheet, &mut strings, number, &[id, name, price, "EUR", mark, text]);
        number += 1 + usize::from(random.chance(0.05));
    }
    sheet.push_str("</sheetData></worksheet>");
    let mut book = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, text: &str| {
        book.start_file(name, zip::write::SimpleFileOptions::default()).expect("into memory");
        book.write_all(text.as_bytes()).expect("into memory");
    };
    add("xl/worksheets/sheet1.xml", &sheet);
    if let Some(strings) = strings {
        let items: String = strings.iter().map(|text| format!("<si><t>{text}</t></si>")).collect();
        add("xl/sharedStrings.xml", &format!("<sst>{items}</sst>"));
    }
    (book.finish().expect("into memory").into_inner(), rows)
}

/// Adds a row. Its texts stand in it or in `strings`.
fn add(sheet: &mut String, strings: &mut Option<Vec<String>>, number: usize, texts: &[&str]) {
    write!(sheet, "<row r=\"{number}\">").expect("into memory");
    for (text, column) in texts.iter().zip('A'..) {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        match strings {
            _ if text.is_empty() => {}
            Some(strings) => {
                let at = strings.len();
                write!(sheet, "<c r=\"{column}{number}\" t=\"s\"><v>{at}</v></c>")
                    .expect("into memory");
                strings.push(text);
            }
            None => {
                write!(
                    sheet,
                    "<c r=\"{column}{number}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"
                )
                .expect("into memory");
            }
        }
    }
    sheet.push_str("</row>");
}
