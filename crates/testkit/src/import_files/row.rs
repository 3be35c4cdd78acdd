//! Rows of generated files.

use super::{
    Shape,
    encoding::{BROKEN_LETTER, Encoding},
    pick,
};
use crate::Random;

/// A row of a generated file.
#[derive(Debug, Clone)]
pub struct FileRow {
    /// Id of its product.
    pub id: String,
    /// A text that stands once in the row, and in no other.
    pub mark: String,
    /// Name of the product as it is right, of its first row.
    pub name: String,
    pub damage: Option<Damage>,
    /// Offset of the row's end in the text of the file.
    pub(super) end: usize,
    /// The name and a longer text, as they are written.
    pub(super) written: String,
    pub(super) text: String,
}

/// Damage of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// A quote without its other one.
    OpenQuote,
    LostCell,
    ExtraCell,
    BadPrice,
    /// A code that a spreadsheet has shortened.
    ShortenedGtin,
    /// A letter of another encoding.
    BrokenLetter,
}

impl FileRow {
    /// Whether further lines of the row may be rows of their own, because its quotes are in doubt.
    pub fn may_split(&self) -> bool {
        let is_in_doubt = matches!(self.damage, Some(Damage::OpenQuote | Damage::ExtraCell));
        is_in_doubt && self.text.contains('\n')
    }

    /// The price as it is written.
    pub(super) fn price(&self) -> &'static str {
        if self.damage == Some(Damage::BadPrice) { "cheap" } else { "12.50" }
    }

    pub(super) fn gtin(&self) -> &'static str {
        if self.damage == Some(Damage::ShortenedGtin) { "4.00638E+12" } else { "" }
    }
}

/// Names of products, with letters that every encoding has.
const NAMES: [&str; 8] = [
    "Fußmatte grün",
    "Crème brûlée",
    "Tray, \"large\"",
    "Pot; 12\" wide",
    "Größe|M",
    "Mug & <b>Cup</b>",
    "a\\b = 'c'",
    "Mug",
];
const TEXTS: [&str; 6] = [
    "",
    "plain",
    "a, b; c",
    "first line\nsecond line",
    "\"quoted\"",
    "soft, warm\nand blue\n\nend",
];

/// Rows of a shape, in the order of their products.
pub(super) fn rows(
    random: &mut Random,
    shape: Shape,
    encoding: Encoding,
    damage: f64,
) -> Vec<FileRow> {
    let damages: &[Damage] = match shape {
        Shape::Flat | Shape::Grouped | Shape::Shopify | Shape::WooCommerce | Shape::BySku => &[
            Damage::OpenQuote,
            Damage::LostCell,
            Damage::ExtraCell,
            Damage::BadPrice,
            Damage::ShortenedGtin,
            Damage::BrokenLetter,
        ],
        Shape::GoogleXml | Shape::Workbook => &[Damage::BadPrice, Damage::ShortenedGtin],
        _ => &[Damage::BadPrice, Damage::OpenQuote],
    };
    let is_grouped = matches!(shape, Shape::Grouped | Shape::Shopify | Shape::WooCommerce);
    let count = 8 + random.below(52);
    let mut product = 0;
    let row = |number: u64| {
        if !is_grouped || number == 0 || random.chance(0.4) {
            product += 1;
        }
        let damage = random.chance(damage).then(|| pick(random, damages));
        // One such letter would tell nothing of the encoding of the file.
        let may_break = matches!(encoding, Encoding::Utf8 | Encoding::Utf8Bom);
        let damage = damage.filter(|damage| *damage != Damage::BrokenLetter || may_break);
        let (name, text) = (pick(random, &NAMES), pick(random, &TEXTS));
        let broken =
            if damage == Some(Damage::BrokenLetter) { BROKEN_LETTER.into() } else { String::new() };
        let written = format!("{name}{broken} of p{product:05}");
        // Tags are taken out of the files of others.
        let is_own = matches!(
            shape,
            Shape::JsonLines
                | Shape::JsonArray
                | Shape::JsonPretty
                | Shape::JsonEnvelope
                | Shape::JsonPages
        );
        let name =
            if is_own { written.clone() } else { written.replace("<b>", "").replace("</b>", "") };
        FileRow {
            id: format!("p{product:05}"),
            mark: format!("m{number:05}m"),
            name,
            written,
            damage,
            end: 0,
            text: text.to_owned(),
        }
    };
    (0..count).map(row).collect()
}
