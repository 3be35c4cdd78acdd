//! How many calls may be made again.

use std::time::Duration;

use tower::retry::budget::{Budget as _, TpsBudget};

/// How long a call counts.
const WINDOW: Duration = Duration::from_secs(10);
/// Always allowed, for whoever calls seldom.
const PER_SECOND: u32 = 10;
/// Of all calls, beside that.
const SHARE: f32 = 0.2;

/// Twenty per cent of the calls of the last ten seconds, and ten a second. (Finagle's, as tower has it.)
#[derive(Debug)]
pub(super) struct Budget(TpsBudget);

impl Budget {
    pub(super) fn new() -> Self {
        Self(TpsBudget::new(WINDOW, PER_SECOND, SHARE))
    }

    /// There is a call.
    pub(super) fn deposit(&self) {
        self.0.deposit();
    }

    /// Whether there may be another attempt; it counts then.
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
        let mut again = 0;
        for _ in 0..30 * 200 {
            tokio::time::advance(Duration::from_millis(5)).await;
            budget.deposit();
            // Whoever fails always would like to try four times more.
            again += (0..4).filter(|_| budget.withdraw()).count();
        }
        let most = 30 * 200 / 5 + 30 * 10 + 100;
        assert!((1_000..=most).contains(&again), "{again}");
    }
}
