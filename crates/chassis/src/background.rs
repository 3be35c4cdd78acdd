//! Background loops that are restarted after a panic.

use std::{panic::AssertUnwindSafe, time::Duration};

use backoff::Backoff;
use futures::FutureExt as _;
use server::grpc::report;
use tokio::time::{Instant, sleep};

/// Delays before another run.
const BACKOFF: Backoff =
    Backoff::new(Duration::from_millis(100), Duration::from_secs(30)).with_jitter(0.0);
/// A run of this length resets the backoff.
const STABLE: Duration = Duration::from_secs(60);

/// Runs the future that `begin` creates until it returns. After a panic, which is logged and counted under
/// `name`, another is created and run after a pause that doubles up to half a minute.
pub async fn supervise<F, Fut>(name: &'static str, mut begin: F)
where
    F: FnMut() -> Fut,
    Fut: Future<Output = ()>,
{
    let mut backoff = BACKOFF;
    loop {
        let began = Instant::now();
        // Unwind safe: the state of the run that panicked is dropped.
        let Err(panic) = AssertUnwindSafe(begin()).catch_unwind().await else { return };
        report(name, panic.as_ref());
        if began.elapsed() > STABLE {
            backoff.reset();
        }
        sleep(backoff.next_delay()).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_loop_that_panics_is_restarted_until_it_returns() {
        let (mut runs, began) = (0, Instant::now());
        supervise("test", || {
            runs += 1;
            let run = runs;
            async move { assert!(run == 4, "on purpose") }
        })
        .await;
        assert_eq!(runs, 4);
        assert_eq!(began.elapsed(), Duration::from_millis(100 + 200 + 400));
    }
}
