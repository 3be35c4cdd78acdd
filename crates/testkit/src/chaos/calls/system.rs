//! Three catalogues behind one gateway, each with the same product.

use std::{net::SocketAddr, time::Duration};

use anyhow::Context as _;
use nix::sys::signal::Signal;
use proto::catalogue::v1::{GetProductRequest, catalogue_service_client::CatalogueServiceClient};
use serde_json::Value;
use tempfile::TempDir;
use tonic::{Request, Status, transport::Channel};

use crate::{
    FaultProxy, Fleet, Process,
    chaos::catalogue::{Engine, Subject, product},
    get, program, until,
};

pub(super) const REPLICAS: usize = 3;

/// Real processes, with a network before each catalogue that can misbehave.
pub(super) struct System {
    pub(super) catalogues: Vec<Subject>,
    pub(super) networks: Vec<FaultProxy>,
    targets: Vec<SocketAddr>,
    _gateway: Process,
    addr: String,
    admin: String,
    _dir: TempDir,
}

impl System {
    /// Starts all, and waits until the gateway is connected to all replicas: through the networks,
    /// or directly, as is needed to see a connection refused.
    pub(super) async fn start(through_networks: bool, seed: u64) -> anyhow::Result<Self> {
        let mut catalogues = Vec::new();
        let (mut networks, mut targets) = (Vec::new(), Vec::new());
        for _ in 0..REPLICAS {
            let catalogue = Subject::start(Engine::Sqlite).await?;
            catalogue.create(product("mug")).await?;
            let addr = catalogue.addr().parse()?;
            if through_networks {
                let network = FaultProxy::start(addr, seed).await;
                targets.push(network.addr);
                networks.push(network);
            } else {
                targets.push(addr);
            }
            catalogues.push(catalogue);
        }
        let dir = tempfile::tempdir()?;
        let port = Fleet::free_ports(2);
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
            Self { catalogues, networks, targets, _gateway: gateway, addr, admin, _dir: dir };
        for replica in 0..REPLICAS {
            system.until_connected(replica).await;
        }
        Ok(system)
    }

    /// Connections to the gateway of a caller's own.
    pub(super) fn channel(&self) -> anyhow::Result<Channel> {
        Ok(Channel::from_shared(format!("http://{}", self.addr))?.connect_lazy())
    }

    /// What the gateway says of a replica.
    pub(super) async fn seen(&self, replica: usize) -> anyhow::Result<Value> {
        let upstreams = get(&format!("http://{}/endpoints", self.admin)).await?.json();
        let address = Value::String(self.targets[replica].to_string());
        let endpoints = upstreams.as_array().into_iter().flatten();
        let mut endpoints = endpoints.filter_map(|it| it["endpoints"].as_array()).flatten();
        endpoints.find(|it| it["address"] == address).cloned().context("the gateway knows it")
    }

    pub(super) async fn until_connected(&self, replica: usize) {
        until("the gateway is connected", async || {
            let seen = self.seen(replica).await.ok()?;
            (seen["connected"].as_u64()? > 0).then_some(())
        })
        .await;
    }

    /// How many calls the gateway has sent to a replica.
    pub(super) async fn calls(&self, replica: usize) -> anyhow::Result<u64> {
        self.seen(replica).await?["calls"].as_u64().context("a count")
    }

    /// Waits until a replica is given calls again.
    pub(super) async fn until_called(&self, replica: usize) -> anyhow::Result<()> {
        let before = self.calls(replica).await?;
        until("it is called", async || {
            // A probe or two is not yet being back.
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
pub(super) async fn read(channel: Channel, within: Duration) -> Result<(), Status> {
    let message = GetProductRequest { product_id: "mug".to_owned(), ..Default::default() };
    let mut request = Request::new(message);
    request.set_timeout(within);
    CatalogueServiceClient::new(channel).get_product(request).await.map(drop)
}
