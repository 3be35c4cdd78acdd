//! `catctl import`: creates and updates products from the rows of a file.
//!
//! The crate `import` reads rows, maps them to products and uploads them. The last settled line is stored in a
//! [`checkpoint`], from which a killed import resumes.

mod checkpoint;
mod file_args;
mod missing;
mod preview;
mod rejects_path;
mod remote;
mod report;
mod summary;
mod undo;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, Result};
use import::{
    FieldMap, OpenOptions, Progress as _, ReadOptions, ReadResult, ReadSummary, RejectsFile,
    Source, Upload, UploadError, UploadOutcome, spawn_reader,
};
use product_fields::TextField;
use proto::catalogue::v1::{ImportOptions, import_options};

use crate::{
    client::Client,
    exit::Kind,
    output::{Output, print_line, thousands, warn},
    write_args::parse_request_id,
};
use checkpoint::{Checkpoint, CheckpointFile};
use file_args::FileArgs;
use missing::{Missing, MissingArgs};
use remote::RemoteArgs;
use report::{Report, ReportOptions};

pub(crate) use report::{progress_bar, rate};

/// Exit code when some rows were rejected and the others imported.
const SOME_REJECTED: u8 = 2;
/// Exit code after Ctrl+C, by the convention of shells: 128 + SIGINT.
const INTERRUPTED: u8 = 130;

#[derive(Debug, clap::Args)]
#[command(
    after_long_help = help(),
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    subcommand_value_name = "undo"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Any list of products: CSV, JSON, XML or Excel, also compressed (gzip, zip), or its URL; `-`
    /// reads standard input
    #[arg(required = true)]
    file: Option<PathBuf>,
    /// Field map in TOML: the source field of each product field (example in --help)
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    #[command(flatten)]
    source: FileArgs,
    #[command(flatten)]
    remote: RemoteArgs,
    /// Whether rows may create and update products
    #[arg(long, value_name = "MODE", default_value = "upsert")]
    mode: Mode,
    /// Overwrite products that have changed since the file was exported
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    missing: MissingArgs,
    /// Store nothing: print a map for the file, from its columns and values
    #[arg(long, conflicts_with_all = ["map", "dry_run"])]
    guess: bool,
    /// Store nothing: show which products would be created or changed, field by field
    #[arg(long)]
    dry_run: bool,
    /// Set the stock of products and variants that exist; otherwise it stays as it is
    #[arg(long)]
    set_stock: bool,
    /// How to handle a rejected row
    #[arg(long, value_name = "ACTION", default_value = "skip")]
    on_error: OnError,
    /// File for rejected rows, in the form of the source, which can be corrected and imported on its
    /// own [default: SOURCE.rejects.csv or .jsonl; none in a dry run]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Name of the import, by which it can be undone [default: generated]
    #[arg(long, value_name = "ID", value_parser = parse_request_id)]
    import_id: Option<String>,
    /// Start from the first row, ignoring the checkpoint of an interrupted run
    #[arg(long)]
    restart: bool,
    /// Fail when the server has acknowledged no row for this long
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = crate::duration::duration)]
    retry_for: Duration,
    /// Show no progress
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Undo an import: what it created is deleted, what it changed is as before
    Undo(undo::Args),
}

/// Examples and formats; the text fields are from [`TextField::ALL`].
fn help() -> String {
    let texts: Vec<_> = TextField::ALL.iter().map(|field| field.name()).collect();
    include_str!("help.txt").replace("{texts}", &texts.join(", "))
}

/// How to handle a rejected row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum OnError {
    /// Report it and import the other rows.
    Skip,
    /// End the import at this row; rows before it are imported.
    Stop,
}

/// Whether rows may create and update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Mode {
    /// Create what does not exist, update what does.
    Upsert,
    /// Reject rows of products that do not exist.
    UpdateOnly,
    /// Reject rows that would change a product that exists.
    CreateOnly,
}

/// Runs the import and prints its summary.
///
/// # Errors
/// If the file or the map cannot be read, or the server cannot be reached or fails the call.
pub(crate) async fn run(args: &Args, client: &Client, output: Output) -> Result<ExitCode> {
    match (&args.command, &args.file) {
        (Some(Command::Undo(undo)), _) => undo::run(undo, client, output).await,
        (None, file) => {
            import(args, file.as_deref().unwrap_or(Path::new("-")), client, output).await
        }
    }
}

