//! `catctl changes`: the change feed, asked for rather than listened to.

use anyhow::Result;
use proto::catalogue::v1::{Change, ListChangesRequest, Product, change::Op};

use crate::{
    output::{Output, clean, moment, price, print_line, warn},
    server::Server,
};

/// The largest page of changes.
const PAGE: i32 = 1_000;

/// Which products a feed is about.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Scope {
    /// Only products in this category or below it
    #[arg(long, short, value_name = "ID", default_value = "", hide_default_value = true)]
    pub(crate) category: String,
    /// Only this product; may be given several times
    #[arg(long, value_name = "ID")]
    pub(crate) id: Vec<String>,
    /// Only products that match, such as 'status = ACTIVE'
    #[arg(long, value_name = "FILTER", default_value = "", hide_default_value = true)]
    pub(crate) filter: String,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl changes                   from the oldest change that is kept
  catctl changes --cursor CURSOR   what came after it
  catctl changes --json            one object a line; the last line has nextCursor

Times are in UTC. `catctl watch` prints changes as they happen.")]
pub(crate) struct Args {
    /// Go on after this one: the cursor told by an earlier `changes` or `watch`, or the revision
    /// token of a write. Goes with the same --category, --id and --filter
    #[arg(long, default_value = "", hide_default_value = true)]
    cursor: String,
    /// How many at most
    #[arg(long, short = 'n', default_value_t = 100, value_parser = clap::value_parser!(i32).range(1..))]
    limit: i32,
    #[command(flatten)]
    scope: Scope,
}

/// Shows changes after a cursor, and the cursor behind them.
pub(crate) async fn run(args: Args, server: &Server, output: Output) -> Result<()> {
    let Scope { category, id, filter } = args.scope;
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
        let page = server.ask(server.feed().list_changes(request.clone())).await?;
        for change in &page.changes {
            match output {
                Output::Json => print_line(&serde_json::to_string(change)?)?,
                Output::Table => print_line(&change_line(change))?,
            }
        }
        left = left.saturating_sub(i32::try_from(page.changes.len()).unwrap_or(i32::MAX));
        let stands_still = page.changes.is_empty() && page.next_cursor == request.cursor;
        request.cursor = page.next_cursor;
        if page.caught_up || left <= 0 || stands_still {
            break page.caught_up;
        }
    };
    match output {
        Output::Json => {
            let last = serde_json::json!({ "nextCursor": request.cursor, "caughtUp": caught_up });
            print_line(&last.to_string())?;
        }
        Output::Table => {
            let more = if caught_up { "that is all for now" } else { "there are more" };
            warn(&format!("{more}; go on with --cursor {}", request.cursor));
        }
    }
    Ok(())
}

/// A change on one line.
pub(crate) fn change_line(change: &Change) -> String {
    let what = match change.op() {
        Op::Created => "created",
        Op::Updated => "updated",
        Op::Deleted => "deleted",
        Op::Stock => "stock",
        Op::Left => "left",
        Op::Unspecified => "changed",
    };
    let time = change.change_time.as_ref().map(moment).unwrap_or_default();
    // A change is shown where the time of day is enough: the day is in `catctl revisions`.
    let time = time.split_once(' ').map_or("", |(_, time)| time);
    let mut text = match change.category_id.as_str() {
        "" => line(time, what, &change.product_id, change.product.as_ref()),
        id => {
            let path = change.category.as_ref().map(|category| category.path.join(" > "));
            clean(&format!("{time:8}  {what:8}category {id}  {}", path.unwrap_or_default()))
                .trim_end()
                .to_owned()
        }
    };
    if !change.changed_fields.is_empty() && change.op() != Op::Stock {
        text += &clean(&format!("  [{}]", change.changed_fields.join(", ")));
    }
    if !change.actor.is_empty() {
        text += &clean(&format!("  by {}", change.actor));
    }
    text
}

/// What is said of one product on a line.
pub(crate) fn line(time: &str, what: &str, id: &str, product: Option<&Product>) -> String {
    let mut line = format!("{time:8}  {what:8}{}", clean(id));
    if let Some(product) = product {
        let about =
            format!("  {}  {}  {} in stock", product.name, price(product), product.stock_qty);
        line += &clean(&about);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_one_harmless_line() {
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
