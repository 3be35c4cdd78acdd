//! `cargo xtask bench`: measurements of a release build, kept out of the tests because they take time
//! and a quiet machine.

use std::ffi::OsString;

use anyhow::Result;
use clap::ValueEnum as _;

use crate::cargo::{self, cargo};

/// Measure a release build against what the README promises
#[derive(clap::Args)]
pub(crate) struct Args {
    /// What to measure
    #[arg(value_enum)]
    what: What,
    /// With `relevance`: look for better parameters of the ranking instead, which takes long
    #[arg(long)]
    tune: bool,
    /// Options of the measurement itself, such as `--products 200000` of `search`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    options: Vec<OsString>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// What a call through the client stack costs beside one over a bare channel
    Client,
    /// The real data set from file to found: time, and memory of each service
    Import,
    /// What traces and metrics cost a call, and what becomes of calls when the collector is ill
    Telemetry,
    /// Products in bulk, in and out, on both engines: rate, processor time, memory
    Transfer,
    /// Single products, lists, searches and writes, beside catalogues in Go, C++ and Node
    Reads,
    /// The answers to judged queries, through the gateway
    Relevance,
    /// Searches through the gateway, at three sizes: time, memory, disk
    Search,
}

/// Runs `cargo xtask bench`.
///
/// # Errors
/// It does not build, or a promise is not kept.
pub(crate) fn run(args: &Args) -> Result<()> {
    if args.tune {
        anyhow::ensure!(args.what == What::Relevance, "only the ranking can be tuned");
        let tuner = ["run", "--release", "-p", "search", "--example", "relevance", "--"];
        let mut tuner = cargo(tuner);
        tuner.args(["../shared/data", "tune"]).args(&args.options);
        return cargo::run(&mut tuner, "the tuning");
    }
    let what = args.what.to_possible_value().expect("none is left out");
    let mut bench = cargo::released("bench")?;
    cargo::run(bench.arg(what.get_name()).args(&args.options), "the bench")
}
