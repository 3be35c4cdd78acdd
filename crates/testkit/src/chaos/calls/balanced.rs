//! Made-up replicas behind a client stack of our own.

use std::{sync::LazyLock, time::Duration};

use discovery::{Endpoints, Publisher};
use http::uri::PathAndQuery;
use proto::catalogue::v1::{GetProductRequest, Product};
use tonic::{Request, Status, client::Grpc};
use tonic_prost::ProstCodec;
use upstream::{EndpointReport, Methods, Settings, Upstream};

use crate::{
    fake::{Fake, Reply},
    until,
};

static METHODS: LazyLock<Methods> = LazyLock::new(|| Methods::of(proto::DESCRIPTORS));

const READ: &str = "/catalogue.v1.CatalogueService/GetProduct";
const WRITE: &str = "/catalogue.v1.CatalogueService/CreateProduct";

/// What calls go through.
pub(super) struct Balanced {
    pub(super) upstream: Upstream,
    pub(super) fakes: Vec<Fake>,
    pub(super) publisher: Publisher,
}

impl Balanced {
    /// So many replicas, all connected, that all do this.
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

    /// How many calls each has been sent.
    pub(super) fn calls(&self) -> Vec<u64> {
        self.fakes.iter().map(Fake::calls).collect()
    }

    /// What is known of the replica `index`.
    pub(super) fn seen(&self, index: usize) -> EndpointReport {
        let id = self.fakes[index].addr.to_string();
        let endpoints = self.upstream.report().endpoints;
        endpoints.into_iter().find(|it| it.address == id).expect("it is in the set")
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

/// A call that may be made again.
pub(super) async fn read(upstream: Upstream, within: Duration) -> Result<(), Status> {
    call(upstream, READ, within).await
}

/// A call that may not.
pub(super) async fn write(upstream: Upstream, within: Duration) -> Result<(), Status> {
    call(upstream, WRITE, within).await
}

async fn call(upstream: Upstream, path: &'static str, within: Duration) -> Result<(), Status> {
    let mut grpc = Grpc::new(upstream.deadline(within));
    grpc.ready().await?;
    let request =
        Request::new(GetProductRequest { product_id: "mug".into(), ..Default::default() });
    let codec = ProstCodec::<GetProductRequest, Product>::default();
    grpc.unary(request, PathAndQuery::from_static(path), codec).await.map(drop)
}
