//! `catctl import`: rows of any flat shape become products.
//!
//! A thread reads rows and turns them into products; the upload sends them and keeps each until the
//! server has settled it. Everything between is bounded, so a file may be larger than memory. What
//! is settled is noted on disk, so that an import that was killed goes on where it was.

mod checkpoint;
mod convert;
mod lines;
mod map;
mod original;
mod own;
mod preview;
mod problem;
mod records;
mod rejects;
mod report;
mod rows;
mod source;
mod summary;
mod upload;
mod value;
mod window;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result, anyhow, bail};
use pbjson_types::Timestamp;
use proto::{
    catalogue::v1::{ImportOptions, import_options},
    google::r#type::Money,
};
use tokio::sync::{mpsc, oneshot};

use crate::{
    output::{Output, moment, print_line, warn},
    server::Server,
};
use checkpoint::{Keeper, beside};
use rejects::Rejects;
use report::{Parts, Report};
use rows::Span;
use source::Source;
use upload::{Ended, Upload};

pub(crate) use convert::escape;
pub(crate) use own::{COLUMNS, LIST_SEPARATOR, PATH_SEPARATOR};
pub(crate) use report::{progress_bar, rate};
pub(crate) use source::Format;

/// Rows read ahead of the upload.
const READ_AHEAD: usize = 32;
/// How `catctl` ends when rows were rejected and the others taken.
const SOME_REJECTED: u8 = 2;
/// How a program ends by Ctrl+C.
const INTERRUPTED: u8 = 130;

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
    /// Change nothing: show which rows would create or change what, field by field
    #[arg(long)]
    dry_run: bool,
    /// What a rejected row means for those behind it
    #[arg(long, value_name = "WHAT", default_value = "skip")]
    on_error: OnError,
    /// Where rejected rows are written, as JSON lines {line, reason, field, message, row} that can
    /// be mended and imported alone [default: SOURCE.rejects.jsonl; none in a dry run]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Begin with the first row, also where an earlier run of this import was cut off
    #[arg(long)]
    restart: bool,
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

/// What a rejected row means for those behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum OnError {
    /// It is told, and the others are taken.
    Skip,
    /// The import ends with it; rows before it are kept.
    Stop,
}

/// Imports, and says what came of it.
///
/// # Errors
/// A file or map that cannot be read, a server that cannot be reached or refuses the call.
pub(crate) async fn run(args: &Args, server: &Server, output: Output) -> Result<ExitCode> {
    let (map, map_text) = args.map.as_deref().map(read_map).transpose()?.unzip();
    let source = Source::open(&args.file, args.format)?;
    let (mut keeper, rejects_path) = args.files(&source, server, map_text.as_deref())?;
    let found = keeper.as_mut().filter(|_| !args.restart).and_then(Keeper::find);
    let resumed = found.unwrap_or_default();
    if resumed.line > 0 {
        let begun = moment(&Timestamp { seconds: resumed.begun, nanos: 0 });
        let line = resumed.line + 1;
        warn(&format!("resuming at line {line} (of an import begun at {begun} UTC)"));
    }
    let rejects = rejects_path.map(|path| Rejects::resume(path, resumed.rejects_length));
    let span = Span { after: resumed.line, stop: args.on_error == OnError::Stop };
    let mut report = Report::new(Parts {
        length: source.length,
        position: source.position.clone(),
        rejects: rejects.transpose()?,
        keeper,
        preview: args.dry_run.then(|| preview::Preview::new(output)),
        resumed,
        quiet: args.quiet,
    });

    // A thread and not a task: a read of standard input cannot be cancelled.
    let (items, received) = mpsc::channel(READ_AHEAD);
    let (done, outcome) = oneshot::channel();
    thread::Builder::new()
        .name("rows".to_owned())
        .spawn(move || {
            let give = |item| items.blocking_send(item).is_ok();
            let seen = rows::read(source, map.as_ref(), span, give);
            // Whoever waited may have failed first.
            done.send(seen).ok();
        })
        .context("starting the reader")?;

    let upload = Upload::new(server, &mut report, received, args.options(), args.retry_for);
    let ended = tokio::select! {
        ended = upload.run() => Some(ended),
        _ = tokio::signal::ctrl_c() => None,
    };
    let ended = match ended {
        // What the rows were read from may have failed before its end.
        Some(Ok(Ended::Settled)) => {
            let seen = outcome.await.map_err(|_| anyhow!("the reader of {:?} broke", args.file));
            seen.and_then(|seen| seen).map(Some)
        }
        Some(Ok(Ended::Stopped)) => Ok(Some(rows::Seen::default())),
        Some(Err(error)) => Err(error),
        None => Ok(None),
    };
    conclude(args, ended, report, output)
}

