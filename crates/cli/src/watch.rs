//! `catctl watch`: streams the change feed.

use std::time::Duration;

use anyhow::Result;
use feed::{Feed, FeedEvent};
use proto::catalogue::v1::{
    WatchChangesRequest, WatchChangesResponse, watch_changes_request::Start,
    watch_changes_response::Event,
};
use tokio::time::Instant;

use crate::{
    changes::{FeedFilter, change_line, product_line},
    client::Client,
    grpc_error,
    output::{Output, print_line, warn},
};

/// Time since the last event after which reconnecting is given up.
const RECONNECT_TIMEOUT: Duration = Duration::from_secs(60);

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl watch                              changes from now on
  catctl watch --from-start -c kitchen      all products of a category, then its changes
  catctl watch --id 1399 --id kettle
  catctl watch --filter 'stock_qty = 0'     sold-out products; `left` if one is refilled
  catctl watch --json | jq -r .cursor       the cursor of each event, for --cursor

Times are in UTC. An interrupted watch reconnects and resumes after the last printed change.")]
pub(crate) struct Args {
    /// Start with a snapshot of all products
    #[arg(long, conflicts_with = "cursor")]
    from_start: bool,
    /// Resume after this cursor, of an earlier watch with the same --category, --id and --filter
    #[arg(long, default_value = "", hide_default_value = true)]
    cursor: String,
    #[command(flatten)]
    filter: FeedFilter,
}

/// Prints changes until Ctrl+C.
pub(crate) async fn run(args: Args, client: &Client, output: Output) -> Result<()> {
    tokio::select! {
        result = watch(args, client, output) => result,
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
    }
}

/// Prints changes, and resumes when the stream is interrupted.
async fn watch(args: Args, client: &Client, output: Output) -> Result<()> {
    let start = if args.from_start { Start::Snapshot } else { Start::Now };
    let FeedFilter { category, id, filter } = args.filter;
    let request = WatchChangesRequest {
        cursor: args.cursor,
        start: start.into(),
        category_id: category,
        product_ids: id,
        filter,
    };
    let mut feed = Feed::new(client.feed(), request);
    let mut last_received: Option<Instant> = None;
    let mut warned = false;
    loop {
        match feed.next().await {
            FeedEvent::Connected => last_received = Some(Instant::now()),
            FeedEvent::Received(event) => {
                last_received = Some(Instant::now());
                warned = false;
                print_event(&event, output)?;
            }
            FeedEvent::Interrupted(interruption) => {
                let status = interruption.into();
                let may_retry =
                    last_received.is_some_and(|time| time.elapsed() < RECONNECT_TIMEOUT);
                if !may_retry || !grpc_error::is_transient(&status) {
                    return Err(client.to_error(&status));
                }
                if !std::mem::replace(&mut warned, true) {
                    warn(&format!("{}; reconnecting", client.describe(&status)));
                }
            }
        }
    }
}

fn print_event(event: &WatchChangesResponse, output: Output) -> Result<()> {
    let line = match (output, &event.event) {
        (_, Some(Event::Heartbeat(_)) | None) => return Ok(()),
        (Output::Json, Some(_)) => serde_json::to_string(event)?,
        (Output::Table, Some(Event::SnapshotItem(product))) => {
            product_line("", "present", &product.id, Some(product))
        }
        (Output::Table, Some(Event::SnapshotComplete(_))) => {
            "-- end of snapshot; changes follow --".to_owned()
        }
        (Output::Table, Some(Event::Change(change))) => change_line(change),
    };
    Ok(print_line(&line)?)
}
