//! Comparison of a host's products with a catalogue's.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Debug,
};

use proto::{
    catalogue::v1::{Product, product::Status},
    google::r#type::Money,
    money,
};
use serde_json::Value;

/// A product for sale, as both sides have it.
#[derive(Debug, PartialEq, Eq)]
struct Offered {
    title: String,
    description: String,
    items: Vec<Item>,
}

/// An item that can be bought.
#[derive(Debug, PartialEq, Eq)]
struct Item {
    id: String,
    title: String,
    /// In minor units, with its currency.
    price: Option<(i64, String)>,
    is_available: bool,
}

/// How products differ: a line for each.
pub(super) fn differences(host: &BTreeMap<String, Value>, catalogue: &[Product]) -> Vec<String> {
    let found: BTreeMap<&str, Offered> = host
        .iter()
        .map(|(id, product)| (id.as_str(), of_host(product)))
        .filter(|(_, offered)| !offered.items.is_empty())
        .collect();
    let is_for_sale = |it: &&Product| it.status() == Status::Active && it.delete_time.is_none();
    let expected: BTreeMap<&str, Offered> = catalogue
        .iter()
        .filter(is_for_sale)
        .map(|product| (product.id.as_str(), of_catalogue(product)))
        .collect();
    let ids: BTreeSet<&str> = found.keys().chain(expected.keys()).copied().collect();
    let differ = ids.into_iter().filter(|id| found.get(id) != expected.get(id));
    differ.map(|id| line(id, found.get(id), expected.get(id))).collect()
}

fn line(id: &str, found: Option<&impl Debug>, expected: Option<&impl Debug>) -> String {
    format!("{id}: the host has {found:?}, the catalogue {expected:?}")
}

fn of_host(product: &Value) -> Offered {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let item = |variant: &Value| Item {
        id: text(&variant["id"]),
        title: text(&variant["title"]),
        price: variant["price"]["amount"]
            .as_i64()
            .map(|amount| (amount, text(&variant["price"]["currency"]))),
        is_available: variant["availability"]["available"] == true,
    };
    Offered {
        title: text(&product["title"]),
        description: text(&product["description"]["plain"]),
        items: product["variants"].as_array().into_iter().flatten().map(item).collect(),
    }
}

/// A product without sales, whose price is always that of now.
fn of_catalogue(product: &Product) -> Offered {
    let price = |of: Option<&Money>| {
        of.map(|it| (money::to_minor(it).unwrap_or(-1), it.currency_code.clone()))
    };
    let own = price(product.price.as_ref());
    let alone = || Item {
        id: product.id.clone(),
        title: product.name.clone(),
        price: own.clone(),
        is_available: product.stock_qty > 0,
    };
    let variants = product.variants.iter().map(|variant| {
        let options: Vec<_> = variant.option_values.iter().map(|it| it.value.as_str()).collect();
        Item {
            id: variant.sku.clone(),
            title: match options.is_empty() {
                true => product.name.clone(),
                false => format!("{} - {}", product.name, options.join(" / ")),
            },
            price: price(variant.price.as_ref()).or_else(|| own.clone()),
            is_available: variant.stock_qty > 0,
        }
    });
    let items: Vec<Item> = variants.collect();
    Offered {
        title: product.name.clone(),
        description: product.description.clone(),
        items: if items.is_empty() { vec![alone()] } else { items },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_difference_is_a_line() {
        let product = |id: &str, cents, status: Status| Product {
            id: id.to_owned(),
            name: "Mug".to_owned(),
            price: Some(money::from_minor(cents, "EUR")),
            status: status.into(),
            ..Product::default()
        };
        let pushed = |id: &str, cents: i64| {
            let price = json!({ "amount": cents, "currency": "EUR" });
            let availability = json!({ "available": false });
            json!({ "id": id, "title": "Mug", "variants": [
                { "id": id, "title": "Mug", "price": price, "availability": availability }] })
        };
        let host = BTreeMap::from([
            ("same".to_owned(), pushed("same", 900)),
            ("dear".to_owned(), pushed("dear", 901)),
            ("sold".to_owned(), pushed("sold", 900)),
            ("gone".to_owned(), json!({ "id": "gone", "variants": [] })),
        ]);
        let active = |id: &str| product(id, 900, Status::Active);
        let draft = product("sold", 900, Status::Draft);
        let catalogue = [active("same"), active("dear"), active("new"), draft];
        let lines = differences(&host, &catalogue);
        let ids: Vec<_> = lines.iter().filter_map(|line| line.split(':').next()).collect();
        assert_eq!(ids, ["dear", "new", "sold"], "{lines:?}");
    }
}
