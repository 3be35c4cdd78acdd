//! Runs chaos experiments: `cargo xtask chaos`.

use std::process::ExitCode;

use clap::Parser as _;

#[derive(clap::Parser)]
struct Cli {
    #[command(flatten)]
    args: devtools::chaos::Args,
}

fn main() -> ExitCode {
    chaos::run(&Cli::parse().args)
}
