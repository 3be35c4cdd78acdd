//! gRPC through the gateway.

use std::time::Duration;

use proto::{
    catalogue::v1::{
        GetProductRequest, ImportProductsRequest, ImportRow, ListProductsRequest, Product,
        SearchRequest, WatchChangesRequest, catalogue_service_client::CatalogueServiceClient,
        feed_service_client::FeedServiceClient, transfer_service_client::TransferServiceClient,
        watch_changes_response::Event,
    },
    search::v1::{self as search, search_service_client::SearchServiceClient},
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Request, client::Grpc};
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};

use crate::{
    fake::Fake,
    harness::{Behind, Gateway, World, free_addr, soon, until},
};

#[tokio::test]
async fn a_unary_call_keeps_its_metadata_and_its_error_details() {
    let world = World::start().await;
    world.fake.put("mug", 5);
    let mut catalogue = CatalogueServiceClient::new(world.channel());
    let mut request =
        Request::new(GetProductRequest { product_id: "mug".to_owned(), ..Default::default() });
    request.metadata_mut().insert("x-request-id", "order-7".parse().unwrap());
    request.metadata_mut().insert("x-shop", "berlin".parse().unwrap());
    request
        .metadata_mut()
        .insert_bin("x-blob-bin", tonic::metadata::MetadataValue::from_bytes(b"\0\xff"));
    let response = soon("the product", catalogue.get_product(request)).await.unwrap();
    assert_eq!(response.metadata().get("x-request-id").unwrap(), "order-7");
    assert_eq!(response.get_ref().stock_qty, 5);
    assert_eq!(world.fake.seen("x-request-id").as_deref(), Some("order-7"));
    assert_eq!(world.fake.seen("x-shop").as_deref(), Some("berlin"));
    assert!(world.fake.seen("host").is_none());
    assert!(world.fake.seen("grpc-timeout").is_some(), "a deadline is given");

    let missing = GetProductRequest { product_id: "none".to_owned(), ..Default::default() };
    let status = catalogue.get_product(missing).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
    assert_eq!(rpc::status::reason(&status).as_deref(), Some("PRODUCT_NOT_FOUND"));
    assert_ne!(status.metadata().get("x-request-id").unwrap(), "", "one is made");
}

#[tokio::test]
async fn a_malformed_request_id_is_replaced_on_the_way_in() {
    let world = World::start().await;
    world.fake.put("mug", 5);
    let mut catalogue = CatalogueServiceClient::new(world.channel());
    let mut request =
        Request::new(GetProductRequest { product_id: "mug".to_owned(), ..Default::default() });
    request.metadata_mut().insert("x-request-id", "two words".parse().unwrap());
    let response = catalogue.get_product(request).await.unwrap();
    let given = response.metadata().get("x-request-id").unwrap().to_str().unwrap();
    assert_ne!(given, "two words");
    assert_eq!(world.fake.seen("x-request-id").as_deref(), Some(given));
}

#[tokio::test]
async fn a_deadline_of_the_callers_own_is_kept() {
    let world = World::start().await;
    let mut catalogue = CatalogueServiceClient::new(world.channel());
    let mut request =
        Request::new(GetProductRequest { product_id: "slow".to_owned(), ..Default::default() });
    request.set_timeout(Duration::from_millis(200));
    let status = soon("the deadline", catalogue.get_product(request)).await.unwrap_err();
    assert!(matches!(status.code(), Code::DeadlineExceeded | Code::Cancelled), "{status:?}");
    let mut request =
        Request::new(GetProductRequest { product_id: "mug".to_owned(), ..Default::default() });
    request.set_timeout(Duration::from_secs(3_600));
    catalogue.get_product(request).await.unwrap_err();
    let timeout = world.fake.seen("grpc-timeout").unwrap();
    assert_eq!(timeout, "60000m", "no unary call needs an hour");
}

#[tokio::test]
async fn a_server_stream_keeps_its_trailers() {
    let world = World::start().await;
    for id in ["a", "b", "c"] {
        world.fake.put(id, 1);
    }
    let mut catalogue = CatalogueServiceClient::new(world.channel());
    let request = ListProductsRequest { page_size: 2, ..Default::default() };
    let mut products = catalogue.list_products(request).await.unwrap().into_inner();
    let mut ids = Vec::new();
    while let Some(product) = products.message().await.unwrap() {
        ids.push(product.id);
    }
    assert_eq!(ids, ["a", "b"]);
    let trailers = products.trailers().await.unwrap().unwrap();
    assert_eq!(trailers.get("next-page-token").unwrap(), "more");
}

