//! The pace at which a body must arrive.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::BodyArgs;
use crate::overload::Refusal;

/// Time before the rate of a body counts: the first bytes may be late.
const GRACE: Duration = Duration::from_secs(5);
/// Interval of checks.
const CHECK: Duration = Duration::from_secs(1);

/// Time limits of one body.
#[derive(Debug)]
pub(crate) struct Pace {
    began: Instant,
    /// The end of the time for the body.
    end: Instant,
    /// Deadline of the call.
    deadline: Option<Instant>,
    /// Bytes per second.
    min_rate: usize,
    next_check: Instant,
}

impl Pace {
    pub(super) fn new(args: &BodyArgs, deadline: Option<Instant>) -> Self {
        let began = Instant::now();
        let end = began + Duration::from_secs(args.body_timeout);
        Self { began, end, deadline, min_rate: args.min_body_rate, next_check: began + GRACE }
    }

    /// Waits for the next check.
    pub(crate) async fn wait(&self) {
        let next = self.next_check.min(self.end);
        sleep_until(self.deadline.map_or(next, |deadline| deadline.min(next))).await;
    }

    /// Checks a body of which `received` bytes have arrived.
    ///
    /// # Errors
    /// It is too late or too slow.
    pub(crate) fn check(&mut self, received: usize) -> Result<(), Refusal> {
        let now = Instant::now();
        if self.deadline.is_some_and(|deadline| deadline <= now) {
            return Err(Refusal::Deadline);
        }
        if self.end <= now {
            return Err(Refusal::BodyTimeout);
        }
        if self.next_check <= now {
            let expected = (now - self.began).as_secs_f64() * self.min_rate as f64;
            if (received as f64) < expected {
                return Err(Refusal::BodyTooSlow);
            }
            self.next_check = now + CHECK;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARGS: BodyArgs =
        BodyArgs { body_timeout: 30, min_body_rate: 100, max_waiting_bodies: 1, max_buffered: 1 };

    /// Seconds until a body that grows by `rate` bytes a second is refused, and why.
    async fn refused_after(rate: usize, deadline: Option<u64>) -> (u64, Refusal) {
        let began = Instant::now();
        let deadline = deadline.map(|seconds| began + Duration::from_secs(seconds));
        let mut pace = Pace::new(&ARGS, deadline);
        loop {
            pace.wait().await;
            let seconds = began.elapsed().as_secs();
            if let Err(refusal) = pace.check(rate * seconds as usize) {
                return (seconds, refusal);
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn bodies_that_are_slow_or_late_are_refused() {
        assert_eq!(refused_after(0, None).await, (5, Refusal::BodyTooSlow));
        assert_eq!(refused_after(99, None).await, (5, Refusal::BodyTooSlow));
        assert_eq!(refused_after(101, None).await, (30, Refusal::BodyTimeout));
        assert_eq!(refused_after(101, Some(7)).await, (7, Refusal::Deadline));
        assert_eq!(refused_after(0, Some(2)).await, (2, Refusal::Deadline));
    }
}
