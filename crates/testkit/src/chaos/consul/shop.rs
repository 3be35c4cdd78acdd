//! Catalogues that register themselves, and a gateway that finds them.

use std::time::Duration;

use anyhow::Context as _;
use nix::sys::signal::Signal;
use proto::catalogue::v1::{
    CreateProductRequest, Product, catalogue_service_client::CatalogueServiceClient,
};
use serde_json::Value;
use tempfile::TempDir;
use tonic::transport::{Channel, Endpoint};

use crate::{Database, Fleet, PostgresOptions, PostgresServer, Process, Setting, get, program};

pub(super) const CATALOGUE: &str = "catalogue-service";
/// The product that is asked for.
pub(super) const PRODUCT: &str = "kiln-mug";
/// How often an agent asks, in seconds.
const CHECK_INTERVAL: &str = "2";

/// Three catalogues on one database, and a gateway.
pub(super) struct Shop {
    registry: String,
    catalogues: Vec<Option<Process>>,
    gateway: Option<Process>,
    /// The first of the ports: two for each catalogue, then two for the gateway.
    port: u16,
    dir: TempDir,
    /// Keeps the server running and its database there. A file has room for one catalogue only.
    postgres: (PostgresServer, Database),
}

impl Shop {
    pub(super) const REPLICAS: u16 = 3;

    /// Starts all, puts a product in, and waits until the gateway answers.
    pub(super) async fn open(registry: String) -> anyhow::Result<Self> {
        let port = Fleet::free_ports(2 * Self::REPLICAS + 2);
        let dir = tempfile::tempdir()?;
        let server = PostgresServer::start(PostgresOptions::default()).await?;
        let server = server.context("there is no PostgreSQL here")?;
        let database = server.database().await?;
        let postgres = (server, database);
        let catalogues = (0..Self::REPLICAS).map(|_| None).collect();
        let mut shop = Self { registry, catalogues, gateway: None, port, dir, postgres };
        for replica in 0..Self::REPLICAS {
            shop.start(replica).await?;
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

    /// Starts a replica that is not running, where it was, and waits until it is ready.
    pub(super) async fn start(&mut self, replica: u16) -> anyhow::Result<()> {
        let port = self.port_of(replica);
        let database = format!("--database-url={}", self.postgres.1.url);
        let process = self.run("catalogue", &format!("catalogue-{replica}"), port, [database])?;
        self.catalogues[usize::from(replica)].insert(process).ready(port + 1).await;
        Ok(())
    }

    /// A replica that runs, no longer ours to watch.
    pub(super) fn take(&mut self, replica: u16) -> anyhow::Result<Process> {
        self.catalogues[usize::from(replica)].take().context("it runs")
    }

    /// Tells a replica to stop, without waiting for its end.
    pub(super) fn tell_to_stop(&mut self, replica: u16) -> anyhow::Result<Process> {
        let process = self.take(replica)?;
        process.signal(Signal::SIGTERM);
        Ok(process)
    }

    /// A connection to the gateway.
    pub(super) fn channel(&self) -> anyhow::Result<Channel> {
        let addr = format!("http://127.0.0.1:{}", self.port_of(Self::REPLICAS));
        Ok(Endpoint::from_shared(addr)?.connect_lazy())
    }

    /// What the gateway's admin port says.
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
        let ours = [
            format!("--listen=127.0.0.1:{port}"),
            format!("--admin=127.0.0.1:{}", port + 1),
            format!("--registry={}", self.registry),
            format!("--registry-check-interval={CHECK_INTERVAL}"),
            "--log=info".to_owned(),
        ];
        let log = self.dir.path().join(format!("{log}.log"));
        Process::start(&program(name), ours.into_iter().chain(more), &log)
    }
}

/// What may pass, in seconds: at full size as it is promised, in a test four times as much, since other
/// tests run beside it.
pub(super) fn bound(setting: &Setting, promised: Duration) -> f64 {
    let factor = if setting.scale() < 1.0 { 4.0 } else { 1.0 };
    promised.as_secs_f64() * factor
}

/// How long it takes until `reached`, in seconds; more than `limit` is told as it is.
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
