//! Variants and pictures as the JSON of other systems has them.

use product_fields::WeightUnit;
use proto::catalogue::v1::{Media, OptionValue, Variant, Weight};

use super::Style;
use crate::{
    convert,
    value::{Record, Value},
    values::{gtin, identifier, measure::measure},
};

const SKUS: &[&str] = &["sku", "SKU", "item_sku", "code"];
const PRICES: &[&str] = &["price", "amount", "value", "prices[0].amount", "prices[0].value"];
const CURRENCIES: &[&str] = &[
    "currency",
    "currency_code",
    "currencyCode",
    "prices[0].currency_code",
    "prices[0].currencyCode",
];
const STOCKS: &[&str] = &[
    "stock_qty",
    "inventory_quantity",
    "inventoryQuantity",
    "quantity",
    "stock",
    "inventory",
    "qty",
];
const GTINS: &[&str] = &["gtin", "barcode", "ean", "upc", "gtin13"];
const COMPARED: &[&str] = &["compare_at_price", "compareAtPrice"];
const WEIGHT_UNITS: &[&str] = &["weight_unit", "weightUnit"];
const URLS: &[&str] = &["url", "src", "href", "originalSrc"];
const ALTS: &[&str] = &["alt", "altText", "alt_text", "label"];
/// Names that a variant's title may have.
const TITLES: &[&str] = &["title", "name"];

/// Reads variants: of the product JSON, or of another system.
pub(super) fn variants(
    value: &Value,
    product: &Record,
    style: &Style,
) -> Result<Vec<Variant>, String> {
    let own = convert::variants(value);
    let Value::List(items) = value else { return own };
    if own.is_ok() {
        return own;
    }
    let is_foreign = items.iter().all(|item| match item {
        Value::Object(item) => first(item, SKUS).is_some(),
        _ => false,
    });
    if !is_foreign || items.iter().any(is_own) {
        return own;
    }
    let variant = |(index, item): (usize, &Value)| match item {
        Value::Object(item) => variant(item, product, style)
            .map_err(|message| format!("has an invalid variant, number {}: {message}", index + 1)),
        _ => Err(String::new()),
    };
    items.iter().enumerate().map(variant).collect()
}

/// Whether an object has a field that only the product JSON has.
fn is_own(item: &Value) -> bool {
    let Value::Object(item) = item else { return false };
    ["optionValues", "option_values", "stockQty"].iter().any(|name| item.get(name).is_some())
}

fn variant(item: &Record, product: &Record, style: &Style) -> Result<Variant, String> {
    let text = |names: &[&str]| first(item, names).map_or(Ok(String::new()), |v| convert::text(&v));
    let sku = identifier::sku(&text(SKUS)?).map_err(|message| format!("sku {message}"))?;
    let gtin = gtin::clean(&text(GTINS)?).map_err(|message| format!("gtin {message}"))?;
    let price = first(item, PRICES).unwrap_or(Value::Null);
    let currency = first(item, CURRENCIES).or_else(|| first(product, CURRENCIES));
    let currency = currency.map(|value| convert::text(&value)).transpose()?;
    let currency = currency.map(|code| code.to_ascii_uppercase()).filter(|code| !code.is_empty());
    if currency.is_none() && !price.is_blank() {
        style.assume_currency_of(&price);
    }
    let default = style.default_currency();
    let price = convert::money(&price, currency.as_deref(), default, style.decimal)
        .map_err(|message| format!("price {message}"))?;
    let stock = first(item, STOCKS).unwrap_or(Value::Null);
    let stock =
        convert::stock(&stock, style.decimal).map_err(|message| format!("stock {message}"))?;
    let mut variant = Variant {
        sku,
        gtin,
        option_values: options(item, product)?,
        price,
        stock_qty: stock.unwrap_or_default(),
        ..Variant::default()
    };
    add_offer(item, &mut variant, style)?;
    Ok(variant)
}

