//! `catctl`, the operator's command line.
//!
//! Talks gRPC to the gateway, or to a catalogue directly. The largest part is `import`: rows of any
//! flat shape become products, in bounded memory and across cuts.

mod args;
mod caller;
mod categories;
mod changes;
mod diff;
mod edit;
mod export;
mod failure;
mod history;
mod import;
mod index;
mod output;
mod overview;
mod products;
mod reservations;
mod server;
mod show;
mod sink;
mod stock;
mod suggest;
mod tuning;
mod watch;

use std::{io, process::ExitCode};

use anyhow::Result;

pub use args::Args;
use args::Command;
use caller::Actor;
use server::Server;

/// Does what the command line says, and reports a failure on standard error.
pub async fn run(args: Args) -> ExitCode {
    match command(args).await {
        Ok(code) => code,
        // Whoever read our output has had enough, as `head` does.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::warn(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn command(args: Args) -> Result<ExitCode> {
    let output = args.output();
    let actor = args.actor.unwrap_or_else(Actor::of_this_process);
    let server = &Server::new(&args.server, args.timeout, actor)?;
    match args.command {
        Command::Import(args) => return import::run(&args, server, output).await,
        Command::Status => return overview::status(server, output).await,
        Command::Export(args) => export::run(args, server).await?,
        Command::Get(args) => products::get(args, server, output).await?,
        Command::List(args) => products::list(args, server, output).await?,
        Command::Search(args) => products::search(args, server, output).await?,
        Command::Suggest(args) => index::suggest(args, server, output).await?,
        Command::Queries(args) => index::queries(args, server, output).await?,
        Command::Index(args) => index::index(args, server, output).await?,
        Command::Synonyms(args) => tuning::synonyms(args, server, output).await?,
        Command::StopWords(args) => tuning::stop_words(args, server, output).await?,
        Command::Ranking(args) => tuning::ranking(args, server, output).await?,
        Command::Controls(args) => tuning::controls(args, server, output).await?,
        Command::Create(args) => edit::create(args, server, output).await?,
        Command::Delete(args) => edit::delete(args, server, output).await?,
        Command::Undelete(args) => edit::undelete(args, server, output).await?,
        Command::Revisions(args) => history::revisions(args, server, output).await?,
        Command::Revert(args) => edit::revert(args, server, output).await?,
        Command::Stock(args) => stock::run(args, server, output).await?,
        Command::Reserve(args) => reservations::reserve(args, server, output).await?,
        Command::Commit(args) => reservations::commit(args, server, output).await?,
        Command::Release(args) => reservations::release(args, server, output).await?,
        Command::Categories(args) => categories::run(args, server, output).await?,
        Command::Changes(args) => changes::run(args, server, output).await?,
        Command::Watch(args) => watch::run(args, server, output).await?,
    }
    Ok(ExitCode::SUCCESS)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}
