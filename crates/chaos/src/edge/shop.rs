//! The system under attack, and the good client alongside.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context as _, Result};
use http::Method;
use proto::catalogue::v1::{
    CreateProductRequest, GetProductRequest, catalogue_service_client::CatalogueServiceClient,
};
use testkit::{Figure, Fleet, HttpClient, Service};
use tonic::{
    Status,
    transport::{Channel, Endpoint},
};

use crate::{
    RunConfig,
    catalogue::product,
    load::{Calls, at_rate, quantile},
};

/// Calls of the good client per second, one half over JSON and the other over gRPC.
const RATE: f64 = 50.0;
/// An attack lasts so long.
const TIME: Duration = Duration::from_secs(30);
/// Latencies below it in milliseconds are not told apart.
const LEAST_P99: f64 = 5.0;
pub(super) const PRODUCTS: u64 = 200;

/// Catalogue, search and gateway with some products.
pub(super) struct Shop {
    pub(super) fleet: Fleet,
    client: GoodClient,
}

/// A client with one connection each for JSON and gRPC. Cheap to clone.
#[derive(Clone)]
struct GoodClient {
    json: HttpClient,
    grpc: CatalogueServiceClient<Channel>,
}

/// Calls of the good client without and during an attack.
pub(super) struct Beside {
    quiet: Calls,
    attacked: Calls,
}

impl Shop {
    pub(super) async fn open() -> Result<Self> {
        let fleet = Fleet::start().await;
        let mut catalogue = CatalogueServiceClient::new(
            Endpoint::from_shared(fleet.url(""))?.connect().await.context("connecting")?,
        );
        for number in 0..PRODUCTS {
            let product = Some(product(id(number)));
            let request = CreateProductRequest { product, ..Default::default() };
            catalogue.create_product(request).await?;
        }
        let client = GoodClient { json: HttpClient::new(fleet.url("")), grpc: catalogue };
        Ok(Self { fleet, client })
    }

    /// The gateway's address.
    pub(super) fn addr(&self) -> Result<SocketAddr> {
        Ok(self.fleet.addr(Service::Gateway).parse()?)
    }

    /// Resident memory of the gateway, in MB.
    pub(super) fn memory(&mut self) -> f64 {
        self.fleet.process(Service::Gateway).resident_bytes() as f64 / 1_048_576.0
    }

    /// Runs an attack, which is given the time that it should last, with the good client before it and
    /// alongside. Returns the attack's result as well.
    pub(super) async fn attack<T>(
        &self,
        config: &RunConfig,
        attack: impl AsyncFnOnce(Duration) -> Result<T>,
    ) -> Result<(T, Beside)> {
        let time = config.time(TIME).max(Duration::from_secs(1));
        let quiet = self.calls(time).await;
        let (result, attacked) = tokio::join!(attack(time), self.calls(time));
        Ok((result?, Beside { quiet, attacked }))
    }

    /// The calls of the good client for some time.
    pub(super) async fn calls(&self, time: Duration) -> Calls {
        at_rate(RATE, time, |number| self.client.clone().call(number)).await
    }
}

impl GoodClient {
    async fn call(mut self, number: u64) -> Result<(), Status> {
        let product_id = id(number % PRODUCTS);
        if number.is_multiple_of(2) {
            let request = GetProductRequest { product_id, ..Default::default() };
            return self.grpc.get_product(request).await.map(drop);
        }
        let path = format!("/v1/products/{product_id}");
        let response = self.json.send(Method::GET, &path, &[], "").await;
        let response = response.map_err(|error| Status::unavailable(format!("{error:#}")))?;
        match response.status.is_success() {
            true => Ok(()),
            false => Err(Status::unknown(format!("{} {}", response.status, response.text()))),
        }
    }
}

impl Beside {
    /// Errors, and at full size the latency, which other tests on the machine would spoil.
    pub(super) fn figures(&self, config: &RunConfig) -> Vec<Figure> {
        if let Some((_, status)) = self.attacked.failed().next() {
            println!("a call of the good client failed: {status}");
        }
        let p99 = |calls: &Calls| quantile(calls.succeeded(), 0.99);
        let (quiet, attacked) = (p99(&self.quiet), p99(&self.attacked));
        println!("good client: p99 {quiet:.1} ms without, {attacked:.1} ms during the attack");
        let mut figures = vec![
            Figure::at_least("good client: calls", self.attacked.count(), 1),
            Figure::exactly("good client: errors", self.attacked.failed().count(), 0),
        ];
        if config.scale() >= 1.0 {
            let times = attacked / quiet.max(LEAST_P99);
            figures.push(Figure::at_most("good client: p99, times that without", times, 2.0));
        }
        figures
    }
}

pub(super) fn id(number: u64) -> String {
    format!("p-{number:04}")
}
