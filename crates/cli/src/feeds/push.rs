//! `catctl feed push`: follows the change feed, and pushes products to the host of a feed.
//!
//! **Invariant:** the cursor in the state file is never ahead of what the host has acknowledged. A push that was killed
//! repeats its last products, which replace themselves.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    time::Duration,
};

use anyhow::{Result, ensure};
use bytes::Bytes;
use export::{FeedProduct, Shop};
use feed::{Feed, FeedEvent};
use proto::catalogue::v1::{
    Change, Product, WatchChangesRequest, WatchChangesResponse, watch_changes_request::Start,
    watch_changes_response::Event,
};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use tokio::time::timeout;
use url::Url;

use super::{
    host::Host,
    state::{State, StateFile},
};
use crate::{
    client::Client,
    grpc_error,
    output::{thousands, warn},
};

/// How long products are gathered into one request.
const LINGER: Duration = Duration::from_millis(200);
/// The products of a request, and their JSON in bytes: whichever is reached first.
const BATCH: (usize, usize) = (100, 1 << 20);

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  catctl feed push --url https://agent.example/acp --feed feed_8f3K2x --state feed.state \\
    --shop-url https://shop.example

All products for sale are pushed first, then every change. The state file has the cursor of the last change that
the host has acknowledged: a push that is started again goes on there. What is no longer for sale is pushed
without variants, as the protocol deletes nothing. Requests that fail are repeated, with the same idempotency key.")]
pub(crate) struct Args {
    /// Address of the host's Feed API
    #[arg(long, value_name = "URL")]
    url: Url,
    /// File that keeps how far the feed was pushed
    #[arg(long, value_name = "FILE")]
    state: PathBuf,
    /// Token for the host
    #[arg(long, env = "CATCTL_FEED_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// Stop when the host has everything
    #[arg(long)]
    once: bool,
    #[command(flatten)]
    shop: Shop,
}

pub(super) async fn run(args: Args, client: &Client) -> Result<()> {
    tokio::select! {
        result = push(args, client) => result,
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
    }
}

async fn push(args: Args, client: &Client) -> Result<()> {
    let id = args.shop.feed.as_deref().unwrap_or_default();
    ensure!(!id.is_empty(), "--feed is required: the id of the feed at its host");
    let host = Host::new(&args.url, id, args.token)?;
    let file = StateFile::new(args.state);
    let state = State { cursor: file.cursor_of(host.address())?, feed: host.address().to_owned() };
    let request = WatchChangesRequest {
        cursor: state.cursor.clone(),
        start: Start::Snapshot.into(),
        ..Default::default()
    };
    let mut feed = Feed::new(client.feed(), request);
    let mut pusher = Pusher::new(host, file, state, args.shop);
    if pusher.state.cursor.is_empty() {
        pusher.begin_snapshot().await?;
    }
    loop {
        let event = match pusher.batch.is_empty() {
            true => feed.next().await,
            // Reading is cancel-safe.
            false => match timeout(LINGER, feed.next()).await {
                Ok(event) => event,
                Err(_) => {
                    pusher.flush().await?;
                    continue;
                }
            },
        };
        match event {
            FeedEvent::Connected => {}
            FeedEvent::Received(event) => {
                let is_caught_up = matches!(event.event, Some(Event::Heartbeat(_)));
                pusher.take(event).await?;
                if is_caught_up && args.once {
                    pusher.flush().await?;
                    warn(&format!("{} products pushed", thousands(pusher.pushed)));
                    return Ok(());
                }
            }
            FeedEvent::Interrupted(interruption) if interruption.is_cursor_expired() => {
                warn("the cursor has expired: all products are pushed again");
                pusher.begin_snapshot().await?;
                feed.start_over();
            }
            FeedEvent::Interrupted(interruption) => {
                let status = interruption.into();
                if !grpc_error::is_transient(&status) {
                    return Err(client.to_error(&status));
                }
            }
        }
    }
}

#[derive(Serialize)]
struct UpsertRequest<'a> {
    products: Vec<&'a RawValue>,
}

/// The products on their way to the host.
struct Pusher {
    host: Host,
    file: StateFile,
    state: State,
    shop: Shop,
    /// The JSON of products by id: of several changes of a product the last counts.
    batch: BTreeMap<String, Box<RawValue>>,
    batch_bytes: usize,
    /// While a snapshot is pushed: what the host had before and the snapshot has not had yet.
    stale: Option<BTreeSet<String>>,
    /// Products that the host has acknowledged.
    pushed: u64,
}

impl Pusher {
    fn new(host: Host, file: StateFile, state: State, shop: Shop) -> Self {
        let (batch, stale) = (BTreeMap::new(), None);
        Self { host, file, state, shop, batch, batch_bytes: 0, stale, pushed: 0 }
    }

    /// All products follow. A push that is killed before the last begins again.
    async fn begin_snapshot(&mut self) -> Result<()> {
        self.batch.clear();
        self.batch_bytes = 0;
        self.state.cursor.clear();
        self.file.save(&self.state)?;
        self.stale = Some(self.host.product_ids().await?);
        Ok(())
    }

    async fn take(&mut self, event: WatchChangesResponse) -> Result<()> {
        match event.event {
            Some(Event::SnapshotItem(product)) => self.add(&product.id, Some(&product))?,
            Some(Event::SnapshotComplete(_)) => {
                for id in self.stale.take().unwrap_or_default() {
                    self.add(&id, None)?;
                    if self.is_full() {
                        self.flush().await?;
                    }
                }
            }
            Some(Event::Change(Change { product_id, product, .. })) if !product_id.is_empty() => {
                self.add(&product_id, product.as_ref())?;
            }
            Some(Event::Change(_) | Event::Heartbeat(_)) | None => {}
        }
        if !event.cursor.is_empty() {
            self.state.cursor = event.cursor;
        }
        if self.is_full() { self.flush().await } else { Ok(()) }
    }

    /// Adds a product as it is, or one that is gone.
    fn add(&mut self, id: &str, product: Option<&Product>) -> Result<()> {
        if let Some(stale) = &mut self.stale {
            stale.remove(id);
        }
        let product = match product {
            Some(product) => FeedProduct::of(product, &self.shop),
            None => FeedProduct::gone(id.to_owned()),
        };
        let json = to_raw_value(&product)?;
        self.batch_bytes += json.get().len();
        if let Some(earlier) = self.batch.insert(product.id, json) {
            self.batch_bytes -= earlier.get().len();
        }
        Ok(())
    }

    fn is_full(&self) -> bool {
        let (products, bytes) = BATCH;
        self.batch.len() >= products || self.batch_bytes >= bytes
    }

    /// Pushes the batch, and then keeps the cursor, unless a snapshot is under way.
    async fn flush(&mut self) -> Result<()> {
        if !self.batch.is_empty() {
            let products = self.batch.values().map(|json| &**json).collect();
            let request = serde_json::to_vec(&UpsertRequest { products })?;
            self.host.upsert(Bytes::from(request)).await?;
            self.pushed += self.batch.len() as u64;
            self.batch.clear();
            self.batch_bytes = 0;
        }
        match self.stale {
            None => self.file.save(&self.state),
            Some(_) => Ok(()),
        }
    }
}