/// The price to compare with and the weight.
fn add_offer(item: &Record, variant: &mut Variant, style: &Style) -> Result<(), String> {
    let compared = first(item, COMPARED).unwrap_or(Value::Null);
    let currency = variant.price.as_ref().map(|price| price.currency_code.clone());
    let compared =
        convert::money(&compared, currency.as_deref(), style.default_currency(), style.decimal)
            .map_err(|message| format!("compare_at_price {message}"))?;
    variant.compare_at_price = compared.filter(|money| (money.units, money.nanos) != (0, 0));
    let grams = first(item, &["grams"]).map(|grams| (grams, Some("g".to_owned())));
    let unit = first(item, WEIGHT_UNITS).map(|unit| convert::text(&unit)).transpose()?;
    let weight = first(item, &["weight"]).map(|weight| (weight, unit));
    if let Some((value, unit)) = grams.or(weight.filter(|(_, unit)| unit.is_some())) {
        let text = convert::text(&value)?;
        let found = measure::<WeightUnit>(&text, unit.as_deref(), style.decimal);
        let found = found.map_err(|message| format!("weight {message}"))?;
        variant.weight =
            found.map(|(value, unit)| Weight { value, unit: unit.symbol().to_owned() });
    }
    Ok(())
}

/// The options of a variant: `option1` to `option9` with the names in the product's `options`, or
/// objects with a name and a value, or an object of them.
fn options(item: &Record, product: &Record) -> Result<Vec<OptionValue>, String> {
    let mut found = Vec::new();
    let mut add = |name: String, value: String| {
        if !value.is_empty() && value != "Default Title" {
            found.push(OptionValue { name, value });
        }
    };
    for number in 1..=9 {
        let Some(value) = item.get(&format!("option{number}")) else { continue };
        let path = format!("options[{}]", number - 1);
        let names = [format!("{path}.name"), format!("{path}.title"), path];
        let name = names.iter().find_map(|path| match product.at(path).as_deref() {
            Some(Value::Text(name)) => Some(name.clone()),
            _ => None,
        });
        add(name.unwrap_or_else(|| format!("Option {number}")), convert::text(value)?);
    }
    for list in ["options", "attributes", "selectedOptions"] {
        match item.get(list) {
            Some(Value::List(items)) => {
                for option in items {
                    let Value::Object(option) = option else { continue };
                    let name = first(option, &["name", "option.title", "option.name", "key"]);
                    let value = first(option, &["value", "value.label", "value.key"]);
                    if let (Some(Value::Text(name)), Some(value)) = (name, value) {
                        add(name, convert::text(&value)?);
                    }
                }
            }
            Some(Value::Object(options)) => {
                for (name, value) in options.iter() {
                    add(name.to_owned(), convert::text(value)?);
                }
            }
            _ => {}
        }
    }
    if found.is_empty()
        && product.get("options").is_none()
        && let Some(Value::Text(title)) = first(item, TITLES)
    {
        found.push(OptionValue { name: "Variant".to_owned(), value: title });
    }
    Ok(found)
}

/// Pictures that are objects; `None` if they are something else.
pub(super) fn media(value: &Value) -> Option<Vec<Media>> {
    let items = match value {
        Value::List(items) if items.iter().any(|item| matches!(item, Value::Object(_))) => {
            &items[..]
        }
        Value::Object(_) => std::slice::from_ref(value),
        _ => return None,
    };
    let picture = |item: &Value| {
        let Value::Object(item) = item else { return None };
        let text = |names: &[&str]| first(item, names).and_then(|value| convert::text(&value).ok());
        let url = text(URLS).filter(|url| !url.is_empty())?;
        Some(Media { url, alt: text(ALTS).unwrap_or_default(), ..Media::default() })
    };
    Some(items.iter().filter_map(picture).collect())
}

fn first(record: &Record, names: &[&str]) -> Option<Value> {
    let values = names.iter().filter_map(|name| record.at(name));
    values
        .filter(|value| !value.is_blank() && !matches!(**value, Value::Object(_)))
        .map(|v| v.into_owned())
        .next()
}
