//! Fake replicas behind the client stack.

use std::{sync::LazyLock, time::Duration};

use discovery::{Endpoints, Publisher};
use http::uri::PathAndQuery;
use proto::catalogue::v1::{GetProductRequest, Product};
use testkit::{
    fake::{Fake, Reply},
    until,
};
use tonic::{Request, Status, client::Grpc};
use tonic_prost::ProstCodec;
use upstream::{EndpointReport, Methods, Settings, Upstream};

static METHODS: LazyLock<Methods> = LazyLock::new(|| Methods::of(proto::DESCRIPTORS));

const READ: &str = "/catalogue.v1.CatalogueService/GetProduct";
const WRITE: &str = "/catalogue.v1.CatalogueService/CreateProduct";

/// A client with fake replicas.
pub(super) struct Balanced {
    pub(super) upstream: Upstream,
    pub(super) fakes: Vec<Fake>,
    pub(super) publisher: Publisher,
}

impl Balanced {
    /// Starts `count` replicas with this response, and waits until the client is connected to all.
    pub(super) async fn start(count: usize, reply: Reply) -> Self {
        let mut fakes = Vec::new();
        for _ in 0..count {
            fakes.push(Fake::start(reply.clone()).await);
        }
        let (publisher, endpoints) = Endpoints::published();
        publisher.publish(fakes.iter().map(Fake::endpoint).collect());
        let upstream = Upstream::with("fake", endpoints, settings());
        let balanced = Self { upstream, fakes, publisher };
        balanced.all_connected().await;
        balanced
    }

    pub(super) async fn all_connected(&self) {
        all_connected(&self.upstream).await;
    }

    /// Number of calls per replica.
    pub(super) fn calls(&self) -> Vec<u64> {
        self.fakes.iter().map(Fake::calls).collect()
    }

    /// The client's report of a replica.
    pub(super) fn report(&self, index: usize) -> EndpointReport {
        let id = self.fakes[index].addr.to_string();
        let endpoints = self.upstream.report().endpoints;
        endpoints.into_iter().find(|it| it.address == id).expect("the replica is in the set")
    }
}

pub(super) fn settings() -> Settings {
    Settings { methods: METHODS.clone(), ..Settings::default() }
}

pub(super) async fn all_connected(upstream: &Upstream) {
    until("all replicas are connected", async || {
        upstream.report().endpoints.iter().all(|it| it.connected > 0).then_some(())
    })
    .await;
}

/// Makes a call that may be retried.
pub(super) async fn read(upstream: Upstream, timeout: Duration) -> Result<(), Status> {
    call(upstream, READ, timeout).await
}

/// Makes a call that must not be retried.
pub(super) async fn write(upstream: Upstream, timeout: Duration) -> Result<(), Status> {
    call(upstream, WRITE, timeout).await
}

async fn call(upstream: Upstream, path: &'static str, timeout: Duration) -> Result<(), Status> {
    let mut grpc = Grpc::new(upstream.deadline(timeout));
    grpc.ready().await?;
    let request =
        Request::new(GetProductRequest { product_id: "mug".into(), ..Default::default() });
    let codec = ProstCodec::<GetProductRequest, Product>::default();
    grpc.unary(request, PathAndQuery::from_static(path), codec).await.map(drop)
}
