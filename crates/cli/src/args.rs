//! The command line.

use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::{
    actor::Actor, audit, backup, categories, changes, duration::duration, edit, export, feeds,
    history, import, index, keys, login, output::Output, products, reservations, setting_changes,
    shell, stock, target::TargetArgs, tuning, watch,
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

`catctl COMMAND --help` has details and examples.

Exit codes: 0 success, 1 failure, 2 invalid usage or (import) some rows rejected, 3 not found,
4 conflict with what is there, 5 refused (no valid key, or a scope is missing), 6 server not
reachable or not available, 130 interrupted.

A write whose response is lost is retried with the same request id, so that it is applied once.";

/// Command-line client of the product catalogue.
#[derive(Debug, Parser)]
#[command(name = "catctl", version, after_help = EXAMPLES, max_term_width = 100)]
pub struct Args {
    #[command(flatten)]
    pub(crate) target: TargetArgs,

    /// Output format; with json, lists are one object per line
    #[arg(long, short, global = true, default_value = "table")]
    output: Output,

    /// Same as -o json
    #[arg(long, global = true)]
    json: bool,

    /// Actor recorded with each write [default: user@host]
    #[arg(long, global = true, env = "CATCTL_ACTOR", value_name = "NAME", value_parser = Actor::parse)]
    pub(crate) actor: Option<Actor>,

    /// Timeout of a single request, such as 500ms, 10s or 2m
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
    /// Create and update products from a file: CSV, JSON, XML or XLSX, also compressed
    Import(import::Args),

    /// Write products to a file, in a format that import reads
    Export(export::Args),

    /// Copy the database of an embedded (SQLite) catalogue, which may be running, to a file
    Backup(backup::Backup),

    /// Replace the database of a stopped embedded catalogue by a backup
    Restore(backup::Restore),

    /// Show products by id
    Get(products::Get),

    /// List products, ordered by id
    List(products::List),

    /// Search for products, most relevant first
    Search(products::Search),

    /// Show completions of a partial query
    Suggest(index::Suggest),

    /// Show the most frequent queries, or those without results
    Queries(index::Queries),

    /// Show the size and freshness of the search index, or rebuild it
    Index(index::Index),

    /// Show or change synonyms
    Synonyms(tuning::Synonyms),

    /// Show or replace the stop words, which queries ignore
    StopWords(tuning::StopWordsArgs),

    /// Show or replace the tie-breakers between equally relevant results
    Ranking(tuning::RankingArgs),

    /// Show or change controls, which pin, boost or demote products for certain queries
    Controls(tuning::Controls),

    /// Show who changed which setting of search to what
    SettingChanges(setting_changes::Args),

    /// Create a product
    Create(edit::Create),

    /// Delete a product; undelete restores it, unless it is purged
    Delete(edit::Delete),

    /// Restore a deleted product
    Undelete(edit::Undelete),

    /// Show the revisions of a product: time, actor and changes of each
    Revisions(history::Revisions),

    /// Restore the content of a product from an earlier revision
    Revert(edit::Revert),

    /// Show or change the stock of a product
    Stock(stock::Args),

    /// Reserve stock for a limited time, such as for a checkout
    Reserve(reservations::Reserve),

    /// Show a reservation: its items, state and expiry time
    Reservation(reservations::Show),

    /// Commit a reservation: its items are sold
    Commit(reservations::ReservationArgs),

    /// Release a reservation: its items return to the stock
    Release(reservations::ReservationArgs),

    /// Show the category tree with product counts, or change it
    Categories(categories::Args),

    /// List changes after a cursor
    Changes(changes::Args),

    /// Print every change as it happens, until Ctrl+C
    Watch(watch::Args),

    /// Check or push the feeds that other systems take
    Feed(feeds::Args),

    /// Create, list, revoke or rotate API keys
    Key(keys::Args),

    /// Show who wrote what and who was refused, or erase a person from it
    Audit(audit::Args),

    /// Check a key, and store it with its server as a profile
    Login(login::Login),

    /// Forget a profile
    Logout,

    /// Print the completions of a shell
    Completions(shell::Completions),

    /// Write the manual pages
    Man(shell::Man),

    /// Check that the server responds; show product count and search index state
    Status,
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
    fn a_stock_delta_may_begin_with_a_minus() {
        for text in ["-3", "+4", "5"] {
            let args = Args::try_parse_from(["catctl", "stock", "7", text]).unwrap();
            assert!(matches!(args.command, Command::Stock(_)), "{text}");
        }
        let is_accepted = |text: &str| {
            let words = ["catctl", "stock"].into_iter().chain(text.split(' '));
            Args::try_parse_from(words).is_ok()
        };
        for right in ["7 -o json", "--sku s", "--sku s --delta -3", "7 --set 4 --expected 3"] {
            assert!(is_accepted(right), "{right}");
        }
        for wrong in ["7 +1 --set 4", "7 --delta 1 --set 4", "7 --expected 4", "7 --set -1"] {
            assert!(!is_accepted(wrong), "{wrong}");
        }
    }
}
