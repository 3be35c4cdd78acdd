//! An import under way: from the file in the spool to the last settled row.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use anyhow::{Context as _, Result};
use chassis::CancellationToken;
use import::{
    MissingError, ReadOptions, ReadSummary, RejectsFile, Source, TakenOut, Upload, UploadError,
    UploadOutcome, spawn_reader,
};
use proto::catalogue::v1::{ImportFailure, ImportReport, import::State};
use tokio::{
    sync::{OwnedSemaphorePermit, mpsc, watch},
    task::spawn_blocking,
    time::timeout,
};

use super::{
    Imports,
    catalogue::ClientCatalogue,
    fetch,
    progress::{RejectsTooLarge, ReportProgress, SharedReport},
    receive::Sink,
    reporter::Reporter,
    settings::ImportSettings,
    spool::{REHEARSED_TIME, SpoolFile},
};

/// For how long the catalogue may settle no row.
const RETRY_FOR: Duration = Duration::from_secs(120);
/// For how long the end of reading is awaited before the import's end is reported.
const READING_END: Duration = Duration::from_secs(2);
/// Maximum number of notes in a report.
const MAX_NOTES: usize = 50;

/// An accepted import.
pub(super) struct Job {
    pub(super) imports: Imports,
    pub(super) catalogue: ClientCatalogue,
    pub(super) settings: ImportSettings,
    pub(super) file: SpoolFile,
    pub(super) reporter: Reporter,
    /// When it was accepted, in seconds since 1970.
    pub(super) begun: i64,
    /// Its place among those that run or wait.
    pub(super) _place: OwnedSemaphorePermit,
}

/// The permits of reading, which goes on for a while, on a thread of its own, when its import has ended.
#[derive(Clone)]
struct ReadingPermit {
    /// Makes reading fail.
    cancel: CancellationToken,
    /// The import's places among those that wait and those that run, and a sign that its reading goes on.
    _places: Arc<(OwnedSemaphorePermit, Option<OwnedSemaphorePermit>, mpsc::Sender<()>)>,
}

/// How an import ended that has not succeeded.
enum Ended {
    Cancelled,
    /// The gateway stops.
    Interrupted,
    Failed(ImportFailure),
}

impl Ended {
    fn failed(reason: &str, message: impl Into<String>) -> Self {
        Self::Failed(ImportFailure { reason: reason.to_owned(), message: message.into() })
    }

    fn file(error: &anyhow::Error) -> Self {
        Self::failed("IMPORT_FILE_UNREADABLE", format!("{error:#}"))
    }
}

impl Job {
    /// Runs the import to its end, and reports it.
    pub(super) async fn run(self) {
        let (reporter, stop) = (self.reporter.clone(), self.imports.shutdown());
        let imports = self.imports.clone();
        let cancel = CancellationToken::new();
        let (states, state) = watch::channel(State::Queued);
        let following = tokio::spawn(reporter.clone().follow(state, cancel.clone()));
        let report = reporter.report.clone();
        let (reading, mut read) = mpsc::channel(1);
        let ended = tokio::select! {
            ended = self.import(&states, cancel.clone(), reading) => ended,
            () = cancel.cancelled() => Err(Ended::Cancelled),
            () = stop.cancelled() => Err(Ended::Interrupted),
        };
        following.abort();
        cancel.cancel();
        timeout(READING_END, read.recv()).await.ok();
        let state = end(&report, ended);
        reporter.report_end(state).await;
        imports.spool().prune(imports.max_bytes());
    }