async fn import(args: &Args, file: &Path, client: &Client, output: Output) -> Result<ExitCode> {
    let (map, map_text) = args.map.as_deref().map(read_map).transpose()?.unzip();
    let settings = args.source.settings();
    let said =
        settings.clone().or(map.as_ref().map(|map| map.settings.clone()).unwrap_or_default());
    let open = OpenOptions {
        format: args.source.format,
        encoding: said.encoding.clone(),
        records: said.records.clone(),
        ..OpenOptions::default()
    };
    let source = match remote::url_of(&file.to_string_lossy()) {
        Some(url) => args.remote.open(&url, &open).await?,
        None => Source::open(file, &open)?,
    };
    if args.guess {
        print!("{}", import::guess(&source, &said)?);
        return Ok(ExitCode::SUCCESS);
    }
    let (mut checkpoint, rejects_path) = args.files(file, &source, client, map_text.as_deref())?;
    let found = checkpoint.as_mut().filter(|_| !args.restart).and_then(CheckpointFile::load);
    let resumed = found.unwrap_or_default();
    resumed.warn_of_resuming();
    let rejects = rejects_path.map(|path| RejectsFile::resume(path, resumed.rejects_length));
    let options = ReadOptions {
        resume_after: resumed.line,
        stop_at_reject: args.on_error == OnError::Stop,
        settings,
        collect_named: args.missing.is_needed(),
    };
    let import_id = args.import_id(&resumed);
    checkpoint.iter_mut().for_each(|checkpoint| checkpoint.set_import_id(&import_id));
    let begun = if resumed.begun == 0 { now() } else { resumed.begun };
    let mut report = Report::new(ReportOptions {
        length: source.length,
        position: source.position.clone(),
        rejects: rejects.transpose()?,
        checkpoint,
        preview: args.dry_run.then(|| preview::Preview::new(output)),
        resumed,
        import_id: import_id.clone(),
        quiet: args.quiet,
    });

    let (rows, read) = spawn_reader(source, map, options)?;
    let upload = Upload::new(client, &mut report, rows, args.options(&import_id), args.retry_for);
    let result = transfer(client, args.retry_for, upload, read).await;
    // Only a file that was read to its end shows which products are missing.
    let missing = match &result {
        Ok(Transferred::All(read)) => {
            let missing = Missing { named: &read.named, begun, import_id: &import_id };
            args.missing.apply(missing, client, args.dry_run).await
        }
        _ => Ok(0),
    };
    report.set_missing(*missing.as_ref().unwrap_or(&0));
    let code = conclude(args, result, report, output)?;
    missing.map(|_| code)
}

/// How far an import has come that did not fail.
enum Transferred {
    All(ReadSummary),
    /// The server stopped at a rejected row, as requested.
    UpToReject,
    Interrupted,
}

/// Uploads the rows until each is settled.
async fn transfer(
    client: &Client,
    retry_for: Duration,
    upload: Upload<'_>,
    read: ReadResult,
) -> Result<Transferred> {
    let uploaded = tokio::select! {
        outcome = upload.run() => outcome.map_err(|error| to_error(error, client, retry_for))?,
        _ = tokio::signal::ctrl_c() => return Ok(Transferred::Interrupted),
    };
    match uploaded {
        UploadOutcome::Stopped => Ok(Transferred::UpToReject),
        // The rows may have ended early because reading failed.
        UploadOutcome::Settled => read.wait().await.map(Transferred::All),
    }
}

fn to_error(error: UploadError, client: &Client, retry_for: Duration) -> anyhow::Error {
    match error {
        UploadError::Refused(status) => client.to_error(&status),
        UploadError::Progress(error) => error,
        UploadError::Stalled { line, why } => Kind::Unreachable.error(format!(
            "no progress for {retry_for:?} at line {line}: {why}. Rows before it are stored; run the same \
             command again"
        )),
    }
}

/// The time in seconds since 1970.
fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_secs()).unwrap_or_default()
}

/// Returns the map and its text, which is part of the checkpoint's digest.
fn read_map(path: &Path) -> Result<(FieldMap, String)> {
    let name = path.display();
    let text = fs::read_to_string(path).with_context(|| format!("reading map {name}"))?;
    let map = import::parse_map(&text).with_context(|| format!("map {name}"))?;
    Ok((map, text))
}

