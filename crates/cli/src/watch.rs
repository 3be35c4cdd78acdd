//! `catctl watch`: streams the change feed.

use std::time::Duration;

use anyhow::Result;
use proto::catalogue::v1::{
    WatchChangesRequest, watch_changes_request::Start, watch_changes_response::Event,
};
use tokio::time::{Instant, sleep};
use tonic::Status;

use crate::{
    changes::{FeedFilter, change_line, product_line},
    client::Client,
    grpc_error,
    output::{Output, print_line, warn},
};

const RECONNECT_DELAY: Duration = Duration::from_secs(1);
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

/// Prints changes, and reconnects when the stream is interrupted.
async fn watch(args: Args, client: &Client, output: Output) -> Result<()> {
    let start = if args.from_start { Start::Snapshot } else { Start::Now };
    let FeedFilter { category, id, filter } = args.filter;
    let mut request = WatchChangesRequest {
        cursor: args.cursor,
        start: start.into(),
        category_id: category,
        product_ids: id,
        filter,
    };
    let mut last_received: Option<Instant> = None;
    loop {
        let status = print_events(&mut request, &mut last_received, client, output).await?;
        let may_retry = last_received.is_some_and(|time| time.elapsed() < RECONNECT_TIMEOUT);
        if !may_retry || !grpc_error::is_transient(&status) {
            return Err(client.to_error(&status));
        }
        warn(&format!("{}; reconnecting", client.describe(&status)));
        sleep(RECONNECT_DELAY).await;
    }
}

/// Prints the events of one stream until it ends, and returns its status. Updates the cursor of
/// `request`, so that the next stream resumes after the last event.
async fn print_events(
    request: &mut WatchChangesRequest,
    last_received: &mut Option<Instant>,
    client: &Client,
    output: Output,
) -> Result<Status> {
    let mut feed = client.feed();
    let mut events = match feed.watch_changes(request.clone()).await {
        Ok(events) => events.into_inner(),
        Err(status) => return Ok(status),
    };
    *last_received = Some(Instant::now());
    loop {
        let event = match events.message().await {
            Ok(Some(event)) => event,
            Ok(None) => return Ok(Status::unavailable("the feed ended")),
            Err(status) => return Ok(status),
        };
        *last_received = Some(Instant::now());
        let line = match (output, &event.event) {
            (_, Some(Event::Heartbeat(_)) | None) => None,
            (Output::Json, Some(_)) => Some(serde_json::to_string(&event)?),
            (Output::Table, Some(Event::SnapshotItem(product))) => {
                Some(product_line("", "present", &product.id, Some(product)))
            }
            (Output::Table, Some(Event::SnapshotComplete(_))) => {
                Some("-- end of snapshot; changes follow --".to_owned())
            }
            (Output::Table, Some(Event::Change(change))) => Some(change_line(change)),
        };
        if let Some(line) = line {
            print_line(&line)?;
        }
        if !event.cursor.is_empty() {
            request.cursor = event.cursor;
        }
    }
}
