//! Error messages and their columns.

use crate::FIELDS;

#[track_caller]
fn assert_error(source: &str, message: &str) {
    match FIELDS.parse(source) {
        Ok(filter) => panic!("`{source}` was parsed as `{filter}`"),
        Err(error) => assert_eq!(error.to_string(), message, "{source}"),
    }
}

#[test]
fn an_unknown_field_is_named_and_the_nearest_suggested() {
    // Not the keyword NOT.
    assert_error("NOTE = 1", "column 1: unknown field `NOTE`, did you mean `name`?");
    assert_error("brnad = x", "column 1: unknown field `brnad`, did you mean `brand`?");
    assert_error("id=a AND (PRICE > 2)", "column 11: unknown field `PRICE`, did you mean `price`?");
    assert_error(
        "name:ü stok=1",
        "column 8: unknown field `stok`, the fields are id, name, brand, \
        status, stock_qty, price, created_at, in_stock, labels, attributes, category, variants.sku",
    );
    assert_error(
        "variants.sk:1",
        "column 1: unknown field `variants.sk`, did you mean `variants.sku`?",
    );
    assert_error("name.first:1", "column 1: unknown field `name.first`, did you mean `name`?");
    assert_error(
        "atributes.x:1",
        "column 1: unknown field `atributes.x`, did you mean `attributes`?",
    );
}

#[test]
fn a_wrong_operator_is_reported_with_the_valid_ones() {
    assert_error("name < b", "column 6: `name` does not take `<`, only = != : or :*");
    assert_error("id:a", "column 3: `id` does not take `:`, only = != or :*");
    assert_error("labels = new", "column 8: `labels` does not take `=`, only : or :*");
    assert_error("price : 20", "column 7: `price` does not take `:`, only = != < <= > >= or :*");
}

/// Filter, column of the error, and its message after `found`.
const WRONG_VALUES: &[(&str, u32, &str)] = &[
    ("status = NEW", 10, "`NEW`, but `status` takes one of DRAFT, ACTIVE, ARCHIVED"),
    ("stock_qty=2.5", 11, "`2.5`, but `stock_qty` takes a whole number of 64 bits, without quotes"),
    ("stock_qty=+7", 11, "`+7`, but `stock_qty` takes a whole number of 64 bits, without quotes"),
    ("stock_qty=007", 11, "`007`, but `stock_qty` takes a whole number of 64 bits, without quotes"),
    (
        "stock_qty=9223372036854775808",
        11,
        "`9223372036854775808`, but `stock_qty` takes a whole number of 64 bits, without quotes",
    ),
    ("price>'20'", 7, "`'20'`, but `price` takes a number such as 20 or -0.75, without quotes"),
    ("price>1e3", 7, "`1e3`, but `price` takes a number such as 20 or -0.75, without quotes"),
    (
        "price>0.1234567890123456789",
        7,
        "`0.1234567890123456789`, but `price` takes a number of at most 18 digits",
    ),
    ("in_stock=yes", 10, "`yes`, but `in_stock` takes true or false"),
    ("in_stock='true'", 10, "`'true'`, but `in_stock` takes true or false"),
    (
        "created_at>2026-01-31",
        12,
        "`2026-01-31`, but `created_at` takes a time such as 2026-01-31T12:00:00Z",
    ),
    (
        "created_at>2016-12-31T23:59:60Z",
        12,
        "`2016-12-31T23:59:60Z`, but `created_at` takes a time such as 2026-01-31T12:00:00Z",
    ),
    (
        "created_at>0001-01-01T00:00:00+01:00",
        12,
        "`0001-01-01T00:00:00+01:00`, but `created_at` takes a time such as 2026-01-31T12:00:00Z",
    ),
    (
        "created_at>9999-12-31T23:59:59-01:00",
        12,
        "`9999-12-31T23:59:59-01:00`, but `created_at` takes a time such as 2026-01-31T12:00:00Z",
    ),
    ("id=a*", 4, r"`a*`, but `id` takes no wildcards; in quotes, `\*` is a plain star"),
    (
        "name=a*b",
        6,
        r"`a*b`, but `name` takes a star only at an end; in quotes, `\*` is a plain one",
    ),
    (
        "name:mug*",
        6,
        r"`mug*`, but `name` takes a part of it: write `=` to use a wildcard, or `\*` in quotes to look for a star",
    ),
    ("name:''", 6, "`''`, but `name` takes a text that is not empty"),
    ("labels:''", 8, "`''`, but `labels` takes a text that is not empty"),
    ("attributes.x<'5'", 14, "`'5'`, but `attributes` takes a number without quotes behind `<`"),
    (
        "attributes.x>=true",
        15,
        "`true`, but `attributes` takes a number without quotes behind `>=`",
    ),
    (
        "attributes.x=1234567890123456789",
        14,
        "`1234567890123456789`, but `attributes` takes a number of at most 18 digits",
    ),
];