#[tokio::test]
async fn both_directions_of_a_stream_flow_at_once_and_end_apart() {
    let world = World::start().await;
    let mut transfer = TransferServiceClient::new(world.channel());
    let (send, rows) = mpsc::channel(1);
    let call = transfer.import_products(ReceiverStream::new(rows));
    let mut answers = soon("headers before the first row", call).await.unwrap().into_inner();
    for line in 1..=3 {
        let row = ImportRow { line, product: Some(Product::default()), ..Default::default() };
        send.send(ImportProductsRequest { rows: vec![row], ..Default::default() }).await.unwrap();
        let answer = soon("an acknowledgement", answers.message()).await.unwrap().unwrap();
        assert_eq!(answer.acknowledged_line, line);
    }
    drop(send);
    assert!(soon("the end", answers.message()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_watch_outlives_the_time_of_a_unary_call() {
    // Long enough for a busy machine to begin the watch in it.
    let world = World::start_with(&["--upstream-timeout-ms", "3000"]).await;
    let mut feed = FeedServiceClient::new(world.channel());
    let mut events = feed.watch_changes(WatchChangesRequest::default()).await.unwrap().into_inner();
    let first = soon("the snapshot", events.message()).await.unwrap().unwrap();
    assert!(matches!(first.event, Some(Event::SnapshotComplete(_))));
    // A unary call that hangs is cut meanwhile.
    let mut catalogue = CatalogueServiceClient::new(world.channel());
    let slow = GetProductRequest { product_id: "slow".to_owned(), ..Default::default() };
    let status = soon("the cut", catalogue.get_product(slow)).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    world.fake.put("mug", 5);
    let change = soon("the change", events.message()).await.unwrap().unwrap();
    assert!(matches!(change.event, Some(Event::Change(_))));
}

#[tokio::test]
async fn dropping_a_stream_ends_it_upstream() {
    let world = World::start().await;
    until("the gateway's own watch", async || world.fake.readers() == 1).await;
    let mut feed = FeedServiceClient::new(world.channel());
    let events = feed.watch_changes(WatchChangesRequest::default()).await.unwrap();
    assert_eq!(world.fake.readers(), 2);
    drop(events);
    until("the stream's end", async || world.fake.readers() == 1).await;
}

#[tokio::test]
async fn searching_the_catalogue_is_answered_by_search() {
    let (catalogue, search) = (Fake::default(), Fake::default());
    search.put("mug", 5);
    let catalogue = Behind::start(&catalogue, free_addr().await);
    let search = Behind::start(&search, free_addr().await);
    let gateway = Gateway::start(catalogue.addr, search.addr, &[]).await;
    let mut client = CatalogueServiceClient::new(gateway.channel());
    let request = SearchRequest { query: "mug".to_owned(), ..Default::default() };
    assert_eq!(client.search_products(request).await.unwrap().get_ref().total_size, 1);
    let mut client = SearchServiceClient::new(gateway.channel());
    let request = search::SearchRequest { query: "mug".to_owned(), ..Default::default() };
    assert_eq!(client.search(request).await.unwrap().get_ref().total_size, 1);
}

#[tokio::test]
async fn what_is_not_in_the_contract_is_unimplemented() {
    let world = World::start().await;
    for path in ["/catalogue.v1.CatalogueService/Chat", "/secret.v1.Admin/Erase"] {
        let mut grpc = Grpc::new(world.channel());
        grpc.ready().await.unwrap();
        let codec = tonic_prost::ProstCodec::<GetProductRequest, Product>::default();
        let request = Request::new(GetProductRequest::default());
        let call = grpc.unary(request, http::uri::PathAndQuery::from_static(path), codec);
        let status = soon("an answer", call).await.unwrap_err();
        assert_eq!(status.code(), Code::Unimplemented, "{path}");
    }
}

#[tokio::test]
async fn health_is_answered_by_the_gateway_itself() {
    let world = World::start().await;
    let health = HealthClient::new(world.channel());
    until("readiness", async || {
        let answer = health.clone().check(HealthCheckRequest::default()).await;
        answer.is_ok_and(|answer| answer.get_ref().status() == ServingStatus::Serving)
    })
    .await;
}

#[tokio::test]
async fn a_message_over_4_mib_is_refused_by_name() {
    let world = World::start().await;
    let mut catalogue = CatalogueServiceClient::new(world.channel());
    let request = GetProductRequest { product_id: "x".repeat(5 << 20), ..Default::default() };
    let status = soon("an answer", catalogue.get_product(request)).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");

    let mut transfer = TransferServiceClient::new(world.channel());
    let product = Product { description: "x".repeat(5 << 20), ..Default::default() };
    let row = ImportRow { line: 1, product: Some(product), ..Default::default() };
    let rows =
        tokio_stream::iter([ImportProductsRequest { rows: vec![row], ..Default::default() }]);
    let status = match soon("headers", transfer.import_products(rows)).await {
        Ok(answers) => soon("the end", answers.into_inner().message()).await.unwrap_err(),
        Err(status) => status,
    };
    assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
}

#[tokio::test]
async fn a_watch_ends_by_name_when_the_gateway_stops() {
    let world = World::start().await;
    let mut feed = FeedServiceClient::new(world.channel());
    let watch = soon("the watch", feed.watch_changes(WatchChangesRequest::default())).await;
    let mut watch = watch.unwrap().into_inner();
    soon("an event", watch.message()).await.unwrap().expect("an event");
    world.gateway.stop();
    let ended = async {
        loop {
            match watch.message().await {
                Ok(Some(_)) => {}
                Ok(None) => panic!("it must say why"),
                Err(status) => break status,
            }
        }
    };
    let status = soon("the end", ended).await;
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(rpc::status::reason(&status).as_deref(), Some("SHUTTING_DOWN"));
}
