//! `catctl synonyms`, `stop-words`, `ranking` and `controls`: settings of search.

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use proto::search::v1::{
    Control, DeleteControlRequest, DeleteSynonymRequest, GetRankingRequest, GetStopWordsRequest,
    ListControlsRequest, ListSynonymsRequest, PreviewControlRequest, PutControlRequest,
    PutSynonymRequest, Ranking, SearchRequest, SearchResponse, SetRankingRequest,
    SetStopWordsRequest, StopWords, Synonym,
};

use crate::{
    client::Client,
    listing::Listing,
    output::{Output, format_time, print_line, print_value},
};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl synonyms                                     list all groups
  catctl synonyms set tv tv television                each finds the other
  catctl synonyms set nb --input notebook laptop      `notebook` also finds laptops
  catctl synonyms delete tv")]
pub(crate) struct Synonyms {
    #[command(subcommand)]
    command: Option<SynonymsCommand>,
}

#[derive(Debug, clap::Subcommand)]
enum SynonymsCommand {
    /// Create or replace a group of synonyms
    Set {
        id: String,
        /// Words or phrases; quote a phrase: 'notebook computer'
        #[arg(required = true)]
        words: Vec<String>,
        /// One-way synonym: a query for this also finds the words, not vice versa
        #[arg(long, default_value = "", hide_default_value = true)]
        input: String,
        #[command(flatten)]
        condition: Condition,
    },
    /// Delete a group
    Delete {
        id: String,
        #[command(flatten)]
        condition: Condition,
    },
}

