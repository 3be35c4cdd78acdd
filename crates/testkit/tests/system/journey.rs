//! Use cases: import, read, change and search products.

use std::{collections::BTreeSet, time::Duration};

use proto::catalogue::v1::{
    CreateProductRequest, GetProductRequest, Product, SearchRequest, WatchChangesRequest,
    feed_service_client::FeedServiceClient, watch_changes_request::Start,
    watch_changes_response::Event,
};
use testkit::{Fleet, Service, get, patch, post, repository, shared_data, until, until_within};

use crate::data::{self, channel, client, distinct, list_all, searchable, with_demo};

/// Requires the real data set.
#[tokio::test(flavor = "multi_thread")]
async fn real_data_set_is_imported_and_searchable() {
    let Some(file) = shared_data("products.jsonl.gz") else { return };
    let fleet = Fleet::start().await;
    let map = repository().join("examples/icecat.toml");
    let arguments = ["import", file.to_str().unwrap(), "--map", map.to_str().unwrap()];
    let output = fleet.catctl(&arguments).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!((output.out.clone() + &output.err).contains("19,406"), "{output:?}");
    searchable(&fleet, 19_406).await;

    let mut client = client(&fleet.addr(Service::Gateway)).await;
    let products = list_all(&mut client).await;
    assert_eq!(distinct(&products), 19_406);
    let with = |has: fn(&Product) -> bool| products.iter().filter(|product| has(product)).count();
    assert_eq!(with(|product| !product.brand.is_empty()), 19_406);
    assert_eq!(with(|product| product.price.is_some()), 19_406);
    assert_eq!(with(|product| !product.image_urls.is_empty()), 19_406);
    assert_eq!(with(|product| product.category_paths.iter().any(|p| p.names.len() == 2)), 17_804);
    assert!(with(|product| product.attributes.len() > 10) > 10_000);

    let cyan = fleet.catctl(&["search", "designjet", "cyan", "-o", "json"]).await;
    assert!(cyan.out.contains("\"1399\""), "{cyan:?}");
    let again = fleet.catctl(&arguments).await;
    assert!((again.out.clone() + &again.err).contains("19,406 unchanged"), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn json_pages_have_each_product_once() {
    let fleet = Fleet::start().await;
    let count = with_demo(&fleet).await;
    let (mut seen, mut token) = (BTreeSet::new(), String::new());
    loop {
        let page = get(&fleet.url(&format!("/v1/products?pageSize=37&pageToken={token}"))).await;
        let page = page.unwrap().json();
        for product in page["products"].as_array().unwrap() {
            assert!(seen.insert(product["id"].as_str().unwrap().to_owned()), "{product}");
        }
        token = page["nextPageToken"].as_str().unwrap().to_owned();
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(seen.len(), count);

    let streamed = get(&fleet.url("/v1/products:stream")).await.unwrap().text();
    assert_eq!(streamed.lines().count(), count);
}

#[tokio::test(flavor = "multi_thread")]
async fn new_product_is_indexed_updated_and_removed() {
    let fleet = Fleet::start().await;
    with_demo(&fleet).await;

    let lamp =
        r#"{"id":"test-lamp","name":"Zephyrine lamp","price":{"currencyCode":"EUR","units":"49"}}"#;
    let created = post(&fleet.url("/v1/products"), lamp).await.unwrap();
    assert_eq!(created.status, 201, "{}", created.text());
    let find = async || {
        let response = get(&fleet.url("/v1/search?q=zephyrine")).await.unwrap().json();
        response["results"].as_array().unwrap().first().map(|hit| hit["product"].clone())
    };
    let found = until("the new product is found", find).await;
    assert_eq!(found["id"], "test-lamp");

    let url = fleet.url("/v1/products/test-lamp");
    let renamed = patch(&url, r#"{"name":"Zephyrine desk lamp"}"#).await.unwrap();
    assert_eq!(renamed.json()["price"]["units"], "49", "{}", renamed.text());
    until("the new name is found", async || {
        let found = find().await?;
        (found["name"] == "Zephyrine desk lamp").then_some(())
    })
    .await;

    let sold = fleet.catctl(&["stock", "test-lamp", "+3"]).await;
    assert_eq!(sold.code, Some(0), "{sold:?}");
    until("the stock reaches the index", async || (find().await?["stockQty"] == 3).then_some(()))
        .await;

    testkit::delete(&url).await.unwrap();
    until("the product is removed from the index", async || find().await.is_none().then_some(()))
        .await;
}

/// The bound is one second. A busy machine may exceed it once, but not three times in a row.
#[tokio::test(flavor = "multi_thread")]
async fn write_is_searchable_within_a_second() {
    let fleet = Fleet::start().await;
    let mut client = client(&fleet.addr(Service::Gateway)).await;
    let mut best = Duration::MAX;
    for number in 0..3 {
        let name = format!("Quillwort {number}");
        let product = Product { name: name.clone(), ..Default::default() };
        client
            .create_product(CreateProductRequest { product: Some(product), ..Default::default() })
            .await
            .unwrap();
        let written = std::time::Instant::now();
        let request = SearchRequest { query: name, ..Default::default() };
        until("the product is found", async || {
            let found = client.search_products(request.clone()).await.unwrap().into_inner();
            (found.total_size > 0).then_some(())
        })
        .await;
        best = best.min(written.elapsed());
    }
    assert!(best < Duration::from_secs(1), "{best:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn import_of_an_export_changes_nothing() {
    let fleet = Fleet::start().await;
    let count = with_demo(&fleet).await;
    for format in ["jsonl", "csv"] {
        let file = fleet.dir().join(format!("export.{format}.gz"));
        let exported = fleet.catctl(&["export", file.to_str().unwrap()]).await;
        assert_eq!(exported.code, Some(0), "{exported:?}");
        if format == "jsonl" {
            let again = fleet.catctl(&["import", file.to_str().unwrap()]).await;
            let output = again.out.clone() + &again.err;
            assert!(output.contains(&format!("{count} unchanged")), "{again:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_are_streamed_through_the_gateway_in_order() {
    let fleet = Fleet::start().await;
    let mut feed = FeedServiceClient::new(channel(&fleet.addr(Service::Gateway)).await);
    let now = WatchChangesRequest { start: Start::Now.into(), ..Default::default() };
    let mut stream = feed.watch_changes(now).await.unwrap().into_inner();
    // The first heartbeat means that the stream is at the end of the feed.
    while !matches!(stream.message().await.unwrap().unwrap().event, Some(Event::Heartbeat(_))) {}

    let mut client = client(&fleet.addr(Service::Gateway)).await;
    let product = Product { id: "kettle".into(), name: "Kettle".into(), ..Default::default() };
    client
        .create_product(CreateProductRequest { product: Some(product), ..Default::default() })
        .await
        .unwrap();
    for delta in ["+5", "-2"] {
        let done = fleet.catctl(&["stock", "kettle", delta]).await;
        assert_eq!(done.code, Some(0), "{done:?}");
    }
    let mut revisions = Vec::new();
    while revisions.len() < 3 {
        if let Some(Event::Change(change)) = stream.message().await.unwrap().unwrap().event {
            assert_eq!(change.product_id, "kettle");
            revisions.push(change.product.unwrap().revision);
        }
    }
    assert!(revisions.is_sorted(), "{revisions:?}");
    let request = GetProductRequest { product_id: "kettle".to_owned(), ..Default::default() };
    assert_eq!(client.get_product(request).await.unwrap().into_inner().stock_qty, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_upstream_is_reported_soon() {
    let mut fleet = Fleet::start().await;
    let count = with_demo(&fleet).await;
    fleet.kill(Service::Search);
    let response = get(&fleet.url("/v1/search?q=mug")).await.unwrap();
    assert_eq!(response.status, 503);
    assert_eq!(response.headers["content-type"], "application/problem+json");
    let problem = response.json();
    assert_eq!(problem["reason"], "UPSTREAM_UNAVAILABLE");
    assert!(problem["requestId"].as_str().is_some_and(|id| !id.is_empty()), "{problem}");
    // Other routes still work.
    let page = get(&fleet.url("/v1/products?pageSize=1")).await.unwrap().json();
    assert_eq!(page["totalSize"], count);

    fleet.kill(Service::Catalogue);
    let reported = until_within(
        Duration::from_secs(15),
        "the catalogue is reported as unavailable",
        async || {
            let response = get(&fleet.url("/v1/products?pageSize=1")).await.unwrap();
            (response.status == 503).then_some(response)
        },
    );
    reported.await;

    for service in [Service::Catalogue, Service::Search] {
        fleet.restart(service);
        fleet.ready(service).await;
    }
    data::searchable(&fleet, i32::try_from(count).unwrap()).await;
}
