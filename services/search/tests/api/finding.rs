//! Search responses beyond the hits: facets, corrections, explanations, errors.

use proto::{
    catalogue::v1::{Attribute, Product, attribute::Value},
    google::r#type::Money,
    search::v1::{ExplainHitRequest, Match, Relaxation, SearchRequest},
};
use rpc::status::{reason, violations};
use tonic::Code;

use crate::{
    start,
    support::{ids, product},
};

fn shop() -> Vec<Product> {
    let with = |id: &str, name: &str, brand: &str, units: i64, stock_qty: i32| Product {
        brand: brand.to_owned(),
        price: Some(Money { currency_code: "EUR".to_owned(), units, nanos: 0 }),
        stock_qty,
        attributes: vec![Attribute {
            name: "colour".to_owned(),
            value: Some(Value::Text(if units > 10 { "red" } else { "blue" }.to_owned())),
            unit: String::new(),
        }],
        ..product(id, name, "Kitchen")
    };
    vec![
        with("a", "Stoneware kettle", "Kiln", 30, 0),
        with("b", "Steel kettle", "Kiln", 20, 5),
        with("c", "Glass kettle", "Cobble", 10, 2),
    ]
}

fn search_request(query: &str) -> SearchRequest {
    SearchRequest { query: query.to_owned(), ..Default::default() }
}

#[tokio::test]
async fn facets_filters_and_orders_come_in_one_call() {
    let (search, ..) = start(shop()).await;
    let request = SearchRequest {
        filter: "brand = Kiln AND stock_qty > 0".to_owned(),
        facets: ["brand", "attributes.colour", "stock", "currency"].map(str::to_owned).to_vec(),
        order_by: "price".to_owned(),
        ..search_request("kettle")
    };
    let response = search.search(request).await.unwrap();
    assert_eq!(ids(&response), ["b"]);
    let facet = |at: usize| -> Vec<(&str, i64, bool)> {
        let values = response.facets[at].values.iter();
        values.map(|it| (it.value.as_str(), it.count, it.selected)).collect()
    };
    assert_eq!(response.facets[1].field, "attributes.colour");
    assert_eq!(facet(0), [("Cobble", 1, false), ("Kiln", 1, true)]);
    assert_eq!(facet(1), [("red", 1, false)]);
    assert_eq!(facet(2), [("in_stock", 1, true), ("out_of_stock", 1, false)]);
    assert_eq!(facet(3), [("EUR", 1, false)]);

    let by = async |order_by: &str| {
        let order_by = order_by.to_owned();
        ids(&search.search(SearchRequest { order_by, ..search_request("kettle") }).await.unwrap())
    };
    assert_eq!(by("price").await, ["c", "b", "a"]);
    assert_eq!(by("stock desc, price desc").await, ["b", "c", "a"]);
    assert_eq!(by("name").await, ["c", "b", "a"]);
}

#[tokio::test]
async fn a_response_tells_corrections_and_dropped_words() {
    let (search, ..) = start(shop()).await;
    let response = search.search(search_request("stonewre kettel ")).await.unwrap();
    assert_eq!(ids(&response), ["a"]);
    assert_eq!(response.corrected_query, "stoneware kettle");
    assert_eq!(response.relaxed(), Relaxation::Unspecified);
    let name = &response.results[0].highlights[0];
    assert_eq!(name.field, "name");
    let marks: Vec<_> = name.fragments.iter().map(|it| (it.text.as_str(), it.r#match())).collect();
    let typo = Match::Typo;
    assert_eq!(marks, [("Stoneware", typo), (" ", Match::Unspecified), ("kettle", typo)]);

    let response = search.search(search_request("glass kettle zzzz ")).await.unwrap();
    assert_eq!(ids(&response)[0], "c");
    assert_eq!(
        (response.relaxed(), response.dropped_words),
        (Relaxation::Words, vec!["zzzz".into()])
    );
}

#[tokio::test]
async fn a_rank_is_explained() {
    let (search, ..) = start(shop()).await;
    let mut client = search.client();
    let request = |product_id: &str| ExplainHitRequest {
        query: "steel kettle".to_owned(),
        product_id: product_id.to_owned(),
        ..Default::default()
    };
    let first = client.explain_hit(request("b")).await.unwrap().into_inner();
    assert_eq!((first.matched, first.position, first.words.len()), (true, 1, 2));
    assert!(first.words.iter().all(|word| word.contribution > 0.0));
    let other = client.explain_hit(request("c")).await.unwrap().into_inner();
    assert!(!other.matched && other.reasons.iter().any(|it| it.contains("steel")));
    let status = client.explain_hit(request("nothing")).await.unwrap_err();
    assert_eq!(reason(&status).as_deref(), Some("PRODUCT_NOT_FOUND"));
}

#[tokio::test]
async fn invalid_requests_have_reasons() {
    let (search, ..) = start(shop()).await;
    let refused = async |request: SearchRequest| {
        let status = search.search(request).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
        let field = violations(&status).remove(0).0;
        (reason(&status).unwrap_or_default(), field)
    };
    let is = |reason: &str, field: &str| (reason.to_owned(), field.to_owned());
    let facets = |facet: &str, count| vec![facet.to_owned(); count];
    let request = SearchRequest { facets: facets("colour", 1), ..search_request("") };
    assert_eq!(refused(request).await, is("FACET_UNKNOWN", "facets"));
    let request = SearchRequest { facets: facets("brand", 21), ..search_request("") };
    assert_eq!(refused(request).await, is("FACET_UNKNOWN", "facets"));
    let request = SearchRequest { filter: "colour = red".to_owned(), ..search_request("") };
    assert_eq!(refused(request).await, is("FILTER_INVALID", "filter"));
    let costly = (0..60).map(|number| format!("attributes.a{number}:zz")).collect::<Vec<_>>();
    let request = SearchRequest { filter: costly.join(" OR "), ..search_request("") };
    assert_eq!(refused(request).await, is("FILTER_TOO_COSTLY", "filter"));
    let request = SearchRequest { order_by: "cheapest".to_owned(), ..search_request("") };
    assert_eq!(refused(request).await, is("ORDER_INVALID", "order_by"));
    let request = SearchRequest { skip: 10_000, ..search_request("") };
    assert_eq!(refused(request).await, is("INVALID_FIELD", "skip"));
    assert_eq!(refused(search_request("mug\u{7}")).await, is("QUERY_INVALID", "query"));
    for query in ["\"", "'", "(", "))((", "AND", "-", "*", "\u{202e}", "?!\u{a0}"] {
        search.search(search_request(query)).await.unwrap();
    }
    // A token of another filter or sort order.
    let first = SearchRequest { page_size: 1, ..search_request("kettle") };
    let token = search.search(first.clone()).await.unwrap().next_page_token;
    let other = SearchRequest {
        page_token: token.clone(),
        filter: "brand = Kiln".to_owned(),
        ..first.clone()
    };
    assert_eq!(refused(other).await, is("PAGE_TOKEN_INVALID", "page_token"));
    let same = SearchRequest { page_token: token, facets: facets("brand", 1), ..first };
    assert_eq!(search.search(same).await.unwrap().results.len(), 1);
}
