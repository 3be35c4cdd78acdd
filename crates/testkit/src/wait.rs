//! Waiting for a condition.

use std::time::{Duration, Instant};

/// Timeout of [`until`]: generous, because a busy machine must not fail a test.
const TIMEOUT: Duration = Duration::from_secs(60);
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Polls `condition` until it returns a value.
///
/// # Panics
/// After a minute; `what` names the condition in the message.
pub async fn until<T>(what: &str, condition: impl AsyncFnMut() -> Option<T>) -> T {
    until_within(TIMEOUT, what, condition).await
}

/// [`until`] with another timeout.
///
/// # Panics
/// After the timeout.
pub async fn until_within<T>(
    timeout: Duration,
    what: &str,
    mut condition: impl AsyncFnMut() -> Option<T>,
) -> T {
    let began = Instant::now();
    loop {
        if let Some(value) = condition().await {
            return value;
        }
        assert!(began.elapsed() < timeout, "timed out after {:?}: {what}", began.elapsed());
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}
