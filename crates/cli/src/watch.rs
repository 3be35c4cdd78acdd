//! `catctl watch`: every change as it happens.

use std::time::Duration;

use anyhow::Result;
use proto::catalogue::v1::{
    WatchChangesRequest, watch_changes_request::Start, watch_changes_response::Event,
};
use tokio::time::{Instant, sleep};
use tonic::Status;

use crate::{
    changes::{Scope, change_line, line},
    failure,
    output::{Output, print_line, warn},
    server::Server,
};

const PAUSE: Duration = Duration::from_secs(1);
/// How long a watch that was cut tries to go on.
const RETRY_FOR: Duration = Duration::from_secs(60);

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl watch                              every change from now on
  catctl watch --from-start -c kitchen      everything in a category, then its changes
  catctl watch --id 1399 --id kettle
  catctl watch --filter 'stock_qty = 0'     what sells out; what is refilled comes as `left`
  catctl watch --json | jq -r .cursor       each event with the cursor to go on after it

Times are in UTC. A watch that is cut goes on by itself, after the last change it printed.")]
pub(crate) struct Args {
    /// Begin with everything there is
    #[arg(long, conflicts_with = "cursor")]
    from_start: bool,
    /// Go on after this event. Goes with the same --category, --id and --filter
    #[arg(long, default_value = "", hide_default_value = true)]
    cursor: String,
    #[command(flatten)]
    scope: Scope,
}

/// Prints changes until Ctrl+C; a watch that is cut goes on after the last change printed.
pub(crate) async fn run(args: Args, server: &Server, output: Output) -> Result<()> {
    tokio::select! {
        ended = changes(args, server, output) => ended,
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
    }
}

async fn changes(args: Args, server: &Server, output: Output) -> Result<()> {
    let start = if args.from_start { Start::Snapshot } else { Start::Now };
    let Scope { category, id, filter } = args.scope;
    let mut request = WatchChangesRequest {
        cursor: args.cursor,
        start: start.into(),
        category_id: category,
        product_ids: id,
        filter,
    };
    let mut last_heard: Option<Instant> = None;
    loop {
        let status = follow(&mut request, &mut last_heard, server, output).await?;
        let may_retry = last_heard.is_some_and(|heard| heard.elapsed() < RETRY_FOR);
        if !may_retry || !failure::is_cut(&status) {
            return Err(server.explain(&status));
        }
        warn(&format!("{}; trying again", server.describe(&status)));
        sleep(PAUSE).await;
    }
}

/// Prints one call's events; returns how it ended. Keeps the cursor to go on from.
async fn follow(
    request: &mut WatchChangesRequest,
    last_heard: &mut Option<Instant>,
    server: &Server,
    output: Output,
) -> Result<Status> {
    let mut feed = server.feed();
    let mut events = match feed.watch_changes(request.clone()).await {
        Ok(events) => events.into_inner(),
        Err(status) => return Ok(status),
    };
    *last_heard = Some(Instant::now());
    loop {
        let event = match events.message().await {
            Ok(Some(event)) => event,
            Ok(None) => return Ok(Status::unavailable("the feed ended")),
            Err(status) => return Ok(status),
        };
        *last_heard = Some(Instant::now());
        let line = match (output, &event.event) {
            (_, Some(Event::Heartbeat(_)) | None) => None,
            (Output::Json, Some(_)) => Some(serde_json::to_string(&event)?),
            (Output::Table, Some(Event::SnapshotItem(product))) => {
                Some(line("", "present", &product.id, Some(product)))
            }
            (Output::Table, Some(Event::SnapshotComplete(_))) => {
                Some("-- that is all there is; changes follow --".to_owned())
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
