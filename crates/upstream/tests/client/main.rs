//! The client stack over real sockets, with fake servers.

mod balancing;
mod codes;
mod deadlines;
mod failing;
mod hedging;
mod lanes;
mod observing;
mod retrying;
mod streams;

use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

use discovery::Endpoints;
use http::uri::PathAndQuery;
use prost_types::{MethodDescriptorProto, MethodOptions, method_options::IdempotencyLevel};
use tonic::{Request, Status, client::Grpc};
pub(crate) use tonic_health::pb::HealthCheckRequest as Message;
use tonic_prost::ProstCodec;
use upstream::{Methods, Settings, Upstream};

pub(crate) use testkit::fake::{self, Fake, Reply};

/// A unary method without side effects.
pub(crate) const READ: &str = "/test.Service/Read";
/// A unary method without an idempotency level.
pub(crate) const WRITE: &str = "/test.Service/Write";
/// A server-streaming method without side effects.
pub(crate) const WATCH: &str = "/test.Service/Watch";

/// Longer than any condition takes on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

static METHODS: LazyLock<Methods> = LazyLock::new(|| {
    let method = |name: &str, level: IdempotencyLevel, server_streaming| MethodDescriptorProto {
        name: Some(name.to_owned()),
        server_streaming: Some(server_streaming),
        options: Some(MethodOptions {
            idempotency_level: Some(level.into()),
            ..MethodOptions::default()
        }),
        ..MethodDescriptorProto::default()
    };
    Methods::of(&testkit::test_contract(vec![
        method("Read", IdempotencyLevel::NoSideEffects, false),
        method("Write", IdempotencyLevel::IdempotencyUnknown, false),
        method("Watch", IdempotencyLevel::NoSideEffects, true),
    ]))
});

pub(crate) fn settings() -> Settings {
    Settings { methods: METHODS.clone(), ..Settings::default() }
}

/// A client of these fakes.
pub(crate) fn upstream(fakes: &[&Fake]) -> Upstream {
    let endpoints = Endpoints::fixed(fakes.iter().map(|fake| fake.endpoint()));
    Upstream::with("test", endpoints, settings())
}

/// A client that is connected to all fakes.
pub(crate) async fn connected(fakes: &[&Fake]) -> Upstream {
    let upstream = upstream(fakes);
    all_connected(&upstream, fakes.len()).await;
    upstream
}

pub(crate) async fn all_connected(upstream: &Upstream, count: usize) {
    until("all are connected", async || {
        let report = upstream.report();
        report.endpoints.iter().filter(|endpoint| endpoint.connected > 0).count() == count
    })
    .await;
}

pub(crate) async fn unary(upstream: &Upstream, path: &'static str) -> Result<(), Status> {
    send(upstream, path, Request::new(Message::default())).await
}

pub(crate) async fn send(
    upstream: &Upstream,
    path: &'static str,
    request: Request<Message>,
) -> Result<(), Status> {
    let mut grpc = Grpc::new(upstream.clone());
    grpc.ready().await?;
    let codec = ProstCodec::<Message, Message>::default();
    grpc.unary(request, PathAndQuery::from_static(path), codec).await.map(drop)
}

pub(crate) async fn stream(upstream: &Upstream) -> Result<tonic::Streaming<Message>, Status> {
    let mut grpc = Grpc::new(upstream.clone());
    grpc.ready().await?;
    let codec = ProstCodec::<Message, Message>::default();
    let (request, path) = (Request::new(Message::default()), PathAndQuery::from_static(WATCH));
    Ok(grpc.server_streaming(request, path, codec).await?.into_inner())
}

/// Waits until `condition` holds.
///
/// # Panics
/// After [`PATIENCE`].
pub(crate) async fn until(what: &str, condition: impl AsyncFn() -> bool) {
    let began = Instant::now();
    while !condition().await {
        assert!(began.elapsed() < PATIENCE, "timed out: {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
