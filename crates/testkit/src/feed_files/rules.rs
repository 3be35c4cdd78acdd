//! The rules for fields that destinations publish: Google Merchant Center's product data specification, and OpenAI's
//! product feed (developers.openai.com/commerce/specs/file-upload/products).

use std::collections::BTreeMap;

use proto::money;
use serde_json::Value;
use url::Url;

use super::Field;

/// The rules of a destination.
pub(super) struct Rules {
    /// The field that is the id of an item.
    pub(super) id: &'static str,
    required: &'static [&'static str],
    fields: &'static [(&'static str, Kind)],
    /// Fields that an item can have several times, and how often.
    repeated: &'static [(&'static str, usize)],
    /// Fields that need another.
    needs: &'static [(&'static str, &'static str)],
}

/// The kind of a field, with its longest text in characters.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Text(usize),
    Url,
    /// So many addresses at most, in a table between commas.
    Urls(usize),
    /// An amount with its currency, more than nothing.
    Price,
    OneOf(&'static [&'static str]),
    Gtin,
    /// A number with one of these units, within bounds.
    Measure(&'static [&'static str], f64, f64),
    Number,
    /// Two times of ISO 8601.
    Period,
    Flag,
    Country,
    Countries,
    /// An object of texts.
    Options,
}

const CONDITIONS: Kind = Kind::OneOf(&["new", "refurbished", "used"]);
const SIDE: Kind = Kind::Measure(&["cm", "in"], 1.0, 3_000.0);

#[rustfmt::skip]
pub(super) const GOOGLE: Rules = Rules {
    id: "id",
    required: &["id", "title", "description", "link", "image_link", "availability", "price"],
    fields: &[
        ("id", Kind::Text(50)), ("item_group_id", Kind::Text(50)), ("title", Kind::Text(150)),
        ("description", Kind::Text(5_000)), ("link", Kind::Url), ("image_link", Kind::Url),
        ("additional_image_link", Kind::Urls(10)),
        ("availability", Kind::OneOf(&["in_stock", "out_of_stock", "preorder", "backorder"])),
        ("price", Kind::Price), ("sale_price", Kind::Price),
        ("sale_price_effective_date", Kind::Period), ("cost_of_goods_sold", Kind::Price),
        ("condition", CONDITIONS),
        ("shipping_weight", Kind::Measure(&["lb", "oz", "g", "kg"], 0.0, 1_000_000.0)),
        ("product_length", SIDE), ("product_width", SIDE), ("product_height", SIDE),
        ("brand", Kind::Text(70)), ("gtin", Kind::Gtin), ("product_type", Kind::Text(750)),
        ("color", Kind::Text(100)), ("size", Kind::Text(100)), ("material", Kind::Text(200)),
        ("pattern", Kind::Text(100)),
    ],
    repeated: &[("additional_image_link", 10)],
    needs: &[("sale_price", "price"), ("sale_price_effective_date", "sale_price")],
};

#[rustfmt::skip]
pub(super) const OPENAI: Rules = Rules {
    id: "item_id",
    required: &[
        "item_id", "title", "description", "url", "brand", "image_url", "price", "availability",
        "seller_name", "seller_url", "store_country", "target_countries", "is_eligible_search",
        "is_eligible_checkout",
    ],
    fields: &[
        ("item_id", Kind::Text(100)), ("title", Kind::Text(150)),
        ("description", Kind::Text(5_000)), ("url", Kind::Url), ("brand", Kind::Text(70)),
        ("image_url", Kind::Url), ("additional_image_urls", Kind::Urls(50)), ("price", Kind::Price),
        ("sale_price", Kind::Price),
        ("availability", Kind::OneOf(&["in_stock", "out_of_stock", "pre_order", "backorder", "unknown"])),
        ("group_id", Kind::Text(70)), ("listing_has_variations", Kind::Flag),
        ("variant_dict", Kind::Options), ("gtin", Kind::Gtin), ("condition", CONDITIONS),
        ("product_category", Kind::Text(750)), ("material", Kind::Text(100)),
        ("color", Kind::Text(40)), ("size", Kind::Text(20)), ("length", Kind::Number),
        ("width", Kind::Number), ("height", Kind::Number),
        ("dimensions_unit", Kind::OneOf(&["in", "cm"])), ("weight", Kind::Number),
        ("item_weight_unit", Kind::OneOf(&["lb", "kg"])), ("seller_name", Kind::Text(70)),
        ("seller_url", Kind::Url), ("store_country", Kind::Country),
        ("target_countries", Kind::Countries), ("is_eligible_search", Kind::Flag),
        ("is_eligible_checkout", Kind::Flag),
    ],
    repeated: &[],
    needs: &[
        ("sale_price", "price"), ("length", "dimensions_unit"), ("width", "dimensions_unit"),
        ("height", "dimensions_unit"), ("weight", "item_weight_unit"),
        ("listing_has_variations", "group_id"),
    ],
};

