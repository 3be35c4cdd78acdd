//! Conversion between messages and domain types. Input is validated here and nowhere else.

mod costs;
mod fields;
mod ids;
mod media;
mod offer;
mod paths;
mod price;
mod stock;
mod time;
mod variants;

use costs::costs;
pub(super) use fields::fields;
pub(super) use ids::{import_id, product_ids, required_product_id};
pub(super) use paths::{Paths, check_names_no_stock, paths};
pub(super) use stock::stock_level;
pub(super) use time::{micros, timestamp};

use product_fields::{OfferMessage, TextField};
use proto::{catalogue::v1 as wire, money};
use wire::{
    attribute,
    product::{Condition as WireCondition, Status as WireStatus},
};

use crate::{
    domain::{
        Attribute, CategoryId, Condition, Details, Field, Product, ProductId, Status, Tree, Value,
        Violations, check, check_fields,
    },
    store::AfterWrite,
};

/// Parses the fields that `paths` names, and adds their violations.
pub(super) fn details(
    mut product: wire::Product,
    paths: Paths,
    violations: &mut Violations,
) -> Details {
    let has = |field| paths.mask.has(field);
    let mut details = Details::default();
    for text in TextField::ALL {
        *details.text_mut(*text) = std::mem::take(text.get_mut(&mut product));
    }
    let offer = OfferMessage::take_product(&mut product);
    details.offer = offer::parse(offer, |it| has(Field::Offer(it)), &String::new, violations);
    details.stock_qty = product.stock_qty;
    details.labels = product.labels;
    details.external_id = Some(product.external_id).filter(|id| !id.is_empty());
    if has(Field::Price) {
        details.price = match product.price.filter(|_| !paths.euros_only) {
            Some(exact) => price::exact("price", exact, violations),
            None => price::euros(product.price_eur, violations),
        };
    }
    if has(Field::Media) {
        let media = if paths.urls_only { Vec::new() } else { product.media };
        details.media = media::parse(media, product.image_urls, violations);
    }
    if has(Field::Status) {
        details.status = status(product.status, violations);
    }
    if has(Field::Condition) {
        details.condition = condition(product.condition, violations);
    }
    if has(Field::Costs) {
        details.costs = costs::parse(std::mem::take(&mut product.costs), violations);
    }
    if has(Field::CategoryIds) {
        details.category_ids = category_ids(&product.category_ids, violations);
    }
    if has(Field::Attributes) {
        details.attributes = attributes(product.attributes, violations);
    }
    if has(Field::Variants) {
        details.variants = variants::parse(product.variants, violations);
    }
    match paths.merges_variants {
        true => check_fields(&details, paths.mask, violations),
        false => check(&details, paths.mask, violations),
    }
    details
}

/// The default is ACTIVE.
fn status(status: i32, violations: &mut Violations) -> Status {
    match WireStatus::try_from(status) {
        Ok(WireStatus::Draft) => Status::Draft,
        Ok(WireStatus::Unspecified | WireStatus::Active) => Status::Active,
        Ok(WireStatus::Archived) => Status::Archived,
        Err(_) => {
            violations.add("status", "must be DRAFT, ACTIVE or ARCHIVED");
            Status::default()
        }
    }
}

