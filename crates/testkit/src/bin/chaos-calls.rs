//! What callers notice while replicas die, freeze and fail: `cargo xtask chaos calls`.

use std::process::ExitCode;

use testkit::{calls_experiments, run_experiments};

fn main() -> ExitCode {
    run_experiments(&calls_experiments())
}
