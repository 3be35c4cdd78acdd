//! `catctl`, the operator's command line.
//!
//! Each command is a gRPC client call to the gateway, or to a catalogue directly, but for `backup` and
//! `restore`, which work on the files of an embedded catalogue. The largest part is `import`: it maps CSV and JSON rows to products, in bounded memory, and resumes after
//! interruptions.

mod actor;
mod args;
mod audit;
mod backup;
mod categories;
mod changes;
mod client;
mod credential;
mod diff;
mod duration;
mod edit;
mod endpoint;
mod exit;
mod export;
mod feeds;
mod grpc_error;
mod history;
mod import;
mod index;
mod keys;
mod listing;
mod login;
mod output;
mod products;
mod profile;
mod reservations;
mod setting_changes;
mod shell;
mod show;
mod status;
mod stock;
mod target;
mod tuning;
mod watch;
mod web_client;
mod write_args;

use std::{io, process::ExitCode};

use anyhow::Result;
use clap::CommandFactory as _;

use actor::Actor;
pub use args::Args;
use args::Command;
use client::Client;
use exit::Kind;
use output::Output;
use target::Target;

/// Runs the command and prints an error to standard error.
pub async fn run(args: Args) -> ExitCode {
    match command(args).await {
        Ok(code) => code,
        // The reader of our output has closed it, as `head` does.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::warn(&format!("{error:#}"));
            Kind::exit_code(&error)
        }
    }
}

async fn command(args: Args) -> Result<ExitCode> {
    let output = args.output();
    let actor = args.actor.unwrap_or_else(Actor::of_this_process);
    let connect = |target: &Target| Client::new(target, args.timeout, actor.clone());
    match args.command {
        Command::Login(login) => {
            let (name, target) = (args.target.profile_name(), args.target.flags());
            login::login(login, name, target, connect).await?;
        }
        Command::Logout => login::logout(args.target.profile_name())?,
        Command::Completions(args) => shell::completions(Args::command(), &args)?,
        Command::Man(args) => shell::man(Args::command(), &args)?,
        Command::Backup(args) => backup::backup(args, output).await?,
        Command::Restore(args) => backup::restore(args, output).await?,
        command => return request(command, &connect(&args.target.resolve()?)?, output).await,
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs a command that makes requests.
async fn request(command: Command, client: &Client, output: Output) -> Result<ExitCode> {
    match command {
        Command::Import(args) => return import::run(&args, client, output).await,
        Command::Status => return status::status(client, output).await,
        Command::Export(args) => export::run(args, client).await?,
        Command::Get(args) => products::get(args, client, output).await?,
        Command::List(args) => products::list(args, client, output).await?,
        Command::Search(args) => products::search(args, client, output).await?,
        Command::Suggest(args) => index::suggest(args, client, output).await?,
        Command::Queries(args) => index::queries(args, client, output).await?,
        Command::Index(args) => index::index(args, client, output).await?,
        Command::Synonyms(args) => tuning::synonyms(args, client, output).await?,
        Command::StopWords(args) => tuning::stop_words(args, client, output).await?,
        Command::Ranking(args) => tuning::ranking(args, client, output).await?,
        Command::Controls(args) => tuning::controls(args, client, output).await?,
        Command::SettingChanges(args) => setting_changes::run(args, client, output).await?,
        Command::Create(args) => edit::create(args, client, output).await?,
        Command::Delete(args) => edit::delete(args, client, output).await?,
        Command::Undelete(args) => edit::undelete(args, client, output).await?,
        Command::Revisions(args) => history::revisions(args, client, output).await?,
        Command::Revert(args) => edit::revert(args, client, output).await?,
        Command::Stock(args) => stock::run(args, client, output).await?,
        Command::Reserve(args) => reservations::reserve(args, client, output).await?,
        Command::Reservation(args) => reservations::show(args, client, output).await?,
        Command::Commit(args) => reservations::commit(args, client, output).await?,
        Command::Release(args) => reservations::release(args, client, output).await?,
        Command::Categories(args) => categories::run(args, client, output).await?,
        Command::Changes(args) => changes::run(args, client, output).await?,
        Command::Audit(args) => audit::run(args, client, output).await?,
        Command::Key(args) => keys::run(args, client, output).await?,
        Command::Feed(args) => return feeds::run(args, client, output).await,
        Command::Watch(args) => watch::run(args, client, output).await?,
        Command::Login(_)
        | Command::Logout
        | Command::Completions(_)
        | Command::Man(_)
        | Command::Backup(_)
        | Command::Restore(_) => unreachable!("these make no requests: `command` has run them"),
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
