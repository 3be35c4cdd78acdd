//! `catctl audit`: shows writes and refusals with their callers, and erases persons.

use std::{
    collections::HashSet,
    time::{Duration, SystemTime},
};

use anyhow::Result;
use proto::{
    catalogue::v1::{AuditEvent, ErasePersonRequest, ListAuditEventsRequest},
    time::timestamp,
};
use tokio::time::sleep;

use crate::{
    client::Client,
    duration::moment,
    listing::Listing,
    output::{Output, format_time, print_line, print_value, sanitize},
};

/// Maximum page size.
const PAGE: i32 = 1_000;
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// How long after its time an event may be stored, and is still shown by `--follow`.
const LATENESS: Duration = Duration::from_secs(30);

#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  catctl audit --since 1h
  catctl audit --principal 'key:price import' --method UpdateProduct
  catctl audit --resource kiln-mug
  catctl audit -f
  catctl audit erase --name key:anna --address 203.0.113.9

Times are in UTC. Needs the scope read:audit, and to erase admin:audit."
)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    list: List,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Replace a person's name or address by a pseudonym, wherever it is recorded
    Erase(Erase),
}

#[derive(Debug, clap::Args)]
struct List {
    /// Only events of this principal: anonymous, service, unknown, or key:NAME
    #[arg(long, value_name = "PRINCIPAL", default_value = "", hide_default_value = true)]
    principal: String,
    /// Only events of this method, such as AdjustStock
    #[arg(long, value_name = "METHOD", default_value = "", hide_default_value = true)]
    method: String,
    /// Only events about the resource with this id
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    resource: String,
    /// Only events since then: a time ago such as 30m or 7d, or 2026-11-29T10:00:00Z
    #[arg(long, value_name = "TIME", value_parser = moment)]
    since: Option<SystemTime>,
    /// Only events before then
    #[arg(long, value_name = "TIME", value_parser = moment)]
    until: Option<SystemTime>,
    /// Maximum number of events, newest first
    #[arg(long, short = 'n', default_value_t = 100, value_parser = clap::value_parser!(i32).range(1..))]
    limit: i32,
    /// Print new events as they are stored, until Ctrl+C
    #[arg(long, short, conflicts_with_all = ["since", "until", "limit"])]
    follow: bool,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = true)]
struct Erase {
    /// Principal such as key:anna, or a name that was sent as x-actor
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// IP address
    #[arg(long, value_name = "ADDRESS")]
    address: Option<String>,
}

pub(crate) async fn run(args: Args, client: &Client, output: Output) -> Result<()> {
    match args.command {
        Some(Command::Erase(args)) => erase(args, client, output).await,
        None if args.list.follow => tokio::select! {
            ended = follow(args.list, client, output) => ended,
            interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
        },
        None => list(args.list, client, output).await,
    }
}

async fn list(args: List, client: &Client, output: Output) -> Result<()> {
    let limit = args.limit;
    let mut listing = Listing::new(
        output,
        ["TIME", "PRINCIPAL", "ADDRESS", "METHOD", "RESOURCE", "OUTCOME", "COUNT", "NOTE"],
    );
    for event in events(request(args), limit, client).await? {
        listing.add(&event, || cells(&event))?;
    }
    Ok(listing.finish()?)
}

async fn follow(args: List, client: &Client, output: Output) -> Result<()> {
    let request = request(args);
    let (began, mut seen) = (timestamp(SystemTime::now()), HashSet::new());
    loop {
        let start = SystemTime::now().checked_sub(LATENESS).unwrap_or(SystemTime::UNIX_EPOCH);
        let start_time = Some(timestamp(start));
        let recent = ListAuditEventsRequest { start_time, ..request.clone() };
        let recent = events(recent, i32::MAX, client).await?;
        let is_new = |event: &&AuditEvent| {
            let time = event.time.unwrap_or_default();
            !seen.contains(&event.id) && (time.seconds, time.nanos) >= (began.seconds, began.nanos)
        };
        for event in recent.iter().rev().filter(is_new) {
            match output {
                Output::Json => print_line(&serde_json::to_string(event)?)?,
                Output::Table => print_line(&line(event))?,
            }
        }
        seen = recent.iter().map(|event| event.id).collect();
        sleep(POLL_INTERVAL).await;
    }
}

/// At most `limit` events, the newest first.
async fn events(
    mut request: ListAuditEventsRequest,
    limit: i32,
    client: &Client,
) -> Result<Vec<AuditEvent>> {
    let limit = usize::try_from(limit).unwrap_or_default();
    let mut events = Vec::new();
    while events.len() < limit {
        request.page_size = i32::try_from(limit - events.len()).unwrap_or(PAGE).min(PAGE);
        let page = client.call(client.audit().list_audit_events(request.clone())).await?;
        events.extend(page.events);
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    Ok(events)
}

async fn erase(args: Erase, client: &Client, output: Output) -> Result<()> {
    let request = ErasePersonRequest {
        name: args.name.unwrap_or_default(),
        address: args.address.unwrap_or_default(),
    };
    let erased = client.call(client.audit().erase_person(request)).await?;
    print_value(output, &erased, || {
        format!("{} in place of it, in {} rows", erased.pseudonym, erased.changed_rows)
    })?;
    Ok(())
}

fn request(args: List) -> ListAuditEventsRequest {
    ListAuditEventsRequest {
        principal: args.principal,
        method: args.method,
        resource: args.resource,
        start_time: args.since.map(timestamp),
        end_time: args.until.map(timestamp),
        ..ListAuditEventsRequest::default()
    }
}

fn cells(event: &AuditEvent) -> [String; 8] {
    let method = event.method.rsplit('/').next().unwrap_or_default();
    [
        event.time.as_ref().map(format_time).unwrap_or_default(),
        event.principal.clone(),
        event.address.clone(),
        method.to_owned(),
        event.resource.clone(),
        event.outcome.clone(),
        event.count.to_string(),
        event.note.clone(),
    ]
}

fn line(event: &AuditEvent) -> String {
    let cells = cells(event);
    sanitize(&cells.iter().filter(|cell| !cell.is_empty()).cloned().collect::<Vec<_>>().join("  "))
}
