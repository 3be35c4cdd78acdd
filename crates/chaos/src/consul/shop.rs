//! Catalogues that register themselves, and a gateway that discovers them.

use std::time::Duration;

use crate::RunConfig;
use anyhow::Context as _;
use nix::sys::signal::Signal;
use proto::catalogue::v1::{
    CreateProductRequest, Product, catalogue_service_client::CatalogueServiceClient,
};
use serde_json::Value;
use tempfile::TempDir;
use testkit::{Database, PostgresOptions, PostgresServer, Process, free_ports, get, program};
use tonic::transport::{Channel, Endpoint};

pub(super) const CATALOGUE: &str = "catalogue-service";
/// Id of the product that the load reads.
pub(super) const PRODUCT: &str = "kiln-mug";
/// Interval of health checks, in seconds.
const CHECK_INTERVAL: &str = "2";

/// Three catalogues on one database, and a gateway.
pub(super) struct Shop {
    registry: String,
    catalogues: Vec<Option<Process>>,
    gateway: Option<Process>,
    /// The first port: two per catalogue, then two for the gateway.
    port: u16,
    dir: TempDir,
    /// Dropping it stops the server. SQLite allows only one catalogue.
    postgres: (PostgresServer, Database),
}

impl Shop {
    pub(super) const REPLICAS: u16 = 3;

    /// Starts all, creates the product, and waits until the gateway is ready.
    pub(super) async fn start(registry: String) -> anyhow::Result<Self> {
        let port = free_ports(2 * Self::REPLICAS + 2);
        let dir = tempfile::tempdir()?;
        let server = PostgresServer::start(PostgresOptions::default()).await?;
        let server = server.context("PostgreSQL is not installed")?;
        let database = server.database().await?;
        let postgres = (server, database);
        let catalogues = (0..Self::REPLICAS).map(|_| None).collect();
        let mut shop = Self { registry, catalogues, gateway: None, port, dir, postgres };
        for replica in 0..Self::REPLICAS {
            shop.start_replica(replica).await?;
        }
        let (port, admin) = (shop.port_of(Self::REPLICAS), shop.port_of(Self::REPLICAS) + 1);
        let targets = [
            format!("--catalogue=consul://{CATALOGUE}"),
            "--search=consul://search-service".to_owned(),
        ];
        let gateway = shop.run("gateway", "gateway", port, targets)?;
        shop.gateway.insert(gateway).ready(admin).await;

        let channel = Endpoint::from_shared(format!("http://{}", shop.addr_of(0)))?.connect_lazy();
        let product =
            Product { id: PRODUCT.to_owned(), name: "Mug".to_owned(), ..Product::default() };
        let request = CreateProductRequest { product: Some(product), ..Default::default() };
        CatalogueServiceClient::new(channel).create_product(request).await?;
        Ok(shop)
    }

    /// Starts a replica that is not running, on the same ports, and waits until it is ready.
    pub(super) async fn start_replica(&mut self, replica: u16) -> anyhow::Result<()> {
        let port = self.port_of(replica);
        let database = format!("--database-url={}", self.postgres.1.url);
        let process = self.run("catalogue", &format!("catalogue-{replica}"), port, [database])?;
        self.catalogues[usize::from(replica)].insert(process).ready(port + 1).await;
        Ok(())
    }

    /// Removes a running replica, and returns its process.
    pub(super) fn take(&mut self, replica: u16) -> anyhow::Result<Process> {
        self.catalogues[usize::from(replica)].take().context("the replica is not running")
    }

    /// Starts the graceful shutdown of a replica (SIGTERM), and returns its process.
    pub(super) fn terminate(&mut self, replica: u16) -> anyhow::Result<Process> {
        let process = self.take(replica)?;
        process.signal(Signal::SIGTERM);
        Ok(process)
    }

    /// A channel to the gateway.
    pub(super) fn channel(&self) -> anyhow::Result<Channel> {
        let addr = format!("http://127.0.0.1:{}", self.port_of(Self::REPLICAS));
        Ok(Endpoint::from_shared(addr)?.connect_lazy())
    }

    /// A response of the gateway's admin port.
    pub(super) async fn gateway(&self, path: &str) -> anyhow::Result<Value> {
        let admin = self.port_of(Self::REPLICAS) + 1;
        Ok(get(&format!("http://127.0.0.1:{admin}{path}")).await?.json())
    }

    /// `host:port` of a replica.
    pub(super) fn addr_of(&self, replica: u16) -> String {
        format!("127.0.0.1:{}", self.port_of(replica))
    }

    fn port_of(&self, index: u16) -> u16 {
        self.port + 2 * index
    }

    fn run(
        &self,
        name: &str,
        log: &str,
        port: u16,
        more: impl IntoIterator<Item = String>,
    ) -> anyhow::Result<Process> {
        let arguments = [
            format!("--listen=127.0.0.1:{port}"),
            format!("--admin=127.0.0.1:{}", port + 1),
            format!("--registry={}", self.registry),
            format!("--registry-check-interval={CHECK_INTERVAL}"),
            "--log=info".to_owned(),
        ];
        let log = self.dir.path().join(format!("{log}.log"));
        Process::start(&program(name), arguments.into_iter().chain(more), &log)
    }
}

/// A bound in seconds: four times as long at a small scale, because other tests run at the same time.
pub(super) fn bound(config: &RunConfig, full: Duration) -> f64 {
    let factor = if config.scale() < 1.0 { 4.0 } else { 1.0 };
    full.as_secs_f64() * factor
}

/// Seconds until `reached` returns true, measured up to five times `limit`.
pub(super) async fn seconds_until(
    limit: Duration,
    mut reached: impl AsyncFnMut() -> anyhow::Result<bool>,
) -> f64 {
    let began = std::time::Instant::now();
    while began.elapsed() < limit * 5 {
        if reached().await.unwrap_or(false) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    began.elapsed().as_secs_f64()
}
