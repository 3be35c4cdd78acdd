//! Notifications of systemd (`sd_notify`): the service serves, is or is not ready, stops, is alive
//! (`WatchdogSec=`). Sent to `NOTIFY_SOCKET`, which systemd sets for units of `Type=notify`.

use std::time::Duration;

use sd_notify::NotifyState;
use server::Health;
use tokio_util::sync::CancellationToken;

/// The period of notifications if the unit has no watchdog.
const PERIOD: Duration = Duration::from_secs(10);

/// Reports to the service manager until `stopping`. The watchdog is fed by the background runtime: one that
/// hangs ends the process.
///
/// # Panics
/// Outside of a tokio runtime.
pub(crate) fn notify(health: Health, stopping: CancellationToken) {
    if std::env::var_os("NOTIFY_SOCKET").is_none() {
        return;
    }
    send(&[NotifyState::Ready]);
    let period = sd_notify::watchdog_enabled().map_or(PERIOD, |timeout| timeout / 3);
    tokio::spawn(async move {
        let mut ready = health.watch();
        loop {
            send(&[NotifyState::Watchdog, NotifyState::Status(status(&health))]);
            tokio::select! {
                () = stopping.cancelled() => break,
                _ = ready.changed() => {}
                () = tokio::time::sleep(period) => {}
            }
        }
        send(&[NotifyState::Stopping]);
    });
}

/// `ready`, or the dependencies that keep the service from being so.
fn status(health: &Health) -> &'static str {
    if health.is_ready() { "ready" } else { "not ready: see /readyz on the admin port" }
}

fn send(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(%error, "the service manager cannot be notified");
    }
}
