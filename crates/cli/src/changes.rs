//! `catctl changes`: pages of the change feed, as opposed to the stream of `catctl watch`.

use anyhow::Result;
use proto::catalogue::v1::{Change, ListChangesRequest, Product, change::Op};

use crate::{
    client::Client,
    output::{Output, format_time, price, print_line, sanitize, warn},
};

/// Maximum page size.
const PAGE: i32 = 1_000;

/// Selects the products whose changes are returned.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct FeedFilter {
    /// Only products in this category or its descendants
    #[arg(long, short, value_name = "ID", default_value = "", hide_default_value = true)]
    pub(crate) category: String,
    /// Only this product; can be repeated
    #[arg(long, value_name = "ID")]
    pub(crate) id: Vec<String>,
    /// Only products that match, such as 'status = ACTIVE'
    #[arg(long, value_name = "FILTER", default_value = "", hide_default_value = true)]
    pub(crate) filter: String,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl changes                   from the oldest change in the feed
  catctl changes --cursor CURSOR   changes after the cursor
  catctl changes --json            one object per line; the last line has nextCursor

Times are in UTC. `catctl watch` prints changes as they happen.")]
pub(crate) struct Args {
    /// Resume after this cursor, printed by an earlier `changes` or `watch` with the same
    /// --category, --id and --filter; or after the write with this revision token
    #[arg(long, default_value = "", hide_default_value = true)]
    cursor: String,
    /// Maximum number of changes
    #[arg(long, short = 'n', default_value_t = 100, value_parser = clap::value_parser!(i32).range(1..))]
    limit: i32,
    #[command(flatten)]
    filter: FeedFilter,
}

/// Prints changes after a cursor, and the cursor to resume from.
pub(crate) async fn run(args: Args, client: &Client, output: Output) -> Result<()> {
    let FeedFilter { category, id, filter } = args.filter;
    let mut request = ListChangesRequest {
        cursor: args.cursor,
        category_id: category,
        product_ids: id,
        filter,
        ..ListChangesRequest::default()
    };
    let mut left = args.limit;
    let caught_up = loop {
        request.page_size = left.min(PAGE);
        let page = client.call(client.feed().list_changes(request.clone())).await?;
        for change in &page.changes {
            match output {
                Output::Json => print_line(&serde_json::to_string(change)?)?,
                Output::Table => print_line(&change_line(change))?,
            }
        }
        left = left.saturating_sub(i32::try_from(page.changes.len()).unwrap_or(i32::MAX));
        let no_progress = page.changes.is_empty() && page.next_cursor == request.cursor;
        request.cursor = page.next_cursor;
        if page.caught_up || left <= 0 || no_progress {
            break page.caught_up;
        }
    };
    match output {
        Output::Json => {
            let last = serde_json::json!({ "nextCursor": request.cursor, "caughtUp": caught_up });
            print_line(&last.to_string())?;
        }
        Output::Table => {
            let more = if caught_up { "no more changes yet" } else { "more changes follow" };
            warn(&format!("{more}; resume with --cursor {}", request.cursor));
        }
    }
    Ok(())
}

/// Formats a change on one line.
pub(crate) fn change_line(change: &Change) -> String {
    let what = match change.op() {
        Op::Created => "created",
        Op::Updated => "updated",
        Op::Deleted => "deleted",
        Op::Stock => "stock",
        Op::Left => "left",
        Op::Unspecified => "changed",
    };
    let time = change.change_time.as_ref().map(format_time).unwrap_or_default();
    // Without the date, which `catctl revisions` shows.
    let time = time.split_once(' ').map_or("", |(_, time)| time);
    let mut text = match change.category_id.as_str() {
        "" => product_line(time, what, &change.product_id, change.product.as_ref()),
        id => {
            let path = change.category.as_ref().map(|category| category.path.join(" > "));
            sanitize(&format!("{time:8}  {what:8}category {id}  {}", path.unwrap_or_default()))
                .trim_end()
                .to_owned()
        }
    };
    if !change.changed_fields.is_empty() && change.op() != Op::Stock {
        text += &sanitize(&format!("  [{}]", change.changed_fields.join(", ")));
    }
    if !change.actor.is_empty() {
        text += &sanitize(&format!("  by {}", change.actor));
        if !change.actor_note.is_empty() {
            text += &sanitize(&format!(" ({})", change.actor_note));
        }
    }
    text
}

/// Formats an event about one product on one line.
pub(crate) fn product_line(time: &str, what: &str, id: &str, product: Option<&Product>) -> String {
    let mut line = format!("{time:8}  {what:8}{}", sanitize(id));
    if let Some(product) = product {
        let details =
            format!("  {}  {}  {} in stock", product.name, price(product), product.stock_qty);
        line += &sanitize(&details);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_one_sanitized_line() {
        let product =
            Product { name: "Mug\u{1b}[2J".to_owned(), stock_qty: 3, ..Product::default() };
        let mut change = Change {
            op: Op::Updated.into(),
            product_id: "7".to_owned(),
            product: Some(product),
            changed_fields: vec!["name".to_owned()],
            change_time: Some(pbjson_types::Timestamp { seconds: 3_661, nanos: 0 }),
            ..Default::default()
        };
        let line = "01:01:01  updated 7  Mug [2J    3 in stock  [name]";
        assert_eq!(change_line(&change), line);
        change.actor = "jo\n@shop".to_owned();
        assert_eq!(change_line(&change), format!("{line}  by jo @shop"));
        change.product_id = String::new();
        change.category_id = "mugs".to_owned();
        assert!(change_line(&change).starts_with("01:01:01  updated category mugs  [name]"));
    }
}
