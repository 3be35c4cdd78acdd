//! Measurements of a release build, kept out of the tests because they take time and a quiet machine:
//! `cargo xtask bench`. Each says what it has seen beside what is promised, and whether all is kept.

mod client;
mod cpu;
mod import;
mod reads;
mod relevance;
mod sample;
mod search;
mod telemetry;
mod transfer;

use std::{net::SocketAddr, process::ExitCode};

use anyhow::{Context as _, Result};
use clap::Parser as _;

#[derive(clap::Parser)]
enum Bench {
    /// What a call through the client stack costs beside one over a bare channel
    Client(client::Args),
    /// The real data set from file to found: time, and memory of each service
    Import,
    /// What `reads` calls
    #[command(hide = true)]
    Hold(reads::hold::Args),
    /// Single products, lists, searches and writes, beside catalogues in Go, C++ and Node
    Reads(reads::Args),
    /// The answers to judged queries, through the gateway
    Relevance,
    /// Searches through the gateway, at three sizes: time, memory, disk
    Search(search::Args),
    /// What `client` calls
    #[command(hide = true)]
    Serve { addr: SocketAddr },
    /// What traces and metrics cost a call, and what becomes of calls when the collector is ill
    Telemetry,
    /// Products in bulk, in and out, on both engines: rate, processor time, memory
    Transfer(transfer::Args),
}

fn main() -> Result<ExitCode> {
    let bench = Bench::parse();
    // What is promised is promised of two cores.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("starting the runtime")?;
    let kept = runtime.block_on(async {
        match bench {
            Bench::Client(args) => client::run(&args).await,
            Bench::Import => import::run().await,
            Bench::Hold(args) => reads::hold::run(args).await,
            Bench::Reads(args) => reads::run(args).await,
            Bench::Relevance => relevance::run().await,
            Bench::Search(args) => search::run(args).await,
            Bench::Serve { addr } => client::serve(addr).await,
            Bench::Telemetry => telemetry::run().await,
            Bench::Transfer(args) => transfer::run(args).await,
        }
    })?;
    Ok(if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