/// A map, and its text.
fn read_map(path: &Path) -> Result<(map::Map, String)> {
    let name = path.display();
    let text = fs::read_to_string(path).with_context(|| format!("reading map {name}"))?;
    let map = map::parse(&text).with_context(|| format!("map {name}"))?;
    Ok((map, text))
}

/// Says what came of an import that is over, was interrupted (`None`) or failed.
fn conclude(
    args: &Args,
    ended: Result<Option<rows::Seen>>,
    report: Report,
    output: Output,
) -> Result<ExitCode> {
    let is_over = matches!(ended, Ok(Some(_)));
    let line = report.line();
    let (summary, checkpoint) = report.finish(is_over)?;
    if is_over || summary.rows > 0 {
        match output {
            Output::Json => print_line(&serde_json::to_string(&summary)?)?,
            Output::Table => print_line(&summary.to_string())?,
        }
    }
    let way_on = checkpoint
        .map(|path| format!("run again, the import goes on from line {} ({path})", line + 1));
    let seen = match (ended, way_on) {
        (Ok(Some(seen)), _) => seen,
        (Ok(None), way_on) => {
            let way_on = way_on.unwrap_or_else(|| "run again, the import begins anew".to_owned());
            warn(&format!("stopped; {way_on}"));
            return Ok(ExitCode::from(INTERRUPTED));
        }
        (Err(error), Some(way_on)) => bail!("{error:#}; {way_on}"),
        (Err(error), None) => return Err(error),
    };
    if summary.rows > 0 {
        for field in &seen.absent {
            warn(&format!("the map names the source field {field:?}, which no row has"));
        }
    }
    if summary.rejected == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    if args.on_error == OnError::Stop {
        warn(&format!(
            "ended with line {line}, the first that was rejected; mend it, run it again"
        ));
    }
    Ok(ExitCode::from(SOME_REJECTED))
}

impl Args {
    /// What keeps the import's checkpoint, and where its rejected rows go.
    fn files(
        &self,
        source: &Source,
        server: &Server,
        map: Option<&str>,
    ) -> Result<(Option<Keeper>, Option<PathBuf>)> {
        // Only a file can be read again from its beginning; what comes by a pipe has no folder.
        let is_file = source.length.is_some();
        let beside_source = match is_file {
            true => beside(&self.file, "rejects.jsonl"),
            false => PathBuf::from("stdin.rejects.jsonl"),
        };
        if self.dry_run {
            return Ok((None, self.rejects.clone()));
        }
        let rejects = self.rejects.clone().unwrap_or(beside_source);
        if is_same(&rejects, &self.file) {
            bail!("--rejects {}: that is the source itself", rejects.display());
        }
        if !is_file {
            return Ok((None, Some(rejects)));
        }
        let form = format!("{:?} {:?}", source.format, self.on_error);
        let place = rejects.to_string_lossy();
        let options = [server.url(), &form, &place, map.unwrap_or_default()];
        let keeper = Keeper::open(&self.file, &options)?;
        // Two imports of one file must not write over each other's rows.
        let is_ours = keeper.is_some() || self.rejects.is_some();
        Ok((keeper, is_ours.then_some(rejects)))
    }

    fn options(&self) -> ImportOptions {
        let on_error = match self.on_error {
            OnError::Skip => import_options::OnError::Skip,
            OnError::Stop => import_options::OnError::Stop,
        };
        ImportOptions { dry_run: self.dry_run, on_error: on_error.into() }
    }
}

fn is_same(left: &Path, right: &Path) -> bool {
    match (left.canonicalize(), right.canonicalize()) {
        (Ok(left), Ok(right)) => left == right,
        _ => false,
    }
}
