//! `catctl stock`, `watch`: what moves.

use std::time::Duration;

use anyhow::Result;
use proto::catalogue::v1::{
    AdjustStockRequest, Change, GetProductRequest, Product, StockLevel, WatchChangesRequest,
    change::Op, watch_changes_request::Start, watch_changes_response::Event,
};
use tokio::time::{Instant, sleep};
use tonic::Status;

use crate::{
    failure,
    output::{Output, clean, price, print_line, warn},
    server::Server,
};

const PAUSE: Duration = Duration::from_secs(1);
/// How long a watch that was cut tries to go on.
const RETRY_FOR: Duration = Duration::from_secs(60);

/// Shows a stock, or changes it and shows what it is then.
pub(crate) async fn stock(
    id: String,
    delta: Option<i32>,
    server: &Server,
    output: Output,
) -> Result<()> {
    let level = match delta {
        None => {
            let request = GetProductRequest { product_id: id, ..Default::default() };
            let product = server.ask(server.catalogue().get_product(request)).await?;
            let Product { id: product_id, stock_qty, revision, .. } = product;
            StockLevel { product_id, stock_qty, revision, ..Default::default() }
        }
        Some(delta) => {
            let request = AdjustStockRequest { product_id: id, delta, ..Default::default() };
            server.ask(server.stock().adjust_stock(request)).await?
        }
    };
    let line = match output {
        Output::Json => serde_json::to_string_pretty(&level)?,
        Output::Table => clean(&format!("{}: {} in stock", level.product_id, level.stock_qty)),
    };
    Ok(print_line(&line)?)
}

/// Prints changes until Ctrl+C; a watch that is cut goes on after the last change printed.
pub(crate) async fn watch(from_start: bool, server: &Server, output: Output) -> Result<()> {
    tokio::select! {
        ended = changes(from_start, server, output) => ended,
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
    }
}

async fn changes(from_start: bool, server: &Server, output: Output) -> Result<()> {
    let start = if from_start { Start::Snapshot } else { Start::Now };
    let mut request =
        WatchChangesRequest { cursor: String::new(), start: start.into(), ..Default::default() };
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

fn change_line(change: &Change) -> String {
    let what = match change.op() {
        Op::Created => "created",
        Op::Updated => "updated",
        Op::Deleted => "deleted",
        Op::Stock => "stock",
        Op::Left => "left",
        Op::Unspecified => "changed",
    };
    let mut text = line(&time(change), what, &change.product_id, change.product.as_ref());
    if !change.changed_fields.is_empty() && change.op() != Op::Stock {
        text += &clean(&format!("  [{}]", change.changed_fields.join(", ")));
    }
    text
}

fn line(time: &str, what: &str, id: &str, product: Option<&Product>) -> String {
    let mut line = format!("{time:8}  {what:8}{}", clean(id));
    if let Some(product) = product {
        let about =
            format!("  {}  {}  {} in stock", product.name, price(product), product.stock_qty);
        line += &clean(&about);
    }
    line
}

/// The time of day, in UTC.
fn time(change: &Change) -> String {
    let seconds = change.change_time.as_ref().map_or(0, |time| time.seconds);
    let moment = time::OffsetDateTime::from_unix_timestamp(seconds);
    moment.map_or(String::new(), |moment| {
        format!("{:02}:{:02}:{:02}", moment.hour(), moment.minute(), moment.second())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_one_harmless_line() {
        let product =
            Product { name: "Mug\u{1b}[2J".to_owned(), stock_qty: 3, ..Product::default() };
        let change = Change {
            op: Op::Updated.into(),
            product_id: "7".to_owned(),
            product: Some(product),
            changed_fields: vec!["name".to_owned()],
            change_time: Some(pbjson_types::Timestamp { seconds: 3_661, nanos: 0 }),
            ..Default::default()
        };
        let line = "01:01:01  updated 7  Mug [2J    3 in stock  [name]";
        assert_eq!(change_line(&change), line);
    }
}
