//! Waiting for a condition, never for a time.

use std::time::{Duration, Instant};

/// How long [`until`] waits: generous, since a busy machine must not fail a test.
const PATIENCE: Duration = Duration::from_secs(60);
const BETWEEN: Duration = Duration::from_millis(20);

/// Asks again and again until `condition` gives a value.
///
/// # Panics
/// When it has given none for a minute. `what` says what was waited for.
pub async fn until<T>(what: &str, condition: impl AsyncFnMut() -> Option<T>) -> T {
    until_within(PATIENCE, what, condition).await
}

/// [`until`] with a limit of its own.
///
/// # Panics
/// When the limit has passed.
pub async fn until_within<T>(
    limit: Duration,
    what: &str,
    mut condition: impl AsyncFnMut() -> Option<T>,
) -> T {
    let began = Instant::now();
    loop {
        if let Some(value) = condition().await {
            return value;
        }
        assert!(began.elapsed() < limit, "waited {:?} in vain: {what}", began.elapsed());
        tokio::time::sleep(BETWEEN).await;
    }
}
