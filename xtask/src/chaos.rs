//! `cargo xtask chaos`: what holds while things break, at full size. The tests run the same
//! experiments small.

use anyhow::Result;
use clap::ValueEnum as _;

use crate::cargo;

/// Break things on purpose, with a release build, and say what it cost
#[derive(clap::Args)]
pub(crate) struct Args {
    /// What to break
    #[arg(value_enum)]
    what: What,
    /// What all chances depend on; drawn, and told, if not given
    #[arg(long)]
    seed: Option<u64>,
    /// How large: 1 is the full size, 0.01 a hundredth of it
    #[arg(long)]
    scale: Option<f64>,
    /// Run this experiment only; may be repeated
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Run nothing; say which experiments there are
    #[arg(long)]
    list: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum What {
    /// Calls: replicas that die, freeze, fail and slow down, behind the gateway and the client stack
    Calls,
    /// Writes, stock, the change feed, import and export, on both engines
    Catalogue,
    /// The registry: an agent that dies, freezes, forgets and lies
    Consul,
    /// The index: kills, rebuilds, queries that nobody meant
    Search,
    /// How services answer, hold connections, leave and come back
    Server,
}

/// Runs `cargo xtask chaos`.
///
/// # Errors
/// It does not build, or a figure is out of bounds.
pub(crate) fn run(args: &Args) -> Result<()> {
    let what = args.what.to_possible_value().expect("none is left out");
    let mut command = cargo::released("chaos")?;
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
