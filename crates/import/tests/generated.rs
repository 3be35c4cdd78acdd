//! Generated files: shape, encoding, delimiter and damage by seed. No row is swallowed, none is changed, and damage
//! stays where it is. `IMPORT_SEEDS=10000` runs that many.

use std::{collections::BTreeMap, io::Cursor};

use encoding_rs::WINDOWS_1252;
use fastrand::Rng;
use import::{OpenOptions, ParsedRow, ReadOptions, Source, SourceRow, read};

const DEFAULT_SEEDS: u64 = 300;

/// A generated row: its id, its line in the file, and whether it is damaged.
struct Row {
    id: String,
    name: String,
    line: String,
    damage: Option<Damage>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Damage {
    OpenQuote,
    LostCell,
    ExtraCell,
    BadPrice,
    ShortenedGtin,
    BrokenLetter,
}

const DAMAGE: [Damage; 6] = [
    Damage::OpenQuote,
    Damage::LostCell,
    Damage::ExtraCell,
    Damage::BadPrice,
    Damage::ShortenedGtin,
    Damage::BrokenLetter,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf8Bom,
    Utf16,
    Windows1252,
}

/// A file and its rows.
struct File {
    bytes: Vec<u8>,
    rows: Vec<Row>,
    about: String,
}

fn file(seed: u64) -> File {
    let mut random = Rng::with_seed(seed);
    let delimiter = [',', ';', '\t', '|'][random.usize(..4)];
    let end = ["\n", "\r\n", "\r"][random.usize(..3)];
    let encodings = [Encoding::Utf8, Encoding::Utf8Bom, Encoding::Utf16, Encoding::Windows1252];
    let encoding = encodings[random.usize(..4)];
    let grouped = random.bool();
    let damage_share = [0, 0, 3, 10][random.usize(..4)];
    let about = format!("seed {seed}: {delimiter:?} {end:?} {encoding:?} grouped {grouped}");
    let mut rows = Vec::new();
    let mut product = 0;
    for number in 0..random.usize(8..60) {
        if !grouped || random.u8(..3) == 0 || number == 0 {
            product += 1;
        }
        let id = format!("p{product:05}");
        rows.push(row(&mut random, number, id, delimiter, encoding, damage_share));
    }
    let separator = delimiter.to_string();
    let header = ["id", "name", "price", "currency", "sku", "gtin", "description"].join(&separator);
    let mut text = header + end;
    for row in &rows {
        text.push_str(&row.line.replace('\n', if end == "\r" { "\u{b7}" } else { end }));
        text.push_str(end);
        if random.u8(..20) == 0 {
            text.push_str(&separator.repeat(random.usize(..7)));
            text.push_str(end);
        }
    }
    let bytes = match encoding {
        // The mark of a letter that is not UTF-8.
        Encoding::Utf8 => replace(text.into_bytes(), "\u{1}".as_bytes(), b"\xfc"),
        Encoding::Utf8Bom => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        Encoding::Utf16 => {
            let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            [b"\xff\xfe", &units[..]].concat()
        }
        Encoding::Windows1252 => WINDOWS_1252.encode(&text).0.into_owned(),
    };
    File { bytes, rows, about }
}

fn row(
    random: &mut Rng,
    number: usize,
    id: String,
    delimiter: char,
    encoding: Encoding,
    damage_share: u8,
) -> Row {
    let damage = (random.u8(..100) < damage_share).then(|| DAMAGE[random.usize(..DAMAGE.len())]);
    // One row would tell nothing of the encoding of the file.
    let damage =
        damage.filter(|damage| *damage != Damage::BrokenLetter || encoding == Encoding::Utf8);
    let names =
        ["Fußmatte grün", "Crème brûlée", "Tray, \"large\"", "Pot; 12\" wide", "Größe|M", "Mug"];
    let name = format!("{} of {id}", names[random.usize(..names.len())]);
    let texts = [
        "",
        "plain",
        "a, b; c",
        "first line\nsecond line",
        "\"quoted\"",
        "soft, warm\nand blue\n\nend",
    ];
    let text = texts[random.usize(..texts.len())];
    let price = if damage == Some(Damage::BadPrice) { "cheap" } else { "12.50" };
    let gtin = if damage == Some(Damage::ShortenedGtin) { "4.00638E+12" } else { "" };
    let sku = format!("s{number:05}");
    let quoted = |text: &str| quoted(text, delimiter);
    let shown = match damage {
        Some(Damage::OpenQuote) => "\"open".to_owned(),
        Some(Damage::BrokenLetter) => "br\u{1}ken".to_owned(),
        _ => quoted(&name),
    };
    let mut cells = vec![
        id.clone(),
        shown,
        price.to_owned(),
        "EUR".to_owned(),
        sku,
        gtin.to_owned(),
        quoted(text),
    ];
    match damage {
        Some(Damage::LostCell) => cells.truncate(3),
        Some(Damage::ExtraCell) => cells.push("extra".to_owned()),
        _ => {}
    }
    Row { id, name, line: cells.join(&delimiter.to_string()), damage }
}

/// A cell as writers of CSV write it.
fn quoted(text: &str, delimiter: char) -> String {
    match text.contains([delimiter, '"', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

fn replace(bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = &bytes[..];
    while let Some(at) = rest.windows(from.len()).position(|window| window == from) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(to);
        rest = &rest[at + from.len()..];
    }
    out.extend_from_slice(rest);
    out
}

/// Names of products and SKUs of their variants, by id.
type Products = BTreeMap<String, (String, Vec<String>)>;

/// The sources of all rows, and the products that were taken.
fn imported(bytes: Vec<u8>) -> (Vec<String>, Products) {
    let source =
        Source::new(Cursor::new(bytes), &OpenOptions::default(), "generated".to_owned(), Some(1));
    let (mut sources, mut products) = (Vec::new(), BTreeMap::new());
    let text = |row: &SourceRow| match row {
        SourceRow::Csv(bytes, _) => String::from_utf8_lossy(bytes).into_owned(),
        other => panic!("{other:?} is of no table"),
    };
    let summary = read(source.unwrap(), None, &ReadOptions::default(), |row: ParsedRow| {
        sources.extend(row.source_rows.iter().map(|(_, row)| text(row)));
        sources.extend(row.rejects.iter().map(|reject| text(&reject.source_row)));
        if let Ok(row) = row.outcome {
            let product = row.product.unwrap();
            let skus = product.variants.iter().map(|variant| variant.sku.clone()).collect();
            products.insert(product.id, (product.name, skus));
        }
        true
    });
    summary.unwrap();
    (sources, products)
}

#[test]
fn no_row_is_swallowed() {
    let seeds = std::env::var("IMPORT_SEEDS").ok().and_then(|seeds| seeds.parse().ok());
    for seed in 0..seeds.unwrap_or(DEFAULT_SEEDS) {
        let File { bytes, rows, about } = file(seed);
        let (sources, products) = imported(bytes.clone());
        let shown = || String::from_utf8_lossy(&bytes).into_owned();
        // Each row of the file is one row of the import, as it is or as a reject.
        for (number, row) in rows.iter().enumerate() {
            let marks = |source: &&String| source.starts_with(&row.id);
            let copies = sources.iter().filter(marks).count();
            let expected = rows.iter().filter(|other| other.id == row.id).count();
            assert_eq!(copies, expected, "{about}: row {number} {}:\n{}", row.line, shown());
        }
        let is_whole = |id: &str| rows.iter().all(|row| row.id != id || row.damage.is_none());
        for (number, row) in rows.iter().enumerate().filter(|(_, row)| is_whole(&row.id)) {
            let Some((_, skus)) = products.get(&row.id) else {
                panic!("{about}: the whole row {} is rejected:\n{}", row.line, shown());
            };
            let first = rows.iter().find(|other| other.id == row.id).map(|first| &first.name);
            assert_eq!(Some(&products[&row.id].0), first, "{about}:\n{}", shown());
            let sku = format!("s{number:05}");
            assert!(skus.contains(&sku), "{about}: {sku} is not in {skus:?}:\n{}", shown());
        }
        let accepted: usize = products.values().map(|(_, skus)| skus.len()).sum();
        assert!(accepted <= rows.len(), "{about}: more than the rows:\n{}", shown());
    }
}
