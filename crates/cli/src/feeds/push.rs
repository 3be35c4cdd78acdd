//! `catctl feed push`: follows the change feed, and pushes products to the host of a feed.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use export::Shop;
use feed::{Feed, FeedEvent};
use proto::catalogue::v1::{
    WatchChangesRequest, watch_changes_request::Start, watch_changes_response::Event,
};
use tokio::time::timeout;
use url::Url;

use super::{
    host::Host,
    pusher::Pusher,
    state::{State, StateFile},
};
use crate::{
    client::Client,
    grpc_error,
    output::{thousands, warn},
};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  catctl feed push --url https://agent.example/acp --feed feed_8f3K2x --state feed.state \\
    --shop-url https://shop.example

All products for sale are pushed first, then every change. The state file has the cursor of the last change that
the host has acknowledged: a push that is started again goes on there. What is no longer for sale is pushed
without variants, as the protocol deletes nothing. Products are pushed again when a sale of theirs begins or ends.
Requests that fail are repeated, with the same idempotency key. One push uses a state file at a time.")]
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
    let file = StateFile::lock(args.state)?;
    let state =
        State { cursor: file.cursor_of(host.identity())?, feed: host.identity().to_owned() };
    let request = WatchChangesRequest {
        cursor: state.cursor.clone(),
        start: Start::Snapshot.into(),
        ..Default::default()
    };
    let mut feed = Feed::new(client.feed(), request);
    let mut pusher = Pusher::new(host, file, state, args.shop);
    match pusher.has_cursor() {
        false => pusher.begin_snapshot().await?,
        true => pusher.push_sales(client).await?,
    }
    loop {
        pusher.push_due(client).await?;
        let event = match pusher.patience() {
            None => feed.next().await,
            // Reading is cancel-safe.
            Some(patience) => match timeout(patience, feed.next()).await {
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
