//! The command line.

use std::{path::PathBuf, time::Duration};

use clap::{Parser, Subcommand};

use crate::{import, output::Output};

const EXAMPLES: &str = "\
Examples:
  catctl status
  catctl import products.jsonl.gz --map examples/icecat.toml
  catctl search wireless mouse -n 5
  catctl get 1399
  catctl stock 1399 +10
  catctl list -o json | jq -r .name
  catctl export backup.jsonl.gz

`catctl COMMAND --help` tells more. Exit code: 0 done, 1 failed, 2 used wrongly or (import) some
rows rejected.";

/// The product catalogue from the command line.
#[derive(Debug, Parser)]
#[command(name = "catctl", version, after_help = EXAMPLES, max_term_width = 100)]
pub struct Args {
    /// Where the gateway is
    #[arg(long, global = true, env = "CATCTL_SERVER", default_value = "http://127.0.0.1:8080")]
    pub(crate) server: String,

    /// How answers are written; json is one object a line for lists
    #[arg(long, short, global = true, default_value = "table")]
    pub(crate) output: Output,

    /// How long to wait for a single answer, such as 500ms, 10s or 2m
    #[arg(long, global = true, value_name = "TIME", default_value = "10s", value_parser = duration)]
    pub(crate) timeout: Duration,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create and update products from a file: JSON lines or CSV
    Import(import::Args),

    /// Write products to a file, in the form that import takes
    #[command(after_help = "\
Examples:
  catctl export backup.jsonl.gz
  catctl export -c kitchen --format csv | less

CSV has the columns that import knows; attributes are in JSON lines only.")]
    Export {
        /// Where to; `-` is standard output. Packed if it ends in .gz
        #[arg(default_value = "-")]
        file: PathBuf,
        /// Only this category and what is below it
        #[arg(long, short, value_name = "ID")]
        category: Option<String>,
        /// The form, where the file's name does not tell
        #[arg(long)]
        format: Option<import::Format>,
        /// Show no progress
        #[arg(long, short)]
        quiet: bool,
    },

    /// Show products by their ids
    Get {
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
    },

    /// List products in the order of their ids
    List {
        /// Only this category and what is below it
        #[arg(long, short, value_name = "ID")]
        category: Option<String>,
        /// How many at most; without it, all
        #[arg(long, short = 'n', value_parser = clap::value_parser!(i32).range(1..))]
        limit: Option<i32>,
    },

    /// Find products by words, best first
    Search {
        #[arg(required = true)]
        words: Vec<String>,
        /// Only this category and what is below it
        #[arg(long, short, value_name = "ID")]
        category: Option<String>,
        /// How many at most
        #[arg(long, short = 'n', default_value_t = 20, value_parser = clap::value_parser!(i32).range(1..))]
        limit: i32,
    },

    /// Show a product's stock, or change it by an amount
    #[command(after_help = "\
Examples:
  catctl stock 1399        how many there are
  catctl stock 1399 +10    ten came in
  catctl stock 1399 -3     three were sold; never below zero")]
    Stock {
        id: String,
        /// How many to add, or with a minus to take away
        #[arg(allow_hyphen_values = true)]
        delta: Option<i32>,
    },

    /// Print every change as it happens, until Ctrl+C
    Watch {
        /// Begin with everything there is
        #[arg(long)]
        from_start: bool,
    },

    /// Create a product
    #[command(
        after_help = "Example:\n  catctl create \"Blue mug\" --price 4.50 --currency EUR --stock 12"
    )]
    Create {
        name: String,
        /// Without one it is given one
        #[arg(long)]
        id: Option<String>,
        #[arg(long)]
        brand: Option<String>,
        #[arg(long)]
        description: Option<String>,
        /// A decimal amount
        #[arg(long, allow_hyphen_values = true)]
        price: Option<String>,
        /// ISO 4217
        #[arg(long, default_value = "EUR")]
        currency: String,
        #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i32).range(0..))]
        stock: i32,
        /// The id of a category it is in; may be given several times
        #[arg(long, short, value_name = "ID")]
        category: Vec<String>,
    },

    /// Delete a product
    Delete { id: String },

    /// Show the tree of categories and how many products are in each
    Categories,

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
        for (text, amount) in [("-3", -3), ("+4", 4), ("5", 5)] {
            let args = Args::try_parse_from(["catctl", "stock", "7", text]).unwrap();
            let Command::Stock { delta, .. } = args.command else { panic!("stock was asked") };
            assert_eq!(delta, Some(amount));
        }
        assert!(Args::try_parse_from(["catctl", "stock", "7", "-o", "json"]).is_ok());
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
