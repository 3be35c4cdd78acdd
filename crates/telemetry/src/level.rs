//! The log filter, and changing it while the service runs.

use std::sync::{Mutex, OnceLock, PoisonError};

use anyhow::Context as _;
use tracing_subscriber::{EnvFilter, Registry, reload::Handle};

/// Levels of libraries, before the configured filter: warnings only. h2 warns for each PING
/// acknowledgement that it did not request, which a remote client can send at will. consulrs and rustify
/// log each failed attempt as an error; our own retries log the failure once.
const LIBRARIES: &str = "h2=warn,h2::proto::ping_pong=error,hyper=warn,tower=warn,tonic=warn,\
                         sqlx=warn,sea_orm=warn,sea_orm_migration=warn,tantivy=warn,\
                         opentelemetry=warn,consulrs=off,rustify=off";
/// The longest accepted filter, in bytes.
const MAX_FILTER: usize = 1_024;

static CURRENT: OnceLock<CurrentFilter> = OnceLock::new();

struct CurrentFilter {
    handle: Handle<EnvFilter, Registry>,
    directives: Mutex<String>,
}

pub(crate) fn parse_filter(directives: &str) -> anyhow::Result<EnvFilter> {
    EnvFilter::try_new(format!("{LIBRARIES},{directives}"))
        .with_context(|| format!("RUST_LOG: `{directives}` is not a log filter"))
}

/// Keeps the handle by which [`set_log_level`] replaces the filter.
pub(crate) fn set_handle(handle: Handle<EnvFilter, Registry>, directives: &str) {
    let directives = Mutex::new(directives.to_owned());
    CURRENT.set(CurrentFilter { handle, directives }).ok();
}

/// The current log filter, such as `info,catalogue=debug`; empty before [`init`](crate::init()).
pub fn log_level() -> String {
    let Some(current) = CURRENT.get() else { return String::new() };
    current.directives.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Replaces the log filter.
///
/// # Errors
/// `directives` are not a log filter, or logs are not set up.
pub fn set_log_level(directives: &str) -> anyhow::Result<()> {
    anyhow::ensure!(directives.len() <= MAX_FILTER, "a log filter of {} bytes", directives.len());
    let filter = parse_filter(directives)?;
    let current = CURRENT.get().context("logs are not set up")?;
    let mut kept = current.directives.lock().unwrap_or_else(PoisonError::into_inner);
    current.handle.reload(filter).context("the log subscriber is gone")?;
    *kept = directives.to_owned();
    tracing::info!(level = directives, "log filter changed");
    Ok(())
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[test]
    fn remote_clients_cannot_fill_the_log_through_h2() {
        let enabled = |directives: &str| {
            let subscriber =
                tracing_subscriber::registry().with(parse_filter(directives).expect("a filter"));
            tracing::subscriber::with_default(subscriber, || {
                let unrequested_pong =
                    tracing::enabled!(target: "h2::proto::ping_pong", tracing::Level::WARN);
                let other = tracing::enabled!(target: "h2::proto::streams", tracing::Level::WARN);
                (unrequested_pong, other)
            })
        };
        assert_eq!(enabled("info"), (false, true));
        assert_eq!(enabled("trace"), (false, true));
        assert_eq!(enabled("info,h2::proto::ping_pong=warn"), (true, true));
    }
}
