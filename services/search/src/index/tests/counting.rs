//! Tests of filters, facets and sort orders.

use product_fields::{FILTER_FIELDS, TextField, parse_filter};

use super::*;
use proto::catalogue::v1::{Weight, product::Condition};

fn shop() -> Index {
    let product = |id: &str, brand: &str, units: i64, stock_qty: i32, colour: &str| Product {
        brand: brand.to_owned(),
        price: Some(proto::google::r#type::Money {
            currency_code: "EUR".to_owned(),
            units,
            nanos: 500_000_000,
        }),
        stock_qty,
        description: format!("Number {id} of the shop"),
        attributes: vec![
            Attribute {
                name: "colour".to_owned(),
                value: Some(attribute::Value::Text(colour.to_owned())),
                unit: String::new(),
            },
            Attribute {
                name: "screen size".to_owned(),
                value: Some(attribute::Value::Number(units as f64)),
                unit: String::new(),
            },
        ],
        created_at: Some(pbjson_time(units)),
        category_ids: vec!["mugs".to_owned()],
        category_paths: vec![CategoryPath {
            names: vec!["Kitchen".to_owned(), "Mugs".to_owned()],
            ids: vec!["kitchen".to_owned(), "mugs".to_owned()],
        }],
        ..named(id, &format!("Mug {id}"))
    };
    index([
        product("a", "Kiln", 3, 0, "red"),
        product("b", "Kiln", 10, 5, "blue"),
        product("c", "Cobble", 25, 1, "red"),
    ])
}

fn pbjson_time(seconds: i64) -> pbjson_types::Timestamp {
    pbjson_types::Timestamp { seconds, nanos: 0 }
}

#[test]
fn filters_mean_what_they_mean_in_the_catalogue() {
    let index = shop();
    for (filter, expected) in [
        ("brand = Kiln", "ab"),
        ("brand = \"K*\" AND stock_qty > 0", "b"),
        ("brand:COB", "c"),
        ("-brand = Kiln", "c"),
        ("price < 10.5", "a"),
        ("price <= 10.50 AND currency = EUR", "ab"),
        ("price = 25.5 OR price = 3.5", "ac"),
        ("price > 99999999999", ""),
        ("attributes.colour = red", "ac"),
        ("attributes:colour", "abc"),
        ("attributes.\"screen size\" >= 10", "bc"),
        ("attributes.colour = \"r*\" AND NOT price < 4", "c"),
        ("category:kitchen", "abc"),
        ("category = attic", ""),
        ("sku = b", "b"),
        ("variants.sku = b", ""),
        ("gtin:*", ""),
        ("status = ACTIVE", "abc"),
        ("status = DRAFT OR delete_time:*", ""),
        ("created_at > 1970-01-01T00:00:05Z", "bc"),
        ("description:\"number C\"", "c"),
        ("id = a", "a"),
        ("name:mug", "abc"),
        ("labels:new", ""),
    ] {
        let parsed = parse_filter(filter).unwrap();
        for query in ["", "mug "] {
            let hits = found(&index, SearchParams { filter: &parsed, ..params(query) }).hits;
            let mut ids: Vec<_> = hits.into_iter().map(|hit| hit.product.id).collect();
            ids.sort();
            assert_eq!(ids.concat(), expected, "{filter} {query}");
        }
    }
}

#[test]
fn sales_weights_and_conditions_are_filtered() {
    let eur = |minor| Some(proto::money::from_minor(minor, "EUR"));
    let weight = |value, unit: &str| Some(Weight { value, unit: unit.to_owned() });
    let variant = proto::catalogue::v1::Variant {
        sku: "light".to_owned(),
        price: eur(900),
        compare_at_price: eur(1_200),
        weight: weight(0.5, "lb"),
        ..Default::default()
    };
    let index = index([
        Product { weight: weight(2.5, "kg"), ..named("a", "Mug") },
        Product { variants: vec![variant], ..named("b", "Cup") },
        Product {
            price: eur(900),
            compare_at_price: eur(900),
            condition: Condition::Refurbished.into(),
            tax_class: "reduced".to_owned(),
            ..named("c", "Pan")
        },
    ]);
    for (filter, expected) in [
        ("on_sale = true", "b"),
        ("on_sale != true", "ac"),
        ("weight > 226.7", "ab"),
        ("weight = 2500", "a"),
        ("NOT weight:*", "c"),
        ("condition = REFURBISHED", "c"),
        ("NOT condition:*", "ab"),
        ("tax_class = reduced", "c"),
    ] {
        let filter = parse_filter(filter).unwrap();
        let hits = found(&index, SearchParams { filter: &filter, ..params("") }).hits;
        let mut ids: Vec<_> = hits.into_iter().map(|hit| hit.product.id).collect();
        ids.sort();
        assert_eq!(ids.concat(), expected, "{filter}");
    }
    let hits = found(&index, params("reduced")).hits;
    assert!(hits.is_empty(), "a class of taxes is no word of shoppers");
}

