//! Generated products.

use bytes::Bytes;
use prost::Message as _;
use proto::catalogue::v1::{
    Attribute, CategoryPath, ImportProductsRequest, ImportRow, Product, attribute::Value,
};

const ROWS_PER_MESSAGE: usize = 500;

/// Size of a product.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Size {
    /// As in a small shop.
    Small,
    /// As described by manufacturers of electronics.
    Large,
}

const WORDS: [&str; 24] = [
    "blue",
    "mug",
    "stoneware",
    "glazed",
    "by",
    "hand",
    "holds",
    "coffee",
    "tea",
    "with",
    "a",
    "wide",
    "handle",
    "dishwasher",
    "safe",
    "kiln",
    "fired",
    "matt",
    "rim",
    "and",
    "base",
    "from",
    "Delft",
    "studio",
];

/// Encodes `count` products as messages of an import.
pub(crate) fn messages(size: Size, count: usize) -> Vec<Bytes> {
    let numbers: Vec<usize> = (1..=count).collect();
    let message = |numbers: &[usize]| {
        let rows = numbers.iter().map(|&number| ImportRow {
            line: i64::try_from(number).expect("fits"),
            product: Some(product(size, number)),
            update_mask: None,
        });
        ImportProductsRequest { rows: rows.collect(), options: None }.encode_to_vec().into()
    };
    numbers.chunks(ROWS_PER_MESSAGE).map(message).collect()
}

fn product(size: Size, number: usize) -> Product {
    let (words, attributes, images) = match size {
        Size::Small => (10, 2, 1),
        Size::Large => (24, 19, 3),
    };
    let category = [format!("Department {}", number % 20), format!("Shelf {}", number % 100)];
    Product {
        id: format!("p-{:08}", scattered(number)),
        external_id: format!("erp-{number:08}"),
        name: text(number, 4),
        description: text(number + 1, words),
        price: Some(proto::money::from_minor(number as i64 % 100_000 + 1, "EUR")),
        stock_qty: i32::try_from(number % 500).expect("fits"),
        brand: format!("Brand {}", number % 160),
        category_paths: vec![CategoryPath { names: category.into(), ids: Vec::new() }],
        attributes: (0..attributes).map(|index| attribute(number, index)).collect(),
        image_urls: (0..images)
            .map(|index| format!("https://images.example.com/gallery/{number}_{index}.jpg"))
            .collect(),
        labels: if number.is_multiple_of(3) { vec!["new".to_owned()] } else { Vec::new() },
        ..Default::default()
    }
}

fn attribute(number: usize, index: usize) -> Attribute {
    let (value, unit) = match index % 4 {
        0 => (Value::Number((number * (index + 3) % 10_007) as f64 / 10.0), "mm"),
        1 => (Value::Flag(number.is_multiple_of(2)), ""),
        _ => (Value::Text(text(number + index, 3)), ""),
    };
    let name = format!("{}_{}_{index}", word(index), word(index * 5 + 1));
    Attribute { name, value: Some(value), unit: unit.to_owned() }
}

/// Permutes ids, which are not in order in the export of a shop.
fn scattered(number: usize) -> usize {
    number * 48_271 % 99_999_989
}

fn text(seed: usize, words: usize) -> String {
    (0..words).map(|index| word(seed * 7 + index * 11)).collect::<Vec<_>>().join(" ")
}

fn word(number: usize) -> &'static str {
    WORDS[number % WORDS.len()]
}
