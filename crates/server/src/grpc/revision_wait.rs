//! How long a read waits for the write that its `min_revision` names.

use std::time::Duration;

use http::Extensions;
use tokio::time::Instant;

use super::Deadline;

/// Maximum wait, under any deadline.
const LONGEST: Duration = Duration::from_secs(10);
/// Time reserved before the deadline for the response to reach the client.
const MARGIN: Duration = Duration::from_millis(100);

/// The instant at which a waiting call stops and answers with an error: at least half of its time is
/// spent waiting. `extensions` are the request's.
pub fn wait_deadline(extensions: &Extensions) -> Instant {
    wait_deadline_at(extensions.get::<Deadline>().map(|Deadline(at)| *at))
}

/// Like [`wait_deadline`], for a call with this deadline.
pub fn wait_deadline_at(deadline: Option<Instant>) -> Instant {
    let now = Instant::now();
    let left = deadline.map(|at| at.saturating_duration_since(now));
    let left = left.map_or(LONGEST, |left| left - MARGIN.min(left / 2));
    now + left.min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_waiting_call_answers_before_its_deadline() {
        let wait = |milliseconds: u64| {
            let mut extensions = Extensions::new();
            extensions.insert(Deadline(Instant::now() + Duration::from_millis(milliseconds)));
            (wait_deadline(&extensions) - Instant::now()).as_millis()
        };
        assert_eq!((wait(0), wait(100), wait(2_000), wait(60_000)), (0, 50, 1_900, 10_000));
        assert_eq!(wait_deadline(&Extensions::new()) - Instant::now(), LONGEST);
    }
}
