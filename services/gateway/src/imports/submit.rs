//! Accepts a file and begins its import.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::body::Body;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use http_body::Body as _;
use proto::catalogue::v1::{GetImportRequest, Import, ImportReport};
use tokio::sync::OwnedSemaphorePermit;
use tonic::Code;
use uuid::Uuid;

use super::{
    Imports,
    catalogue::ClientCatalogue,
    fetch,
    files::{check_owner, no_file, unusable},
    job::Job,
    progress::SharedReport,
    receive::{self, TokenCheck},
    reporter::Reporter,
    settings::ImportSettings,
    spool::SpoolFile,
};
use crate::{contract, problem::Problem, upstreams::Upstreams};

/// The method that decides who may import.
const IMPORT: &str = "/catalogue.v1.TransferService/ImportProducts";
/// Retry after a full queue, in seconds.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("10");

/// A request to import a file.
pub(crate) struct Submission<'a> {
    pub(super) head: HeaderMap,
    pub(super) body: Body,
    /// For a form of the desk: its field `token` has to pass, and to stand before all others.
    token: Option<TokenCheck<'a>>,
    pub(super) settings: ImportSettings,
    /// The id of the import, as its client says.
    pub(super) id: Option<String>,
}

impl<'a> Submission<'a> {
    /// A form of the desk.
    pub(crate) fn of_form(head: HeaderMap, body: Body, token: TokenCheck<'a>) -> Self {
        Self { head, body, token: Some(token), settings: ImportSettings::default(), id: None }
    }
}

impl Submission<'static> {
    /// A request with these parameters; empty ones are left out.
    ///
    /// # Errors
    /// 400 for an unknown parameter or an invalid value.
    pub(crate) fn new(
        head: HeaderMap,
        body: Body,
        parameters: &[(&str, &str)],
        id: Option<String>,
    ) -> Result<Self, Problem> {
        let mut settings = ImportSettings::default();
        for (name, value) in parameters {
            settings.set(name, value)?;
        }
        Ok(Self { head, body, token: None, settings, id })
    }
}

/// Checks that the caller may import.
///
/// # Errors
/// It may not.
pub(crate) fn authorize(upstreams: &Upstreams) -> Result<(), Problem> {
    Ok(upstreams.authorize(contract::method(IMPORT).expect("the contract has it"))?)
}

/// Receives a file and begins its import. Returns the import, and whether it is a new one: the same request may have come
/// twice at the same time.
///
/// # Errors
/// The caller may not import, as many imports as may run and wait, the request is malformed, its file cannot be
/// received, or the gateway stops.
pub(crate) async fn accept(
    imports: &Imports,
    upstreams: Upstreams,
    submission: Submission<'_>,
) -> Result<(Import, bool), Problem> {
    authorize(&upstreams)?;
    imports.check_open()?;
    let place = imports.take_place().ok_or_else(queue_full)?;
    let begun = SystemTime::now();
    let (settings, id, file, size) = receive(imports, &upstreams, submission).await?;
    match announce(imports, &upstreams, &settings, id, size).await? {
        Announced::Known(import) => Ok((import, false)),
        Announced::New(import, reporter) => {
            let accepted = Accepted { settings, file, begun, place };
            accepted.start(imports, upstreams, *reporter);
            Ok((import, true))
        }
    }
}

/// A file that is here, to be imported.
pub(super) struct Accepted {
    pub(super) settings: ImportSettings,
    pub(super) file: SpoolFile,
    /// When its client began to send it.
    pub(super) begun: SystemTime,
    pub(super) place: OwnedSemaphorePermit,
}

impl Accepted {
    /// Imports it in the background, with the rights of its client.
    pub(super) fn start(self, imports: &Imports, client: Upstreams, reporter: Reporter) {
        let begun = self.begun.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let job = Job {
            imports: imports.clone(),
            catalogue: ClientCatalogue(client),
            settings: self.settings,
            file: self.file,
            reporter,
            begun: i64::try_from(begun).unwrap_or_default(),
            _place: self.place,
        };
        drop(imports.spawn(job.run()));
    }
}

/// An import that the catalogue knows.
pub(super) enum Announced {
    /// It waits, and reports by this.
    New(Import, Box<Reporter>),
    /// The same request has begun it before.
    Known(Import),
}

/// Makes the import of a file of `size` bytes known to the catalogue.
///
/// # Errors
/// There is an import of this id of another, or the catalogue cannot be reached, or fails.
pub(super) async fn announce(
    imports: &Imports,
    upstreams: &Upstreams,
    settings: &ImportSettings,
    id: Option<String>,
    size: u64,
) -> Result<Announced, Problem> {
    let report = SharedReport::new(ImportReport {
        file_name: settings.file_name.clone(),
        size_bytes: i64::try_from(size).unwrap_or(i64::MAX),
        dry_run: settings.is_rehearsal(),
        gateway: imports.name().to_owned(),
        map: settings.map_text.clone(),
        parameters: settings.parameters.clone(),
        ..ImportReport::default()
    });
    let reporter = Reporter {
        upstreams: imports.upstreams().clone(),
        import_id: id.unwrap_or_else(|| Uuid::now_v7().to_string()),
        actor: upstreams.actor_name(),
        report,
    };
    match reporter.begin().await {
        Ok(import) => Ok(Announced::New(import, Box::new(reporter))),
        Err(status) if status.code() == Code::AlreadyExists => {
            let import = find(upstreams, &reporter.import_id).await?;
            let import = import.ok_or_else(|| Problem::from(status))?;
            Ok(Announced::Known(repeated(upstreams, import)?))
        }
        Err(status) => Err(status.into()),
    }
}