/// Prints the result of an import that completed, was interrupted or failed.
fn conclude(
    args: &Args,
    result: Result<Transferred>,
    report: Report,
    output: Output,
) -> Result<ExitCode> {
    let is_complete = matches!(result, Ok(Transferred::All(_) | Transferred::UpToReject));
    let line = report.settled_line();
    let (summary, checkpoint) = report.finish(is_complete)?;
    if is_complete || summary.rows > 0 {
        match output {
            Output::Json => print_line(&serde_json::to_string(&summary)?)?,
            Output::Table => print_line(&summary.to_string())?,
        }
    }
    let resume =
        checkpoint.map(|path| format!("run it again to resume from line {} ({path})", line + 1));
    let read = match (result, resume) {
        (Ok(Transferred::All(read)), _) => read,
        (Ok(Transferred::UpToReject), _) => ReadSummary::default(),
        (Ok(Transferred::Interrupted), resume) => {
            let resume = resume.unwrap_or_else(|| "running it again starts over".to_owned());
            warn(&format!("interrupted; {resume}"));
            return Ok(ExitCode::from(INTERRUPTED));
        }
        (Err(error), Some(resume)) => {
            return Err(Kind::in_error(&error).error(format!("{error:#}; {resume}")));
        }
        (Err(error), None) => return Err(error),
    };
    for note in &read.notes {
        warn(note);
    }
    if summary.rows > 0 {
        for field in &read.unused_fields {
            warn(&format!("the map names the source field {field:?}, which no row has"));
        }
    }
    if summary.stock_kept > 0 {
        warn(&format!(
            "{} rows have another stock than the catalogue, which was kept; --set-stock sets it",
            thousands(summary.stock_kept)
        ));
    }
    if summary.missing + summary.created + summary.updated > 0 && !summary.dry_run {
        warn(&format!("`catctl import undo {}` undoes the import", summary.import_id));
    }
    if summary.rejected == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    if args.on_error == OnError::Stop {
        warn(&format!(
            "stopped at line {line}, the first rejected row; correct it and run the import again"
        ));
    }
    Ok(ExitCode::from(SOME_REJECTED))
}

impl Args {
    /// Opens the checkpoint, and decides the path for rejected rows.
    fn files(
        &self,
        file: &Path,
        source: &Source,
        client: &Client,
        map: Option<&str>,
    ) -> Result<(Option<CheckpointFile>, Option<PathBuf>)> {
        if self.dry_run {
            return Ok((None, self.rejects.clone()));
        }
        let rejects = rejects_path::of(self.rejects.as_deref(), file, source)?;
        // A pipe cannot be read again from the start.
        if source.length.is_none() {
            return Ok((None, Some(rejects)));
        }
        let stock = if self.set_stock { " set-stock" } else { "" };
        let Self { mode, force, on_error, .. } = self;
        let settings = self.source.settings();
        let form = format!("{:?} {on_error:?}{stock} {mode:?} {force} {settings:?}", source.format);
        let place = rejects.to_string_lossy();
        let options = [client.url(), &form, &place, map.unwrap_or_default()];
        let checkpoint = CheckpointFile::open(file, &options)?;
        // Without the lock of the checkpoint, a parallel import of the file owns the default path.
        let may_write = checkpoint.is_some() || self.rejects.is_some();
        Ok((checkpoint, may_write.then_some(rejects)))
    }

    /// The name of the import: as given, that of the run that is resumed, or a new one. Empty in a dry run, which
    /// has nothing to be undone.
    fn import_id(&self, resumed: &Checkpoint) -> String {
        match &self.import_id {
            _ if self.dry_run => String::new(),
            Some(id) => id.clone(),
            None if !resumed.import_id.is_empty() => resumed.import_id.clone(),
            None => uuid::Uuid::new_v4().to_string(),
        }
    }

    fn options(&self, import_id: &str) -> ImportOptions {
        let on_error = match self.on_error {
            OnError::Skip => import_options::OnError::Skip,
            OnError::Stop => import_options::OnError::Stop,
        };
        ImportOptions {
            dry_run: self.dry_run,
            on_error: on_error.into(),
            set_stock: self.set_stock,
            check_etags: !self.force,
            import_id: import_id.to_owned(),
            mode: match self.mode {
                Mode::Upsert => import_options::Mode::Upsert,
                Mode::UpdateOnly => import_options::Mode::UpdateOnly,
                Mode::CreateOnly => import_options::Mode::CreateOnly,
            }
            .into(),
        }
    }
}
