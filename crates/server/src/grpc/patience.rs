//! How long a call may wait for something that will come.

use std::time::Duration;

use http::Extensions;
use tokio::time::Instant;

use super::Deadline;

/// The longest, whatever the deadline.
const LONGEST: Duration = Duration::from_secs(10);
/// How long before its deadline a call is answered at the latest, to be heard.
const MARGIN: Duration = Duration::from_millis(100);

/// When a call that waits, such as a read for the write it must include, gives up and says so. Of a
/// short time most is still spent waiting. `extensions` are the request's.
pub fn give_up(extensions: &Extensions) -> Instant {
    give_up_at(extensions.get::<Deadline>().map(|Deadline(at)| *at))
}

/// As [`give_up`], of a call with this deadline.
pub fn give_up_at(deadline: Option<Instant>) -> Instant {
    let now = Instant::now();
    let left = deadline.map(|at| at.saturating_duration_since(now));
    let left = left.map_or(LONGEST, |left| left - MARGIN.min(left / 2));
    now + left.min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_answers_before_the_deadline() {
        let wait = |milliseconds: u64| {
            let mut extensions = Extensions::new();
            extensions.insert(Deadline(Instant::now() + Duration::from_millis(milliseconds)));
            (give_up(&extensions) - Instant::now()).as_millis()
        };
        assert_eq!((wait(0), wait(100), wait(2_000), wait(60_000)), (0, 50, 1_900, 10_000));
        assert_eq!(give_up(&Extensions::new()) - Instant::now(), LONGEST);
    }
}
