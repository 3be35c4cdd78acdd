//! What search keeps while things break: `cargo xtask chaos search`.

use std::process::ExitCode;

use testkit::{run_experiments, search_experiments};

fn main() -> ExitCode {
    run_experiments(&search_experiments())
}
