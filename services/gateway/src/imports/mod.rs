//! Imports of files over HTTP: `POST /v1/imports` and what becomes of it.
//!
//! The file is received straight to the [`spool`], and the import then runs in the background, by the engine that
//! `catctl import` has (the crate `import`), with the credential of its client. What becomes of it is reported to the
//! catalogue, so every gateway answers for it; only its files, rejected rows and what was rehearsed, are on the gateway that
//! ran it.
//!
//! A file may come in several requests instead of one: [`uploads`].
//!
//! **Bounds:** a number of imports run, a further number waits or is received, and others are refused; each file has a
//! largest size.

mod catalogue;
mod fetch;
mod files;
mod job;
mod multipart;
mod progress;
mod public_address;
mod receive;
mod report_limits;
mod reporter;
mod settings;
mod spool;
mod submit;
mod temporary_folder;
mod uploads;

pub(crate) use files::{check_owner, no_file};
pub(crate) use receive::no_token;
pub(crate) use settings::PARAMETERS;
pub(crate) use submit::{Submission, accept, authorize, known};
pub(crate) use uploads::{
    Appended, Progress, UPLOAD_COMPLETE, UPLOAD_LENGTH, UPLOAD_LIMIT, UPLOAD_OFFSET,
    append_to_upload, begin_upload, cancel_upload, is_upload, upload_progress,
};

use std::{future::Future, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use chassis::CancellationToken;
use http::{HeaderValue, StatusCode, header};
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinHandle,
    time::timeout,
};

use self::{fetch::AllowedSources, files::unusable, spool::Spool, uploads::Uploads};
use crate::{import_args::ImportArgs, problem::Problem, upstreams::Upstreams};

/// Limit of the limits of imports.
const MAX_PLACES: u32 = 10_000;
/// Time for the last reports at the shutdown.
const LAST_REPORTS: Duration = Duration::from_secs(5);

/// The imports of this gateway. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Imports(Arc<Inner>);

struct Inner {
    spool: Spool,
    max_bytes: u64,
    sources: AllowedSources,
    uploads: Uploads,
    /// One permit for each import that is received, waits or runs.
    places: Arc<Semaphore>,
    all_places: u32,
    /// One permit for each import that runs.
    running: Arc<Semaphore>,
    /// The gateway's own upstreams, for reports.
    upstreams: Upstreams,
    /// Names this gateway in reports.
    name: String,
    /// The runtime of imports, which outlive their requests.
    background: Handle,
    shutdown: CancellationToken,
}

impl Imports {
    /// Imports run on the current runtime until `shutdown`. `address`: where the gateway listens.
    ///
    /// # Errors
    /// The folder of the settings cannot be used.
    pub(crate) fn new(
        args: &ImportArgs,
        upstreams: Upstreams,
        address: SocketAddr,
        shutdown: CancellationToken,
    ) -> anyhow::Result<Self> {
        let (running, queued) = (args.max_imports.get(), args.max_queued_imports);
        let places =
            u32::try_from(running.saturating_add(queued)).unwrap_or(u32::MAX).min(MAX_PLACES);
        Ok(Self(Arc::new(Inner {
            spool: Spool::new(args.import_dir.clone())?,
            max_bytes: args.max_import_bytes.get(),
            sources: AllowedSources::new(&args.import_host),
            uploads: Uploads::new(places as usize, Duration::from_secs(args.keep_uploads)),
            places: Arc::new(Semaphore::new(places as usize)),
            all_places: places,
            running: Arc::new(Semaphore::new(running.min(places as usize))),
            upstreams,
            name: name_at(address),
            background: Handle::current(),
            shutdown,
        })))
    }

    /// The path of the rejected rows of an import, whether there are any or not.
    ///
    /// # Errors
    /// The folder cannot be used.
    pub(crate) fn rejects(&self, id: &str) -> Result<PathBuf, Problem> {
        self.spool().rejects(id).map_err(|error| unusable(&error))
    }

    fn spool(&self) -> &Spool {
        &self.0.spool
    }

    fn max_bytes(&self) -> u64 {
        self.0.max_bytes
    }

    fn sources(&self) -> &AllowedSources {
        &self.0.sources
    }

    fn uploads(&self) -> &Uploads {
        &self.0.uploads
    }

    fn upstreams(&self) -> &Upstreams {
        &self.0.upstreams
    }

    fn name(&self) -> &str {
        &self.0.name
    }

    fn shutdown(&self) -> CancellationToken {
        self.0.shutdown.clone()
    }

    /// Checks that the gateway does not stop: it would not get to an import that it takes now.
    fn check_open(&self) -> Result<(), Problem> {
        if self.0.shutdown.is_cancelled() { Err(stopping()) } else { Ok(()) }
    }

    /// A place for one more import, unless all are taken.
    fn take_place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0.places).try_acquire_owned().ok()
    }

    /// Waits until an import may run.
    async fn run(&self) -> Option<OwnedSemaphorePermit> {
        // Never closed.
        Arc::clone(&self.0.running).acquire_owned().await.ok()
    }

    /// Waits at the shutdown until each import has reported its end, within a time limit.
    pub(crate) async fn all_ended(&self) {
        self.uploads().clear();
        let all = self.0.places.acquire_many(self.0.all_places);
        if timeout(LAST_REPORTS, all).await.is_err() {
            tracing::warn!("not all imports have reported that they were interrupted");
        }
    }

    /// Runs something in the background, which does not end with its request.
    fn spawn<T: Send + 'static>(
        &self,
        job: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.0.background.spawn(telemetry::in_current_context(job))
    }
}

/// 503 from a gateway that stops.
fn stopping() -> Problem {
    let detail =
        "this gateway is stopping, and takes no file any more: send it again, another one takes it";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, rpc::status::SHUTTING_DOWN, detail)
        .with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
}

/// The name of the gateway that listens on `address`, for people: the machine's name, if that is all addresses.
fn name_at(address: SocketAddr) -> String {
    let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    match machine.trim() {
        machine if address.ip().is_unspecified() && !machine.is_empty() => {
            format!("{machine}:{}", address.port())
        }
        _ => address.to_string(),
    }
}
