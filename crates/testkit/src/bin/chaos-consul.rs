//! What callers notice while the registry fails: `cargo xtask chaos consul`.

use std::process::ExitCode;

use testkit::{consul_experiments, run_experiments};

fn main() -> ExitCode {
    run_experiments(&consul_experiments())
}
