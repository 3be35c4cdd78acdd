//! Transcodes a product of about 2 KB and a page of 20 search hits to JSON, compared with the generated
//! decoder and `serde_json`.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use prost::Message;
use proto::{
    catalogue::v1::{Attribute, Media, Product, attribute, product},
    google::r#type::Money,
    json::{self, MessageType},
    search::v1::{Facet, FacetValue, Fragment, Highlight, SearchHit, SearchResponse},
};
use serde::Serialize;

fn json(criterion: &mut Criterion) {
    compare(criterion, "product", "catalogue.v1.Product", &product(0));
    compare(criterion, "search page", "search.v1.SearchResponse", &page());
}

fn compare<M: Message + Default + Serialize>(
    criterion: &mut Criterion,
    what: &str,
    name: &str,
    message: &M,
) {
    let message_type = MessageType::named(name).expect("it is in the contract");
    let encoded = message.encode_to_vec();
    let mut group = criterion.benchmark_group(format!("{what}, {} bytes", encoded.len()));
    group.bench_function("transcoder", |bencher| {
        bencher.iter(|| {
            let mut out = Vec::new();
            json::append::<M>(message_type, black_box(&encoded), &mut out).map(|()| out)
        });
    });
    group.bench_function("generated", |bencher| {
        bencher.iter(|| {
            let message = M::decode(black_box(encoded.as_slice())).expect("it was encoded");
            serde_json::to_vec(&message)
        });
    });
    group.finish();
}

fn product(number: i64) -> Product {
    let attributes = (0..19).map(|at| Attribute {
        name: format!("attribute name {at}"),
        value: Some(match at % 3 {
            0 => attribute::Value::Number(f64::from(at) + 0.25),
            1 => attribute::Value::Flag(true),
            _ => attribute::Value::Text(format!("a value of some length, {at}")),
        }),
        unit: if at % 3 == 0 { "mm".to_owned() } else { String::new() },
    });
    let time = pbjson_types::Timestamp { seconds: 1_800_000_000 + number, nanos: 123_456_000 };
    Product {
        id: format!("product-{number}"),
        name: "Stoneware Mug, Harbour Blue".to_owned(),
        description: "A mug that is turned by hand and fired twice, for coffee & tea. ".repeat(9),
        price_eur: Some(14.5),
        stock_qty: 41,
        image_urls: (0..3).map(|at| format!("/media/kiln-stoneware-mug-{at}.webp")).collect(),
        created_at: Some(time),
        price: Some(Money { currency_code: "EUR".to_owned(), units: 14, nanos: 500_000_000 }),
        brand: "Kiln & Cobble".to_owned(),
        category_ids: vec!["kitchen".to_owned(), "mugs".to_owned()],
        attributes: attributes.collect(),
        status: product::Status::Active.into(),
        etag: "5f2c1e0a9b7d4c3e".to_owned(),
        revision: 7,
        update_time: Some(time),
        media: (0..3)
            .map(|at| Media {
                url: format!("/media/kiln-stoneware-mug-{at}.webp"),
                alt: "A mug on a table".to_owned(),
                width: 800,
                height: 600,
            })
            .collect(),
        revision_token: "AAAAAAAAAAcAAAAAAAAABw".to_owned(),
        ..Default::default()
    }
}

fn page() -> SearchResponse {
    let fragments = ["Stoneware ", "Mug", ", Harbour Blue"]
        .map(|text| Fragment { text: text.to_owned(), r#match: i32::from(text == "Mug") });
    let highlights = vec![Highlight { field: "name".to_owned(), fragments: fragments.to_vec() }];
    let hit = |number| SearchHit {
        product: Some(product(number)),
        score: 12.375 - number as f64 / 16.0,
        highlights: highlights.clone(),
        ..Default::default()
    };
    let value = |at: i64| FacetValue {
        value: format!("value-{at}"),
        label: format!("Value {at}"),
        count: 1_000 - at,
        ..Default::default()
    };
    let facet =
        |field: &str| Facet { field: field.to_owned(), values: (0..10).map(value).collect() };
    SearchResponse {
        results: (0..20).map(hit).collect(),
        next_page_token: "AAAAFGFiY2RlZg".to_owned(),
        total_size: 1_234,
        took: Some(pbjson_types::Duration { seconds: 0, nanos: 1_234_000 }),
        facets: vec![facet("brand"), facet("category")],
        ..Default::default()
    }
}

criterion_group!(benches, json);
criterion_main!(benches);