/// The condition of a change.
#[derive(Debug, clap::Args)]
struct Condition {
    /// Only if it still has this etag, which -o json shows: fails if somebody has changed it meanwhile
    #[arg(long, default_value = "", hide_default_value = true)]
    etag: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct StopWordsArgs {
    /// New stop words; shows the current ones when omitted
    words: Vec<String>,
    /// Use no stop words
    #[arg(long, conflicts_with = "words")]
    none: bool,
    #[command(flatten)]
    condition: Condition,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RankingArgs {
    /// New tie-breakers, the most important first, out of in_stock, popularity, newest, price and
    /// 'price desc'; shows the current ones when omitted
    tie_breakers: Vec<String>,
    /// Use no tie-breakers: order equally relevant results by id
    #[arg(long, conflicts_with = "tie_breakers")]
    none: bool,
    #[command(flatten)]
    condition: Condition,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl controls                          list all controls
  catctl controls set spring.json          from a file, or - for standard input
  catctl controls preview spring.json mug  compare the results of `mug` without and with it
  catctl controls delete spring

A control, in JSON:
  {\"id\": \"spring\", \"condition\": {\"queries\": [\"mug\"]}, \"pins\": [\"kiln-mug\"],
   \"boosts\": [{\"filter\": \"brand = Acme\", \"factor\": 2}, {\"filter\": \"stock_qty = 0\", \"factor\": 0.1}],
   \"startTime\": \"2027-03-01T00:00:00Z\"}")]
pub(crate) struct Controls {
    #[command(subcommand)]
    command: Option<ControlsCommand>,
}

#[derive(Debug, clap::Subcommand)]
enum ControlsCommand {
    /// Create or replace a control; one with an etag only if it still has that
    Set { file: PathBuf },
    /// Delete a control
    Delete {
        id: String,
        #[command(flatten)]
        condition: Condition,
    },
    /// Compare the results of a query without and with a control
    Preview {
        file: PathBuf,
        #[arg(required = true)]
        words: Vec<String>,
    },
}

/// Shows or changes synonyms.
pub(crate) async fn synonyms(args: Synonyms, client: &Client, output: Output) -> Result<()> {
    let mut search = client.search_admin();
    match args.command {
        None => {
            let response = client.call(search.list_synonyms(ListSynonymsRequest {})).await?;
            let mut listing = Listing::new(output, ["ID", "SYNONYMS"]);
            for synonym in &response.synonyms {
                listing.add(synonym, || [synonym.id.clone(), group(synonym)])?;
            }
            listing.finish()?;
        }
        Some(SynonymsCommand::Set { id, words, input, condition: Condition { etag } }) => {
            let request = PutSynonymRequest { synonym: Some(Synonym { id, input, words, etag }) };
            let synonym = client.call(search.put_synonym(request)).await?;
            print_value(output, &synonym, || format!("{}: {}", synonym.id, group(&synonym)))?;
        }
        Some(SynonymsCommand::Delete { id, condition: Condition { etag } }) => {
            let request = DeleteSynonymRequest { synonym_id: id.clone(), etag };
            let response = client.call(search.delete_synonym(request)).await?;
            print_value(output, &response, || format!("deleted {id}"))?;
        }
    }
    Ok(())
}

fn group(synonym: &Synonym) -> String {
    match synonym.input.as_str() {
        "" => synonym.words.join(" = "),
        input => format!("{input} -> {}", synonym.words.join(", ")),
    }
}

/// Shows or replaces the stop words.
pub(crate) async fn stop_words(args: StopWordsArgs, client: &Client, output: Output) -> Result<()> {
    let mut search = client.search_admin();
    let words = if args.words.is_empty() && !args.none {
        client.call(search.get_stop_words(GetStopWordsRequest {})).await?
    } else {
        let stop_words = Some(StopWords { words: args.words, etag: args.condition.etag });
        client.call(search.set_stop_words(SetStopWordsRequest { stop_words })).await?
    };
    Ok(print_value(output, &words, || join(&words.words))?)
}

/// Shows or replaces the tie-breakers.
pub(crate) async fn ranking(args: RankingArgs, client: &Client, output: Output) -> Result<()> {
    let mut search = client.search_admin();
    let ranking = if args.tie_breakers.is_empty() && !args.none {
        client.call(search.get_ranking(GetRankingRequest {})).await?
    } else {
        let (tie_breakers, etag) = (args.tie_breakers, args.condition.etag);
        let ranking = Some(Ranking { tie_breakers, etag });
        client.call(search.set_ranking(SetRankingRequest { ranking })).await?
    };
    Ok(print_value(output, &ranking, || join(&ranking.tie_breakers))?)
}

fn join(words: &[String]) -> String {
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

/// Shows, changes or previews controls.
pub(crate) async fn controls(args: Controls, client: &Client, output: Output) -> Result<()> {
    let mut search = client.search_admin();
    match args.command {
        None => {
            let response = client.call(search.list_controls(ListControlsRequest {})).await?;
            let header = ["ID", "PINS", "BOOSTS", "FROM", "UNTIL", "DESCRIPTION"];
            let mut listing = Listing::new(output, header);
            for control in &response.controls {
                listing.add(control, || row(control))?;
            }
            listing.finish()?;
        }
        Some(ControlsCommand::Set { file }) => {
            let request = PutControlRequest { control: Some(read_control(&file)?) };
            let control = client.call(search.put_control(request)).await?;
            print_value(output, &control, || format!("set {}", control.id))?;
        }
        Some(ControlsCommand::Delete { id, condition: Condition { etag } }) => {
            let request = DeleteControlRequest { control_id: id.clone(), etag };
            let response = client.call(search.delete_control(request)).await?;
            print_value(output, &response, || format!("deleted {id}"))?;
        }
        Some(ControlsCommand::Preview { file, words }) => {
            preview(read_control(&file)?, words.join(" "), client, output).await?;
        }
    }
    Ok(())
}

async fn preview(control: Control, query: String, client: &Client, output: Output) -> Result<()> {
    let search = SearchRequest { query, page_size: 10, ..Default::default() };
    let request = PreviewControlRequest { control: Some(control), search: Some(search) };
    let preview = client.call(client.search_admin().preview_control(request)).await?;
    if output == Output::Json {
        return Ok(print_line(&serde_json::to_string_pretty(&preview)?)?);
    }
    let mut listing = Listing::new(output, ["", "NOW", "WITH CONTROL"]);
    let names = [preview.before, preview.after].map(|response| names(response.as_ref()));
    for index in 0..names[0].len().max(names[1].len()) {
        let name = |column: usize| names[column].get(index).cloned().unwrap_or_default();
        listing.add(&(), || [(index + 1).to_string(), name(0), name(1)])?;
    }
    Ok(listing.finish()?)
}

fn names(response: Option<&SearchResponse>) -> Vec<String> {
    let results = response.into_iter().flat_map(|response| &response.results);
    let products = results.filter_map(|result| result.product.as_ref());
    products.map(|product| product.name.clone()).collect()
}

fn row(control: &Control) -> [String; 6] {
    let time = |time: Option<&pbjson_types::Timestamp>| time.map(format_time).unwrap_or_default();
    let end = control.end_time.as_ref();
    [
        control.id.clone(),
        control.pins.len().to_string(),
        control.boosts.len().to_string(),
        time(control.start_time.as_ref()),
        if control.disabled { "disabled".to_owned() } else { time(end) },
        control.description.clone(),
    ]
}

/// Reads a control as JSON from a file, or from standard input for `-`.
fn read_control(file: &Path) -> Result<Control> {
    let mut json = String::new();
    if file == Path::new("-") {
        io::stdin().read_to_string(&mut json).context("reading standard input")?;
    } else {
        json = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    }
    serde_json::from_str(&json).with_context(|| format!("{} is not a control", file.display()))
}
