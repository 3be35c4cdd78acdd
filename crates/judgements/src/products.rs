//! The products that are judged, read as `examples/icecat.toml` maps them.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    path::Path,
};

use anyhow::{Context as _, Result};
use flate2::read::MultiGzDecoder;
use proto::catalogue::v1::{Attribute, CategoryPath, Product, attribute::Value};

/// Reads the products of a folder.
///
/// # Errors
/// The file cannot be read, or a line is no JSON.
pub fn products(folder: &Path) -> Result<Vec<Product>> {
    let file = folder.join("products.jsonl.gz");
    let file = File::open(&file).with_context(|| format!("reading {}", file.display()))?;
    let lines = BufReader::new(MultiGzDecoder::new(file)).lines();
    lines.map(|line| Ok(product(&serde_json::from_str(&line?)?))).collect()
}

fn product(it: &serde_json::Value) -> Product {
    let text = |name: &str| it[name].as_str().unwrap_or_default().to_owned();
    let names: Vec<String> = it["category_path"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    let ids: Vec<String> = (0..names.len()).map(|end| names[..=end].join("/")).collect();
    let own = it["attributes"].as_object().into_iter().flatten();
    let own = own.filter_map(|(name, value)| attribute(name, value));
    let also = ["model", "ean", "released"];
    let also = also.iter().filter_map(|name| attribute(name, &it[*name]));
    let minor = it["price_minor"].as_i64().unwrap_or_default();
    Product {
        id: text("id"),
        name: text("name"),
        description: text("description"),
        brand: text("brand"),
        category_ids: ids.last().cloned().into_iter().collect(),
        category_paths: if names.is_empty() {
            Vec::new()
        } else {
            vec![CategoryPath { names, ids }]
        },
        attributes: own.chain(also).collect(),
        price: Some(proto::google::r#type::Money {
            currency_code: text("currency"),
            units: minor / 100,
            nanos: i32::try_from(minor % 100).unwrap_or_default() * 10_000_000,
        }),
        ..Product::default()
    }
}

fn attribute(name: &str, value: &serde_json::Value) -> Option<Attribute> {
    let value = match value {
        serde_json::Value::Null | serde_json::Value::Object(_) => return None,
        serde_json::Value::Bool(flag) => Value::Flag(*flag),
        serde_json::Value::Number(number) => Value::Number(number.as_f64()?),
        serde_json::Value::String(text) => Value::Text(text.clone()),
        serde_json::Value::Array(list) => {
            let texts: Vec<_> = list.iter().filter_map(|it| it.as_str()).collect();
            Value::Text(texts.join(", "))
        }
    };
    Some(Attribute { name: name.to_owned(), value: Some(value), unit: String::new() })
}
