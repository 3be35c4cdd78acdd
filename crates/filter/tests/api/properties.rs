//! Property tests over random filters and random texts.

use filter::{Decimal, Filter, MAX_BYTES, Order, Term, Test};
use proptest::prelude::*;
use time::OffsetDateTime;

use crate::{
    FIELDS,
    model::{filter, record},
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_filter_matches_as_its_model(model in filter(), record in record()) {
        let text = model.text();
        let filter = FIELDS.parse(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(filter.matches(&record), model.matches(&record), "{}", text);
        let canonical = filter.to_string();
        prop_assert!(canonical.len() <= text.len(), "{} became {}", text, canonical);
        prop_assert_eq!(FIELDS.parse(&canonical), Ok(filter));
    }

    #[test]
    fn any_displayed_filter_parses_to_itself(filter in tree()) {
        let text = filter.to_string();
        prop_assume!(text.len() <= MAX_BYTES);
        prop_assert_eq!(FIELDS.parse(&text), Ok(filter), "{}", text);
    }

    #[test]
    fn any_text_is_parsed_or_rejected(text in prop_oneof![any::<String>(), tokens()]) {
        parses_or_fails(&text)?;
    }

    #[test]
    fn any_bytes_are_parsed_or_rejected(bytes in prop::collection::vec(any::<u8>(), 0..5_000)) {
        parses_or_fails(&String::from_utf8_lossy(&bytes))?;
    }
}

/// Checks that parsing returns a filter that is not longer, or an error with a column in the text.
fn parses_or_fails(text: &str) -> Result<(), TestCaseError> {
    match FIELDS.parse(text) {
        Ok(filter) => {
            let canonical = filter.to_string();
            prop_assert!(canonical.len() <= text.len(), "{:?} became {:?}", text, canonical);
            prop_assert_eq!(FIELDS.parse(&canonical), Ok(filter));
        }
        Err(error) => prop_assert!((1..=text.chars().count() + 1).contains(&error.column)),
    }
    Ok(())
}

/// Random concatenations of tokens, some of which are valid filters.
fn tokens() -> impl Strategy<Value = String> {
    const TOKENS: [&str; 44] = [
        " ",
        " ",
        " ",
        " AND ",
        " OR ",
        "NOT ",
        "-",
        "(",
        ")",
        "((((((((",
        "))))))))",
        "id",
        "name",
        "price",
        "attributes",
        "attributes.",
        ".",
        "labels",
        "=",
        "!=",
        "<",
        ">=",
        ":",
        ":*",
        "*",
        "\"",
        "'",
        "\\",
        "\"a b\"",
        "'*ü*'",
        "\"\\*\"",
        "20",
        "-0.50",
        "true",
        "\u{2003}",
        "ß",
        "id=a",
        "name:b*",
        "-price<2",
        "id!=''",
        "attributes:'a*'",
        "attributes.x=007",
        "\0",
        " created_at>2026-01-01T00:00:00.000+00:00",
    ];
    prop::collection::vec(prop::sample::select(&TOKENS[..]), 0..12)
        .prop_map(|scraps| scraps.concat())
}

/// Random checked filters, in canonical form.
fn tree() -> impl Strategy<Value = Filter> {
    term().prop_recursive(6, 24, 3, |inner| {
        let several = || prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            several().prop_map(all),
            several().prop_map(any_of),
            inner.prop_map(|filter| match filter {
                Filter::Not(inner) => *inner,
                other => Filter::Not(Box::new(other)),
            }),
        ]
    })
}

fn all(filters: Vec<Filter>) -> Filter {
    let flat = |filter| if let Filter::And(inner) = filter { inner } else { vec![filter] };
    Filter::And(filters.into_iter().flat_map(flat).collect())
}

fn any_of(filters: Vec<Filter>) -> Filter {
    let flat = |filter| if let Filter::Or(inner) = filter { inner } else { vec![filter] };
    Filter::Or(filters.into_iter().flat_map(flat).collect())
}

fn term() -> impl Strategy<Value = Filter> {
    // Texts that need quotes, and texts that would have another type without.
    let special = r#"[ "'*\\().:,=<>!a-z-]{1,8}|true|-?[0-9]{1,20}(\.[0-9]{1,3})?|AND|OR|NOT"#;
    let text = || prop_oneof![special.prop_map(String::from), "[^\0]{1,12}".prop_map(String::from)];
    let order = || {
        use Order::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
        prop::sample::select(vec![Equal, Less, LessOrEqual, Greater, GreaterOrEqual])
    };
    let decimal = || {
        let limit = 10i64.pow(17);
        (-limit + 1..limit, 0..=16u8).prop_map(|(units, scale)| Decimal::new(units, scale).unwrap())
    };
    let seconds = -62_135_596_800..=253_402_300_799i64;
    let instant = (seconds, 0..1_000_000_000i128).prop_map(|(second, nanosecond)| {
        let nanoseconds = i128::from(second) * 1_000_000_000 + nanosecond;
        OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).unwrap()
    });
    let texts = || {
        prop_oneof![
            text().prop_map(Test::Is),
            text().prop_map(Test::StartsWith),
            text().prop_map(Test::EndsWith),
            text().prop_map(Test::Includes),
            text().prop_map(|text| Test::Mentions(text.to_ascii_lowercase())),
            Just(Test::Present),
        ]
    };
    let entry = prop_oneof![
        texts(),
        any::<bool>().prop_map(Test::Flag),
        (order(), decimal()).prop_map(|(order, number)| Test::Number(order, number)),
    ];
    let field = |field| move |test| Filter::Term(Term { field, key: None, test });
    prop_oneof![
        texts().prop_map(field("name")),
        text().prop_map(Test::Is).prop_map(field("id")),
        Just(Test::Is("DRAFT".to_owned())).prop_map(field("status")),
        (order(), any::<i64>()).prop_map(|(o, n)| Test::Integer(o, n)).prop_map(field("stock_qty")),
        (order(), decimal()).prop_map(|(o, n)| Test::Decimal(o, n)).prop_map(field("price")),
        (order(), instant).prop_map(|(o, at)| Test::Timestamp(o, at)).prop_map(field("created_at")),
        any::<bool>().prop_map(Test::Flag).prop_map(field("in_stock")),
        text().prop_map(Test::Element).prop_map(field("variants.sku")),
        text().prop_map(Test::Within).prop_map(field("category")),
        (text(), entry).prop_map(|(key, test)| {
            Filter::Term(Term { field: "attributes", key: Some(key), test })
        }),
    ]
}
