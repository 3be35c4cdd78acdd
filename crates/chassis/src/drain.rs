//! Leaving in order: say so, be taken off the lists, wait until that is known, close, finish.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures::future::{BoxFuture, join_all};
use server::{Health, ServeArgs};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// How long callers go on as before when a registry has been told: it tells them.
const WAIT: Duration = Duration::from_secs(2);
/// What is done before the wait has this long.
const FIRST_WITHIN: Duration = Duration::from_secs(3);

/// How a service leaves. Cheap to clone; clones are one.
///
/// When the order to stop comes, [`Health`] says that we are leaving, then what was given to
/// [`Drain::first`] is done, then for a while all goes on as before, for callers who have not heard
/// yet. Then [`Drain::closing`] is cancelled: connections are told to go, watches end, and what is
/// under way may finish.
#[derive(Clone)]
pub struct Drain {
    closing: CancellationToken,
    first: Arc<Mutex<Vec<First>>>,
}

struct First {
    what: &'static str,
    work: BoxFuture<'static, ()>,
}

impl Drain {
    /// Begins when `stop` is cancelled. Call it inside the background runtime.
    pub fn new(stop: CancellationToken, health: &Health, args: &ServeArgs) -> Self {
        let drain = Self { closing: CancellationToken::new(), first: Arc::default() };
        let (leaving, health) = (drain.clone(), health.clone());
        let wait = args.drain_wait.map(Duration::from_secs);
        tokio::spawn(async move {
            // Should this end in any other way than by itself, the service must end too.
            let closing = leaving.closing.clone().drop_guard();
            stop.cancelled().await;
            health.drain();
            let told = leaving.do_first().await;
            let wait = wait.unwrap_or(if told { WAIT } else { Duration::ZERO });
            tracing::info!(wait_ms = wait.as_millis(), "leaving");
            sleep(wait).await;
            drop(closing);
        });
        drain
    }

    /// Has `work` done after health has said that we are leaving and before the wait: whatever
    /// takes us off a list that callers go by. `what` names it in the log if it takes too long.
    pub fn first(&self, what: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let work = First { what, work: Box::pin(work) };
        self.first.lock().unwrap_or_else(PoisonError::into_inner).push(work);
    }

    /// Cancelled when nothing new is to be begun.
    pub fn closing(&self) -> CancellationToken {
        self.closing.clone()
    }

    /// Whether there was anything to do.
    async fn do_first(&self) -> bool {
        let first = std::mem::take(&mut *self.first.lock().unwrap_or_else(PoisonError::into_inner));
        let done = first.into_iter().map(async |First { what, work }| {
            if timeout(FIRST_WITHIN, work).await.is_err() {
                tracing::warn!(what, "is not done in time: leaving all the same");
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
    async fn we_are_off_the_list_two_seconds_before_we_close() {
        let (stop, health, drain) = drain(None);
        let seen = Arc::new(Mutex::new(None));
        let (note, at) = (seen.clone(), health.clone());
        drain.first("deregister", async move {
            *note.lock().unwrap() = Some((at.is_ready(), Instant::now()));
        });
        stop.cancel();
        drain.closing().cancelled().await;
        let (was_ready, told_at) = seen.lock().unwrap().expect("it was done");
        assert!(!was_ready, "health says it first");
        assert_eq!(told_at.elapsed().as_secs(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_is_waited_for_where_nobody_is_told() {
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
    async fn a_registry_that_hangs_holds_nobody_up() {
        let (stop, _health, drain) = drain(Some(0));
        drain.first("deregister", std::future::pending());
        let began = Instant::now();
        stop.cancel();
        drain.closing().cancelled().await;
        assert_eq!(began.elapsed().as_secs(), 3);
    }
}
