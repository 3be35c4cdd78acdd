//! Loops in the background: one that panics is begun anew.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures::FutureExt as _;
use server::grpc::report;
use tokio::time::{Instant, sleep};

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A loop that went on for this long is taken for well again.
const WELL: Duration = Duration::from_secs(60);

/// Runs what `begin` makes until it ends by itself. Whenever it panics that is logged and counted,
/// and after a pause, which doubles up to half a minute, what `begin` makes then is run. `name` is
/// for the log and the count.
pub async fn supervise<F, Fut>(name: &'static str, mut begin: F)
where
    F: FnMut() -> Fut,
    Fut: Future<Output = ()>,
{
    let mut pause = FIRST_PAUSE;
    loop {
        let began = Instant::now();
        // What a panic leaves behind goes with it: the next run begins anew.
        let Err(panic) = AssertUnwindSafe(begin()).catch_unwind().await else { return };
        report(name, panic.as_ref());
        if began.elapsed() > WELL {
            pause = FIRST_PAUSE;
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_loop_that_panics_is_begun_anew_until_it_ends() {
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
