//! The command line.

use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::{
    caller::{self, Actor},
    categories, changes, edit, export, history, import, index,
    output::Output,
    products, reservations, stock, tuning, watch,
};

const EXAMPLES: &str = "\
Examples:
  catctl status
  catctl import products.jsonl.gz --map examples/icecat.toml
  catctl search wireless mouse -n 5
  catctl get 1399
  catctl stock 1399 +10
  catctl list --filter 'stock_qty = 0' --json | jq -r .name
  catctl revisions 1399
  catctl export backup.jsonl.gz

`catctl COMMAND --help` tells more. Exit code: 0 done, 1 failed, 2 used wrongly or (import) some
rows rejected.

A write that is cut is tried again under the same request id, so that it is done once.";

/// The product catalogue from the command line.
#[derive(Debug, Parser)]
#[command(name = "catctl", version, after_help = EXAMPLES, max_term_width = 100)]
pub struct Args {
    /// Where the gateway is
    #[arg(long, global = true, env = "CATCTL_SERVER", default_value = "http://127.0.0.1:8080")]
    pub(crate) server: String,

    /// How answers are written; json is one object a line for lists
    #[arg(long, short, global = true, default_value = "table")]
    output: Output,

    /// Short for -o json
    #[arg(long, global = true)]
    json: bool,

    /// Who changes are said to be made by [default: user@host]
    #[arg(long, global = true, env = "CATCTL_ACTOR", value_name = "NAME", value_parser = caller::actor)]
    pub(crate) actor: Option<Actor>,

    /// How long to wait for a single answer, such as 500ms, 10s or 2m
    #[arg(long, global = true, value_name = "TIME", default_value = "10s", value_parser = duration)]
    pub(crate) timeout: Duration,

    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Args {
    pub(crate) fn output(&self) -> Output {
        if self.json { Output::Json } else { self.output }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create and update products from a file: JSON lines or CSV
    Import(import::Args),

    /// Write products to a file, in the form that import takes
    Export(export::Args),

    /// Show products by their ids
    Get(products::Get),

    /// List products in the order of their ids
    List(products::List),

    /// Find products by words, best first
    Search(products::Search),

    /// Complete what is being typed
    Suggest(index::Suggest),

    /// Show what is asked for most, or most in vain
    Queries(index::Queries),

    /// Show what search holds and how fresh it is, or build it anew
    Index(index::Index),

    /// Show or change words that mean the same
    Synonyms(tuning::Synonyms),

    /// Show or replace the words that queries are read without
    StopWords(tuning::Words),

    /// Show or replace what decides between equally good hits
    Ranking(tuning::Order),

    /// Show or change what comes first for certain queries, or further up or down
    Controls(tuning::Controls),

    /// Create a product
    Create(edit::Create),

    /// Delete a product; it can be brought back, unless it is purged
    Delete(edit::Delete),

    /// Bring a deleted product back
    Undelete(edit::Undelete),

    /// Show who changed what of a product, and when
    Revisions(history::Revisions),

    /// Give a product the content it had at an earlier revision
    Revert(edit::Revert),

    /// Show a product's stock, or change it
    Stock(stock::Args),

    /// Take goods out of the stock for a while, for somebody who is about to buy them
    Reserve(reservations::Reserve),

    /// Make a reservation final: the goods are sold
    Commit(reservations::Settle),

    /// Give a reservation's goods back to the stock
    Release(reservations::Settle),

    /// Show the tree of categories and how many products are in each, or change it
    Categories(categories::Args),

    /// List changes after a cursor
    Changes(changes::Args),

    /// Print every change as it happens, until Ctrl+C
    Watch(watch::Args),

    /// Say whether the server answers, how many products there are and whether all can be found
    Status,
}

/// Reads a time such as `500ms`, `10s`, `2m`, or a bare number of seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let milliseconds = match &text[digits.len()..] {
        "ms" => 1,
        "s" | "" => 1_000,
        "m" => 60_000,
        _ => 0,
    };
    let number: u64 = digits.parse().unwrap_or(0);
    match number.checked_mul(milliseconds) {
        // A day is for ever here, and keeps all sums with instants in range.
        Some(total @ 1..=86_400_000) => Ok(Duration::from_millis(total)),
        _ => Err("must be a time such as 500ms, 10s or 2m, at most a day".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        Args::command().debug_assert();
    }

    #[test]
    fn a_stock_may_be_taken_away_with_a_bare_minus() {
        for text in ["-3", "+4", "5"] {
            let args = Args::try_parse_from(["catctl", "stock", "7", text]).unwrap();
            assert!(matches!(args.command, Command::Stock(_)), "{text}");
        }
        let is_taken = |text: &str| {
            let words = ["catctl", "stock"].into_iter().chain(text.split(' '));
            Args::try_parse_from(words).is_ok()
        };
        for right in ["7 -o json", "--sku s", "--sku s --delta -3", "7 --set 4 --expected 3"] {
            assert!(is_taken(right), "{right}");
        }
        for wrong in ["7 +1 --set 4", "7 --delta 1 --set 4", "7 --expected 4", "7 --set -1"] {
            assert!(!is_taken(wrong), "{wrong}");
        }
    }

    #[test]
    fn times_have_units() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("10"), Ok(Duration::from_secs(10)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        for wrong in ["", "0s", "-1s", "1h", "s", "99999999999999999999s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