/// The default is unknown.
fn condition(condition: i32, violations: &mut Violations) -> Option<Condition> {
    match WireCondition::try_from(condition) {
        Ok(WireCondition::Unspecified) => None,
        Ok(WireCondition::New) => Some(Condition::New),
        Ok(WireCondition::Refurbished) => Some(Condition::Refurbished),
        Ok(WireCondition::Used) => Some(Condition::Used),
        Err(_) => {
            violations.add("condition", "must be NEW, REFURBISHED or USED");
            None
        }
    }
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

/// Parses an id that must not be empty.
pub(super) fn product_id(field: &str, id: &str, violations: &mut Violations) -> Option<ProductId> {
    ProductId::parse(id).map_err(|rule| violations.add(field, rule)).ok()
}

/// Parses an id that may be empty.
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

/// Converts a product, with the names of its categories and without its costs.
pub(crate) fn product(product: Product, tree: &Tree) -> wire::Product {
    let etag = product.etag();
    let mut details = product.details;
    let category_paths = details.category_ids.iter().map(|id| category_path(id, tree)).collect();
    let mut texts = wire::Product::default();
    for text in TextField::ALL {
        *text.get_mut(&mut texts) = std::mem::take(details.text_mut(*text));
    }
    offer::message(details.offer).put_product(&mut texts);
    wire::Product {
        id: product.id.into(),
        // Exact for amounts below 90 billion euros.
        price_eur: details
            .price
            .as_ref()
            .filter(|price| price.currency == "EUR")
            .map(|price| price.minor as f64 / 100.0),
        stock_qty: details.stock_qty,
        image_urls: details.media.iter().map(|media| media.url.clone()).collect(),
        created_at: Some(timestamp(product.created_at)),
        price: details.price.map(|price| money::from_minor(price.minor, &price.currency)),
        category_ids: details.category_ids.into_iter().map(String::from).collect(),
        attributes: details.attributes.into_iter().map(attribute).collect(),
        variants: details.variants.into_iter().map(variants::message).collect(),
        labels: details.labels,
        status: wire_status(details.status).into(),
        condition: wire_condition(details.condition).into(),
        etag,
        revision: product.revision,
        update_time: Some(timestamp(product.updated_at)),
        delete_time: product.deleted_at.map(timestamp),
        external_id: details.external_id.unwrap_or_default(),
        media: details.media.into_iter().map(media::message).collect(),
        category_paths,
        ..texts
    }
}

/// Converts a product with its costs, for callers that may see them.
pub(super) fn product_with_costs(mut product: Product, tree: &Tree) -> wire::Product {
    let costs = costs(&std::mem::take(&mut product.details.costs));
    wire::Product { costs, ..self::product(product, tree) }
}

/// Converts the result of a write.
pub(super) fn write_response(written: Product, after: &AfterWrite) -> wire::Product {
    let revision_token = super::position::revision_token(after.position);
    wire::Product { revision_token, ..product(written, &after.tree) }
}

fn wire_status(status: Status) -> WireStatus {
    match status {
        Status::Draft => WireStatus::Draft,
        Status::Active => WireStatus::Active,
        Status::Archived => WireStatus::Archived,
    }
}

fn wire_condition(condition: Option<Condition>) -> WireCondition {
    match condition {
        None => WireCondition::Unspecified,
        Some(Condition::New) => WireCondition::New,
        Some(Condition::Refurbished) => WireCondition::Refurbished,
        Some(Condition::Used) => WireCondition::Used,
    }
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

#[cfg(test)]
mod tests {
    use pbjson_types::FieldMask;
    use proto::google::r#type::Money;

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
            let product = wire::Product { price_eur: Some(eur), ..Default::default() };
            assert_eq!(faults(product, &["price_eur"]), ["price_eur"], "{eur}");
        }
    }

    #[test]
    fn the_exact_price_wins_unless_the_mask_asks_for_the_other() {
        let read = |mask: &[&str]| {
            let mut violations = Violations::default();
            let mask = FieldMask { paths: mask.iter().map(|path| (*path).to_owned()).collect() };
            let paths = paths(Some(&mask), &mut violations);
            let product = wire::Product { price_eur: Some(2.0), ..price("EUR", 1, 0) };
            details(product, paths, &mut violations).price.unwrap().minor
        };
        assert_eq!(read(&[]), 100);
        assert_eq!(read(&["price", "price_eur"]), 100);
        assert_eq!(read(&["priceEur"]), 200);
    }

    #[test]
    fn a_mask_names_writable_fields_by_contract_or_json_name() {
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
