//! Between messages and products. Everything from outside is checked here, once.

use pbjson_types::{FieldMask, Timestamp};
use proto::{
    catalogue::v1 as wire,
    google::r#type::Money,
    money::{self, MoneyError},
};
use wire::attribute;

use crate::{
    domain::{
        Attribute, CategoryId, Details, Field, Mask, Micros, Price, Product, ProductId, Tree,
        Value, Violations, check,
    },
    store::Done,
};

/// Which fields a request speaks of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paths {
    pub(super) mask: Mask,
    /// The mask names `price_eur` and not `price`, so that one counts even beside the other.
    euros_only: bool,
}

impl Paths {
    pub(super) fn all() -> Self {
        Self { mask: Mask::all(), euros_only: false }
    }

    pub(super) fn none() -> Self {
        Self { mask: Mask::default(), euros_only: false }
    }
}

/// Reads a mask; none, an empty one and `*` mean everything that can be written.
pub(super) fn paths(mask: Option<&FieldMask>, violations: &mut Violations) -> Paths {
    let paths = mask.map_or(&[][..], |mask| &mask.paths);
    if paths.is_empty() || paths.iter().any(|path| path == "*") {
        return Paths::all();
    }
    let mut mask = Mask::default();
    for path in paths {
        match field(path) {
            Some(field) => mask = mask.with(field),
            None => {
                let path: String = path.chars().take(40).collect();
                violations.add("update_mask", format!("names {path:?}, which cannot be written"));
            }
        }
    }
    let names_price = paths.iter().any(|path| path == "price");
    Paths { mask, euros_only: mask.has(Field::Price) && !names_price }
}

/// In the spelling of the contract or of its JSON form.
fn field(path: &str) -> Option<Field> {
    match path {
        "price_eur" | "priceEur" => Some(Field::Price),
        "stockQty" => Some(Field::StockQty),
        "imageUrls" => Some(Field::ImageUrls),
        "categoryIds" => Some(Field::CategoryIds),
        "externalId" => Some(Field::ExternalId),
        path => Field::ALL.into_iter().find(|field| field.name() == path),
    }
}

/// Takes the fields of `paths` out of a message and adds whatever is wrong with them.
pub(super) fn details(
    product: wire::Product,
    paths: Paths,
    violations: &mut Violations,
) -> Details {
    let has = |field| paths.mask.has(field);
    let mut details = Details {
        name: product.name,
        description: product.description,
        brand: product.brand,
        stock_qty: product.stock_qty,
        image_urls: product.image_urls,
        labels: product.labels,
        external_id: Some(product.external_id).filter(|id| !id.is_empty()),
        ..Default::default()
    };
    if has(Field::Price) {
        let price = product.price.filter(|_| !paths.euros_only);
        details.price = price_of(price, product.price_eur, violations);
    }
    if has(Field::CategoryIds) {
        details.category_ids = category_ids(&product.category_ids, violations);
    }
    if has(Field::Attributes) {
        details.attributes = attributes(product.attributes, violations);
    }
    check(&details, paths.mask, violations);
    details
}

fn price_of(price: Option<Money>, eur: f64, violations: &mut Violations) -> Option<Price> {
    let Some(price) = price else { return euros(eur, violations) };
    match money::to_minor(&price) {
        Ok(minor) => Some(Price { minor, currency: price.currency_code }),
        Err(error) => {
            let field = match error {
                MoneyError::Currency => "price.currency_code",
                MoneyError::Negative if price.units < 0 => "price.units",
                MoneyError::TooLarge if (0..1_000_000_000).contains(&price.nanos) => "price.units",
                MoneyError::Negative | MoneyError::TooFine { .. } | MoneyError::TooLarge => {
                    "price.nanos"
                }
            };
            violations.add(field, error.to_string());
            None
        }
    }
}

