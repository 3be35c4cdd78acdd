//! `catctl feed`: feeds of other systems, which are checked, and pushed to their host as products change.

mod check;
mod host;
mod push;
mod pusher;
mod state;

use std::process::ExitCode;

use anyhow::Result;

use crate::{client::Client, output::Output};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Show what products lack for a destination
    Check(check::Args),
    /// Push products to the host of a feed, and then every change, until Ctrl+C
    Push(push::Args),
}

pub(crate) async fn run(args: Args, client: &Client, output: Output) -> Result<ExitCode> {
    match args.command {
        Command::Check(args) => check::run(args, client, output).await,
        Command::Push(args) => push::run(args, client).await.map(|()| ExitCode::SUCCESS),
    }
}
