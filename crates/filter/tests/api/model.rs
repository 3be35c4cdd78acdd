//! A model of filters: evaluated directly on a record, and printed as filter text.

use proptest::prelude::*;

use crate::record::{CATEGORIES, Record, Size};

/// A filter with a number that selects its spelling.
#[derive(Debug, Clone)]
pub(crate) enum ModelFilter {
    All(Vec<ModelFilter>, u8),
    Any(Vec<ModelFilter>, u8),
    Not(Box<ModelFilter>, u8),
    Brand { equal: bool, text: &'static str },
    BrandBegins(&'static str),
    BrandMentions(&'static str),
    Stock(usize, i64),
    PriceCents(usize, i64),
    CreatedSecond(usize, i64),
    InStock(bool),
    Label(&'static str),
    Category(usize),
    SizeCents(usize, i64),
    SizeText(&'static str),
    SizeKnown,
}

const SYMBOLS: [&str; 6] = ["=", "!=", "<", "<=", ">", ">="];
const WORDS: [&str; 6] = ["", "a", "A", "ab", "bA", "a*b"];

fn compare(operator: usize, value: Option<i64>, with: i64) -> bool {
    match operator {
        1 => value != Some(with),
        0 => value == Some(with),
        2 => value.is_some_and(|value| value < with),
        3 => value.is_some_and(|value| value <= with),
        4 => value.is_some_and(|value| value > with),
        _ => value.is_some_and(|value| value >= with),
    }
}

impl ModelFilter {
    pub(crate) fn matches(&self, record: &Record) -> bool {
        let brand = record.brand.unwrap_or("");
        match self {
            Self::All(all, _) => all.iter().all(|filter| filter.matches(record)),
            Self::Any(any, _) => any.iter().any(|filter| filter.matches(record)),
            Self::Not(inner, _) => !inner.matches(record),
            Self::Brand { equal, text } => (brand == *text) == *equal,
            Self::BrandBegins(text) => brand.starts_with(text) && !brand.is_empty(),
            Self::BrandMentions(text) => brand.to_lowercase().contains(&text.to_lowercase()),
            Self::Stock(operator, with) => compare(*operator, record.stock, *with),
            Self::PriceCents(operator, with) => compare(*operator, record.price_cents, *with),
            Self::CreatedSecond(operator, with) => compare(*operator, record.created_second, *with),
            Self::InStock(flag) => record.in_stock == Some(*flag),
            Self::Label(label) => record.labels.contains(label),
            Self::Category(depth) => record.category_depth.is_some_and(|deep| deep >= *depth),
            Self::SizeCents(operator, with) => {
                let Some(Size::Cents(cents)) = record.size else { return *operator == 1 };
                compare(*operator, Some(cents), *with)
            }
            Self::SizeText(text) => record.size == Some(Size::Text(text)),
            Self::SizeKnown => record.size.is_some_and(|size| size != Size::Text("")),
        }
    }

    /// The text of the filter.
    pub(crate) fn text(&self) -> String {
        let grouped = |inner: &Self| format!("( {})", inner.text());
        let star = |text: &str| text.replace('*', r"\*");
        match self {
            Self::All(all, style) => {
                let inner = |filter: &Self| match filter {
                    // OR needs no parentheses here.
                    Self::Any(..) if style & 1 == 0 => filter.text(),
                    Self::All(..) | Self::Any(..) => grouped(filter),
                    _ => filter.text(),
                };
                let between = if style & 2 == 0 { "  " } else { " AND " };
                all.iter().map(inner).collect::<Vec<_>>().join(between)
            }
            Self::Any(any, style) => {
                let inner = |filter: &Self| match filter {
                    Self::All(..) | Self::Any(..) => grouped(filter),
                    _ if style & 1 == 0 => filter.text(),
                    _ => grouped(filter),
                };
                any.iter().map(inner).collect::<Vec<_>>().join(" OR ")
            }
            Self::Not(inner, style) => {
                let not = ["NOT ", "-", "NOT -NOT ", "- "][usize::from(style % 4)];
                format!("{not}{}", grouped(inner))
            }
            Self::Brand { equal, text } => {
                format!("brand {} \"{}\"", if *equal { "=" } else { "!=" }, star(text))
            }
            Self::BrandBegins(text) => format!("brand = '{}*'", star(text)),
            Self::BrandMentions(text) => format!("brand:'{}'", star(text)),
            Self::Stock(operator, with) => format!("stock_qty {} {with}", SYMBOLS[*operator]),
            Self::PriceCents(operator, with) => {
                format!("price{}{}", SYMBOLS[*operator], euros(*with))
            }
            Self::CreatedSecond(operator, with) => {
                format!("created_at {} 1970-01-01T01:00:{with:02}+01:00", SYMBOLS[*operator])
            }
            Self::InStock(flag) => format!("in_stock = {flag}"),
            Self::Label(label) => format!("labels:'{}'", star(label)),
            Self::Category(depth) => format!("category:{}", CATEGORIES[*depth]),
            Self::SizeCents(operator, with) => {
                format!("attributes.size{}{}", SYMBOLS[*operator], euros(*with))
            }
            Self::SizeText(text) => format!("attributes.'size' = '{}'", star(text)),
            Self::SizeKnown => "attributes:size".to_owned(),
        }
    }
}

fn euros(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}

/// Values that are valid in all fields.
fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&WORDS[1..])
}

pub(crate) fn filter() -> impl Strategy<Value = ModelFilter> {
    let operator = || 0..SYMBOLS.len();
    let leaf = prop_oneof![
        (any::<bool>(), prop::sample::select(&WORDS[..]))
            .prop_map(|(equal, text)| ModelFilter::Brand { equal, text }),
        prop::sample::select(&WORDS[..]).prop_map(ModelFilter::BrandBegins),
        word().prop_map(ModelFilter::BrandMentions),
        (operator(), -2..3i64).prop_map(|(operator, with)| ModelFilter::Stock(operator, with)),
        (operator(), -2..3i64).prop_map(|(operator, with)| ModelFilter::PriceCents(operator, with)),
        (operator(), 0..3i64)
            .prop_map(|(operator, with)| ModelFilter::CreatedSecond(operator, with)),
        any::<bool>().prop_map(ModelFilter::InStock),
        word().prop_map(ModelFilter::Label),
        (0..CATEGORIES.len()).prop_map(ModelFilter::Category),
        (operator(), -2..3i64).prop_map(|(operator, with)| ModelFilter::SizeCents(operator, with)),
        word().prop_map(ModelFilter::SizeText),
        Just(ModelFilter::SizeKnown),
    ];
    leaf.prop_recursive(5, 32, 4, |inner| {
        let several = || prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            (several(), any::<u8>()).prop_map(|(all, style)| ModelFilter::All(all, style)),
            (several(), any::<u8>()).prop_map(|(any, style)| ModelFilter::Any(any, style)),
            (inner, any::<u8>())
                .prop_map(|(inner, style)| ModelFilter::Not(Box::new(inner), style)),
        ]
    })
}

pub(crate) fn record() -> impl Strategy<Value = Record> {
    let size = prop_oneof![
        prop::sample::select(&WORDS[..]).prop_map(Size::Text),
        (-2..3i64).prop_map(Size::Cents),
        any::<bool>().prop_map(Size::Flag),
    ];
    let of = prop::option::of::<std::ops::Range<i64>>;
    let brand = prop::option::of(prop::sample::select(&WORDS[..]));
    let labels = prop::collection::vec(word(), 0..3);
    let rest = (prop::option::of(0..CATEGORIES.len()), prop::option::of(size));
    let flag = prop::option::of(any::<bool>());
    (brand, of(-2..3), of(-2..3), of(0..3), flag, labels, rest).prop_map(
        |(brand, stock, price_cents, created_second, in_stock, labels, (category_depth, size))| {
            Record {
                brand,
                stock,
                price_cents,
                created_second,
                in_stock,
                labels,
                category_depth,
                size,
            }
        },
    )
}
