//! `catctl import`: rows of any flat shape become products.
//!
//! A thread reads rows and turns them into products; the upload sends them and keeps each until the
//! server has settled it. Everything between is bounded, so a file may be larger than memory.

mod convert;
mod lines;
mod map;
mod own;
mod problem;
mod records;
mod report;
mod rows;
mod source;
mod upload;
mod value;
mod window;

use std::{fs, path::PathBuf, process::ExitCode, thread, time::Duration};

use anyhow::{Context as _, Result, anyhow};
use proto::google::r#type::Money;
use tokio::sync::{mpsc, oneshot};

use crate::{
    output::{Output, print_line, warn},
    server::Server,
};

pub(crate) use convert::escape;
pub(crate) use own::{COLUMNS, LIST_SEPARATOR, PATH_SEPARATOR};
pub(crate) use report::{progress_bar, rate};
pub(crate) use source::Format;

/// Rows read ahead of the upload.
const READ_AHEAD: usize = 32;
/// How `catctl` ends when rows were rejected and the others taken.
const SOME_REJECTED: u8 = 2;

/// What to import, and how.
#[derive(Debug, clap::Args)]
#[command(after_long_help = include_str!("help.txt"))]
pub(crate) struct Args {
    /// JSON lines or CSV, packed with gzip or not; `-` reads standard input
    file: PathBuf,
    /// TOML that says which source field feeds which product field (--help shows one)
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// How rows are written, where the file's name does not tell
    #[arg(long)]
    format: Option<Format>,
    /// Write every rejected row to this file, as JSON lines {line, reason, field, message}
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Give up when no row was settled for this long
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = crate::args::duration)]
    retry_for: Duration,
    /// Show no progress
    #[arg(long, short)]
    quiet: bool,
}

/// A price from a decimal text.
///
/// # Errors
/// What is wrong with it, to be read after its name.
pub(crate) fn price(amount: &str, currency: &str) -> Result<Option<Money>, String> {
    if !proto::money::is_currency(currency) {
        return Err(format!("in {currency:?}: a currency is an ISO 4217 code such as EUR"));
    }
    convert::amount(&value::Value::from(amount), currency)
}

/// Imports, and says what came of it.
///
/// # Errors
/// A file or map that cannot be read, a server that cannot be reached or refuses the call.
pub(crate) async fn run(args: &Args, server: &Server, output: Output) -> Result<ExitCode> {
    let map = match &args.map {
        None => None,
        Some(path) => {
            let name = path.display();
            let text = fs::read_to_string(path).with_context(|| format!("reading map {name}"))?;
            Some(map::parse(&text).with_context(|| format!("map {name}"))?)
        }
    };
    let source = source::Source::open(&args.file, args.format)?;
    let (length, position) = (source.length, source.position.clone());
    let mut report = report::Report::new(length, position, args.rejects.as_deref(), args.quiet)?;

    // A thread and not a task: a read of standard input cannot be cancelled.
    let (items, received) = mpsc::channel(READ_AHEAD);
    let (done, outcome) = oneshot::channel();
    thread::Builder::new()
        .name("rows".to_owned())
        .spawn(move || {
            let seen = rows::read(source, map.as_ref(), |item| items.blocking_send(item).is_ok());
            // Whoever waited may have failed first.
            done.send(seen).ok();
        })
        .context("starting the reader")?;

    let uploaded = upload::Upload::new(server, &mut report, received, args.retry_for).run().await;
    let seen = match uploaded {
        Ok(()) => outcome.await.map_err(|_| anyhow!("the reader of {:?} broke", args.file))?,
        Err(error) => Err(error),
    };
    let summary = report.finish()?;
    if seen.is_ok() || summary.rows > 0 {
        match output {
            Output::Json => print_line(&serde_json::to_string(&summary)?)?,
            Output::Table => print_line(&summary.to_string())?,
        }
    }
    let seen = seen?;
    if summary.rows > 0 {
        for field in &seen.absent {
            warn(&format!("the map names the source field {field:?}, which no row has"));
        }
    }
    Ok(ExitCode::from(if summary.rejected > 0 { SOME_REJECTED } else { 0 }))
}