    async fn import(
        self,
        states: &watch::Sender<State>,
        cancel: CancellationToken,
        reading: mpsc::Sender<()>,
    ) -> Result<(), Ended> {
        let running = self.imports.run().await;
        states.send_replace(State::Running);
        let Self { imports, catalogue, mut settings, file, reporter, begun, _place: place } = self;
        let permit = ReadingPermit { cancel, _places: Arc::new((place, running, reading)) };
        let report = reporter.report.clone();
        if let Some(url) = settings.url.clone() {
            let (size, name) = download(&imports, &url, &file).await?;
            if settings.file_name.is_empty() {
                settings.name_file(&name);
            }
            let file_name = settings.file_name.clone();
            report.change(|report| {
                report.size_bytes = i64::try_from(size).unwrap_or(i64::MAX);
                report.file_name = file_name;
            });
        }
        let id = reporter.import_id.as_str();
        if settings.is_rehearsal() {
            keep(&imports, &file, id, &report);
            guess(&settings, &file, imports.max_bytes(), &permit, &report).await?;
        }
        if settings.guess {
            return Ok(());
        }
        let rejects = imports.spool().rejects(id).map_err(|error| Ended::file(&error))?;
        let mut progress =
            ReportProgress::new(report.clone(), RejectsFile::new(rejects), imports.max_bytes());
        let source = open(&settings, &file, imports.max_bytes(), &permit);
        let uploaded = match source.await {
            Ok(source) => upload(&catalogue, &settings, source, id, &mut progress).await,
            Err(error) => Err(Ended::file(&error)),
        };
        progress.finish().map_err(|error| Ended::file(&error))?;
        if let Some(read) = uploaded? {
            take_out(&catalogue, &settings, &read, begun, id, &report).await?;
            report.change(|report| report.notes = notes(&read));
        }
        Ok(())
    }
}

/// Keeps the file for the import that a rehearsal is followed by.
fn keep(imports: &Imports, file: &SpoolFile, id: &str, report: &SharedReport) {
    match imports.spool().keep(file, id) {
        Ok(()) => {
            let until = SystemTime::now() + REHEARSED_TIME;
            report.change(|report| {
                report.file_expire_time = Some(proto::time::timestamp(until));
            });
        }
        // It is sent again then.
        Err(error) => tracing::warn!(error = format!("{error:#}"), "a file to import is not kept"),
    }
}

/// Guesses a map, unless one was given.
async fn guess(
    settings: &ImportSettings,
    file: &SpoolFile,
    max_bytes: u64,
    permit: &ReadingPermit,
    report: &SharedReport,
) -> Result<(), Ended> {
    if !settings.map_text.is_empty() {
        return Ok(());
    }
    let source = open(settings, file, max_bytes, permit).await;
    let (source, said) = (source.map_err(|error| Ended::file(&error))?, settings.said());
    let guess = move || import::guess(&source, &said).map(|map| (map, source.notes));
    let guessed = spawn_blocking(guess).await.context("guessing a map panicked");
    match guessed.and_then(|guessed| guessed) {
        Ok((map, notes)) => report.change(|report| {
            report.map = map;
            report.notes = notes;
        }),
        Err(error) if settings.guess => return Err(Ended::file(&error)),
        // Its error comes when it is read.
        Err(_) => {}
    }
    Ok(())
}

/// Findings in the file, for people.
fn notes(read: &ReadSummary) -> Vec<String> {
    let unused = read.unused_fields.iter();
    let unused =
        unused.map(|field| format!("the map names the source field {field:?}, which no row has"));
    read.notes.iter().cloned().chain(unused).take(MAX_NOTES).collect()
}

/// Downloads the file; returns its size in bytes, and its name.
async fn download(imports: &Imports, url: &str, file: &SpoolFile) -> Result<(u64, String), Ended> {
    let fetched = async {
        let sink = Sink::create(file, imports.max_bytes()).await.map_err(fetch::Unwritten)?;
        fetch::fetch(url, imports.sources(), sink).await
    };
    fetched.await.map_err(|error| match error.downcast_ref::<fetch::Unwritten>() {
        Some(fetch::Unwritten(problem)) => Ended::failed(&problem.reason, problem.detail.as_str()),
        None => Ended::failed("IMPORT_URL_FAILED", format!("{error:#}")),
    })
}

/// Uploads the rows of the file. `None` if it stopped at a rejected row, as requested.
async fn upload(
    catalogue: &ClientCatalogue,
    settings: &ImportSettings,
    source: Source,
    id: &str,
    progress: &mut ReportProgress,
) -> Result<Option<ReadSummary>, Ended> {
    progress.follow(&source);
    let options = ReadOptions {
        resume_after: 0,
        stop_at_reject: settings.stop_at_reject,
        settings: settings.statements.clone(),
        collect_named: settings.missing.is_needed(),
    };
    let (rows, read) =
        spawn_reader(source, settings.map.clone(), options).map_err(|error| Ended::file(&error))?;
    let upload = Upload::new(catalogue, progress, rows, settings.import_options(id), RETRY_FOR);
    match upload.run().await {
        Ok(UploadOutcome::Stopped) => Ok(None),
        // The rows may have ended early because reading failed.
        Ok(UploadOutcome::Settled) => match read.wait().await {
            Ok(read) => Ok(Some(read)),
            Err(error) => Err(Ended::file(&error)),
        },
        Err(UploadError::Refused(status)) => Err(of_status(&status)),
        Err(UploadError::Stalled { line, why }) => {
            let message =
                format!("no row was stored for {} s at line {line}: {why}", RETRY_FOR.as_secs());
            Err(Ended::failed("UPSTREAM_UNAVAILABLE", message))
        }
        Err(UploadError::Progress(error)) => match error.downcast_ref::<RejectsTooLarge>() {
            Some(too_large) => {
                Err(Ended::failed("IMPORT_REJECTS_TOO_LARGE", too_large.to_string()))
            }
            None => Err(Ended::file(&error)),
        },
    }
}

