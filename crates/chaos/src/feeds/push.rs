//! Kills of a push and of its host.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context as _, Result, ensure};
use nix::sys::signal::Signal;
use proto::catalogue::v1::{
    ListProductsRequest, Product, catalogue_service_client::CatalogueServiceClient,
};
use serde_json::{Value, json};
use testkit::{
    FeedHost, Figure, Fleet, Output, Process, Random, Service, acp_schema, program, until,
};
use tokio::time::sleep;
use tonic::transport::{Channel, Endpoint};

use super::changes::{Changes, Counts};
use crate::RunConfig;

const KILLS: u64 = 300;
/// One in so many kills comes while all products are pushed, before a cursor is kept.
const EARLY: u64 = 10;
/// Longest time in milliseconds from a request to the kill, and of a host that is dead.
const PAUSE_MS: u64 = 300;
/// Time for a push to end when it is told to.
const END: Duration = Duration::from_secs(30);

/// The ends of a feed, and the push between them.
struct Feed {
    fleet: Fleet,
    channel: Channel,
    host: FeedHost,
    state: PathBuf,
    pushing: Option<Process>,
    of_push: u64,
    of_host: u64,
}

/// The victims of a kill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Victim {
    Push,
    Host,
    Both,
}

pub(super) async fn run(config: &RunConfig) -> Result<Vec<Figure>> {
    ensure!(acp_schema().is_some(), "the specification of ACP is not beside the checkout");
    let mut feed = Feed::open().await?;
    let products = config.count(400).max(150);
    let changes = Changes::start(feed.channel.clone(), config.random("changes"), products).await?;
    let (kills, mut random) = (config.count(KILLS), config.random("when"));
    feed.start_push()?;
    while feed.kills() < (kills / EARLY).max(1) {
        let requests = 1 + random.below(4);
        feed.receives(requests).await?;
        feed.kill(Victim::Push, &mut random).await?;
    }
    until("the host has everything", async || feed.has_cursor().then_some(())).await;
    let lists = feed.host.requests().lists;
    while feed.kills() < kills {
        let victim = match random.below(3) {
            0 => Victim::Push,
            1 => Victim::Host,
            _ if feed.kills() + 1 < kills => Victim::Both,
            _ => Victim::Host,
        };
        feed.receives(1).await?;
        sleep(Duration::from_millis(random.below(PAUSE_MS))).await;
        feed.kill(victim, &mut random).await?;
    }
    let counts = changes.stop().await?;
    let output = feed.finish().await?;
    println!("the last push: {}", output.err.lines().next_back().unwrap_or_default());
    figures(&feed, kills, lists, &counts).await
}

async fn figures(feed: &Feed, kills: u64, lists: u64, counts: &Counts) -> Result<Vec<Figure>> {
    let (faults, requests) = (feed.host.faults(), feed.host.requests());
    let differences = feed.host.differences(&feed.products().await?);
    for line in faults.iter().chain(&differences).take(20) {
        println!("{line}");
    }
    println!("{counts:?}, {requests:?}");
    Ok(vec![
        Figure::exactly("kills", feed.kills(), kills),
        Figure::at_least("kills of the push", feed.of_push, kills / 4),
        Figure::at_least("kills of the host", feed.of_host, kills / 4),
        Figure::at_least("products edited", counts.edited, kills),
        Figure::at_least("stock set", counts.stock, kills),
        Figure::at_least("products created", counts.created, 1),
        Figure::at_least("products deleted", counts.deleted, 1),
        Figure::at_least("answers lost", requests.lost, 1),
        Figure::exactly("invalid requests", faults.len(), 0),
        Figure::exactly("products that differ", differences.len(), 0),
        Figure::exactly("pushes of all products after the first", requests.lists - lists, 0),
    ])
}

impl Feed {
    async fn open() -> Result<Self> {
        let fleet = Fleet::start().await;
        let channel = Endpoint::from_shared(format!("http://{}", fleet.addr(Service::Gateway)))?;
        let channel = channel.connect().await.context("connecting")?;
        let host = FeedHost::start().await;
        // Of an earlier feed, whose state is lost.
        host.put(json!({ "id": "earlier", "variants": [{ "id": "a", "title": "A" }] }));
        let state = fleet.dir().join("feed.state");
        Ok(Self { fleet, channel, host, state, pushing: None, of_push: 0, of_host: 0 })
    }

    fn kills(&self) -> u64 {
        self.of_push + self.of_host
    }

    fn start_push(&mut self) -> Result<()> {
        let arguments = self.host.push_arguments(&self.fleet.url(""), &self.state);
        let log = self.fleet.dir().join("push.log");
        self.pushing = Some(Process::start(&program("catctl"), arguments, &log)?);
        Ok(())
    }

    /// Waits until the host has received so many further requests.
    async fn receives(&mut self, requests: u64) -> Result<()> {
        let (host, pushing) = (&self.host, self.pushing.as_mut());
        let pushing = pushing.context("no push runs")?;
        let before = host.requests().all;
        until("the host receives requests", async || {
            let ended = pushing.exit_status();
            assert!(ended.is_none(), "the push ended by itself: {}", pushing.log());
            (host.requests().all >= before + requests).then_some(())
        })
        .await;
        Ok(())
    }

    async fn kill(&mut self, victim: Victim, random: &mut Random) -> Result<()> {
        let mut pause = || sleep(Duration::from_millis(random.below(PAUSE_MS)));
        if victim != Victim::Push {
            self.of_host += u64::from(self.host.kill().await);
            pause().await;
        }
        if victim != Victim::Host {
            let mut pushing = self.pushing.take().context("no push runs")?;
            self.of_push += u64::from(pushing.kill());
            self.start_push()?;
        }
        if victim != Victim::Push {
            pause().await;
            self.host.revive().await;
        }
        Ok(())
    }

    /// Ends the push as Ctrl+C does, and pushes the rest.
    async fn finish(&mut self) -> Result<Output> {
        let mut pushing = self.pushing.take().context("no push runs")?;
        pushing.signal(Signal::SIGINT);
        let exit = pushing.ends_within(END).await?;
        ensure!(exit.success(), "the push ended with {exit}: {}", pushing.log());
        let mut arguments = self.host.push_arguments(&self.fleet.url(""), &self.state);
        arguments.push("--once".to_owned());
        let output = testkit::run(program("catctl"), arguments).await;
        ensure!(output.code == Some(0), "the last push failed: {output:?}");
        Ok(output)
    }

    /// Whether the state has a cursor.
    fn has_cursor(&self) -> bool {
        let json = std::fs::read(&self.state).unwrap_or_default();
        let state: Value = serde_json::from_slice(&json).unwrap_or_default();
        state["cursor"].as_str().is_some_and(|cursor| !cursor.is_empty())
    }

    async fn products(&self) -> Result<Vec<Product>> {
        let mut client = CatalogueServiceClient::new(self.channel.clone());
        let mut list = client.list_products(ListProductsRequest::default()).await?.into_inner();
        let mut products = Vec::new();
        while let Some(product) = list.message().await? {
            products.push(product);
        }
        Ok(products)
    }
}
