//! `catctl index`, `queries` and `suggest`: the search index, query statistics, completions.

use std::time::Duration;

use anyhow::Result;
use proto::search::v1::{
    GetIndexStatusRequest, GetIndexStatusResponse, ListQueryStatsRequest, RebuildIndexRequest,
    SuggestRequest, suggestion::Target,
};

use crate::{
    client::Client,
    listing::Listing,
    output::{Output, count, format_time, print_line, print_value, sanitize},
};

/// Interval at which `rebuild --wait` polls the index status.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl index                   size and freshness
  catctl index rebuild --wait    rebuild it; queries are served meanwhile")]
pub(crate) struct Index {
    #[command(subcommand)]
    command: Option<IndexCommand>,
}

#[derive(Debug, clap::Subcommand)]
enum IndexCommand {
    /// Build a new index in the background, then replace the current one
    Rebuild {
        /// Wait until the new index is in use
        #[arg(long)]
        wait: bool,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Queries {
    /// Only queries without results
    #[arg(long)]
    without_results: bool,
    /// Maximum number of queries
    #[arg(long, short = 'n', default_value_t = 20, value_parser = clap::value_parser!(i32).range(1..))]
    limit: i32,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Suggest {
    /// Partial query
    #[arg(required = true)]
    words: Vec<String>,
    /// Maximum number of completions
    #[arg(long, short = 'n', default_value_t = 8, value_parser = clap::value_parser!(i32).range(1..))]
    limit: i32,
}

/// Shows the index status, or rebuilds the index.
pub(crate) async fn index(args: Index, client: &Client, output: Output) -> Result<()> {
    let Some(IndexCommand::Rebuild { wait }) = args.command else {
        let status = status(client).await?;
        return Ok(print_value(output, &status, || status_line(&status))?);
    };
    let started = client.call(client.search_admin().rebuild_index(RebuildIndexRequest {})).await?;
    if !wait {
        return Ok(print_value(output, &started, || {
            "rebuilding; `catctl index` shows the progress".into()
        })?);
    }
    loop {
        let status = status(client).await?;
        if !status.rebuilding {
            return Ok(print_value(output, &status, || status_line(&status))?);
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}

async fn status(client: &Client) -> Result<GetIndexStatusResponse> {
    client.call(client.search_admin().get_index_status(GetIndexStatusRequest {})).await
}

fn status_line(status: &GetIndexStatusResponse) -> String {
    let state = if status.caught_up { "up to date" } else { "catching up" };
    let mut line = format!(
        "{} products, {state}, {} MB, schema version {}",
        count(status.product_count),
        count(status.size_bytes / 1_000_000),
        status.schema_version,
    );
    if status.rebuilding {
        line += &format!("; rebuilding, {} products so far", count(status.rebuilt_count));
    }
    line
}

/// Shows query statistics, most frequent first.
pub(crate) async fn queries(args: Queries, client: &Client, output: Output) -> Result<()> {
    let Queries { without_results, limit } = args;
    let request = ListQueryStatsRequest { without_results, page_size: limit };
    let response = client.call(client.search_admin().list_query_stats(request)).await?;
    let mut listing = Listing::new(output, ["QUERY", "COUNT", "RESULTS", "LAST"]);
    for query in &response.queries {
        listing.add(query, || {
            let last = query.last_time.as_ref().map(format_time).unwrap_or_default();
            [query.query.clone(), query.count.to_string(), query.results.to_string(), last]
        })?;
    }
    Ok(listing.finish()?)
}

/// Shows completions of a partial query.
pub(crate) async fn suggest(args: Suggest, client: &Client, output: Output) -> Result<()> {
    let Suggest { words, limit } = args;
    let request = SuggestRequest { query: words.join(" "), limit, ..Default::default() };
    let response = client.call(client.search().suggest(request)).await?;
    for suggestion in response.suggestions {
        if output == Output::Json {
            print_line(&serde_json::to_string(&suggestion)?)?;
            continue;
        }
        let target = match &suggestion.target {
            Some(Target::ProductId(id)) => format!("product {id}"),
            Some(Target::CategoryId(id)) => format!("category {id}"),
            Some(Target::Query(_)) | None => "query".to_owned(),
        };
        print_line(&sanitize(&format!("{}  ({target})", suggestion.text)))?;
    }
    Ok(())
}