/// 0 is how the original contract says that there is no price.
fn euros(eur: f64, violations: &mut Violations) -> Option<Price> {
    /// 100 billion euros: a double still tells cents apart there, with room to see thousandths.
    const MAX_CENTS: f64 = 1e13;
    if eur == 0.0 {
        return None;
    }
    let cents = (eur * 100.0).round();
    let fault = if !eur.is_finite() || cents > MAX_CENTS {
        "must be an amount of money"
    } else if eur < 0.0 {
        "must not be negative"
    } else if (eur * 100.0 - cents).abs() > 0.01 {
        "must be no finer than a cent"
    } else {
        // Whole and within 10^13 by the checks above.
        return Some(Price { minor: cents as i64, currency: "EUR".to_owned() });
    };
    violations.add("price_eur", fault);
    None
}

fn category_ids(ids: &[String], violations: &mut Violations) -> Vec<CategoryId> {
    let mut parsed = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        match CategoryId::parse(id) {
            Ok(id) => parsed.push(id),
            Err(rule) => violations.add(format!("category_ids[{index}]"), rule),
        }
    }
    parsed
}

fn attributes(attributes: Vec<wire::Attribute>, violations: &mut Violations) -> Vec<Attribute> {
    let mut parsed = Vec::with_capacity(attributes.len());
    for (index, attribute) in attributes.into_iter().enumerate() {
        let value = match attribute.value {
            Some(attribute::Value::Text(text)) => Value::Text(text),
            Some(attribute::Value::Number(number)) => Value::Number(number),
            Some(attribute::Value::Flag(flag)) => Value::Flag(flag),
            None => {
                violations.add(format!("attributes[{index}]"), "must have a text, number or flag");
                continue;
            }
        };
        parsed.push(Attribute { name: attribute.name, value, unit: attribute.unit });
    }
    parsed
}

/// An id that a request must have, by the name of its field.
pub(super) fn product_id(field: &str, id: &str, violations: &mut Violations) -> Option<ProductId> {
    ProductId::parse(id).map_err(|rule| violations.add(field, rule)).ok()
}

/// An id that a request may leave out.
pub(super) fn optional_category_id(
    field: &str,
    id: &str,
    violations: &mut Violations,
) -> Option<CategoryId> {
    if id.is_empty() {
        return None;
    }
    CategoryId::parse(id).map_err(|rule| violations.add(field, rule)).ok()
}

/// A product as clients see it, its categories by name.
pub(super) fn product(product: Product, tree: &Tree) -> wire::Product {
    let etag = product.etag();
    let details = product.details;
    let category_paths = details.category_ids.iter().map(|id| category_path(id, tree)).collect();
    wire::Product {
        id: product.id.into(),
        name: details.name,
        description: details.description,
        price_eur: details.price.as_ref().filter(|price| price.currency == "EUR").map_or(
            0.0,
            // Exact for every amount below 90 billion euros.
            |price| price.minor as f64 / 100.0,
        ),
        stock_qty: details.stock_qty,
        image_urls: details.image_urls,
        created_at: Some(timestamp(product.created_at)),
        price: details.price.map(|price| money::from_minor(price.minor, &price.currency)),
        brand: details.brand,
        category_ids: details.category_ids.into_iter().map(String::from).collect(),
        attributes: details.attributes.into_iter().map(attribute).collect(),
        labels: details.labels,
        etag,
        revision: product.revision,
        update_time: Some(timestamp(product.updated_at)),
        external_id: details.external_id.unwrap_or_default(),
        category_paths,
        ..Default::default()
    }
}

/// A product as a write leaves it.
pub(super) fn written(written: Product, done: &Done) -> wire::Product {
    let revision_token = done.position.encode(b"");
    wire::Product { revision_token, ..product(written, &done.tree) }
}

fn category_path(id: &CategoryId, tree: &Tree) -> wire::CategoryPath {
    let path = tree.path(id);
    wire::CategoryPath {
        names: path.iter().map(|category| category.name.clone()).collect(),
        ids: path.iter().map(|category| category.id.to_string()).collect(),
    }
}

