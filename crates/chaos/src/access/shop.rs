//! A system with limits, and callers with tokens.

use std::time::Duration;

use anyhow::{Context as _, Result};
use proto::catalogue::v1::{
    CreateProductRequest, GetProductRequest, catalogue_service_client::CatalogueServiceClient,
};
use testkit::{Figure, Fleet, Service, TokenIssuer};
use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    transport::{Channel, Endpoint},
};

use crate::{
    RunConfig,
    catalogue::product,
    load::{Calls, Load, at_rate, quantile},
};

const PRODUCTS: u64 = 20;
/// Calls of a client that keeps its limit, each second; below the flood experiment's limit.
const QUIET_RATE: f64 = 40.0;
const QUIET_TIME: Duration = Duration::from_secs(30);
/// Time for calls in flight at the end.
const GRACE: Duration = Duration::from_secs(5);
/// Latencies below it in milliseconds are not told apart.
const LEAST_P99: f64 = 2.0;

/// Catalogue, search and gateway with limits and some products.
pub(super) struct Shop {
    pub(super) fleet: Fleet,
    issuer: TokenIssuer,
    _keys: tempfile::NamedTempFile,
}

/// A client with one connection. Cheap to clone.
#[derive(Clone)]
pub(super) struct Client {
    grpc: CatalogueServiceClient<Channel>,
    token: Option<MetadataValue<Ascii>>,
}

impl Shop {
    /// Starts one with these additional arguments for its gateway.
    pub(super) async fn open(arguments: &[&str]) -> Result<Self> {
        let keys = tempfile::NamedTempFile::new()?;
        let issuer = TokenIssuer::new("chaos");
        std::fs::write(keys.path(), issuer.jwks())?;
        let tokens = TokenIssuer::arguments(&keys.path().display().to_string());
        let fleet = Fleet::start_each(|service| {
            let own = arguments.iter().filter(|_| service == Service::Gateway);
            let own = own.map(ToString::to_string);
            ["--access=open".to_owned()].into_iter().chain(tokens.clone()).chain(own).collect()
        });
        let shop = Self { fleet: fleet.await, issuer, _keys: keys };
        let mut catalogue = shop.client(None).await?.grpc;
        for number in 0..PRODUCTS {
            let product = Some(product(id(number)));
            let request = CreateProductRequest { product, ..Default::default() };
            catalogue.create_product(request).await?;
        }
        Ok(shop)
    }

    /// A client of the gateway: a subject with a token, or an anonymous one.
    pub(super) async fn client(&self, subject: Option<&str>) -> Result<Client> {
        let endpoint = Endpoint::from_shared(self.fleet.url(""))?;
        let channel = endpoint.connect().await.context("connecting")?;
        let token = |subject: &str| {
            let mut claims = TokenIssuer::claims("read");
            claims["sub"] = subject.into();
            format!("Bearer {}", self.issuer.token(&claims)).parse()
        };
        let token = subject.map(token).transpose().context("a token is text")?;
        Ok(Client { grpc: CatalogueServiceClient::new(channel), token })
    }

    /// Resident memory of the gateway, in MB.
    pub(super) fn memory(&mut self) -> f64 {
        self.fleet.process(Service::Gateway).resident_bytes() as f64 / 1_048_576.0
    }
}

impl Client {
    /// Reads a product; `claimed` is the address in `x-forwarded-for`.
    pub(super) async fn call(mut self, number: u64, claimed: Option<String>) -> Result<(), Status> {
        let product_id = id(number % PRODUCTS);
        let mut request = Request::new(GetProductRequest { product_id, ..Default::default() });
        let metadata = request.metadata_mut();
        if let Some(token) = &self.token {
            metadata.insert("authorization", token.clone());
        }
        if let Some(claimed) = claimed.and_then(|claimed| claimed.parse().ok()) {
            metadata.insert("x-forwarded-for", claimed);
        }
        self.grpc.get_product(request).await.map(drop)
    }

    /// Measures its latency without other load.
    pub(super) async fn quiet(&self, config: &RunConfig) -> Quiet {
        let time = config.time(QUIET_TIME).max(Duration::from_secs(1));
        let calls = self.calls(QUIET_RATE, time).await;
        let p99 = quantile(calls.succeeded(), 0.99);
        Quiet { client: self.clone(), p99, is_full: config.scale() >= 1.0 }
    }

    /// Makes `rate` calls a second for some time.
    pub(super) async fn calls(&self, rate: f64, time: Duration) -> Calls {
        at_rate(rate, time, |number| self.clone().call(number, None)).await
    }
}

/// A client that keeps its limit, and its latency without other load.
pub(super) struct Quiet {
    client: Client,
    /// In milliseconds.
    p99: f64,
    is_full: bool,
}

impl Quiet {
    /// Calls beside a load; returns the load's calls and figures of its own.
    pub(super) async fn beside(self, load: impl Future<Output = Calls>) -> (Calls, Vec<Figure>) {
        let client = self.client.clone();
        let own = Load::start(QUIET_RATE, move |number| client.clone().call(number, None));
        let load = load.await;
        let own = own.stop(GRACE).await.expect("a call does not panic");
        let p99 = quantile(own.succeeded(), 0.99);
        println!("others: p99 {:.2} ms without the load, {p99:.2} ms beside it", self.p99);
        let mut figures = vec![
            Figure::at_least("others: calls", own.succeeded().count(), 1),
            Figure::exactly("others: errors", own.failed().count(), 0),
        ];
        if self.is_full {
            let times = p99.max(LEAST_P99) / self.p99.max(LEAST_P99);
            figures.push(Figure::at_most("others: p99, times that without", times, 1.1));
        }
        (load, figures)
    }
}

fn id(number: u64) -> String {
    format!("p-{number:04}")
}
