//! Forwarding of gRPC calls.

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
    harness::{Environment, Gateway, UpstreamServer, eventually, free_addr, within_timeout},
};

#[tokio::test]
async fn unary_call_keeps_metadata_and_error_details() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let mut catalogue = CatalogueServiceClient::new(env.channel());
    let mut request =
        Request::new(GetProductRequest { product_id: "mug".to_owned(), ..Default::default() });
    request.metadata_mut().insert("x-request-id", "order-7".parse().unwrap());
    request.metadata_mut().insert("x-shop", "berlin".parse().unwrap());
    request
        .metadata_mut()
        .insert_bin("x-blob-bin", tonic::metadata::MetadataValue::from_bytes(b"\0\xff"));
    let response = within_timeout("the product", catalogue.get_product(request)).await.unwrap();
    assert_eq!(response.metadata().get("x-request-id").unwrap(), "order-7");
    assert_eq!(response.get_ref().stock_qty, 5);
    assert_eq!(env.fake.metadata("x-request-id").as_deref(), Some("order-7"));
    assert_eq!(env.fake.metadata("x-shop").as_deref(), Some("berlin"));
    assert!(env.fake.metadata("host").is_none());
    assert!(env.fake.metadata("grpc-timeout").is_some(), "a deadline is added");

    let missing = GetProductRequest { product_id: "none".to_owned(), ..Default::default() };
    let status = catalogue.get_product(missing).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
    assert_eq!(rpc::status::reason(&status).as_deref(), Some("PRODUCT_NOT_FOUND"));
    assert_ne!(status.metadata().get("x-request-id").unwrap(), "", "an id is generated");
}

#[tokio::test]
async fn malformed_request_id_is_replaced() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let mut catalogue = CatalogueServiceClient::new(env.channel());
    let mut request =
        Request::new(GetProductRequest { product_id: "mug".to_owned(), ..Default::default() });
    request.metadata_mut().insert("x-request-id", "two words".parse().unwrap());
    let response = catalogue.get_product(request).await.unwrap();
    let replaced = response.metadata().get("x-request-id").unwrap().to_str().unwrap();
    assert_ne!(replaced, "two words");
    assert_eq!(env.fake.metadata("x-request-id").as_deref(), Some(replaced));
}

#[tokio::test]
async fn timeout_of_the_client_is_kept_up_to_a_limit() {
    let env = Environment::start().await;
    let mut catalogue = CatalogueServiceClient::new(env.channel());
    let mut request =
        Request::new(GetProductRequest { product_id: "slow".to_owned(), ..Default::default() });
    request.set_timeout(Duration::from_millis(200));
    let status = within_timeout("the deadline", catalogue.get_product(request)).await.unwrap_err();
    assert!(matches!(status.code(), Code::DeadlineExceeded | Code::Cancelled), "{status:?}");
    let mut request =
        Request::new(GetProductRequest { product_id: "mug".to_owned(), ..Default::default() });
    request.set_timeout(Duration::from_secs(3_600));
    catalogue.get_product(request).await.unwrap_err();
    let timeout = env.fake.metadata("grpc-timeout").unwrap();
    // The rest of 60 s when the request was sent, which a busy machine does later.
    let milliseconds: u64 = timeout.strip_suffix('m').unwrap().parse().unwrap();
    assert!((40_000..=60_000).contains(&milliseconds), "the timeout is capped: {timeout}");
}

