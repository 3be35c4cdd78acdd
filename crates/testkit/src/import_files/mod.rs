//! Generated files of products as people bring them: shape, encoding, delimiter, line ends, container and
//! damage, by seed.

mod documents;
mod encoding;
mod row;
mod sheet;
mod tables;

pub use row::{Damage, FileRow};

use crate::Random;
use encoding::Encoding;

/// A generated file and its rows.
#[derive(Debug)]
pub struct ImportFile {
    /// File name. Its extension is as unreliable as in real files.
    pub name: String,
    pub bytes: Vec<u8>,
    /// All rows that are products, in their order.
    pub rows: Vec<FileRow>,
    /// How it was made, for messages.
    pub about: String,
    /// Whether the file as a whole may be refused: it was cut off, or its damaged parts cannot be separated from the
    /// others.
    pub may_be_refused: bool,
}

/// The form of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Our own columns: a row for each product, or several.
    Flat,
    Grouped,
    Shopify,
    WooCommerce,
    /// Prices by SKU.
    BySku,
    JsonLines,
    JsonArray,
    JsonPretty,
    /// An array in an object.
    JsonEnvelope,
    /// Several objects with an array, one after the other.
    JsonPages,
    GoogleXml,
    Workbook,
}

const SHAPES: [Shape; 12] = [
    Shape::Flat,
    Shape::Grouped,
    Shape::Shopify,
    Shape::WooCommerce,
    Shape::BySku,
    Shape::JsonLines,
    Shape::JsonArray,
    Shape::JsonPretty,
    Shape::JsonEnvelope,
    Shape::JsonPages,
    Shape::GoogleXml,
    Shape::Workbook,
];

/// Text of a file, and its rows.
struct Content {
    text: String,
    rows: Vec<FileRow>,
    extension: &'static str,
    may_be_refused: bool,
    about: String,
}

impl ImportFile {
    /// The file of a seed.
    pub fn generate(seed: u64) -> Self {
        let mut random = Random::seeded(seed).branch("import file");
        let shape = pick(&mut random, &SHAPES);
        let encoding = Encoding::pick(&mut random);
        let damage = pick(&mut random, &[0.0, 0.0, 0.03, 0.2]);
        let rows = row::rows(&mut random, shape, encoding, damage);
        if shape == Shape::Workbook {
            let (bytes, rows) = sheet::workbook(&mut random, rows);
            let about = format!("seed {seed}: {shape:?} damage {damage}");
            let name = format!("{seed}.xlsx");
            return Self { name, bytes, rows, about, may_be_refused: false };
        }
        let content = match shape {
            Shape::Flat | Shape::Grouped | Shape::Shopify | Shape::WooCommerce | Shape::BySku => {
                tables::table(&mut random, shape, rows)
            }
            shape => documents::document(&mut random, shape, rows),
        };
        let Content { text, mut rows, extension, mut may_be_refused, about } = content;
        let mut bytes = encoding.encode(&text);
        let is_cut = random.chance(0.1);
        if is_cut {
            let cut = random.below(bytes.len() as u64) as usize;
            bytes.truncate(cut);
            may_be_refused = true;
            rows.retain(|row| encoding.encode(&text[..row.end]).len() <= cut);
        }
        let about = format!(
            "seed {seed}: {shape:?} {about} {encoding:?} damage {damage} {}",
            if is_cut { "cut" } else { "" }
        );
        let (bytes, ending) = encoding::packed(&mut random, bytes, extension);
        let name = format!("{seed}.{extension}{ending}");
        Self { name, bytes, rows, about, may_be_refused }
    }
}

fn pick<T: Copy>(random: &mut Random, choices: &[T]) -> T {
    choices[random.below(choices.len() as u64) as usize]
}
