//! `catctl index`, `queries` and `suggest`: what search holds, and what it is asked.

use std::time::Duration;

use anyhow::Result;
use proto::search::v1::{
    GetIndexStatusRequest, GetIndexStatusResponse, ListQueryStatsRequest, RebuildIndexRequest,
    SuggestRequest, suggestion::Target,
};

use crate::{
    output::{Output, answer, clean, moment, print_line, table, text, thousands},
    server::Server,
};

/// How often a rebuild that is waited for is asked how far it is.
const EVERY: Duration = Duration::from_millis(500);

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl index                   what it holds, and how fresh it is
  catctl index rebuild --wait    build it anew; queries go on")]
pub(crate) struct Index {
    #[command(subcommand)]
    command: Option<IndexCommand>,
}

#[derive(Debug, clap::Subcommand)]
enum IndexCommand {
    /// Build the index anew, aside, and put it in the place of the present one
    Rebuild {
        /// Return when it is done
        #[arg(long)]
        wait: bool,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Queries {
    /// Only those that found nothing
    #[arg(long)]
    without_results: bool,
    /// How many at most
    #[arg(long, short = 'n', default_value_t = 20, value_parser = clap::value_parser!(i32).range(1..))]
    limit: i32,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Suggest {
    /// What has been typed so far
    #[arg(required = true)]
    words: Vec<String>,
    /// How many at most
    #[arg(long, short = 'n', default_value_t = 8, value_parser = clap::value_parser!(i32).range(1..))]
    limit: i32,
}

/// Shows the index, or has it built anew.
pub(crate) async fn index(args: Index, server: &Server, output: Output) -> Result<()> {
    let Some(IndexCommand::Rebuild { wait }) = args.command else {
        let status = status(server).await?;
        return Ok(answer(output, &status, || lines(&status))?);
    };
    let begun = server.ask(server.search_admin().rebuild_index(RebuildIndexRequest {})).await?;
    if !wait {
        return Ok(answer(output, &begun, || {
            "rebuilding; `catctl index` says how far it is".into()
        })?);
    }
    loop {
        let status = status(server).await?;
        if !status.rebuilding {
            return Ok(answer(output, &status, || lines(&status))?);
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn status(server: &Server) -> Result<GetIndexStatusResponse> {
    server.ask(server.search_admin().get_index_status(GetIndexStatusRequest {})).await
}

fn lines(status: &GetIndexStatusResponse) -> String {
    let number = |number: i64| thousands(u64::try_from(number).unwrap_or(0));
    let state = if status.caught_up { "up to date" } else { "catching up" };
    let rebuilding = match status.rebuilding {
        true => format!("; rebuilding, {} products so far", number(status.rebuilt_count)),
        false => String::new(),
    };
    format!(
        "{} products, {state}, {} MB, form {}{rebuilding}",
        number(status.product_count),
        number(status.size_bytes / 1_000_000),
        status.schema_version,
    )
}

/// Shows what is asked for most, or most in vain.
pub(crate) async fn queries(args: Queries, server: &Server, output: Output) -> Result<()> {
    let Queries { without_results, limit } = args;
    let request = ListQueryStatsRequest { without_results, page_size: limit };
    let asked = server.ask(server.search_admin().list_query_stats(request)).await?.queries;
    let mut table = table();
    table.set_header(["QUERY", "ASKED", "FOUND", "LAST"]);
    for query in &asked {
        match output {
            Output::Json => print_line(&serde_json::to_string(query)?)?,
            Output::Table => {
                let last = query.last_time.as_ref().map(moment).unwrap_or_default();
                let (count, results) = (query.count.to_string(), query.results.to_string());
                table.add_row([clean(&query.query), count, results, last]);
            }
        }
    }
    match output {
        Output::Json => Ok(()),
        Output::Table => Ok(print_line(&text(table))?),
    }
}

/// Completes what is being typed.
pub(crate) async fn suggest(args: Suggest, server: &Server, output: Output) -> Result<()> {
    let Suggest { words, limit } = args;
    let request = SuggestRequest { query: words.join(" "), limit, ..Default::default() };
    let answer = server.ask(server.search().suggest(request)).await?;
    for suggestion in answer.suggestions {
        if output == Output::Json {
            print_line(&serde_json::to_string(&suggestion)?)?;
            continue;
        }
        let target = match &suggestion.target {
            Some(Target::ProductId(id)) => format!("product {id}"),
            Some(Target::CategoryId(id)) => format!("category {id}"),
            Some(Target::Query(_)) | None => "query".to_owned(),
        };
        print_line(&clean(&format!("{}  ({target})", suggestion.text)))?;
    }
    Ok(())
}
