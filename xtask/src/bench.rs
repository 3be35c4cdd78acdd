//! `cargo xtask bench`: benchmarks of a release build, separate from the tests because they take long
//! and need an idle machine.

use anyhow::Result;
use devtools::bench::{Benchmark, RelevanceArgs};

use crate::{
    cargo::{self, cargo},
    profile,
};

/// Measure a release build against the figures in the README
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    benchmark: Benchmark,
}

/// Runs `cargo xtask bench`. The options are checked here, before the build, and parsed again by the
/// program.
///
/// # Errors
/// If the build fails, or a figure is out of bounds.
pub(crate) fn run(args: &Args) -> Result<()> {
    if let Benchmark::Relevance(RelevanceArgs { tune: true, options }) = &args.benchmark {
        let tuner = ["run", "--release", "-p", "search", "--example", "relevance", "--"];
        let mut tuner = cargo(tuner);
        tuner.args(["../shared/data", "tune"]).args(options);
        return cargo::run(&mut tuner, "the tuning");
    }
    let mut bench = profile::released("bench")?;
    cargo::run(bench.args(cargo::arguments_after("bench")), "the bench")
}
