//! Accepted spellings, and the canonical text of each filter.

use filter::{Decimal, Filter, Order, Term, Test};

use crate::{FIELDS, record::Record};

fn term(field: &'static str, key: Option<&str>, test: Test) -> Filter {
    Filter::Term(Term { field, key: key.map(str::to_owned), test })
}

#[test]
fn every_kind_arrives_with_its_type() {
    let number = |units, scale| Decimal::new(units, scale).unwrap();
    let noon = time::OffsetDateTime::from_unix_timestamp(1_769_860_800).unwrap();
    let text = str::to_owned;
    let cases = [
        ("id = a-1", term("id", None, Test::Is(text("a-1")))),
        ("name = 'Kiln mug'", term("name", None, Test::Is(text("Kiln mug")))),
        ("name = \"Kiln*\"", term("name", None, Test::StartsWith(text("Kiln")))),
        ("name = *mug", term("name", None, Test::EndsWith(text("mug")))),
        ("name = '*n m*'", term("name", None, Test::Includes(text("n m")))),
        (r"name = '5\*'", term("name", None, Test::Is(text("5*")))),
        ("name:Größe", term("name", None, Test::Mentions(text("größe")))),
        ("name:'ÄB'", term("name", None, Test::Mentions(text("Äb")))),
        ("status = ACTIVE", term("status", None, Test::Is(text("ACTIVE")))),
        ("stock_qty>=-3", term("stock_qty", None, Test::Integer(Order::GreaterOrEqual, -3))),
        (
            "stock_qty < 9223372036854775807",
            term("stock_qty", None, Test::Integer(Order::Less, i64::MAX)),
        ),
        ("price <= 19.90", term("price", None, Test::Decimal(Order::LessOrEqual, number(199, 1)))),
        (
            "created_at > 2026-01-31T12:00:00Z",
            term("created_at", None, Test::Timestamp(Order::Greater, noon)),
        ),
        (
            "created_at = '2026-01-31T13:00:00+01:00'",
            term("created_at", None, Test::Timestamp(Order::Equal, noon)),
        ),
        ("in_stock = true", term("in_stock", None, Test::Flag(true))),
        ("labels:new", term("labels", None, Test::Element(text("new")))),
        ("variants.sku:K1", term("variants.sku", None, Test::Element(text("K1")))),
        ("category = garden", term("category", None, Test::Within(text("garden")))),
        ("category:garden", term("category", None, Test::Within(text("garden")))),
        ("attributes.colour = red", term("attributes", Some("colour"), Test::Is(text("red")))),
        (
            "attributes.\"screen size\" > 5.5",
            term("attributes", Some("screen size"), Test::Number(Order::Greater, number(55, 1))),
        ),
        ("attributes.size = '20'", term("attributes", Some("size"), Test::Is(text("20")))),
        ("attributes.size = 007", term("attributes", Some("size"), Test::Is(text("007")))),
        ("attributes.size:'2'", term("attributes", Some("size"), Test::Mentions(text("2")))),
        (
            "attributes.size:2",
            term("attributes", Some("size"), Test::Number(Order::Equal, number(2, 0))),
        ),
        ("attributes.AND = false", term("attributes", Some("AND"), Test::Flag(false))),
        ("attributes:'a.b'", term("attributes", Some("a.b"), Test::Present)),
        ("attributes.'a.b':*", term("attributes", Some("a.b"), Test::Present)),
        ("price:*", term("price", None, Test::Present)),
        ("name = *", term("name", None, Test::Present)),
        ("name != ''", term("name", None, Test::Present)),
        ("id = ''", Filter::Not(Box::new(term("id", None, Test::Present)))),
        ("id != a", Filter::Not(Box::new(term("id", None, Test::Is(text("a")))))),
    ];
    for (source, expected) in cases {
        assert_eq!(FIELDS.parse(source).as_ref(), Ok(&expected), "{source}");
    }
}