/// A field that `scan::filters` does not know would never match.
#[test]
fn every_filter_field_is_in_the_index() {
    let time = Some(pbjson_time(1));
    let variant = proto::catalogue::v1::Variant {
        sku: "sku".to_owned(),
        gtin: "4006381333931".to_owned(),
        stock_qty: 1,
        ..Default::default()
    };
    let money =
        proto::google::r#type::Money { currency_code: "EUR".to_owned(), units: 1, nanos: 0 };
    let mut product = Product {
        external_id: "external".to_owned(),
        labels: vec!["new".to_owned()],
        price: Some(money),
        stock_qty: 1,
        variants: vec![variant],
        weight: Some(Weight { value: 1.0, unit: "kg".to_owned() }),
        condition: Condition::Used.into(),
        revision: 1,
        created_at: time,
        update_time: time,
        ..mug()
    };
    for field in TextField::ALL {
        *field.get_mut(&mut product) = field.name().to_owned();
    }
    let index = index([product]);
    for (field, _) in FILTER_FIELDS {
        let (filter, expected) = match *field {
            "attributes" => ("attributes.colour:*".to_owned(), 1),
            // Only products that are not deleted are indexed.
            "delete_time" => ("delete_time:*".to_owned(), 0),
            field => (format!("{field}:*"), 1),
        };
        let filter = parse_filter(&filter).unwrap();
        let total = found(&index, SearchParams { filter: &filter, ..params("") }).total;
        assert_eq!(total, expected, "{field}");
    }
}

#[test]
fn a_selected_value_does_not_hide_the_others() {
    let index = shop();
    let filter = parse_filter("brand = Kiln AND price < 20").unwrap();
    let names = ["brand", "attributes.colour", "stock", "category", "price", "attributes.none"];
    let facets: Vec<_> = names.iter().map(|name| FacetField::parse(name).unwrap()).collect();
    let answer = found(
        &index,
        SearchParams { filter: &filter, facets: &facets, limit: 1, ..params("mug ") },
    );
    assert_eq!(answer.total, 2);
    let counts = |at: usize| -> Vec<(String, u64)> {
        let values = answer.facets[at].values.iter();
        values
            .map(|it| (if it.value.is_empty() { &it.label } else { &it.value }.clone(), it.count))
            .collect()
    };
    let pair = |name: &str, count| (name.to_owned(), count);
    assert_eq!(counts(0), [pair("Kiln", 2)], "25.50 is not below 20");
    assert_eq!(counts(1), [pair("blue", 1), pair("red", 1)]);
    assert_eq!(counts(2), [pair("in_stock", 1), pair("out_of_stock", 1)]);
    assert_eq!(counts(3), [pair("kitchen", 2), pair("mugs", 2)]);
    assert_eq!(answer.facets[3].values[1].parent, "kitchen");
    assert_eq!(answer.facets[3].values[1].label, "Mugs");
    assert_eq!(counts(4).iter().map(|(_, count)| count).sum::<u64>(), 2, "but the brand counts");
    assert_eq!(counts(5), []);
    let values = &answer.facets[0].values;
    assert!(facets[0].is_selected(&values[0], &filter));

    let filter = parse_filter("brand = Kiln").unwrap();
    let answer =
        found(&index, SearchParams { filter: &filter, facets: &facets[..1], ..params("") });
    assert_eq!(answer.facets[0].values.len(), 2, "the other brand is still there");
    assert!(!facets[0].is_selected(&answer.facets[0].values[1], &filter));
}

#[test]
fn only_known_facets_are_counted() {
    for name in ["colour", "attributes", "attributes.", "name", "", "attributes.\"a", "brand "] {
        assert_eq!(FacetField::parse(name), None, "{name:?}");
    }
    let quoted = FacetField::parse("attributes.\"screen size\"");
    assert_eq!(quoted, Some(FacetField::Attribute("screen size".to_owned())));
}

#[test]
fn orders_are_kept_across_commits() {
    let index = shop();
    let mut writer = index.writer().unwrap();
    apply(&mut writer, [Product { stock_qty: 9, ..named("d", "Another mug") }]);
    for (order, expected) in [
        (vec![SortKey::Price], "abcd"),
        (vec![SortKey::PriceDescending], "cbad"),
        (vec![SortKey::Name], "dabc"),
        (vec![SortKey::Newest], "cbad"),
        (vec![SortKey::StockDescending], "dbca"),
        (vec![SortKey::InStock, SortKey::PriceDescending], "cbda"),
    ] {
        for query in ["", "mug "] {
            let hits = found(&index, SearchParams { order: &order, ..params(query) }).hits;
            let ids: String = hits.into_iter().map(|hit| hit.product.id).collect();
            assert_eq!(ids, expected, "{order:?} {query}");
        }
    }
    assert_eq!("price desc".parse(), Ok(SortKey::PriceDescending));
    assert!("cheap".parse::<SortKey>().is_err());
}
