//! When a service behind the gateway is down, hangs, or goes away in the middle.

use std::time::{Duration, Instant};

use proto::catalogue::v1::{
    GetProductRequest, ListProductsRequest, WatchChangesRequest,
    catalogue_service_client::CatalogueServiceClient, feed_service_client::FeedServiceClient,
};
use tokio::net::TcpListener;
use tonic::Code;
use tonic_types::StatusExt as _;

use crate::{
    harness::{Gateway, World, free_addr, soon, until},
    http_client::Client,
};

/// Down: said at once. Hanging: said within the deadline. Both with much room for a busy machine.
const AT_ONCE: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_service_that_is_down_is_said_to_be_at_once() {
    let nobody = free_addr().await;
    let gateway = Gateway::start(nobody, nobody, &["--upstream-timeout-ms", "60000"]).await;
    let http = Client::new(gateway.addr);
    let began = Instant::now();
    for path in ["/v1/products/mug", "/v1/products:stream", "/v1/search?q=a", "/v1/changes"] {
        let answer = http.get(path).await;
        let problem = answer.problem(503, "UPSTREAM_UNAVAILABLE");
        assert_eq!(answer.header("retry-after"), "1");
        let service = if path.contains("search") { "search" } else { "catalogue" };
        assert!(problem["detail"].as_str().unwrap().contains(service));
    }
    let mut catalogue = CatalogueServiceClient::new(gateway.channel());
    let request = GetProductRequest { product_id: "mug".to_owned(), ..Default::default() };
    let status = soon("an answer", catalogue.get_product(request)).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(rpc::status::reason(&status).as_deref(), Some("UPSTREAM_UNAVAILABLE"));
    let info = status.get_details_error_info().unwrap();
    assert_eq!(info.metadata["service"], "catalogue");
    assert!(began.elapsed() < AT_ONCE, "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_service_that_hangs_is_given_up_at_the_deadline() {
    // Accepts connections, by the kernel's grace, and never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = silent.local_addr().unwrap();
    let gateway = Gateway::start(addr, addr, &["--upstream-timeout-ms", "300"]).await;
    let http = Client::new(gateway.addr);
    for path in ["/v1/products/mug", "/v1/products?pageSize=1", "/v1/search?q=a", "/v1/categories"]
    {
        let began = Instant::now();
        http.get(path).await.problem(504, "DEADLINE_EXCEEDED");
        assert!(began.elapsed() < AT_ONCE, "{:?}", began.elapsed());
    }
    let mut catalogue = CatalogueServiceClient::new(gateway.channel());
    let request = GetProductRequest { product_id: "mug".to_owned(), ..Default::default() };
    let status = soon("an answer", catalogue.get_product(request)).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
}

#[tokio::test]
async fn one_method_that_hangs_is_given_up_too() {
    let world = World::start_with(&["--upstream-timeout-ms", "300"]).await;
    let answer = world.http().get("/v1/products/slow").await;
    answer.problem(504, "DEADLINE_EXCEEDED");
}

#[tokio::test]
async fn a_stream_that_is_cut_ends_with_a_reason() {
    let mut world = World::start().await;
    let mut feed = FeedServiceClient::new(world.channel());
    let mut events = feed.watch_changes(WatchChangesRequest::default()).await.unwrap().into_inner();
    soon("the snapshot", events.message()).await.unwrap().unwrap();
    world.behind.kill();
    let status = soon("the end", events.message()).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    assert_eq!(rpc::status::reason(&status).as_deref(), Some("UPSTREAM_UNAVAILABLE"));
}

#[tokio::test]
async fn a_part_is_never_taken_for_the_whole() {
    let world = World::start().await;
    world.fake.put("mug", 5);
    let broken = world.http().cut_off("/v1/products:stream?pageToken=break").await;
    assert!(broken, "the answer is cut off, not ended");
    let mut catalogue = CatalogueServiceClient::new(world.channel());
    let request = ListProductsRequest { page_token: "break".to_owned(), ..Default::default() };
    let mut products = catalogue.list_products(request).await.unwrap().into_inner();
    assert!(products.message().await.unwrap().is_some());
    assert_eq!(products.message().await.unwrap_err().code(), Code::DataLoss);
}

#[tokio::test]
async fn a_service_that_comes_back_is_used_again() {
    let mut world = World::start().await;
    world.fake.put("mug", 5);
    let http = world.http();
    assert_eq!(http.get("/v1/products/mug").await.status, 200);
    world.behind.kill();
    until("the outage", async || http.get("/v1/products/mug").await.status == 503).await;
    world.behind.restart(&world.fake);
    until("the return", async || http.get("/v1/products/mug").await.status == 200).await;
}

#[tokio::test]
async fn readiness_waits_for_the_catalogue_once() {
    let mut world = World::start().await;
    let admin = Client::new(world.gateway.admin_addr);
    until("readiness", async || admin.get("/readyz").await.status == 200).await;
    world.behind.kill();
    until("the news", async || {
        let report = admin.get("/readyz").await.json();
        report["dependencies"]["catalogue"] != "ok" && report["dependencies"]["search"] != "ok"
    })
    .await;
    assert_eq!(admin.get("/readyz").await.status, 200, "it can still say what is wrong");

    let nobody = free_addr().await;
    let gateway = Gateway::start(nobody, nobody, &[]).await;
    let answer = Client::new(gateway.admin_addr).get("/readyz").await;
    assert_eq!(answer.status, 503);
}
