//! Random products and filters over few values, so that filters often match.

use filter::{Decimal, Kind};
use product_fields::{FILTER_FIELDS, TextField, WeightUnit};
use proptest::{collection::vec, prelude::*, sample::select, sample::subsequence};

use crate::domain::{
    Attribute, Category, CategoryId, Condition, Details, Offer, Price, Product, ProductId, Sku,
    Status, Value, Variant, Weight,
};

/// Texts that are special in SQL, patterns, JSON or Unicode.
const WORDS: &[&str] = &[
    "a",
    "A",
    "ab",
    "bA",
    "Ab",
    "a*b",
    "%",
    "a_b",
    "a%",
    "'",
    "\"",
    "\\",
    "'; DROP TABLE products --",
    "$1",
    "?",
    "ä",
    "Ä",
    "aä",
    "💥a",
    "ß",
    "K",
    "İ",
    "a b",
    " ",
    "20",
    "true",
    "0.5",
    "null",
    "[]",
    "\u{301}a",
    "\n",
];
const NAMES: &[&str] = &["size", "a b", "\"q\"", "$.x", "ä"];
const CATEGORIES: &[(&str, Option<&str>)] =
    &[("root", None), ("mid", Some("root")), ("leaf", Some("mid")), ("other", None)];
const DECIMALS: &[&str] = &[
    "0",
    "-0",
    "1",
    "20",
    "20.00",
    "0.5",
    "0.1",
    "0.30000000000000004",
    "12.3",
    "12.34",
    "12.345",
    "12.3456",
    "-0.5",
    "1234",
    "999999999999999999",
    "-999999999999999999",
    "9223372036854775.80",
    "0.00000000000000001",
];
const NUMBERS: &[f64] = &[
    0.0,
    -0.0,
    1.0,
    20.0,
    0.5,
    0.1,
    0.1 + 0.2,
    12.345,
    -0.5,
    1e300,
    -1e300,
    5e-324,
    1e18,
    9_007_199_254_740_993.0,
];
const MINORS: &[i64] = &[0, 1, 20, 12, 123, 1_234, 2_000, 12_345, 123_456, i64::MAX];
const WHOLES: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "7",
    "2147483647",
    "2147483648",
    "-9223372036854775808",
    "9223372036854775807",
];
const MICROS: &[i64] = &[0, 1, 999, 1_000_000, 1_000_001, 1_700_000_000_123_456];
const TIMES: &[&str] = &[
    "1970-01-01T00:00:00Z",
    "1970-01-01T00:00:00.000000001Z",
    "1970-01-01T00:00:00.0000005Z",
    "1970-01-01T00:00:00.000001Z",
    "1969-12-31T23:59:59.9999999Z",
    "1970-01-01T02:00:01+02:00",
    "1970-01-01T00:00:01.0000009Z",
    "2023-11-14T22:13:20.123456Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999999Z",
];
const GRAMS: &[&str] = &["0.0005", "0.5", "1", "453.592", "1000", "2500.001", "100000000"];
const ORDERS: &[&str] = &["=", "!=", "<", "<=", ">", ">="];

pub(super) fn categories() -> Vec<Category> {
    let id = |id: &str| CategoryId::parse(id).unwrap();
    let category = |(position, (own, parent)): (i32, &(&str, Option<&str>))| Category {
        id: id(own),
        name: format!("Name of {own}"),
        parent_id: parent.map(id),
        position,
        revision: 1,
    };
    (0..).zip(CATEGORIES).map(category).collect()
}

/// Strategy for `count` products with ids p000, p001, …
pub(super) fn products(count: usize) -> impl Strategy<Value = Vec<Product>> {
    vec(product(), count).prop_map(|products| {
        let named = |(index, product): (usize, Product)| {
            let id = ProductId::parse(&format!("p{index:03}")).unwrap();
            let external_id = product.details.external_id.map(|it| format!("{it}{index}"));
            let mut variants = product.details.variants;
            for (number, variant) in variants.iter_mut().enumerate() {
                variant.sku = Sku::parse(&format!("{}{index:03}-{number}", variant.sku)).unwrap();
            }
            let details = Details { external_id, variants, ..product.details };
            Product { id, details, ..product }
        };
        products.into_iter().enumerate().map(named).collect()
    })
}