fn attribute(attribute: Attribute) -> wire::Attribute {
    let value = match attribute.value {
        Value::Text(text) => attribute::Value::Text(text),
        Value::Number(number) => attribute::Value::Number(number),
        Value::Flag(flag) => attribute::Value::Flag(flag),
    };
    wire::Attribute { name: attribute.name, unit: attribute.unit, value: Some(value) }
}

pub(super) fn timestamp(micros: Micros) -> Timestamp {
    let nanos = micros.rem_euclid(1_000_000) * 1_000;
    Timestamp {
        seconds: micros.div_euclid(1_000_000),
        nanos: i32::try_from(nanos).expect("below a billion by the remainder above"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(product: wire::Product, mask: &[&str]) -> Vec<String> {
        let mut violations = Violations::default();
        let mask = FieldMask { paths: mask.iter().map(|path| (*path).to_owned()).collect() };
        let paths = paths(Some(&mask), &mut violations);
        details(product, paths, &mut violations);
        violations.iter().map(|(field, _)| field.to_owned()).collect()
    }

    fn price(currency: &str, units: i64, nanos: i32) -> wire::Product {
        let price = Money { currency_code: currency.to_owned(), units, nanos };
        wire::Product { price: Some(price), ..Default::default() }
    }

    #[test]
    fn a_bad_price_names_its_part() {
        assert_eq!(faults(price("EUR", -1, 0), &["price"]), ["price.units"]);
        assert_eq!(faults(price("EUR", 0, -10_000_000), &["price"]), ["price.nanos"]);
        assert_eq!(faults(price("EUR", 1, 1), &["price"]), ["price.nanos"]);
        assert_eq!(faults(price("EUR", 1, i32::MAX), &["price"]), ["price.nanos"]);
        assert_eq!(faults(price("EUR", i64::MAX, 0), &["price"]), ["price.units"]);
        assert_eq!(faults(price("euro", 1, 0), &["price"]), ["price.currency_code"]);
        for eur in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 1.005, 1e300] {
            let product = wire::Product { price_eur: eur, ..Default::default() };
            assert_eq!(faults(product, &["price_eur"]), ["price_eur"], "{eur}");
        }
    }

    #[test]
    fn every_amount_in_cents_is_taken_from_a_double() {
        for minor in (0..100_000).chain([199_999_999_999, 9_999_999_999_999]) {
            let mut violations = Violations::default();
            let price = euros(minor as f64 / 100.0, &mut violations);
            assert_eq!(price.map_or(0, |price| price.minor), minor);
        }
    }

    #[test]
    fn the_exact_price_wins_unless_the_mask_asks_for_the_other() {
        let read = |mask: &[&str]| {
            let mut violations = Violations::default();
            let mask = FieldMask { paths: mask.iter().map(|path| (*path).to_owned()).collect() };
            let paths = paths(Some(&mask), &mut violations);
            let product = wire::Product { price_eur: 2.0, ..price("EUR", 1, 0) };
            details(product, paths, &mut violations).price.unwrap().minor
        };
        assert_eq!(read(&[]), 100);
        assert_eq!(read(&["price", "price_eur"]), 100);
        assert_eq!(read(&["priceEur"]), 200);
    }

    #[test]
    fn a_mask_names_what_can_be_written_in_either_spelling() {
        let product = || wire::Product { stock_qty: -1, ..Default::default() };
        assert_eq!(faults(product(), &["stock_qty"]), ["stock_qty"]);
        assert_eq!(faults(product(), &["stockQty"]), ["stock_qty"]);
        assert_eq!(faults(product(), &["brand"]), [""; 0]);
        for path in ["id", "revision", "etag", "created_at", "category_paths", "nonsense", ""] {
            assert_eq!(faults(product(), &["brand", path]), ["update_mask"], "{path}");
        }
        assert_eq!(faults(product(), &["*"]), ["name", "stock_qty"]);
    }
}
