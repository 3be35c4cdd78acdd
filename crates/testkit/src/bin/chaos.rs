//! What holds while things break: `cargo xtask chaos`.

use std::process::ExitCode;

fn main() -> ExitCode {
    testkit::run_experiments()
}
