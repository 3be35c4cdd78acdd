//! Three catalogues with the same product behind a gateway.

use std::{net::SocketAddr, time::Duration};

use crate::catalogue::{CatalogueProcess, Engine, product};
use anyhow::Context as _;
use nix::sys::signal::Signal;
use proto::catalogue::v1::{GetProductRequest, catalogue_service_client::CatalogueServiceClient};
use serde_json::Value;
use tempfile::TempDir;
use testkit::{FaultProxy, Process, free_ports, get, program, until};
use tonic::{Request, Status, transport::Channel};

pub(super) const REPLICAS: usize = 3;

/// Real processes, with a fault proxy in front of each catalogue.
pub(super) struct System {
    pub(super) catalogues: Vec<CatalogueProcess>,
    pub(super) proxies: Vec<FaultProxy>,
    targets: Vec<SocketAddr>,
    _gateway: Process,
    addr: String,
    admin: String,
    _dir: TempDir,
}

impl System {
    /// Starts all, and waits until the gateway is connected to all replicas, with or without proxies. A
    /// proxy would hide that connections are refused.
    pub(super) async fn start(through_proxies: bool, seed: u64) -> anyhow::Result<Self> {
        let mut catalogues = Vec::new();
        let (mut proxies, mut targets) = (Vec::new(), Vec::new());
        for _ in 0..REPLICAS {
            let catalogue = CatalogueProcess::start(Engine::Sqlite).await?;
            catalogue.create(product("mug")).await?;
            let addr = catalogue.addr().parse()?;
            if through_proxies {
                let proxy = FaultProxy::start(addr, seed).await;
                targets.push(proxy.addr);
                proxies.push(proxy);
            } else {
                targets.push(addr);
            }
            catalogues.push(catalogue);
        }
        let dir = tempfile::tempdir()?;
        let port = free_ports(2);
        let (addr, admin) = (format!("127.0.0.1:{port}"), format!("127.0.0.1:{}", port + 1));
        let list: Vec<_> = targets.iter().map(ToString::to_string).collect();
        let arguments = [
            format!("--listen={addr}"),
            format!("--admin={admin}"),
            format!("--catalogue=static://{}", list.join(",")),
            "--log=warn".to_owned(),
        ];
        let log = dir.path().join("gateway.log");
        let gateway = Process::start(&program("gateway"), arguments, &log)?;
        let system =
            Self { catalogues, proxies, targets, _gateway: gateway, addr, admin, _dir: dir };
        for replica in 0..REPLICAS {
            system.until_connected(replica).await;
        }
        Ok(system)
    }

    /// A new channel to the gateway.
    pub(super) fn channel(&self) -> anyhow::Result<Channel> {
        Ok(Channel::from_shared(format!("http://{}", self.addr))?.connect_lazy())
    }

    /// The gateway's report of a replica.
    pub(super) async fn report(&self, replica: usize) -> anyhow::Result<Value> {
        let upstreams = get(&format!("http://{}/endpoints", self.admin)).await?.json();
        let address = Value::String(self.targets[replica].to_string());
        let endpoints = upstreams.as_array().into_iter().flatten();
        let mut endpoints = endpoints.filter_map(|it| it["endpoints"].as_array()).flatten();
        endpoints
            .find(|it| it["address"] == address)
            .cloned()
            .context("not in the report of the gateway")
    }

    pub(super) async fn until_connected(&self, replica: usize) {
        until("the gateway is connected", async || {
            let report = self.report(replica).await.ok()?;
            (report["connected"].as_u64()? > 0).then_some(())
        })
        .await;
    }

    /// Number of calls from the gateway to a replica.
    pub(super) async fn calls(&self, replica: usize) -> anyhow::Result<u64> {
        self.report(replica).await?["calls"].as_u64().context("not a number")
    }

    /// Waits until the gateway calls a replica again.
    pub(super) async fn until_called(&self, replica: usize) -> anyhow::Result<()> {
        let before = self.calls(replica).await?;
        until("the replica is called", async || {
            // More than probes of a breaker.
            (self.calls(replica).await.ok()? >= before + 10).then_some(())
        })
        .await;
        Ok(())
    }

    pub(super) fn signal(&self, replica: usize, signal: Signal) {
        self.catalogues[replica].signal(signal);
    }
}

/// Reads the product through the gateway.
pub(super) async fn read(channel: Channel, timeout: Duration) -> Result<(), Status> {
    let message = GetProductRequest { product_id: "mug".to_owned(), ..Default::default() };
    let mut request = Request::new(message);
    request.set_timeout(timeout);
    CatalogueServiceClient::new(channel).get_product(request).await.map(drop)
}
