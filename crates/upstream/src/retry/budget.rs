//! The retry budget.

use std::time::Duration;

use tower::retry::budget::{Budget as _, TpsBudget};

/// How long a call counts for the budget.
const WINDOW: Duration = Duration::from_secs(10);
/// Retries that need no calls, for upstreams with few.
const PER_SECOND: u32 = 10;
/// Further retries, as a share of the calls.
const SHARE: f32 = 0.2;

/// Allows retries of 20 % of the calls of the last ten seconds, plus ten per second (Finagle's retry
/// budget, implemented by tower).
#[derive(Debug)]
pub(super) struct Budget(TpsBudget);

impl Budget {
    pub(super) fn new() -> Self {
        Self(TpsBudget::new(WINDOW, PER_SECOND, SHARE))
    }

    /// Counts a call.
    pub(super) fn deposit(&self) {
        self.0.deposit();
    }

    /// Whether a retry is allowed. Counts it if so.
    pub(super) fn withdraw(&self) -> bool {
        self.0.withdraw()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn retries_add_a_fifth_and_ten_a_second() {
        let budget = Budget::new();
        let mut retries = 0;
        for _ in 0..30 * 200 {
            tokio::time::advance(Duration::from_millis(5)).await;
            budget.deposit();
            // Each call wants four retries.
            retries += (0..4).filter(|_| budget.withdraw()).count();
        }
        let most = 30 * 200 / 5 + 30 * 10 + 100;
        assert!((1_000..=most).contains(&retries), "{retries}");
    }
}
