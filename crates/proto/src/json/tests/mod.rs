//! Compares the transcoder with the generated code and with Python's protobuf, for every message type of the
//! contract.

mod contract;
mod generate;
mod golden;
mod products;

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use prost::Message as _;

use super::{Error, MessageType, append, types};
use crate::catalogue::v1::{
    Attribute, Category, Change, ExportProductsResponse, Product, SearchHit, WatchChangesResponse,
    attribute, change, product, watch_changes_response::Event,
};
use contract::{Case, Expected};
use generate::delimited;

/// Asserts that both write the same JSON, or that both fail; returns whether they succeeded.
fn compare(case: &Case, encoded: &[u8]) -> bool {
    let mut out = b"before".to_vec();
    let result = (case.append)(case.message_type, encoded, &mut out);
    let text = std::str::from_utf8(&out).unwrap().strip_prefix("before").unwrap();
    let expected = match (case.expected)(encoded) {
        Expected::Json(expected) => Some(expected),
        Expected::Undecodable => None,
        // The cases of Python have these values.
        Expected::NoForm => {
            assert!(result.is_ok() || text.is_empty(), "{}: {text}", case.name);
            return result.is_ok();
        }
    };
    // The generated code writes null for these.
    let text = ["\"NaN\"", "\"Infinity\"", "\"-Infinity\""]
        .iter()
        .fold(text.to_owned(), |text, name| text.replace(name, "null"));
    let expected_text = expected.as_deref().unwrap_or_default();
    if result.is_ok() != expected.is_some() || text != expected_text {
        let same = text.bytes().zip(expected_text.bytes()).take_while(|(a, b)| a == b).count();
        let behind =
            |text: &str| text.chars().skip(same.saturating_sub(60)).take(160).collect::<String>();
        let (text, expected) = (behind(&text), behind(expected_text));
        panic!("{}, byte {same}: {text:?} is not {expected:?}: {result:?}", case.name);
    }
    result.is_ok()
}

fn case(name: &str) -> Case {
    contract::all().into_iter().find(|case| case.name == name).unwrap()
}

