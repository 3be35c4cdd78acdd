//! Outages of an upstream service: refused connections, hangs, and broken streams.

use std::time::{Duration, Instant};

use proto::catalogue::v1::{
    GetProductRequest, ListProductsRequest, WatchChangesRequest,
    catalogue_service_client::CatalogueServiceClient, feed_service_client::FeedServiceClient,
};
use tokio::net::TcpListener;
use tonic::Code;
use tonic_types::StatusExt as _;

use crate::{
    harness::{Environment, Gateway, eventually, free_addr, within_timeout},
    http_client::Client,
};

/// An upper limit for the time to a response, far below a hang, but long enough for a busy machine.
const PROMPT: Duration = Duration::from_secs(5);

#[tokio::test]
async fn unreachable_service_is_reported_promptly() {
    let unused = free_addr().await;
    let gateway = Gateway::start(unused, unused, &["--upstream-timeout-ms", "60000"]).await;
    let http = Client::new(gateway.addr);
    let began = Instant::now();
    for path in ["/v1/products/mug", "/v1/products:stream", "/v1/search?q=a", "/v1/changes"] {
        let response = http.get(path).await;
        let problem = response.problem(503, "UPSTREAM_UNAVAILABLE");
        assert_eq!(response.header("retry-after"), "1");
        let service = if path.contains("search") { "search" } else { "catalogue" };
        assert!(problem["detail"].as_str().unwrap().contains(service));
    }
    let mut catalogue = CatalogueServiceClient::new(gateway.channel());
    let request = GetProductRequest { product_id: "mug".to_owned(), ..Default::default() };
    let status = within_timeout("an response", catalogue.get_product(request)).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(rpc::status::reason(&status).as_deref(), Some("UPSTREAM_UNAVAILABLE"));
    let info = status.get_details_error_info().unwrap();
    assert_eq!(info.metadata["service"], "catalogue");
    assert!(began.elapsed() < PROMPT, "{:?}", began.elapsed());
}

#[tokio::test]
async fn hanging_service_is_deadline_exceeded() {
    // The kernel accepts connections, and no server ever responds.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = silent.local_addr().unwrap();
    let gateway = Gateway::start(addr, addr, &["--upstream-timeout-ms", "300"]).await;
    let http = Client::new(gateway.addr);
    for path in ["/v1/products/mug", "/v1/products?pageSize=1", "/v1/search?q=a", "/v1/categories"]
    {
        let began = Instant::now();
        http.get(path).await.problem(504, "DEADLINE_EXCEEDED");
        assert!(began.elapsed() < PROMPT, "{:?}", began.elapsed());
    }
    let mut catalogue = CatalogueServiceClient::new(gateway.channel());
    let request = GetProductRequest { product_id: "mug".to_owned(), ..Default::default() };
    let status = within_timeout("an response", catalogue.get_product(request)).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
}

#[tokio::test]
async fn hanging_method_is_deadline_exceeded() {
    let env = Environment::start_with(&["--upstream-timeout-ms", "300"]).await;
    let response = env.http().get("/v1/products/slow").await;
    response.problem(504, "DEADLINE_EXCEEDED");
}

#[tokio::test]
async fn broken_stream_ends_with_a_reason() {
    let mut env = Environment::start().await;
    let mut feed = FeedServiceClient::new(env.channel());
    let mut events = feed.watch_changes(WatchChangesRequest::default()).await.unwrap().into_inner();
    within_timeout("the snapshot", events.message()).await.unwrap().unwrap();
    env.upstream.kill();
    let status = within_timeout("the end", events.message()).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    assert_eq!(rpc::status::reason(&status).as_deref(), Some("UPSTREAM_UNAVAILABLE"));
}

#[tokio::test]
async fn partial_stream_is_never_complete() {
    let env = Environment::start().await;
    env.fake.put("mug", 5);
    let broken = env.http().breaks_off("/v1/products:stream?pageToken=break").await;
    assert!(broken, "the response breaks off instead of ending");
    let mut catalogue = CatalogueServiceClient::new(env.channel());
    let request = ListProductsRequest { page_token: "break".to_owned(), ..Default::default() };
    let mut products = catalogue.list_products(request).await.unwrap().into_inner();
    assert!(products.message().await.unwrap().is_some());
    assert_eq!(products.message().await.unwrap_err().code(), Code::DataLoss);
}

#[tokio::test]
async fn recovered_service_is_used_again() {
    let mut env = Environment::start().await;
    env.fake.put("mug", 5);
    let http = env.http();
    assert_eq!(http.get("/v1/products/mug").await.status, 200);
    env.upstream.kill();
    eventually("the outage", async || http.get("/v1/products/mug").await.status == 503).await;
    env.upstream.restart(&env.fake);
    eventually("the return", async || http.get("/v1/products/mug").await.status == 200).await;
}

#[tokio::test]
async fn readiness_waits_for_the_first_contact_only() {
    let mut env = Environment::start().await;
    let admin = Client::new(env.gateway.admin_addr);
    eventually("readiness", async || admin.get("/readyz").await.status == 200).await;
    env.upstream.kill();
    eventually("the report", async || {
        let report = admin.get("/readyz").await.json();
        report["dependencies"]["catalogue"] != "ok" && report["dependencies"]["search"] != "ok"
    })
    .await;
    assert_eq!(admin.get("/readyz").await.status, 200, "it stays ready during an outage");

    let unused = free_addr().await;
    let gateway = Gateway::start(unused, unused, &[]).await;
    let response = Client::new(gateway.admin_addr).get("/readyz").await;
    assert_eq!(response.status, 503);
}
