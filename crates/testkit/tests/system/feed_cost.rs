//! A change costs the catalogue the same statements however many watches there are.

use http::Method;
use proto::catalogue::v1::{
    AdjustStockRequest, CreateProductRequest, Product, WatchChangesRequest,
    catalogue_service_client::CatalogueServiceClient, feed_service_client::FeedServiceClient,
    stock_service_client::StockServiceClient, watch_changes_request::Start,
    watch_changes_response::Event,
};
use testkit::{Fleet, HttpClient, Service};
use tonic::{
    Streaming,
    transport::{Channel, Endpoint},
};

const WATCHES: usize = 60;
const CHANGES: i32 = 40;
/// More than the statements of one change, without watches.
const OF_A_CHANGE: u64 = 40;

type Watch = Streaming<proto::catalogue::v1::WatchChangesResponse>;

/// The number of statements that the catalogue has run.
async fn statements(fleet: &Fleet) -> u64 {
    let metrics = HttpClient::new(fleet.admin(Service::Catalogue, ""));
    let response = metrics.send(Method::GET, "/metrics", &[], "").await.unwrap();
    let text = String::from_utf8(response.body.to_vec()).unwrap();
    let counts =
        text.lines().filter(|line| line.starts_with("db_client_operation_duration_seconds_count"));
    counts.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum::<f64>() as u64
}

/// Sells one after the other, and reads each change in all watches.
async fn change(channel: &Channel, watches: &mut [Watch]) {
    let mut stock = StockServiceClient::new(channel.clone());
    for number in 0..CHANGES {
        let request_id = format!("{}-{number}", watches.len());
        let product_id = "mug".to_owned();
        let request = AdjustStockRequest { product_id, delta: 1, request_id, ..Default::default() };
        stock.adjust_stock(request.clone()).await.unwrap();
        for watch in &mut *watches {
            while !matches!(
                watch.message().await.unwrap().unwrap().event,
                Some(Event::Change(change)) if change.request_id == request.request_id
            ) {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn watches_add_no_statements_to_a_change() {
    let fleet = Fleet::start().await;
    let to = Endpoint::from_shared(format!("http://{}", fleet.addr(Service::Catalogue))).unwrap();
    let channel = to.connect().await.unwrap();
    let product = Product { id: "mug".to_owned(), name: "Mug".to_owned(), ..Default::default() };
    let request = CreateProductRequest { product: Some(product), ..Default::default() };
    CatalogueServiceClient::new(channel.clone()).create_product(request).await.unwrap();
    let mut watches = Vec::new();
    for _ in 0..WATCHES {
        let request = WatchChangesRequest { start: Start::Now.into(), ..Default::default() };
        let feed = FeedServiceClient::new(channel.clone()).watch_changes(request).await;
        let mut watch = feed.unwrap().into_inner();
        while !matches!(watch.message().await.unwrap().unwrap().event, Some(Event::Heartbeat(_))) {}
        watches.push(watch);
    }
    let before = statements(&fleet).await;
    change(&channel, &mut watches).await;
    let run = statements(&fleet).await - before;
    println!("{run} statements for {CHANGES} changes in {WATCHES} watches");
    assert!(run <= CHANGES as u64 * OF_A_CHANGE, "{run} statements for {CHANGES} changes");
}