type Received = (ImportSettings, Option<String>, SpoolFile, u64);

/// The file with its size in bytes, 0 if it is yet to be downloaded, and the settings, some of which may be in its form.
async fn receive(
    imports: &Imports,
    upstreams: &Upstreams,
    submission: Submission<'_>,
) -> Result<Received, Problem> {
    let Submission { head, body, token, mut settings, id } = submission;
    imports.spool().prune(imports.max_bytes());
    let file = imports.spool().file().map_err(|error| unusable(&error))?;
    let size = match body.is_end_stream() {
        true if token.is_some() => return Err(receive::no_token()),
        true => 0,
        false => {
            let into = receive::Target { settings: &mut settings, file: &file, token };
            receive::receive(&head, body, into, imports.max_bytes()).await?
        }
    };
    check_source(&settings, size)?;
    let Some(source) = &settings.file_of else { return Ok((settings, id, file, size)) };
    let import = find(upstreams, source).await?;
    let import = import.ok_or_else(|| Problem::invalid("fileOf", "is not an import's id"))?;
    check_owner(upstreams, &import)?;
    let again = imports.spool().again(&import.id).map_err(|error| unusable(&error))?;
    let (file, size) = again.ok_or_else(|| no_file(imports, &import, "the file"))?;
    if settings.file_name.is_empty() {
        settings.file_name = import.report.unwrap_or_default().file_name;
    }
    Ok((settings, id, file, size))
}

/// The import that this caller has begun with this id before, if there is one.
///
/// # Errors
/// The id cannot be one, or is another's.
pub(crate) async fn known(upstreams: &Upstreams, id: &str) -> Result<Option<Import>, Problem> {
    check_id(id)?;
    let import = find(upstreams, id).await?;
    import.map(|import| repeated(upstreams, import)).transpose()
}

/// The import of this id, if there is one.
async fn find(upstreams: &Upstreams, id: &str) -> Result<Option<Import>, Problem> {
    let request = GetImportRequest { import_id: id.to_owned() };
    match upstreams.transfers().get_import(request).await {
        Ok(import) => Ok(Some(import.into_inner())),
        Err(status) if status.code() == Code::NotFound => Ok(None),
        Err(status) => Err(status.into()),
    }
}

/// The import that a repeated request has begun.
///
/// # Errors
/// It is of another caller, or of rows that came otherwise.
fn repeated(upstreams: &Upstreams, import: Import) -> Result<Import, Problem> {
    if import.report.is_some() && import.actor == upstreams.actor_name() {
        return Ok(import);
    }
    let detail =
        format!("there is an import {} of another; use another Idempotency-Key", import.id);
    Err(Problem::new(StatusCode::CONFLICT, "IMPORT_EXISTS", detail))
}

/// A key names the import, and its files.
fn check_id(id: &str) -> Result<(), Problem> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    // `.` and `..` are no names in addresses.
    let is_name = id.bytes().any(|byte| byte != b'.');
    match is_name && (1..=64).contains(&id.len()) && id.bytes().all(allowed) {
        true => Ok(()),
        false => {
            let rule = "must be 1 to 64 letters, digits or any of -._, and not only dots: it becomes the import's id";
            Err(Problem::invalid("Idempotency-Key", rule))
        }
    }
}

/// A file comes in one way. `size` is that of the request's own, in bytes.
pub(super) fn check_source(settings: &ImportSettings, size: u64) -> Result<(), Problem> {
    let rule = "must be absent where the file comes otherwise";
    match (&settings.url, &settings.file_of) {
        (None, None) if size == 0 => {
            Err(Problem::invalid("body", "is empty: send a file, or its `url`"))
        }
        (None, None) => Ok(()),
        (Some(_), _) if size > 0 || settings.file_of.is_some() => {
            Err(Problem::invalid("url", rule))
        }
        (None, Some(_)) if size > 0 => Err(Problem::invalid("fileOf", rule)),
        (None, Some(_)) => Ok(()),
        (Some(url), _) => {
            fetch::check(url).map(drop).map_err(|rule| Problem::invalid("url", rule.to_string()))
        }
    }
}

/// 429: as many imports run and wait as may.
pub(super) fn queue_full() -> Problem {
    let detail = "as many imports run and wait here as may: try again when one has ended";
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "IMPORT_QUEUE_FULL", detail)
        .with_header(header::RETRY_AFTER, RETRY_AFTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_name_in_addresses() {
        for good in ["spring-2026", ".a", "a..b", "x"] {
            assert!(check_id(good).is_ok(), "{good}");
        }
        let long = "x".repeat(65);
        for bad in ["", ".", "..", "...", "a/b", "a:undo", "é", &long] {
            assert!(check_id(bad).is_err(), "{bad:?}");
        }
    }
}
