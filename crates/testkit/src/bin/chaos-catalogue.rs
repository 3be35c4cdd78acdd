//! What the catalogue keeps while things break: `cargo xtask chaos catalogue`.

use std::process::ExitCode;

use testkit::{catalogue_experiments, run_experiments};

fn main() -> ExitCode {
    run_experiments(&catalogue_experiments())
}
