//! `catctl`, the operator's command line.
//!
//! Talks gRPC to the gateway, or to a catalogue directly. The largest part is `import`: rows of any
//! flat shape become products, in bounded memory and across cuts.

mod args;
mod export;
mod failure;
mod follow;
mod import;
mod output;
mod overview;
mod products;
mod server;
mod sink;
mod suggest;

use std::{io, process::ExitCode};

use anyhow::{Result, bail};
use proto::catalogue::v1::Product;

pub use args::Args;
use args::Command;
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
    let server = Server::new(&args.server, args.timeout)?;
    let (server, output) = (&server, args.output);
    match args.command {
        Command::Import(args) => return import::run(&args, server, output).await,
        Command::Status => return overview::status(server, output).await,
        Command::Export { file, category, format, quiet } => {
            export::run(&file, category, format, quiet, server).await?;
        }
        Command::Get { ids } => products::get(&ids, server, output).await?,
        Command::List { category, limit } => {
            products::list(category, limit, server, output).await?;
        }
        Command::Search { words, category, limit } => {
            products::search(&words, category, limit, server, output).await?;
        }
        Command::Stock { id, delta } => follow::stock(id, delta, server, output).await?,
        Command::Watch { from_start } => follow::watch(from_start, server, output).await?,
        Command::Create { name, id, brand, description, price, currency, stock, category } => {
            let price = match price {
                None => None,
                Some(price) => match import::price(&price, &currency) {
                    Ok(price) => price,
                    Err(message) => bail!("--price {message}"),
                },
            };
            let product = Product {
                id: id.unwrap_or_default(),
                name,
                brand: brand.unwrap_or_default(),
                description: description.unwrap_or_default(),
                price,
                stock_qty: stock,
                category_ids: category,
                ..Product::default()
            };
            products::create(product, server, output).await?;
        }
        Command::Delete { id } => products::delete(id, server, output).await?,
        Command::Categories => overview::categories(server, output).await?,
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
