//! `cargo xtask chaos`: chaos experiments at full size. The tests run the same experiments at a small
//! scale.

use anyhow::Result;
use clap::ValueEnum as _;

use crate::{cargo, profile};

/// Inject faults into a release build, and measure their effect
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Group of experiments
    #[arg(value_enum)]
    what: Group,
    /// Seed of the random number generator; printed, and random when omitted
    #[arg(long)]
    seed: Option<u64>,
    /// Scale: 1 is the full size, 0.01 a hundredth of it
    #[arg(long)]
    scale: Option<f64>,
    /// Run only this experiment; can be repeated
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// List the experiments without running them
    #[arg(long)]
    list: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Group {
    /// Client calls: replicas that die, freeze, fail and slow down
    Calls,
    /// Writes, stock, the change feed, import and export, on both databases
    Catalogue,
    /// The registry: an agent that dies, freezes, loses its data and returns wrong data
    Consul,
    /// The index: kills, rebuilds, random queries
    Search,
    /// Servers: overload, connections, shutdown and restart
    Server,
}

/// Runs `cargo xtask chaos`.
///
/// # Errors
/// If the build fails, or a figure is out of bounds.
pub(crate) fn run(args: &Args) -> Result<()> {
    let what = args.what.to_possible_value().expect("no variant is skipped");
    let mut command = profile::released("chaos")?;
    command.arg(what.get_name());
    if let Some(seed) = args.seed {
        command.args(["--seed", &seed.to_string()]);
    }
    if let Some(scale) = args.scale {
        command.arg(format!("--scale={scale}"));
    }
    for name in &args.only {
        command.args(["--only", name]);
    }
    if args.list {
        command.arg("--list");
    }
    cargo::run(&mut command, "an experiment")
}