#[test]
fn a_wrong_value_is_reported_with_the_expected_type() {
    for (source, column, found) in WRONG_VALUES {
        assert_error(source, &format!("column {column}: found {found}"));
    }
}

/// Filter and error message.
const SYNTAX_ERRORS: &[(&str, &str)] = &[
    (
        "id",
        "column 1: `id` stands alone: compare a field with it, as in `field:value`, and put quotes around a value that has spaces",
    ),
    (
        "brand = New York",
        "column 13: `York` stands alone: compare a field with it, as in `field:value`, and put quotes around a value that has spaces",
    ),
    (
        "'kiln mug'",
        "column 1: `'kiln mug'` stands alone: compare a field with it, as in `field:value`, and put quotes around a value that has spaces",
    ),
    ("id=a and id=b", "column 6: `and` is written in capitals, `AND`"),
    ("not (id=a)", "column 1: `not` is written in capitals, `NOT`"),
    ("id=a AND", "column 9: found the end, expected a space and another comparison"),
    ("id=a AND ", "column 10: found the end, expected a comparison such as `field = value`"),
    ("AND id=a", "column 1: found `AND`, expected a comparison such as `field = value`"),
    ("id=a OR OR id=b", "column 9: found `OR`, expected a comparison such as `field = value`"),
    ("id=a OR(id=b)", "column 8: found `(`, expected a space and another comparison"),
    ("()", "column 2: found `)`, expected a comparison such as `field = value`"),
    ("(id=a", "column 6: found the end, expected `)`"),
    ("id=a)", "column 5: found `)`, expected `(` before it"),
    ("id=a(id=b)", "column 5: found `(`, expected a space, `)` or the end"),
    ("name='a'name='b'", "column 9: found `name`, expected a space, `)` or the end"),
    ("id=", "column 4: found the end, expected a value, in quotes if it has spaces or signs"),
    ("id == a", "column 5: found `=`, expected a value, in quotes if it has spaces or signs"),
    (
        "id = AND id=b",
        "column 6: found `AND`, expected a value, in quotes if it has spaces or signs",
    ),
    ("id ! a", "column 4: found `!`, expected one of = != < <= > >= :"),
    ("id (a)", "column 4: found `(`, expected one of = != < <= > >= :"),
    ("id='a", "column 4: the quote ' is never closed"),
    ("id='a\\", "column 4: the quote ' is never closed"),
    ("id='ä\\n'", r#"column 6: `\n` means nothing: a backslash goes before `\`, `"`, `'` or `*`"#),
    ("id=a\0", "column 5: found `\u{fffd}`, expected no NUL"),
    ("attributes.=a", "column 12: found `=`, expected a name, in quotes if it has spaces or signs"),
    (
        "attributes.''=a",
        r"column 12: found `''`, expected a name, which is not empty and where a star is written `\*`",
    ),
    (
        "attributes=a",
        "column 11: `attributes` needs one name behind it, as in `attributes.colour` or `attributes.\"screen size\"`",
    ),
    (
        "attributes:*",
        "column 11: `attributes` needs one name behind it, as in `attributes.colour` or `attributes.\"screen size\"`",
    ),
    (
        "attributes.a.b=1",
        "column 1: `attributes` needs one name behind it, as in `attributes.colour` or `attributes.\"screen size\"`",
    ),
];

#[test]
fn a_syntax_error_is_reported_with_its_column() {
    for (source, message) in SYNTAX_ERRORS {
        assert_error(source, message);
    }
}

#[test]
fn an_exceeded_limit_is_reported() {
    assert_error(
        &format!("id={}", "a".repeat(4_094)),
        "column 4097: the filter has 4097 bytes, more than 4096",
    );
    assert_error(&"ü".repeat(3_000), "column 2049: the filter has 6000 bytes, more than 4096");
    assert_error(&"(".repeat(4_096), "column 33: parentheses are nested deeper than 32");
    assert_error(&["id=a"; 101].join(" "), "column 501: the filter has more than 100 comparisons");
    assert_error(
        &"NOT ".repeat(1_024),
        "column 4097: found the end, expected a comparison such as `field = value`",
    );
    assert_error(
        &"-".repeat(4_096),
        "column 4097: found the end, expected a comparison such as `field = value`",
    );
}

#[test]
fn messages_are_bounded() {
    let error = FIELDS.parse(&format!("id:{}\u{7}=1", "x".repeat(4_000))).unwrap_err();
    assert!(error.to_string().len() < 200, "{error}");
    let error = FIELDS.parse(&format!("{}=1", "x".repeat(4_000))).unwrap_err();
    assert!(error.to_string().len() < 300, "{error}");
}
