//! Benchmarks of a release build: `cargo xtask bench`. Separate from the tests because they take long and
//! need an idle machine. Each prints its figures with their bounds.

mod agents;
mod client;
mod cpu;
mod feeds;
mod import;
mod reads;
mod relevance;
mod sample;
mod search;
mod telemetry;
mod transfer;

use std::{net::SocketAddr, process::ExitCode};

use anyhow::{Context as _, Result, bail};
use clap::Parser as _;
use devtools::bench::Benchmark;

#[derive(clap::Parser)]
enum Command {
    #[command(flatten)]
    Benchmark(Benchmark),
    /// Client process of `reads`
    #[command(hide = true)]
    Hold(reads::hold::Args),
    /// Server process of `client`
    #[command(hide = true)]
    Serve { addr: SocketAddr },
}

fn main() -> Result<ExitCode> {
    let command = Command::parse();
    // The bounds are defined for two cores.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("starting the runtime")?;
    let all_ok = runtime.block_on(run(command))?;
    Ok(if all_ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs a benchmark, and returns whether all figures are within their bounds.
async fn run(command: Command) -> Result<bool> {
    match command {
        Command::Benchmark(benchmark) => match benchmark {
            Benchmark::Agents(args) => agents::run(&args).await,
            Benchmark::Client(args) => client::run(&args).await,
            Benchmark::Feeds(args) => feeds::run(&args).await,
            Benchmark::Import => import::run().await,
            Benchmark::Reads(args) => reads::run(args).await,
            Benchmark::Relevance(args) if args.tune => {
                bail!("parameters are tuned by `cargo xtask bench relevance --tune`")
            }
            Benchmark::Relevance(_) => relevance::run().await,
            Benchmark::Search(args) => search::run(args).await,
            Benchmark::Telemetry => telemetry::run().await,
            Benchmark::Transfer(args) => transfer::run(args).await,
        },
        Command::Hold(args) => reads::hold::run(args).await,
        Command::Serve { addr } => client::serve(addr).await,
    }
}
