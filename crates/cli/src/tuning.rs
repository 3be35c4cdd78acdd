//! `catctl synonyms`, `stop-words`, `ranking` and `controls`: what merchandisers tell search.

use std::{io::Read as _, path::Path};

use anyhow::{Context as _, Result};
use proto::search::v1::{
    Control, DeleteControlRequest, DeleteSynonymRequest, GetRankingRequest, GetStopWordsRequest,
    ListControlsRequest, ListSynonymsRequest, PreviewControlRequest, PutControlRequest,
    PutSynonymRequest, Ranking, SearchRequest, SearchResponse, SetRankingRequest,
    SetStopWordsRequest, StopWords, Synonym,
};

use crate::{
    output::{Output, answer, clean, moment, print_line, table, text},
    server::Server,
};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl synonyms                                     all of them
  catctl synonyms set tv tv television                both mean each other
  catctl synonyms set nb --input notebook laptop      who asks for a notebook finds laptops as well
  catctl synonyms delete tv")]
pub(crate) struct Synonyms {
    #[command(subcommand)]
    command: Option<SynonymsCommand>,
}

#[derive(Debug, clap::Subcommand)]
enum SynonymsCommand {
    /// Add a group, or replace the one of that id
    Set {
        id: String,
        /// Several words in one argument belong together: 'notebook computer'
        #[arg(required = true)]
        words: Vec<String>,
        /// Only one way: who asks for this finds the words as well
        #[arg(long, default_value = "", hide_default_value = true)]
        input: String,
    },
    /// Remove a group
    Delete { id: String },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Words {
    /// What queries are to be read without from now on; none: show what they are
    words: Vec<String>,
    /// Read queries as they are
    #[arg(long, conflicts_with = "words")]
    none: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Order {
    /// What is to decide between equally good hits from now on, the most important first: in_stock,
    /// popularity, newest, price, 'price desc'; none: show what does
    tie_breakers: Vec<String>,
    /// Order them by their ids
    #[arg(long, conflicts_with = "tie_breakers")]
    none: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl controls                          all of them
  catctl controls set spring.json          from a file, or - for standard input
  catctl controls preview spring.json mug  what `mug` finds now, and would find
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
    /// Add a control, or replace the one of its id
    Set {
        #[arg(value_name = "FILE")]
        file: std::path::PathBuf,
    },
    /// Remove a control
    Delete { id: String },
    /// Show what a query finds, and would find with the control in force
    Preview {
        #[arg(value_name = "FILE")]
        file: std::path::PathBuf,
        #[arg(required = true)]
        words: Vec<String>,
    },
}

/// Shows or changes synonyms.
pub(crate) async fn synonyms(args: Synonyms, server: &Server, output: Output) -> Result<()> {
    let mut search = server.search_admin();
    match args.command {
        None => {
            let all = server.ask(search.list_synonyms(ListSynonymsRequest {})).await?.synonyms;
            let mut table = table();
            table.set_header(["ID", "SYNONYMS"]);
            for synonym in &all {
                match output {
                    Output::Json => print_line(&serde_json::to_string(synonym)?)?,
                    Output::Table => {
                        table.add_row([clean(&synonym.id), clean(&meaning(synonym))]);
                    }
                }
            }
            if output == Output::Table {
                print_line(&text(table))?;
            }
        }
        Some(SynonymsCommand::Set { id, words, input }) => {
            let request = PutSynonymRequest { synonym: Some(Synonym { id, input, words }) };
            let kept = server.ask(search.put_synonym(request)).await?;
            answer(output, &kept, || format!("{}: {}", kept.id, meaning(&kept)))?;
        }
        Some(SynonymsCommand::Delete { id }) => {
            let request = DeleteSynonymRequest { synonym_id: id.clone() };
            let done = server.ask(search.delete_synonym(request)).await?;
            answer(output, &done, || format!("deleted {id}"))?;
        }
    }
    Ok(())
}

fn meaning(synonym: &Synonym) -> String {
    match synonym.input.as_str() {
        "" => synonym.words.join(" = "),
        input => format!("{input} -> {}", synonym.words.join(", ")),
    }
}

/// Shows or replaces the words that queries are read without.
pub(crate) async fn stop_words(args: Words, server: &Server, output: Output) -> Result<()> {
    let mut search = server.search_admin();
    let words = if args.words.is_empty() && !args.none {
        server.ask(search.get_stop_words(GetStopWordsRequest {})).await?
    } else {
        let stop_words = Some(StopWords { words: args.words });
        server.ask(search.set_stop_words(SetStopWordsRequest { stop_words })).await?
    };
    Ok(answer(output, &words, || listed(&words.words))?)
}

/// Shows or replaces what decides between equally good hits.
pub(crate) async fn ranking(args: Order, server: &Server, output: Output) -> Result<()> {
    let mut search = server.search_admin();
    let ranking = if args.tie_breakers.is_empty() && !args.none {
        server.ask(search.get_ranking(GetRankingRequest {})).await?
    } else {
        let ranking = Some(Ranking { tie_breakers: args.tie_breakers });
        server.ask(search.set_ranking(SetRankingRequest { ranking })).await?
    };
    Ok(answer(output, &ranking, || listed(&ranking.tie_breakers))?)
}

fn listed(words: &[String]) -> String {
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

/// Shows, changes or tries controls.
pub(crate) async fn controls(args: Controls, server: &Server, output: Output) -> Result<()> {
    let mut search = server.search_admin();
    match args.command {
        None => {
            let all = server.ask(search.list_controls(ListControlsRequest {})).await?.controls;
            let mut table = table();
            table.set_header(["ID", "PINS", "BOOSTS", "FROM", "UNTIL", "DESCRIPTION"]);
            for control in &all {
                match output {
                    Output::Json => print_line(&serde_json::to_string(control)?)?,
                    Output::Table => drop(table.add_row(row(control))),
                }
            }
            if output == Output::Table {
                print_line(&text(table))?;
            }
        }
        Some(ControlsCommand::Set { file }) => {
            let request = PutControlRequest { control: Some(read(&file)?) };
            let kept = server.ask(search.put_control(request)).await?;
            answer(output, &kept, || format!("set {}", kept.id))?;
        }
        Some(ControlsCommand::Delete { id }) => {
            let request = DeleteControlRequest { control_id: id.clone() };
            let done = server.ask(search.delete_control(request)).await?;
            answer(output, &done, || format!("deleted {id}"))?;
        }
        Some(ControlsCommand::Preview { file, words }) => {
            let search =
                SearchRequest { query: words.join(" "), page_size: 10, ..Default::default() };
            let request =
                PreviewControlRequest { control: Some(read(&file)?), search: Some(search) };
            let preview = server.ask(server.search_admin().preview_control(request)).await?;
            if output == Output::Json {
                return Ok(print_line(&serde_json::to_string_pretty(&preview)?)?);
            }
            let mut table = table();
            table.set_header(["", "NOW", "WITH IT"]);
            let names = [preview.before, preview.after].map(|found| names(found.as_ref()));
            for place in 0..names[0].len().max(names[1].len()) {
                let name = |column: usize| names[column].get(place).cloned().unwrap_or_default();
                table.add_row([(place + 1).to_string(), name(0), name(1)]);
            }
            print_line(&text(table))?;
        }
    }
    Ok(())
}

fn names(found: Option<&SearchResponse>) -> Vec<String> {
    let hits = found.into_iter().flat_map(|found| &found.results);
    let products = hits.filter_map(|hit| hit.product.as_ref());
    products.map(|product| clean(&product.name)).collect()
}

fn row(control: &Control) -> [String; 6] {
    let time = |time: Option<&pbjson_types::Timestamp>| time.map(moment).unwrap_or_default();
    let until = match control.disabled {
        true => "switched off".to_owned(),
        false => time(control.end_time.as_ref()),
    };
    [
        clean(&control.id),
        control.pins.len().to_string(),
        control.boosts.len().to_string(),
        time(control.start_time.as_ref()),
        until,
        clean(&control.description),
    ]
}

/// A control from a file, or `-` for standard input.
fn read(file: &Path) -> Result<Control> {
    let mut json = String::new();
    if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut json).context("reading standard input")?;
    } else {
        json =
            std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    }
    serde_json::from_str(&json).with_context(|| format!("{} is not a control", file.display()))
}
