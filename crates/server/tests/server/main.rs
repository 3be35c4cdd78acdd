//! A server and an upstream, as services use them, over real sockets.

mod bodies;
mod conformance;
mod connections;
mod floods;
mod overload;
mod proxy_protocol;
mod quiet;
mod tls;
mod unary;

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use axum::{Router, body::Body, routing::post};
use discovery::{Endpoint, Endpoints};
use futures::FutureExt as _;
use rpc::status;
use server::CancellationToken;
use server::{Health, ServeArgs, Server};
use tokio::sync::mpsc;
use tonic::{Code, Request, Status, service::Routes};
use tonic_health::pb::{
    HealthCheckRequest, HealthCheckResponse, health_check_response::ServingStatus,
    health_client::HealthClient,
};
use upstream::Upstream;

const SLOW: &str = "/test.Service/Slow";

struct Running {
    addr: SocketAddr,
    health: Health,
    shutdown: CancellationToken,
    served: tokio::task::JoinHandle<anyhow::Result<()>>,
}

/// Starts a server of health and `extra`. It listens when this returns.
fn start(extra: Router) -> Running {
    start_with(extra, &ServeArgs::default())
}

fn start_with(extra: Router, args: &ServeArgs) -> Running {
    let health = Health::new(&["test.Service"], &["store"]);
    let server = Server::bind("127.0.0.1:0".parse().unwrap(), args).unwrap();
    let (addr, shutdown) = (server.local_addr(), CancellationToken::new());
    let app = server.grpc(Routes::default(), &health, &[]).merge(server.layered(extra, &[]));
    let served = tokio::spawn(server.serve(app, shutdown.clone()));
    Running { addr, health, shutdown, served }
}

fn upstream(addr: SocketAddr) -> Upstream {
    Upstream::new("test", Endpoints::fixed([Endpoint::at(addr.to_string())]))
}

async fn check(upstream: Upstream) -> Result<ServingStatus, Status> {
    let request = HealthCheckRequest { service: "test.Service".to_owned() };
    Ok(HealthClient::new(upstream).check(request).await?.into_inner().status())
}

async fn watch(upstream: Upstream) -> tonic::Streaming<HealthCheckResponse> {
    let request = HealthCheckRequest { service: "test.Service".to_owned() };
    HealthClient::new(upstream).watch(request).await.unwrap().into_inner()
}

/// Calls a method that is in no contract.
async fn call(upstream: Upstream, path: &'static str) -> Result<(), Status> {
    let mut client = tonic::client::Grpc::new(upstream);
    client.ready().await?;
    let codec = tonic_prost::ProstCodec::<HealthCheckRequest, HealthCheckRequest>::default();
    let path = http::uri::PathAndQuery::from_static(path);
    let request = Request::new(HealthCheckRequest::default());
    client.unary(request, path, codec).await.map(drop)
}

/// A route that signals its first call, then answers NOT_FOUND, "finished", when the token is cancelled.
fn slow() -> (Router, mpsc::Receiver<()>, CancellationToken) {
    let (entered, on_entry) = mpsc::channel(2);
    let go = CancellationToken::new();
    let wait = go.clone();
    let slow = post(move || async move {
        entered.send(()).await.expect("the test listens");
        wait.cancelled().await;
        server::grpc::answer(Status::not_found("finished"))
    });
    (Router::new().route(SLOW, slow), on_entry, go)
}

/// Polls until `condition` holds, for ten seconds at most.
async fn until<F: Future<Output = bool>>(mut condition: impl FnMut() -> F) {
    let patience = Duration::from_secs(10);
    let held = tokio::time::timeout(patience, async {
        while !condition().await {
            tokio::task::yield_now().await;
        }
    });
    held.await.expect("the condition holds within ten seconds");
}

#[tokio::test(flavor = "multi_thread")]
async fn health_follows_the_dependencies() {
    let running = start(Router::new());
    let upstream = upstream(running.addr).deadline(Duration::from_secs(5));
    until(|| check(upstream.clone()).map(|status| status.ok() == Some(ServingStatus::NotServing)))
        .await;
    running.health.set("store", Ok(()));
    until(|| check(upstream.clone()).map(|status| status.ok() == Some(ServingStatus::Serving)))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_fails_one_call() {
    let panics = post(|| async { panic!("secret detail") as () });
    let running = start(Router::new().route("/test.Service/Panics", panics));
    let upstream = upstream(running.addr).deadline(Duration::from_secs(5));
    let status = call(upstream.clone(), "/test.Service/Panics").await.unwrap_err();
    assert_eq!(status.code(), Code::Internal);
    assert!(!status.message().contains("secret"), "{status:?}");
    until(|| check(upstream.clone()).map(|status| status.is_ok())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_hangs_ends_at_the_deadline() {
    let hangs = post(std::future::pending::<Body>);
    let running = start(Router::new().route("/test.Service/Hangs", hangs));
    let upstream = upstream(running.addr).deadline(Duration::from_millis(50));
    let status = call(upstream, "/test.Service/Hangs").await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    assert_eq!(status::reason(&status).as_deref(), Some(status::DEADLINE));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upstream_that_refuses_is_unavailable_with_a_reason() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let status = check(upstream(port)).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(status::reason(&status).as_deref(), Some(status::UPSTREAM_UNAVAILABLE));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_upstream_costs_the_deadline() {
    // Connections are accepted by the backlog and never answered.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let upstream = upstream(silent.local_addr().unwrap()).deadline(Duration::from_millis(100));
    let began = Instant::now();
    let status = check(upstream).await.unwrap_err();
    assert!(matches!(status.code(), Code::DeadlineExceeded | Code::Unavailable), "{status:?}");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_server_finishes_calls_under_way() {
    // GOAWAY and the response race: the client gets the response in either order.
    for _ in 0..200 {
        let (slow, mut on_entry, go) = slow();
        let running = start(slow);
        let upstream = upstream(running.addr).deadline(Duration::from_secs(10));
        let under_way = tokio::spawn(call(upstream, SLOW));
        on_entry.recv().await.expect("the call arrives");
        running.shutdown.cancel();
        go.cancel();
        assert_eq!(under_way.await.unwrap().unwrap_err().message(), "finished");
        running.served.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_server_is_unavailable() {
    let running = start(Router::new());
    let upstream = upstream(running.addr).deadline(Duration::from_secs(5));
    assert_eq!(check(upstream.clone()).await.unwrap(), ServingStatus::NotServing);
    running.shutdown.cancel();
    running.served.await.unwrap().unwrap();
    assert_eq!(check(upstream).await.unwrap_err().code(), Code::Unavailable);
}

#[tokio::test]
async fn a_port_in_use_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let _holder = std::net::TcpListener::bind(taken).unwrap();
    let error = Server::bind(taken, &ServeArgs::default()).unwrap_err();
    assert!(format!("{error:#}").contains(&taken.to_string()), "{error:#}");
}