/// A product with a value in every field.
pub(super) fn full_product() -> Product {
    let mut details = Details {
        external_id: Some("ext".to_owned()),
        labels: vec!["new".to_owned()],
        category_ids: vec![CategoryId::parse("leaf").unwrap()],
        attributes: vec![Attribute {
            name: "size".to_owned(),
            value: Value::Flag(false),
            unit: String::new(),
        }],
        price: Some(Price { minor: 1, currency: "EUR".to_owned() }),
        variants: vec![Variant {
            sku: Sku::parse("full-m").unwrap(),
            gtin: "96385074".to_owned(),
            option_values: Vec::new(),
            price: None,
            stock_qty: 1,
            offer: Offer::default(),
            media_url: String::new(),
        }],
        offer: Offer {
            weight: Some(Weight { value: 2.0, unit: WeightUnit::Gram }),
            ..Offer::default()
        },
        condition: Some(Condition::Used),
        ..Default::default()
    };
    for field in TextField::ALL {
        *details.text_mut(*field) = field.name().to_owned();
    }
    let product = Product::new(ProductId::parse("full").unwrap(), details, 1);
    Product { deleted_at: Some(2), ..product }
}

fn product() -> impl Strategy<Value = Product> {
    let text = || prop_oneof![3 => select(WORDS), 1 => Just("")].prop_map(str::to_owned);
    let label = |labels: Vec<&str>| labels.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let labels = subsequence(WORDS, 0..4).prop_map(label);
    let ids = |categories: Vec<(&str, _)>| {
        categories.into_iter().map(|(id, _)| CategoryId::parse(id).unwrap()).collect::<Vec<_>>()
    };
    let category_ids = subsequence(CATEGORIES, 0..3).prop_map(ids);
    let value = prop_oneof![
        text().prop_map(Value::Text),
        select(NUMBERS).prop_map(Value::Number),
        any::<bool>().prop_map(Value::Flag),
    ];
    let attribute = |(name, value): (&str, Value)| Attribute {
        name: name.to_owned(),
        value,
        unit: String::new(),
    };
    let attributes = (subsequence(NAMES, 0..4), vec(value, 4)).prop_map(move |(names, values)| {
        names.into_iter().zip(values).map(attribute).collect::<Vec<_>>()
    });
    let price = price();
    let texts = (vec(text(), TextField::COUNT), proptest::option::of(select(WORDS)));
    let lists = (labels, category_ids, attributes);
    let numbers = (proptest::option::of(price), select(&[0, 1, 7, i32::MAX][..]));
    let deleted_at = proptest::option::of(select(MICROS));
    let versions = (select(&[1_i64, 2, 7][..]), select(MICROS), select(MICROS), deleted_at);
    let status = select(&[Status::Draft, Status::Active, Status::Archived][..]);
    let condition = proptest::option::of(select(
        &[Condition::New, Condition::Refurbished, Condition::Used][..],
    ));
    let sold = (status, vec(variant(), 0..3), offer(), condition);
    (texts, lists, numbers, versions, sold).prop_map(|(texts, lists, numbers, versions, sold)| {
        let (texts, external_id) = texts;
        let (labels, category_ids, attributes) = lists;
        let (price, stock_qty) = numbers;
        let (revision, created_at, updated_at, deleted_at) = versions;
        let (status, variants, offer, condition) = sold;
        let external_id = external_id.map(str::to_owned);
        let mut details = Details {
            external_id,
            labels,
            category_ids,
            attributes,
            price,
            stock_qty,
            status,
            variants,
            offer,
            condition,
            ..Default::default()
        };
        for (field, text) in TextField::ALL.iter().zip(texts) {
            *details.text_mut(*field) = text;
        }
        let product = Product::new(ProductId::new(), details, created_at);
        Product { revision, updated_at, deleted_at, ..product }
    })
}

fn variant() -> impl Strategy<Value = Variant> {
    let sku = select(&["a", "A", "ab", "b~a"][..]);
    let gtin = select(&["", "96385074", "4006381333931"][..]);
    let price = proptest::option::of(price());
    (sku, gtin, 0..3, price, offer()).prop_map(|(sku, gtin, stock_qty, price, offer)| Variant {
        sku: Sku::parse(sku).unwrap(),
        gtin: gtin.to_owned(),
        option_values: Vec::new(),
        price,
        stock_qty,
        offer,
        media_url: String::new(),
    })
}

fn price() -> impl Strategy<Value = Price> {
    let currency = select(&["EUR", "JPY", "KWD", "CLF"][..]);
    (select(MINORS), currency)
        .prop_map(|(minor, currency)| Price { minor, currency: currency.to_owned() })
}

/// A price to compare with, and a weight.
fn offer() -> impl Strategy<Value = Offer> {
    let weight = (select(&[0.5, 1.0, 2.5, 1_000.0][..]), select(WeightUnit::ALL));
    let weight = weight.prop_map(|(value, unit)| Weight { value, unit });
    (proptest::option::of(price()), proptest::option::of(weight)).prop_map(
        |(compare_at_price, weight)| Offer { compare_at_price, weight, ..Offer::default() },
    )
}