/// Opens the file, which reads its beginning.
async fn open(
    settings: &ImportSettings,
    file: &SpoolFile,
    max_bytes: u64,
    permit: &ReadingPermit,
) -> Result<Source> {
    let (mut options, path) = (settings.open_options(max_bytes), file.path().to_owned());
    options.cancel = permit.cancel.clone();
    let guard = Box::new(permit.clone());
    let name = match settings.file_name.as_str() {
        "" => "the file".to_owned(),
        name => name.to_owned(),
    };
    let open = move || -> Result<Source> {
        let file = std::fs::File::open(&path).with_context(|| format!("opening {name}"))?;
        let length = file.metadata().map(|metadata| metadata.len()).ok();
        let source = Source::new(file, &options, name, length)?;
        Ok(Source { guard: Some(guard), ..source })
    };
    spawn_blocking(open).await.context("the reader panicked")?
}

/// Archives or deletes the products that the file does not name; a dry run counts them.
async fn take_out(
    catalogue: &ClientCatalogue,
    settings: &ImportSettings,
    read: &ReadSummary,
    begun: i64,
    id: &str,
    report: &SharedReport,
) -> Result<(), Ended> {
    if !settings.missing.is_needed() {
        return Ok(());
    }
    let found = settings.missing.find(&read.named, begun, catalogue).await;
    let found = found.map_err(|error| of_missing(&error))?;
    let taken_out = match settings.dry_run {
        true => TakenOut(found.count()),
        false => {
            let taken_out = settings.missing.take_out(found, id, catalogue).await;
            taken_out.map_err(|error| of_missing(&error))?
        }
    };
    report.change(|report| report.missing = i64::try_from(taken_out.0).unwrap_or(i64::MAX));
    Ok(())
}

fn of_missing(error: &MissingError) -> Ended {
    match error {
        MissingError::UnknownRows(rows) => Ended::failed(
            "IMPORT_MISSING_UNKNOWN",
            format!(
                "all rows are settled, and no missing product was taken out: {rows} rows do not say which product they \
                 are of. Mend them and import the whole file again"
            ),
        ),
        MissingError::TooMany { missing, all, limit } => Ended::failed(
            "IMPORT_MISSING_LIMIT",
            format!(
                "all rows are settled, and no missing product was taken out: the file lacks {missing} of {all} products, \
                 more than {limit}. If it is right, missingLimit={missing} allows it"
            ),
        ),
        MissingError::Failed(status) => of_status(status),
    }
}

fn of_status(status: &tonic::Status) -> Ended {
    let reason = rpc::status::reason(status).unwrap_or_else(|| "INTERNAL".to_owned());
    Ended::failed(&reason, status.message())
}

/// Completes the report of an import that has ended; returns its state.
fn end(report: &SharedReport, ended: Result<(), Ended>) -> State {
    let (state, failure) = match ended {
        Ok(()) => (State::Succeeded, None),
        Err(Ended::Cancelled) => (State::Cancelled, None),
        Err(Ended::Interrupted) => {
            let message = "the gateway was stopped; what is stored stays: send the file again under another key";
            let reason = "IMPORT_INTERRUPTED".to_owned();
            (State::Failed, Some(ImportFailure { reason, message: message.to_owned() }))
        }
        Err(Ended::Failed(failure)) => (State::Failed, Some(failure)),
    };
    report.change(|report: &mut ImportReport| {
        report.failure = failure;
        report.end_time = Some(proto::time::timestamp(SystemTime::now()));
    });
    state
}