impl Rules {
    /// The faults of an item.
    pub(super) fn faults(&self, item: &[Field]) -> Vec<String> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut faults = Vec::new();
        for (name, value) in item {
            *counts.entry(name).or_default() += 1;
            match self.fields.iter().find(|(known, _)| known == name) {
                None => faults.push(format!("{name} is not known")),
                Some((_, kind)) if !kind.allows(value) => {
                    faults.push(format!("{name} is {value}, not {kind:?}"));
                }
                Some(_) => {}
            }
        }
        for (name, count) in &counts {
            let most = self.repeated.iter().find(|(repeated, _)| repeated == name);
            if *count > most.map_or(1, |(_, most)| *most) {
                faults.push(format!("{name} stands {count} times"));
            }
        }
        let lacks = |name: &&&str| !counts.contains_key(**name);
        faults.extend(self.required.iter().filter(lacks).map(|name| format!("it lacks {name}")));
        for (name, needed) in self.needs {
            if counts.contains_key(name) && !counts.contains_key(needed) {
                faults.push(format!("{name} is there without {needed}"));
            }
        }
        let amount = |wanted: &str| {
            let value = item.iter().find(|(name, _)| name == wanted)?.1.as_str()?;
            amount_of(value)
        };
        if let (Some(price), Some(sale)) = (amount("price"), amount("sale_price"))
            && sale >= price
        {
            faults.push("the sale_price is not below the price".to_owned());
        }
        faults
    }
}

impl Kind {
    fn allows(self, value: &Value) -> bool {
        let text = value.as_str();
        let is =
            |test: &dyn Fn(&str) -> bool| text.is_some_and(|text| !text.is_empty() && test(text));
        match self {
            Self::Text(most) => is(&|it| it.chars().count() <= most && !it.trim().is_empty()),
            Self::Url => is(&is_url),
            Self::Urls(most) => is_each(value, most, &is_url),
            Self::Price => is(&|it| amount_of(it).is_some_and(|amount| amount > 0)),
            Self::OneOf(known) => is(&|it| known.contains(&it)),
            Self::Gtin => is(&is_gtin),
            Self::Measure(units, least, most) => is(&|it| {
                let Some((number, unit)) = it.split_once(' ') else { return false };
                let number = number.parse().ok();
                units.contains(&unit) && number.is_some_and(|it: f64| (least..=most).contains(&it))
            }),
            Self::Number => is(&|it| it.parse().is_ok_and(|it: f64| it > 0.0)),
            Self::Period => is(&|it| {
                it.split_once('/')
                    .is_some_and(|(from, to)| is_time(from) && is_time(to) && from < to)
            }),
            // A table has only texts.
            Self::Flag => {
                value.is_boolean() || text.is_some_and(|it| matches!(it, "true" | "false"))
            }
            Self::Country => is(&is_country),
            Self::Countries => is_each(value, 250, &is_country),
            Self::Options => {
                let parsed = text.and_then(|text| serde_json::from_str(text).ok());
                let value: &Value = parsed.as_ref().unwrap_or(value);
                value
                    .as_object()
                    .is_some_and(|it| !it.is_empty() && it.values().all(Value::is_string))
            }
        }
    }
}

