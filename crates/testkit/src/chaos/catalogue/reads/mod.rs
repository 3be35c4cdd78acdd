//! Cached reads, of which each must be as new as was promised, whatever breaks.

mod client;
mod truth;

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
use tokio::{task::JoinSet, time::sleep};
use url::Url;

use self::{
    client::{Client, Zipf, id},
    truth::Truth,
};
use super::subject::{Engine, Subject, product};
use crate::{Fault, FaultProxy, Figure, Setting};

const READS: u64 = 10_000_000;
const PRODUCTS: u64 = 20_000;
/// Clients of each replica.
const CLIENTS: usize = 32;
/// How long nothing is broken between two faults.
const CALM: Duration = Duration::from_millis(1_500);
/// How long the feed, and all else of the database, is silent: longer than the cache may be used.
const SILENCE: Duration = Duration::from_millis(2_500);

pub(super) async fn run(setting: &Setting, engine: Engine) -> anyhow::Result<Vec<Figure>> {
    let mut replicas = Replicas::start(engine, setting.seed()).await?;
    let count = setting.count(PRODUCTS).max(200) as usize;
    fill(&replicas.all[0], count).await?;

    let truth = Arc::new(Truth::new(count));
    let zipf = Arc::new(Zipf::new(count));
    let are_broken_all = Arc::new(AtomicBool::new(false));
    let wanted = setting.count(READS);
    let mut clients = JoinSet::new();
    for (replica, subject) in replicas.all.iter().enumerate() {
        for number in 0..CLIENTS {
            let client = Client {
                replica,
                channel: subject.channel()?,
                truth: Arc::clone(&truth),
                zipf: Arc::clone(&zipf),
                random: setting.random(&format!("client {replica} {number}")),
            };
            let (truth, broken) = (Arc::clone(&truth), Arc::clone(&are_broken_all));
            clients.spawn(client.run(move || {
                let is_enough = truth.counts.reads.load(Ordering::Relaxed) >= wanted;
                is_enough && broken.load(Ordering::Relaxed)
            }));
        }
    }
    let mut faults = 0;
    while clients.len() == CLIENTS * replicas.all.len() {
        let kind = faults % replicas.kinds();
        replicas.break_something(kind).await?;
        faults += 1;
        sleep(CALM).await;
        are_broken_all.fetch_or(faults >= replicas.kinds(), Ordering::Relaxed);
        while let Some(ended) = clients.try_join_next() {
            ended??;
        }
    }
    while let Some(ended) = clients.join_next().await {
        ended??;
    }
    let hits = hit_share(&replicas.all).await?;
    let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
    let counts = &truth.counts;
    println!("faults: {faults}, calls that failed meanwhile: {}", read(&counts.failed));
    Ok(vec![
        Figure::at_least("reads", read(&counts.reads), wanted),
        Figure::at_least("of them with a min_revision", read(&counts.named), wanted / 100),
        Figure::at_least("writes", read(&counts.writes), wanted / 400),
        Figure::at_least("faults", faults, replicas.kinds()),
        Figure::at_least("answered from the cache, %", hits, 30.0),
        Figure::exactly("older than the same process had acknowledged", read(&counts.unseen), 0),
        Figure::exactly("older than the write that was named", read(&counts.unreached), 0),
        Figure::exactly("more than a second behind the other", read(&counts.stale), 0),
    ])
}

/// The catalogues with one database.
struct Replicas {
    all: Vec<Subject>,
    /// Before the second's database.
    network: Option<FaultProxy>,
}

impl Replicas {
    /// One on SQLite; two on PostgreSQL, the second over a network that can be broken.
    async fn start(engine: Engine, seed: u64) -> anyhow::Result<Self> {
        let mut first = Subject::start(engine).await?;
        if engine == Engine::Sqlite {
            return Ok(Self { all: vec![first], network: None });
        }
        let mut url = Url::parse(first.postgres()?.1)?;
        let addr = url.socket_addrs(|| Some(5432))?.into_iter().next().context("an address")?;
        let network = FaultProxy::start(addr, seed).await;
        url.set_ip_host(network.addr.ip()).ok().context("a host")?;
        url.set_port(Some(network.addr.port())).ok().context("a port")?;
        let mut second = Subject::prepare(Engine::Sqlite).await?;
        second.set(&[&format!("--database-url={url}")]);
        second.restart().await?;
        Ok(Self { all: vec![first, second], network: Some(network) })
    }

    /// How many ways there are to break something.
    fn kinds(&self) -> usize {
        if self.network.is_some() { 4 } else { 1 }
    }

    /// Breaks something, and repairs it.
    async fn break_something(&mut self, kind: usize) -> anyhow::Result<()> {
        match (&self.network, kind) {
            (Some(network), 0) => {
                network.set(Fault { stall: true, ..Fault::default() });
                sleep(SILENCE).await;
                network.set(Fault::default());
            }
            (Some(network), 1) => {
                network.set(Fault { refuse: true, ..Fault::default() });
                network.cut();
                sleep(SILENCE).await;
                network.set(Fault::default());
            }
            (network, kind) => {
                let replica = &mut self.all[if network.is_some() { kind - 2 } else { 0 }];
                replica.kill();
                replica.restart().await?;
            }
        }
        Ok(())
    }
}

async fn fill(subject: &Subject, count: usize) -> anyhow::Result<()> {
    let products = CatalogueServiceClient::new(subject.channel()?);
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

/// Of a hundred products that were asked of the caches since the last start, how many were there.
async fn hit_share(replicas: &[Subject]) -> anyhow::Result<f64> {
    let (mut hits, mut misses) = (0.0, 0.0);
    for replica in replicas {
        let metrics = crate::get(&format!("http://{}/metrics", replica.admin())).await?;
        let metrics = String::from_utf8_lossy(&metrics.body).into_owned();
        let sum = |name: &str| -> f64 {
            let lines = metrics.lines().filter(|line| line.starts_with(name));
            lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
        };
        hits += sum("catalogue_product_cache_hits");
        misses += sum("catalogue_product_cache_misses");
    }
    Ok(100.0 * hits / (hits + misses).max(1.0))
}