#[test]
fn every_message_type_has_a_case() {
    let compared: Vec<String> = contract::all().into_iter().map(|case| case.name).collect();
    let missing: Vec<_> =
        types::names().filter(|name| !compared.iter().any(|known| known == name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn canonical_messages_equal_serde() {
    for case in contract::all() {
        let mut runner = TestRunner::new(Config::with_cases(24));
        let compared = runner.run(&generate::canonical(case.message_type), |encoded| {
            // Without the fallback to the generated decoder.
            let mut direct = Vec::new();
            let written =
                case.message_type.parse(&encoded).and_then(|message| message.write(&mut direct));
            if compare(&case, &encoded) {
                assert!(written.is_ok(), "{}: {written:?}", case.name);
            }
            Ok(())
        });
        compared.unwrap_or_else(|error| panic!("{}: {error}", case.name));
    }
}

#[test]
fn arbitrary_messages_equal_serde() {
    for case in contract::all() {
        let mut runner = TestRunner::new(Config::with_cases(48));
        let compared = runner.run(&generate::arbitrary(case.message_type), |encoded| {
            compare(&case, &encoded);
            Ok(())
        });
        compared.unwrap_or_else(|error| panic!("{}: {error}", case.name));
    }
}

proptest! {
    #[test]
    fn random_bytes_equal_serde(encoded in proptest::collection::vec(any::<u8>(), 0..60)) {
        for name in ["catalogue.v1.Product", "search.v1.SearchResponse", "google.protobuf.Timestamp"] {
            compare(&case(name), &encoded);
        }
    }

    #[test]
    fn times_equal_chrono(seconds: i64, nanos: i32, small in -99_999_999_999..999_999_999_999_i64) {
        for seconds in [seconds, small] {
            for nanos in [0, nanos, nanos.rem_euclid(1_000_000_000)] {
                let time = pbjson_types::Timestamp { seconds, nanos };
                compare(&case("google.protobuf.Timestamp"), &time.encode_to_vec());
                let length = pbjson_types::Duration { seconds, nanos };
                compare(&case("google.protobuf.Duration"), &length.encode_to_vec());
            }
        }
    }
}

#[test]
fn calendar_edges_equal_chrono() {
    let days =
        [-719_528, -719_468, -719_163, -1, 0, 59, 60, 10_957, 11_016, 11_017, 2_932_896, 2_932_897];
    for day in days {
        for second in [-1, 0, 1, 86_399] {
            for nanos in [0, 1, 1_000, 1_000_000, 999_999_999, 1_500_000_000, -1] {
                let time = pbjson_types::Timestamp { seconds: day * 86_400 + second, nanos };
                compare(&case("google.protobuf.Timestamp"), &time.encode_to_vec());
            }
        }
    }
}

#[test]
fn escapes_equal_serde() {
    let texts = (0..0x250).filter_map(char::from_u32).flat_map(|char| {
        // At every offset in a block, and after it.
        (0..70).map(move |before| "x".repeat(before) + &char.to_string())
    });
    for text in texts {
        let mut out = Vec::new();
        super::text::write(text.as_bytes(), &mut out).unwrap();
        assert_eq!(out, serde_json::to_vec(&text).unwrap(), "{text:?}");
    }
}

#[test]
fn truncated_and_corrupted_messages_equal_serde() {
    let event = Event::Change(Change {
        op: change::Op::Stock.into(),
        product: Some(sample()),
        change_time: Some(pbjson_types::Timestamp { seconds: 1_700_000_000, nanos: 5_000 }),
        ..Default::default()
    });
    let message = WatchChangesResponse { cursor: "c".to_owned(), event: Some(event) };
    let encoded = message.encode_to_vec();
    let case = case("catalogue.v1.WatchChangesResponse");
    for length in 0..=encoded.len() {
        compare(&case, &encoded[..length]);
    }
    for at in 0..encoded.len() {
        for value in [0, 1, 0x7f, 0x80, 0xff] {
            let mut broken = encoded.clone();
            broken[at] = value;
            compare(&case, &broken);
        }
    }
}

#[test]
fn repeated_occurrences_are_merged() {
    let case = case("catalogue.v1.Change");
    let part = |product: Product| delimited(3, &product.encode_to_vec());
    let first = part(Product { id: "a".into(), labels: vec!["x".into()], ..Default::default() });
    let second = part(Product { name: "b".into(), labels: vec!["y".into()], ..Default::default() });
    let category = delimited(7, &Category::default().encode_to_vec());
    assert!(compare(&case, &[first, category, second].concat()));
}

#[test]
fn last_member_of_a_oneof_wins() {
    let attribute = |value| Attribute { value: Some(value), ..Default::default() }.encode_to_vec();
    let text = attribute(attribute::Value::Text("t".into()));
    let flag = attribute(attribute::Value::Flag(true));
    assert!(compare(&case("catalogue.v1.Attribute"), &[text, flag].concat()));
}

#[test]
fn elements_with_other_fields_between_them_keep_their_order() {
    let parts = ["a", "b", "c"].map(|label| {
        let labels = vec![label.to_owned()];
        Product { labels, ..Default::default() }.encode_to_vec()
    });
    let media = delimited(20, &[]);
    let [a, b, c] = parts;
    assert!(compare(&case("catalogue.v1.Product"), &[a, media.clone(), b, media, c].concat()));
}

#[test]
fn fields_in_any_order_are_written_in_contract_order() {
    let id = delimited(1, b"a");
    let name = delimited(2, b"b");
    assert!(compare(&case("catalogue.v1.Product"), &[name, id].concat()));
}

#[test]
fn elements_of_a_repeated_field_are_read_by_name() {
    let product = |id: &str| Product { id: id.to_owned(), ..Default::default() };
    let batch = ExportProductsResponse { products: vec![product("a"), product("b")] };
    let encoded = batch.encode_to_vec();
    let of = MessageType::named("catalogue.v1.ExportProductsResponse").unwrap();
    let batch = of.parse(&encoded).unwrap();
    let ids: Vec<_> = batch
        .elements("products")
        .map(|(of, product)| of.parse(product).unwrap().text("id").unwrap())
        .collect();
    assert_eq!(ids, ["a", "b"]);
    assert_eq!(of.parse(&[]).unwrap().elements("products").count(), 0);
    assert_eq!(batch.elements("nothing").count(), 0);
}

#[test]
fn groups_are_skipped_and_bounded() {
    let case = case("catalogue.v1.Product");
    let nested = |depth| [[0xfb, 0x0c].repeat(depth), [0xfc, 0x0c].repeat(depth)].concat();
    assert!(compare(&case, &nested(1)));
    assert!(compare(&case, &nested(50)));
    assert!(!compare(&case, &nested(100_000)));
}

#[test]
fn negative_zero_equals_serde() {
    let hit = |score| SearchHit { score, ..Default::default() }.encode_to_vec();
    assert!(compare(&case("catalogue.v1.SearchHit"), &hit(0.0)));
    // The generated encoder omits it.
    let negative = [&[0x11][..], &(-0.0_f64).to_le_bytes()].concat();
    assert!(compare(&case("catalogue.v1.SearchHit"), &negative));
}

#[test]
fn value_without_json_form_is_an_error() {
    let of = MessageType::named("catalogue.v1.Product").unwrap();
    let created_at = Some(pbjson_types::Timestamp { seconds: 253_402_300_800, nanos: 0 });
    let product = Product { created_at, ..sample() };
    let error = append::<Product>(of, &product.encode_to_vec(), &mut Vec::new()).unwrap_err();
    let Error::Value(error) = error else { panic!("{error:?}") };
    assert!(error.to_string().contains("no time of the years 1 to 9999"), "{error}");
    assert!(serde_json::to_string(&product).is_err());
    let error = append::<Product>(of, b"\x0a\x02\xff\xff", &mut Vec::new()).unwrap_err();
    assert!(matches!(error, Error::Decode(_)), "{error:?}");
}

#[test]
fn single_fields_are_read_by_name() {
    let encoded = sample().encode_to_vec();
    let product = MessageType::named("catalogue.v1.Product").unwrap().parse(&encoded).unwrap();
    assert_eq!(product.text("etag"), Some("e1"));
    assert_eq!(product.number("revision"), Some(-7));
    assert_eq!(product.number("stock_qty"), Some(-3));
    assert_eq!((product.text("brand"), product.number("revision_token")), (Some(""), None));
    assert_eq!(
        (product.text("labels"), product.text("revision"), product.text("x")),
        (None, None, None)
    );
    let nothing = MessageType::named("catalogue.v1.Product").unwrap().parse(&[]).unwrap();
    assert_eq!((nothing.text("id"), nothing.number("revision")), (Some(""), Some(0)));
}

fn sample() -> Product {
    Product {
        id: "kiln-mug".into(),
        name: "Stoneware \"Mug\"".into(),
        price_eur: Some(14.5),
        stock_qty: -3,
        attributes: vec![Attribute {
            name: "height".into(),
            value: Some(attribute::Value::Number(9.0)),
            unit: "cm".into(),
        }],
        labels: vec!["new".into(), "häh".into()],
        status: product::Status::Active.into(),
        etag: "e1".into(),
        revision: -7,
        update_time: Some(pbjson_types::Timestamp { seconds: 1_800_000_000, nanos: 0 }),
        ..Default::default()
    }
}
