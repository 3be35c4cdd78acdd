//! Cached reads under faults: each must be as new as guaranteed.

mod client;
mod model;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::Context as _;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use proto::catalogue::v1::{
    CreateProductRequest, catalogue_service_client::CatalogueServiceClient,
};
use testkit::{Fault, FaultProxy, Figure};
use tokio::{task::JoinSet, time::sleep};
use url::Url;

use self::{
    client::{Client, Zipf, id},
    model::Model,
};
use super::process::{CatalogueProcess, Engine, product};
use crate::RunConfig;

const READS: u64 = 10_000_000;
const PRODUCTS: u64 = 20_000;
/// Clients per replica.
const CLIENTS: usize = 32;
/// Time between two faults.
const CALM: Duration = Duration::from_millis(1_500);
/// Duration of a stall of the database connection: longer than the cache may be used without the feed.
const STALL: Duration = Duration::from_millis(2_500);

pub(super) async fn run(config: &RunConfig, engine: Engine) -> anyhow::Result<Vec<Figure>> {
    let mut replicas = Replicas::start(engine, config.seed()).await?;
    let count = config.count(PRODUCTS).max(200) as usize;
    fill(&replicas.all[0], count).await?;

    let model = Arc::new(Model::new(count));
    let zipf = Arc::new(Zipf::new(count));
    let all_injected = Arc::new(AtomicBool::new(false));
    let wanted = config.count(READS);
    let mut clients = JoinSet::new();
    for (replica, catalogue) in replicas.all.iter().enumerate() {
        for number in 0..CLIENTS {
            let client = Client {
                replica,
                channel: catalogue.channel()?,
                model: Arc::clone(&model),
                zipf: Arc::clone(&zipf),
                random: config.random(&format!("client {replica} {number}")),
            };
            let (model, all_injected) = (Arc::clone(&model), Arc::clone(&all_injected));
            clients.spawn(client.run(move || {
                let is_enough = model.counts.reads.load(Ordering::Relaxed) >= wanted;
                is_enough && all_injected.load(Ordering::Relaxed)
            }));
        }
    }
    let mut faults = 0;
    while clients.len() == CLIENTS * replicas.all.len() {
        let kind = faults % replicas.fault_kinds();
        replicas.inject_fault(kind).await?;
        faults += 1;
        sleep(CALM).await;
        all_injected.fetch_or(faults >= replicas.fault_kinds(), Ordering::Relaxed);
        while let Some(ended) = clients.try_join_next() {
            ended??;
        }
    }
    while let Some(ended) = clients.join_next().await {
        ended??;
    }
    let hits = replicas.hit_share().await?;
    let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
    let counts = &model.counts;
    println!("faults: {faults}, failed calls: {}", read(&counts.failed));
    Ok(vec![
        Figure::at_least("reads", read(&counts.reads), wanted),
        Figure::at_least("reads with min_revision", read(&counts.named), wanted / 100),
        Figure::at_least("writes", read(&counts.writes), wanted / 400),
        Figure::at_least("faults", faults, replicas.fault_kinds()),
        Figure::at_least("cache hits, %", hits, 30.0),
        Figure::exactly(
            "older than a write acknowledged by the same process",
            read(&counts.own_stale),
            0,
        ),
        Figure::exactly("older than min_revision", read(&counts.named_stale), 0),
        Figure::exactly("more than a second behind the other process", read(&counts.stale), 0),
    ])
}

/// Catalogues with one database.
struct Replicas {
    all: Vec<CatalogueProcess>,
    /// Proxy between the second catalogue and the database.
    proxy: Option<FaultProxy>,
    /// Look-ups of processes that have been killed.
    ended: Lookups,
}

/// Look-ups in the product cache.
#[derive(Default)]
struct Lookups {
    hits: f64,
    misses: f64,
}

impl Replicas {
    /// Starts one catalogue on SQLite, or two on PostgreSQL, the second through a fault proxy.
    async fn start(engine: Engine, seed: u64) -> anyhow::Result<Self> {
        let mut first = CatalogueProcess::start(engine).await?;
        if engine == Engine::Sqlite {
            return Ok(Self { all: vec![first], proxy: None, ended: Lookups::default() });
        }
        let mut url = Url::parse(first.postgres()?.1)?;
        let addr = url.socket_addrs(|| Some(5432))?.into_iter().next().context("no address")?;
        let proxy = FaultProxy::start(addr, seed).await;
        url.set_ip_host(proxy.addr.ip()).ok().context("the URL has no host")?;
        url.set_port(Some(proxy.addr.port())).ok().context("the URL has no port")?;
        let mut second = CatalogueProcess::prepare(Engine::Sqlite).await?;
        second.set_flags(&[&format!("--database-url={url}")]);
        second.restart().await?;
        Ok(Self { all: vec![first, second], proxy: Some(proxy), ended: Lookups::default() })
    }

    /// Number of kinds of faults.
    fn fault_kinds(&self) -> usize {
        if self.proxy.is_some() { 4 } else { 1 }
    }

    /// Injects a fault, and removes it.
    async fn inject_fault(&mut self, kind: usize) -> anyhow::Result<()> {
        match (&self.proxy, kind) {
            (Some(proxy), 0) => {
                proxy.set(Fault { stall: true, ..Fault::default() });
                sleep(STALL).await;
                proxy.set(Fault::default());
            }
            (Some(proxy), 1) => {
                proxy.set(Fault { refuse: true, ..Fault::default() });
                proxy.cut();
                sleep(STALL).await;
                proxy.set(Fault::default());
            }
            (proxy, kind) => {
                let replica = &mut self.all[if proxy.is_some() { kind - 2 } else { 0 }];
                self.ended.add(replica).await?;
                replica.kill();
                replica.restart().await?;
            }
        }
        Ok(())
    }

    /// Cache hits in per cent, over all processes: the last ones may have just started with an empty cache.
    async fn hit_share(&mut self) -> anyhow::Result<f64> {
        for replica in &self.all {
            self.ended.add(replica).await?;
        }
        let Lookups { hits, misses } = &self.ended;
        Ok(100.0 * hits / (hits + misses).max(1.0))
    }
}

impl Lookups {
    /// Adds those that `catalogue` has counted since its start.
    async fn add(&mut self, catalogue: &CatalogueProcess) -> anyhow::Result<()> {
        let metrics = testkit::get(&format!("http://{}/metrics", catalogue.admin())).await?;
        let metrics = String::from_utf8_lossy(&metrics.body).into_owned();
        let sum = |name: &str| -> f64 {
            let lines = metrics.lines().filter(|line| line.starts_with(name));
            lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
        };
        self.hits += sum("catalogue_product_cache_hits");
        self.misses += sum("catalogue_product_cache_misses");
        Ok(())
    }
}

async fn fill(catalogue: &CatalogueProcess, count: usize) -> anyhow::Result<()> {
    let products = CatalogueServiceClient::new(catalogue.channel()?);
    let create = |number| {
        let mut products = products.clone();
        async move {
            let product = Some(product(id(number)));
            let request = CreateProductRequest { product, ..Default::default() };
            products.create_product(request).await.map(drop)
        }
    };
    stream::iter(0..count).map(create).buffer_unordered(16).try_collect::<Vec<_>>().await?;
    Ok(())
}