/// A number that a filter can contain.
pub(super) fn decimal() -> impl Strategy<Value = Decimal> {
    let limit = 10_i64.pow(18);
    (-limit + 1..limit, 0..=17_u8, 0..18_u32).prop_map(|(units, scale, shorter)| {
        Decimal::new(units / 10_i64.pow(shorter), scale).unwrap()
    })
}

/// The text of a filter.
pub(super) fn filter() -> impl Strategy<Value = String> {
    term().prop_recursive(4, 24, 3, |inner| {
        let several = |between: &'static str| {
            vec(inner.clone(), 2..4).prop_map(move |all| format!("({})", all.join(between)))
        };
        prop_oneof![
            several(" AND "),
            several(" OR "),
            inner.clone().prop_map(|it| format!("NOT {it}"))
        ]
    })
}

fn term() -> impl Strategy<Value = String> {
    select(FILTER_FIELDS).prop_flat_map(|(field, kind)| {
        let present = Just(format!("{field}:*"));
        let of_kind = match field {
            "id" => prop_oneof![equal("p001"), equal("p002"), word(&["=", "!="])].boxed(),
            "sku" => prop_oneof![1 => equal("p001"), 1 => equal("a003-1"), 8 => text()].boxed(),
            "variants.sku" => prop_oneof![1 => equal("a003-1"), 4 => text()].boxed(),
            "gtin" => prop_oneof![equal("96385074"), word(&["=", "!="])].boxed(),
            "status" => (select(&["=", "!="][..]), select(&["DRAFT", "ACTIVE", "ARCHIVED"][..]))
                .prop_map(|(operator, status)| format!("{operator}{status}"))
                .boxed(),
            "currency" => prop_oneof![equal("EUR"), equal("JPY"), word(&["=", "!="])].boxed(),
            "labels" => not_empty(":").boxed(),
            "category" => select(CATEGORIES).prop_map(|(id, _)| format!(":{id}")).boxed(),
            "attributes" => return attribute().boxed(),
            "condition" => (select(&["=", "!="][..]), select(&["NEW", "REFURBISHED", "USED"][..]))
                .prop_map(|(operator, condition)| format!("{operator}{condition}"))
                .boxed(),
            "on_sale" => select(&["=true", "!=true", "=false"][..]).prop_map(str::to_owned).boxed(),
            "weight" => prop_oneof![ordered(DECIMALS), ordered(GRAMS)].boxed(),
            "price" => ordered(DECIMALS),
            "stock_qty" | "variants.stock_qty" | "revision" => ordered(WHOLES),
            "created_at" | "create_time" | "update_time" | "delete_time" => ordered(TIMES),
            field => {
                assert_eq!(kind, Kind::Text, "{field} needs filters of its own here");
                text()
            }
        };
        prop_oneof![9 => of_kind.prop_map(move |rest| format!("{field}{rest}")), 1 => present]
            .boxed()
    })
}

fn attribute() -> impl Strategy<Value = String> {
    let flag = select(&["=true", "!=false", ":true"][..]).prop_map(str::to_owned);
    let value = prop_oneof![text(), ordered(DECIMALS), flag];
    let named = (select(NAMES), value)
        .prop_map(|(name, rest)| format!("attributes.{}{rest}", quoted(name, ["", ""])));
    let known = select(NAMES).prop_map(|name| format!("attributes:{}", quoted(name, ["", ""])));
    prop_oneof![9 => named, 1 => known]
}

fn equal(word: &'static str) -> BoxedStrategy<String> {
    Just(format!("={word}")).boxed()
}

fn ordered(values: &'static [&'static str]) -> BoxedStrategy<String> {
    (select(ORDERS), select(values)).prop_map(|(order, value)| format!("{order}{value}")).boxed()
}

fn word(operators: &'static [&'static str]) -> BoxedStrategy<String> {
    let words = prop_oneof![9 => select(WORDS), 1 => Just("")];
    (select(operators), words)
        .prop_map(|(operator, word)| format!("{operator}{}", quoted(word, ["", ""])))
        .boxed()
}

fn not_empty(operator: &'static str) -> impl Strategy<Value = String> {
    select(WORDS).prop_map(move |word| format!("{operator}{}", quoted(word, ["", ""])))
}

fn text() -> BoxedStrategy<String> {
    let patterns = select(&[["*", "*"], ["", "*"], ["*", ""]][..]);
    let pattern = (select(&["=", "!="][..]), select(WORDS), patterns)
        .prop_map(|(operator, word, stars)| format!("{operator}{}", quoted(word, stars)));
    prop_oneof![word(&["=", "!="]), pattern, not_empty(":")].boxed()
}

fn quoted(word: &str, [before, after]: [&str; 2]) -> String {
    let mut escaped = String::new();
    for c in word.chars() {
        if matches!(c, '"' | '\\' | '*') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    format!("\"{before}{escaped}{after}\"")
}
