//! Reports an import to the catalogue, so that every gateway knows how far it is, and learns there that it was cancelled.

use std::time::Duration;

use backoff::Backoff;
use chassis::CancellationToken;
use proto::catalogue::v1::{Import, ReportImportRequest, import::State};
use tokio::{
    sync::watch,
    time::{Instant, MissedTickBehavior, interval_at, sleep},
};
use tonic::Status;

use super::progress::SharedReport;
use crate::upstreams::Upstreams;

/// Interval of reports. The catalogue takes an import for interrupted after many of them.
const INTERVAL: Duration = Duration::from_secs(1);
/// For how long the last report is tried.
const LAST_REPORT: Duration = Duration::from_secs(60);
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(5));

/// Reports one import.
#[derive(Clone)]
pub(super) struct Reporter {
    /// The gateway's own: the import goes on when its client's key has ended.
    pub(super) upstreams: Upstreams,
    pub(super) import_id: String,
    pub(super) actor: String,
    pub(super) report: SharedReport,
}

impl Reporter {
    /// Reports that the import waits, for the first time.
    ///
    /// # Errors
    /// There is an import of this id, or the catalogue cannot be reached, or fails.
    pub(super) async fn begin(&self) -> Result<Import, Status> {
        self.send(State::Queued, true).await
    }

    /// Reports the state once.
    ///
    /// # Errors
    /// The catalogue cannot be reached, or fails.
    pub(super) async fn report(&self, state: State) -> Result<Import, Status> {
        self.send(state, false).await
    }

    async fn send(&self, state: State, begin: bool) -> Result<Import, Status> {
        let request = ReportImportRequest {
            import_id: self.import_id.clone(),
            state: state.into(),
            actor: self.actor.clone(),
            report: Some(self.report.now()),
            begin,
        };
        let mut client = self.upstreams.transfers();
        Ok(client.report_import(request).await?.into_inner())
    }

    /// Reports at intervals until the import has ended, and cancels it if the catalogue says so.
    pub(super) async fn follow(self, states: watch::Receiver<State>, cancel: CancellationToken) {
        let mut interval = interval_at(Instant::now() + INTERVAL, INTERVAL);
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            interval.tick().await;
            let state = *states.borrow();
            match self.report(state).await {
                Ok(import) if import.cancel_time.is_some() => cancel.cancel(),
                Ok(_) => {}
                // The next report is as good.
                Err(status) => {
                    let error = status.message();
                    tracing::debug!(import = self.import_id, error, "an import is not reported");
                }
            }
        }
    }

    /// Reports the end, for a while if need be.
    pub(super) async fn report_end(&self, state: State) {
        let (began, mut backoff) = (Instant::now(), BACKOFF);
        while let Err(status) = self.report(state).await {
            if began.elapsed() > LAST_REPORT {
                let error = status.message();
                tracing::warn!(
                    import = self.import_id,
                    error,
                    "the end of an import is not reported"
                );
                return;
            }
            sleep(backoff.next_delay()).await;
        }
    }
}
