//! What the catalogue keeps while things break: `cargo xtask chaos catalogue`.

use std::process::ExitCode;

use testkit::{Experiment, run_experiments};

fn main() -> ExitCode {
    run_experiments(&experiments())
}

fn experiments() -> Vec<Experiment> {
    Vec::new()
}
