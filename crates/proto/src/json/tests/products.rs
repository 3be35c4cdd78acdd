//! Real products, if the data set is next to the repository.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    path::Path,
};

use flate2::read::GzDecoder;
use prost::Message as _;
use serde_json::Value;

use super::{case, compare};
use crate::catalogue::v1::{Attribute, Product, attribute};

#[test]
fn real_products_equal_serde() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/products.jsonl.gz");
    let Ok(file) = File::open(&path) else {
        eprintln!("skipped: {} does not exist", path.display());
        return;
    };
    let case = case("catalogue.v1.Product");
    for line in BufReader::new(GzDecoder::new(file)).lines() {
        let row: Value = serde_json::from_str(&line.unwrap()).unwrap();
        assert!(compare(&case, &product(&row).encode_to_vec()));
    }
}

fn product(row: &Value) -> Product {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let texts = |value: &Value| value.as_array().into_iter().flatten().map(text).collect();
    let attributes = row["attributes"].as_object().into_iter().flatten();
    Product {
        id: text(&row["id"]),
        name: text(&row["name"]),
        description: text(&row["description"]),
        brand: text(&row["brand"]),
        price_eur: row["price_minor"].as_f64().map(|minor| minor / 100.0),
        image_urls: texts(&row["images"]),
        category_ids: texts(&row["category_path"]),
        attributes: attributes
            .map(|(name, value)| Attribute {
                name: name.clone(),
                value: Some(match value {
                    Value::Bool(flag) => attribute::Value::Flag(*flag),
                    Value::Number(number) => attribute::Value::Number(number.as_f64().unwrap()),
                    value => attribute::Value::Text(text(value)),
                }),
                unit: String::new(),
            })
            .collect(),
        ..Default::default()
    }
}
