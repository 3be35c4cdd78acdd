//! Graceful shutdown: become not ready, deregister, wait for clients, close, finish.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures::future::{BoxFuture, join_all};
use server::{Health, ServeArgs};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// Default wait after deregistration, in which clients learn of it.
const WAIT: Duration = Duration::from_secs(2);
/// Timeout of the work before the wait.
const START_TIMEOUT: Duration = Duration::from_secs(3);

/// The graceful shutdown of a service. Cheap to clone; clones share state.
///
/// On the signal to stop, [`Health`] becomes not ready, the work of [`Drain::on_start`] runs, and the service
/// keeps serving for a while, for clients that do not know yet. Then [`Drain::closing`] is cancelled:
/// connections are shut down, watches end, and requests under way finish.
#[derive(Clone)]
pub struct Drain {
    closing: CancellationToken,
    on_start: Arc<Mutex<Vec<StartWork>>>,
}

struct StartWork {
    name: &'static str,
    work: BoxFuture<'static, ()>,
}

impl Drain {
    /// Starts when `stop` is cancelled. Needs a runtime.
    pub fn new(stop: CancellationToken, health: &Health, args: &ServeArgs) -> Self {
        let drain = Self { closing: CancellationToken::new(), on_start: Arc::default() };
        let (draining, health) = (drain.clone(), health.clone());
        let wait = args.drain_wait.map(Duration::from_secs);
        tokio::spawn(async move {
            // If this task is aborted or panics, the service closes as well.
            let closing = draining.closing.clone().drop_guard();
            stop.cancelled().await;
            health.drain();
            let has_work = draining.run_start_work().await;
            let wait = wait.unwrap_or(if has_work { WAIT } else { Duration::ZERO });
            tracing::info!(wait_ms = wait.as_millis(), "draining");
            sleep(wait).await;
            drop(closing);
        });
        drain
    }

    /// Adds `work` to be done when the drain starts, before the wait, such as deregistration. `name` is for
    /// the log, if it times out.
    pub fn on_start(&self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let work = StartWork { name, work: Box::pin(work) };
        self.on_start.lock().unwrap_or_else(PoisonError::into_inner).push(work);
    }

    /// Cancelled when no further requests are accepted.
    pub fn closing(&self) -> CancellationToken {
        self.closing.clone()
    }

    /// Returns whether there was any.
    async fn run_start_work(&self) -> bool {
        let work =
            std::mem::take(&mut *self.on_start.lock().unwrap_or_else(PoisonError::into_inner));
        let done = work.into_iter().map(async |StartWork { name, work }| {
            if timeout(START_TIMEOUT, work).await.is_err() {
                tracing::warn!(name, "work before the drain timed out");
            }
        });
        !join_all(done).await.is_empty()
    }
}

impl std::fmt::Debug for Drain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Drain").field("closing", &self.closing.is_cancelled()).finish()
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    fn drain(wait: Option<u64>) -> (CancellationToken, Health, Drain) {
        let (stop, health) = (CancellationToken::new(), Health::new(&["a.B"], &["store"]));
        health.set("store", Ok(()));
        let args = ServeArgs { drain_wait: wait, ..ServeArgs::default() };
        let drain = Drain::new(stop.clone(), &health, &args);
        (stop, health, drain)
    }

    #[tokio::test(start_paused = true)]
    async fn the_instance_is_deregistered_two_seconds_before_it_closes() {
        let (stop, health, drain) = drain(None);
        let seen = Arc::new(Mutex::new(None));
        let (note, at) = (seen.clone(), health.clone());
        drain.on_start("deregister", async move {
            *note.lock().unwrap() = Some((at.is_ready(), Instant::now()));
        });
        stop.cancel();
        drain.closing().cancelled().await;
        let (was_ready, deregistered_at) = seen.lock().unwrap().expect("it was done");
        assert!(!was_ready, "not ready before deregistration");
        assert_eq!(deregistered_at.elapsed().as_secs(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn without_registration_there_is_no_wait() {
        let (stop, _health, alone) = drain(None);
        let began = Instant::now();
        stop.cancel();
        alone.closing().cancelled().await;
        assert_eq!(began.elapsed().as_secs(), 0);
        let (stop, _health, patient) = drain(Some(7));
        stop.cancel();
        patient.closing().cancelled().await;
        assert_eq!(began.elapsed().as_secs(), 7);
    }

    #[tokio::test(start_paused = true)]
    async fn a_hanging_registry_delays_the_drain_by_its_timeout() {
        let (stop, _health, drain) = drain(Some(0));
        drain.on_start("deregister", std::future::pending());
        let began = Instant::now();
        stop.cancel();
        drain.closing().cancelled().await;
        assert_eq!(began.elapsed().as_secs(), 3);
    }
}
