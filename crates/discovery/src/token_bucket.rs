//! Rate limit of requests.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Token bucket: a burst of `burst` tokens, then one token per `refill`.
#[derive(Debug)]
pub(crate) struct TokenBucket {
    /// Time at which the bucket is full again if no further token is taken.
    full_at: Instant,
    burst: u32,
    refill: Duration,
}

impl TokenBucket {
    pub(crate) fn new(burst: u32, refill: Duration) -> Self {
        Self { full_at: Instant::now(), burst, refill }
    }

    /// Takes a token, and waits for one if the bucket is empty. Cancel-safe: takes none if cancelled.
    pub(crate) async fn take(&mut self) {
        let full_after = self.full_at.max(Instant::now()) + self.refill;
        sleep_until(full_after - self.refill * self.burst).await;
        self.full_at = full_after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn requests_after_the_burst_are_delayed() {
        let (began, refill) = (Instant::now(), Duration::from_millis(600));
        let mut token_bucket = TokenBucket::new(2, refill);
        let mut taken = Vec::new();
        for _ in 0..4 {
            token_bucket.take().await;
            taken.push(began.elapsed().as_millis() / 10 * 10);
        }
        assert_eq!(taken, [0, 0, 600, 1_200]);
        tokio::time::sleep(Duration::from_secs(60)).await;
        let began = Instant::now();
        token_bucket.take().await;
        token_bucket.take().await;
        assert!(began.elapsed() < refill, "it holds exactly a burst");
    }
}
