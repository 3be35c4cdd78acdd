//! How often something may be asked.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// A token bucket: `burst` at once, then one each `refill`.
#[derive(Debug)]
pub(crate) struct Bucket {
    /// When the bucket would be full, were nothing more taken.
    full_at: Instant,
    burst: u32,
    refill: Duration,
}

impl Bucket {
    pub(crate) fn new(burst: u32, refill: Duration) -> Self {
        Self { full_at: Instant::now(), burst, refill }
    }

    /// Takes a token, waiting for one if there is none. Cancelled, it has taken none.
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
    async fn a_burst_is_free_and_the_rest_is_paced() {
        let (began, refill) = (Instant::now(), Duration::from_millis(600));
        let mut bucket = Bucket::new(2, refill);
        let mut taken = Vec::new();
        for _ in 0..4 {
            bucket.take().await;
            taken.push(began.elapsed().as_millis() / 10 * 10);
        }
        assert_eq!(taken, [0, 0, 600, 1_200]);
        tokio::time::sleep(Duration::from_secs(60)).await;
        let began = Instant::now();
        bucket.take().await;
        bucket.take().await;
        assert!(began.elapsed() < refill, "it holds no more than a burst, and no less");
    }
}