#[tokio::test]
async fn server_stream_keeps_its_trailers() {
    let env = Environment::start().await;
    for id in ["a", "b", "c"] {
        env.fake.put(id, 1);
    }
    let mut catalogue = CatalogueServiceClient::new(env.channel());
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
async fn both_directions_of_a_stream_are_independent() {
    let env = Environment::start().await;
    let mut transfer = TransferServiceClient::new(env.channel());
    let (send, rows) = mpsc::channel(1);
    let call = transfer.import_products(ReceiverStream::new(rows));
    let mut responses =
        within_timeout("headers before the first row", call).await.unwrap().into_inner();
    for line in 1..=3 {
        let row = ImportRow { line, product: Some(Product::default()), ..Default::default() };
        send.send(ImportProductsRequest { rows: vec![row], ..Default::default() }).await.unwrap();
        let response =
            within_timeout("an acknowledgement", responses.message()).await.unwrap().unwrap();
        assert_eq!(response.acknowledged_line, line);
    }
    drop(send);
    assert!(within_timeout("the end", responses.message()).await.unwrap().is_none());
}

#[tokio::test]
async fn watch_outlives_the_timeout_of_unary_calls() {
    // Long enough to start the watch on a busy machine.
    let env = Environment::start_with(&["--upstream-timeout-ms", "3000"]).await;
    let mut feed = FeedServiceClient::new(env.channel());
    let mut events = feed.watch_changes(WatchChangesRequest::default()).await.unwrap().into_inner();
    let first = within_timeout("the snapshot", events.message()).await.unwrap().unwrap();
    assert!(matches!(first.event, Some(Event::SnapshotComplete(_))));
    // Meanwhile a hanging unary call times out.
    let mut catalogue = CatalogueServiceClient::new(env.channel());
    let slow = GetProductRequest { product_id: "slow".to_owned(), ..Default::default() };
    let status = within_timeout("the timeout", catalogue.get_product(slow)).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    env.fake.put("mug", 5);
    let change = within_timeout("the change", events.message()).await.unwrap().unwrap();
    assert!(matches!(change.event, Some(Event::Change(_))));
}

#[tokio::test]
async fn dropped_stream_ends_at_the_upstream() {
    let env = Environment::start().await;
    eventually("the gateway's own watch", async || env.fake.open_watches() == 1).await;
    let mut feed = FeedServiceClient::new(env.channel());
    let events = feed.watch_changes(WatchChangesRequest::default()).await.unwrap();
    assert_eq!(env.fake.open_watches(), 2);
    drop(events);
    eventually("the stream's end", async || env.fake.open_watches() == 1).await;
}

#[tokio::test]
async fn catalogue_search_is_forwarded_to_search() {
    let (catalogue, search) = (Fake::default(), Fake::default());
    search.put("mug", 5);
    let catalogue = UpstreamServer::start(&catalogue, free_addr().await);
    let search = UpstreamServer::start(&search, free_addr().await);
    let gateway = Gateway::start(catalogue.addr, search.addr, &[]).await;
    let mut client = CatalogueServiceClient::new(gateway.channel());
    let request = SearchRequest { query: "mug".to_owned(), ..Default::default() };
    assert_eq!(client.search_products(request).await.unwrap().get_ref().total_size, 1);
    let mut client = SearchServiceClient::new(gateway.channel());
    let request = search::SearchRequest { query: "mug".to_owned(), ..Default::default() };
    assert_eq!(client.search(request).await.unwrap().get_ref().total_size, 1);
}

#[tokio::test]
async fn unknown_methods_are_unimplemented() {
    let env = Environment::start().await;
    for path in ["/catalogue.v1.CatalogueService/Chat", "/secret.v1.Admin/Erase"] {
        let mut grpc = Grpc::new(env.channel());
        grpc.ready().await.unwrap();
        let codec = tonic_prost::ProstCodec::<GetProductRequest, Product>::default();
        let request = Request::new(GetProductRequest::default());
        let call = grpc.unary(request, http::uri::PathAndQuery::from_static(path), codec);
        let status = within_timeout("an response", call).await.unwrap_err();
        assert_eq!(status.code(), Code::Unimplemented, "{path}");
    }
}

#[tokio::test]
async fn health_is_that_of_the_gateway() {
    let env = Environment::start().await;
    let health = HealthClient::new(env.channel());
    eventually("readiness", async || {
        let response = health.clone().check(HealthCheckRequest::default()).await;
        response.is_ok_and(|response| response.get_ref().status() == ServingStatus::Serving)
    })
    .await;
}

#[tokio::test]
async fn message_over_4_mib_is_resource_exhausted() {
    let env = Environment::start().await;
    let mut catalogue = CatalogueServiceClient::new(env.channel());
    let request = GetProductRequest { product_id: "x".repeat(5 << 20), ..Default::default() };
    let status = within_timeout("an response", catalogue.get_product(request)).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");

    let mut transfer = TransferServiceClient::new(env.channel());
    let product = Product { description: "x".repeat(5 << 20), ..Default::default() };
    let row = ImportRow { line: 1, product: Some(product), ..Default::default() };
    let rows =
        tokio_stream::iter([ImportProductsRequest { rows: vec![row], ..Default::default() }]);
    let status = match within_timeout("headers", transfer.import_products(rows)).await {
        Ok(responses) => {
            within_timeout("the end", responses.into_inner().message()).await.unwrap_err()
        }
        Err(status) => status,
    };
    assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
}

#[tokio::test]
async fn watch_ends_with_a_reason_at_shutdown() {
    let env = Environment::start().await;
    let mut feed = FeedServiceClient::new(env.channel());
    let watch =
        within_timeout("the watch", feed.watch_changes(WatchChangesRequest::default())).await;
    let mut watch = watch.unwrap().into_inner();
    within_timeout("an event", watch.message()).await.unwrap().expect("an event");
    env.gateway.stop();
    let ended = async {
        loop {
            match watch.message().await {
                Ok(Some(_)) => {}
                Ok(None) => panic!("it must end with a status"),
                Err(status) => break status,
            }
        }
    };
    let status = within_timeout("the end", ended).await;
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(rpc::status::reason(&status).as_deref(), Some("SHUTTING_DOWN"));
}
