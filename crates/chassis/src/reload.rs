//! Settings that change while the service runs: on SIGHUP the file of `--config` is read again.
//!
//! The log filter is applied. Certificates need no signal: their files are looked at every other second. All else
//! takes effect at the next start, and is named in the log.

use std::sync::OnceLock;

use anyhow::Context as _;
use serde_json::Value;
use tokio::signal::unix::{SignalKind, signal};

use crate::build;

/// The setting that is applied.
const LOG: &str = "log";

/// Reads the settings again, as they serialize.
pub(crate) type ReadSettings = Box<dyn Fn() -> anyhow::Result<Value> + Send + Sync>;

static READ: OnceLock<ReadSettings> = OnceLock::new();

/// Keeps the function that reads the settings; without it there is no file to read.
pub(crate) fn remember(read: ReadSettings) {
    READ.set(read).ok();
}

/// Reloads on each SIGHUP, which by default would end the process.
pub(crate) async fn on_hangup() {
    let mut hangups = match signal(SignalKind::hangup()) {
        Ok(hangups) => hangups,
        Err(error) => return tracing::error!(%error, "SIGHUP cannot be handled"),
    };
    while hangups.recv().await.is_some() {
        let Some(read) = READ.get() else {
            tracing::info!("nothing to reload: the service was started without --config");
            continue;
        };
        if let Err(error) = read().and_then(|settings| apply(&settings)) {
            let error = format!("{error:#}");
            tracing::error!(error, "settings not reloaded: those in force stay");
        }
    }
}

fn apply(settings: &Value) -> anyhow::Result<()> {
    let log = settings.get(LOG).and_then(Value::as_str).context("there is no log filter")?;
    if log != telemetry::log_level() {
        telemetry::set_log_level(log)?;
    }
    let waiting = changed(build::settings().unwrap_or(&Value::Null), settings);
    tracing::info!(?waiting, "settings reloaded; what waits takes effect at the next start");
    Ok(())
}

/// The names of settings that differ and are not applied while the service runs.
fn changed<'a>(old: &Value, new: &'a Value) -> Vec<&'a str> {
    let new = new.as_object().into_iter().flatten();
    let differs = |(name, value): &(&'a String, &'a Value)| {
        name.as_str() != LOG && old.get(name.as_str()) != Some(value)
    };
    new.filter(differs).map(|(name, _)| name.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_that_wait_for_a_start_are_named() {
        let old = json!({ "log": "info", "threads": 2, "listen": "a" });
        let new = json!({ "log": "debug", "threads": 3, "listen": "a" });
        assert_eq!(changed(&old, &new), ["threads"]);
    }
}