/// Whether each of a list is right, or of the parts of a text between commas, and there are not too many.
fn is_each(value: &Value, most: usize, test: &dyn Fn(&str) -> bool) -> bool {
    let items: Vec<_> = match value {
        Value::Array(items) => items.iter().map(Value::as_str).collect(),
        Value::String(text) => text.split(',').map(Some).collect(),
        _ => Vec::new(),
    };
    (1..=most).contains(&items.len()) && items.iter().all(|item| item.is_some_and(test))
}

fn is_url(text: &str) -> bool {
    let has_blank = text.chars().any(char::is_whitespace);
    let url = Url::parse(text).ok();
    let is_web = url.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    is_web && !has_blank && text.len() <= 2_000
}

/// Whether it is 8, 12, 13 or 14 digits with the right check digit (GS1).
fn is_gtin(text: &str) -> bool {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(10)).collect();
    digits.is_some_and(|digits| {
        let weighted = digits.iter().rev().zip([1, 3].into_iter().cycle());
        let sum: u32 = weighted.map(|(digit, weight)| digit * weight).sum();
        matches!(digits.len(), 8 | 12..=14) && sum.is_multiple_of(10)
    })
}

fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_uppercase())
}

/// Whether it is a date and a time of RFC 3339.
fn is_time(text: &str) -> bool {
    text.len() >= 20 && text.as_bytes()[10] == b'T' && text.ends_with('Z')
}

/// The amount of a price in minor units, written with the decimals of its currency.
fn amount_of(text: &str) -> Option<i64> {
    let (number, currency) = text.split_once(' ')?;
    if !money::is_currency(currency) {
        return None;
    }
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole}{decimals}");
    let is_exact = decimals.len() == money::decimals(currency) as usize;
    let is_number = digits.bytes().all(|digit| digit.is_ascii_digit());
    (is_exact && is_number).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn kinds_allow_only_their_values() {
        for (kind, good, bad) in [
            (Kind::Text(3), json!("äöü"), json!("äöüß")),
            (Kind::Url, json!("https://a.example/p/a%20b"), json!("/p/a")),
            (
                Kind::Urls(2),
                json!("https://a.example/1%2C2.png,http://b.example/"),
                json!("https://a.example/1,2.png"),
            ),
            (Kind::Urls(2), json!(["https://a.example/1,2.png"]), json!([])),
            (Kind::Price, json!("9.50 EUR"), json!("9.5 EUR")),
            (Kind::Price, json!("980 JPY"), json!("0 JPY")),
            (Kind::Gtin, json!("4006381333931"), json!("4006381333930")),
            (SIDE, json!("30 cm"), json!("300 mm")),
            (
                Kind::Period,
                json!("2026-01-01T00:00:00Z/2026-02-01T00:00:00Z"),
                json!("2026-01-01/2026-02-01"),
            ),
            (Kind::Flag, json!(true), json!("True")),
            (Kind::Countries, json!(["DE", "AT"]), json!("DE, AT")),
            (Kind::Options, json!({ "Size": "M" }), json!({ "Size": 3 })),
        ] {
            assert!(kind.allows(&good), "{kind:?} {good}");
            assert!(!kind.allows(&bad), "{kind:?} {bad}");
        }
    }

    #[test]
    fn fields_are_known_complete_and_consistent() {
        let item = |fields: Value| -> Vec<Field> {
            fields.as_object().unwrap().clone().into_iter().collect()
        };
        let whole = json!({ "id": "a", "title": "A", "description": "A", "link": "https://a.example/",
            "image_link": "https://a.example/a.png", "availability": "in_stock", "price": "9.00 EUR" });
        assert_eq!(GOOGLE.faults(&item(whole.clone())), Vec::<String>::new());
        for (name, value, part) in [
            ("sale_price", "9.00 EUR", "not below"),
            (
                "sale_price_effective_date",
                "2026-01-01T00:00:00Z/2026-02-01T00:00:00Z",
                "without sale_price",
            ),
            ("colour", "red", "not known"),
        ] {
            let mut broken = whole.clone();
            broken[name] = value.into();
            let faults = GOOGLE.faults(&item(broken));
            assert!(faults.len() == 1 && faults[0].contains(part), "{faults:?}");
        }
        let mut twice = item(whole);
        twice.push(("link".to_owned(), "https://a.example/".into()));
        assert_eq!(GOOGLE.faults(&twice), ["link stands 2 times"]);
    }
}
