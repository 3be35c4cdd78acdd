//! Judged queries and products, read from the data folder.

use anyhow::{Context as _, Result};
use flate2::read::MultiGzDecoder;
use proto::catalogue::v1::{Attribute, CategoryPath, Product, attribute::Value};
use std::{
    collections::HashMap,
    fs::{self, File},
    io::{BufRead as _, BufReader},
    path::Path,
};

/// A query with the grades of its judged products.
pub(crate) struct Judged {
    pub(crate) id: String,
    pub(crate) class: String,
    pub(crate) query: String,
    pub(crate) grades: HashMap<String, u32>,
}

/// Reads the judged queries of a folder.
pub(crate) fn queries(folder: &Path) -> Result<Vec<Judged>> {
    let read = |name: &str| {
        let file = folder.join(name);
        fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))
    };
    let mut grades: HashMap<String, HashMap<String, u32>> = HashMap::new();
    for line in read("qrels.tsv")?.lines() {
        if let [query, product, grade] = line.split('\t').collect::<Vec<_>>()[..]
            && let Ok(grade) = grade.parse()
        {
            grades.entry(query.to_owned()).or_default().insert(product.to_owned(), grade);
        }
    }
    let text = read("queries.tsv")?;
    let lines = text.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    let judged = lines.filter(|cells| cells.len() >= 3 && cells[1] != "human_none");
    let judged = judged.map(|cells| Judged {
        id: cells[0].to_owned(),
        class: cells[1].to_owned(),
        query: cells[2].to_owned(),
        grades: grades.remove(cells[0]).unwrap_or_default(),
    });
    Ok(judged.collect())
}

/// Reads the products, mapped as by `examples/icecat.toml`.
pub(crate) fn products(folder: &Path) -> Result<Vec<Product>> {
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
