//! `cargo xtask bench`: measurements of a release build, kept out of the tests because they take time
//! and a quiet machine.

use std::process::Command;

use anyhow::Result;

use crate::cargo::{self, cargo};

/// Measure a release build against what the README promises
#[derive(clap::Args)]
pub(crate) struct Args {
    /// What to measure
    #[arg(value_enum)]
    what: What,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum What {
    /// The real data set from file to found: time, and memory of each service
    Import,
    /// Products in bulk, in and out, on both engines: rate, processor time, memory
    Transfer,
}

/// Runs `cargo xtask bench`.
///
/// # Errors
/// It does not build, or a promise is not kept.
pub(crate) fn run(args: &Args) -> Result<()> {
    cargo::run(&mut cargo(["build", "--workspace", "--bins", "--release"]), "the build")?;
    let program = match args.what {
        What::Import => "bench-import",
        What::Transfer => "bench-transfer",
    };
    cargo::run(&mut Command::new(cargo::bin_dir(true)?.join(program)), "the bench")
}
