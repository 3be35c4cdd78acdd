//! Semantics of filters by example. A store's SQL must follow the same rules.

use filter::{Lookup, Value};

use crate::{
    FIELDS,
    record::{Record, Size},
};

#[track_caller]
fn check(record: &impl Lookup, matching: &[&str], others: &[&str]) {
    for (filters, expected) in [(matching, true), (others, false)] {
        for filter in filters {
            assert_eq!(FIELDS.parse(filter).unwrap().matches(record), expected, "{filter}");
        }
    }
}

#[test]
fn an_absent_field_passes_no_test_and_so_every_negation() {
    let matching = ["", "brand != x", "NOT brand = x", "brand = ''", "NOT price < 1", "-labels:*"];
    let others =
        ["brand = x", "brand:*", "brand != ''", "price < 1", "price >= 1", "attributes:size"];
    check(&Record::default(), &matching, &others);
    // An empty text is absent.
    check(&Record { brand: Some(""), ..Record::default() }, &matching, &others);
}

#[test]
fn text_is_exact_with_equals_and_lenient_with_a_colon() {
    let record = Record { brand: Some("Kiln Ä*"), ..Record::default() };
    let matching = [
        r"brand = 'Kiln Ä\*'",
        "brand:kILN",
        "brand:Ä",
        "brand:'n Ä'",
        "brand = Kiln*",
        "brand = '*n Ä*'",
        r"brand = '*\*'",
        "brand != kiln*",
    ];
    let others = [
        "brand = Kiln",
        "brand = 'kiln Ä*'",
        "brand:ä",
        "brand = *iln",
        "brand = iln*",
        "brand:kilm",
    ];
    check(&record, &matching, &others);
}

#[test]
fn a_list_matches_by_any_element_and_a_category_by_what_is_above() {
    let record =
        Record { labels: vec!["new", "Gift"], category_depth: Some(2), ..Record::default() };
    let matching =
        ["labels:new labels:Gift", "labels:*", "category:c0", "category = c2", "category != c3"];
    let others = ["labels:gift", "labels:ne", "-labels:new", "category:c3", "category != c1"];
    check(&record, &matching, &others);
}

#[test]
fn an_entry_of_a_map_passes_tests_of_its_own_type_only() {
    let size = |size| Record { size: Some(size), ..Record::default() };
    let always = ["attributes:size", "attributes.size != 7"];
    let number = ["attributes.size = 20", "attributes.size >= 20.0", "attributes.size:20"];
    let text = ["attributes.size = '20'", "attributes.size:'2'", "attributes.size = 2*"];
    let flag = ["attributes.size = true", "attributes.size != false"];
    check(
        &size(Size::Cents(2000)),
        &[&always[..], &number].concat(),
        &[&text[..], &flag[..1]].concat(),
    );
    check(
        &size(Size::Text("20")),
        &[&always[..], &text].concat(),
        &[&number[..], &flag[..1]].concat(),
    );
    check(&size(Size::Flag(true)), &[&always[..], &flag].concat(), &[&number[..], &text].concat());
}

#[test]
fn a_number_in_a_map_is_compared_as_a_double() {
    struct Doubles(f64);
    impl Lookup for Doubles {
        fn values(&self, _: &'static str, _: Option<&str>, visit: &mut dyn FnMut(Value<'_>)) {
            visit(Value::Number(self.0));
        }
    }
    check(&Doubles(0.1), &["attributes.x = 0.1"], &["attributes.x > 0.1", "attributes.x < 0.1"]);
    check(&Doubles(f64::NAN), &["attributes.x != 1"], &["attributes:x", "attributes.x > 1"]);
    check(&Doubles(f64::INFINITY), &["attributes:x", "attributes.x > 1"], &["attributes.x < 1"]);
}

#[test]
fn or_binds_tighter_than_and() {
    let record = Record { stock: Some(1), ..Record::default() };
    // If AND had precedence, the last comparison alone would decide.
    check(&record, &[], &["stock_qty = 2 AND stock_qty = 2 OR stock_qty = 1"]);
    check(&record, &["stock_qty = 1 stock_qty = 2 OR stock_qty < 3 -stock_qty > 1"], &[]);
}
