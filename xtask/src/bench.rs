//! `cargo xtask bench`: benchmarks of a release build, separate from the tests because they take long
//! and need an idle machine.

use std::ffi::OsString;

use anyhow::Result;
use clap::ValueEnum as _;

use crate::{
    cargo::{self, cargo},
    profile,
};

/// Measure a release build against the figures in the README
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Benchmark to run
    #[arg(value_enum)]
    what: Benchmark,
    /// With `relevance`: search for better ranking parameters instead, which takes long
    #[arg(long)]
    tune: bool,
    /// Options of the benchmark, such as `--products 200000` of `search`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    options: Vec<OsString>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Benchmark {
    /// Cost of a call through the client stack, compared with a bare channel
    Client,
    /// The real data set from file to search results: time, and memory of each service
    Import,
    /// Cost of traces and metrics per call, and calls while the collector fails
    Telemetry,
    /// Bulk import and export on both databases: rate, CPU time, memory
    Transfer,
    /// Single products, lists, searches and writes, compared with catalogues in Go, C++ and Node
    Reads,
    /// Relevance of search results for judged queries, through the gateway
    Relevance,
    /// Searches through the gateway, at three index sizes: time, memory, disk
    Search,
}

/// Runs `cargo xtask bench`.
///
/// # Errors
/// If the build fails, or a figure is out of bounds.
pub(crate) fn run(args: &Args) -> Result<()> {
    if args.tune {
        anyhow::ensure!(args.what == Benchmark::Relevance, "--tune requires `relevance`");
        let tuner = ["run", "--release", "-p", "search", "--example", "relevance", "--"];
        let mut tuner = cargo(tuner);
        tuner.args(["../shared/data", "tune"]).args(&args.options);
        return cargo::run(&mut tuner, "the tuning");
    }
    let what = args.what.to_possible_value().expect("no variant is skipped");
    let mut bench = profile::released("bench")?;
    cargo::run(bench.arg(what.get_name()).args(&args.options), "the bench")
}
