//! What services keep while they are overloaded, slowed, left and restarted: `cargo xtask chaos
//! server`.

use std::process::ExitCode;

use testkit::{run_experiments, server_experiments};

fn main() -> ExitCode {
    run_experiments(&server_experiments())
}