#[test]
fn spellings_of_one_filter_share_a_text() {
    let cases: &[(&str, &[&str])] = &[
        ("", &["", "  \t\n"]),
        (
            "id=a id=b id=c",
            &["id=a AND id=b AND id=c", "id=a (id='b' AND id = \"c\")", "((id=a)) id=b id=c"],
        ),
        ("id=a id=b OR id=c", &["id=a AND id=b OR id=c", "id=a (id=b OR id=c)"]),
        ("id=a OR (id=b id=c) OR -id=d", &["id=a OR ((id=b AND id=c) OR id != d)"]),
        ("-id=a", &["NOT id=a", "id!=a", "- id=a", "NOT(id=a)", "NOT NOT - id=a", "NOT -(id!=a)"]),
        ("-(id=a id=b)", &["NOT (id=a AND id=b)"]),
        ("-(id=a OR id=b) name:x", &["NOT (id=a OR id=b) AND name:X"]),
        ("variants.sku:1", &["variants.'sku':'1'"]),
        ("id=a", &["NOT (id!=a)", "-id!=a"]),
        ("price<20", &["price < 20.00", "price\u{a0}<\n20"]),
        ("name=\"AND\"", &["name = 'AND'"]),
        ("name='say \"hi\"'", &[r#"name = "say \"hi\"""#]),
        (r#"name="it's \"\\\*""#, &[r#"name = 'it\'s "\\\*'"#]),
        ("name=*mug*", &["name = \"*mug*\""]),
        ("attributes.size=\"20\"", &["attributes.'size' = '20'"]),
        ("attributes.\"a.b\"=true", &["attributes.'a.b':true"]),
        ("attributes:colour", &["attributes.colour:*", "attributes.colour != ''"]),
        ("created_at<2025-12-31T23:00:00.5Z", &["created_at < 2026-01-01T00:00:00.500+01:00"]),
    ];
    for (canonical, spellings) in cases {
        let filter = FIELDS.parse(canonical).unwrap();
        assert_eq!(filter.to_string(), *canonical);
        for spelling in *spellings {
            match FIELDS.parse(spelling) {
                Ok(spelled) => assert_eq!(spelled, filter, "{spelling}"),
                Err(error) => panic!("{spelling}: {error}"),
            }
        }
    }
}

#[test]
fn the_limits_themselves_are_allowed() {
    let deep = format!("{}id=a{}", "(".repeat(32), ")".repeat(32));
    assert!(FIELDS.parse(&deep).is_ok());
    // Only alternating AND and OR keep their parentheses, and their depth.
    let nested = (0..32).fold("id=a".to_owned(), |inner, _| format!("id=b OR (id=c {inner})"));
    assert_eq!(FIELDS.parse(&nested).unwrap().to_string(), nested);
    let beside = ["(id=a)"; 100].join(" ");
    assert!(FIELDS.parse(&beside).is_ok());
    let many = ["id=a"; 100].join(" ");
    assert_eq!(FIELDS.parse(&many).unwrap().to_string(), many);
    let long = format!("id={}", "a".repeat(4_093));
    assert_eq!(FIELDS.parse(&long).unwrap().to_string(), long);
    let not = format!("{}id=a", "NOT ".repeat(1_023));
    assert_eq!(FIELDS.parse(&not).unwrap().to_string(), "-id=a");
}

#[test]
fn the_deepest_filter_needs_little_stack() {
    let deepest = || {
        let text = (0..32).fold("id=b".to_owned(), |inner, _| format!("-(id=c {inner})"));
        let filter = FIELDS.parse(&text).unwrap();
        assert_eq!(filter.clone().to_string(), text);
        filter.matches(&Record::default())
    };
    // An eighth of the stack of a server thread.
    let small = std::thread::Builder::new().stack_size(256 * 1_024).spawn(deepest).unwrap();
    // The record has no id, so the parentheses are false at every depth.
    assert!(small.join().unwrap());
}
