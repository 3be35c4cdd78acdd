//! Keeps an instance registered.

use std::{sync::Arc, time::Duration};

use backoff::{Backoff, jitter};
use tokio::{sync::watch, task::JoinHandle, time::sleep};
use tokio_util::sync::CancellationToken;

use crate::{
    Check, Instance,
    registry::{Registry, RegistryError, Status, with_timeout},
};

/// Interval at which the registration is checked.
const CHECK_INTERVAL: Duration = Duration::from_secs(2);
/// Timeout of a check, including the requests that restore the registration.
const CHECK_TIMEOUT: Duration = Duration::from_secs(3);
/// Delays after failures.
const FIRST_DELAY: Duration = Duration::from_millis(100);
const MAX_DELAY: Duration = Duration::from_secs(2);
/// Timeout of deregistering, which delays the shutdown.
const RELEASE_TIMEOUT: Duration = Duration::from_millis(900);
/// Time for a check in progress to finish before deregistering, so that it does not register again.
const FINISH_TIMEOUT: Duration = Duration::from_millis(300);

/// Keeps an instance registered: registers it again if the registry has lost it, updates its health
/// when its readiness changes, and deregisters it when [released](Lease::release).
///
/// Dropping a lease stops that without deregistering, which is left to the registry's health check.
#[derive(Debug)]
#[must_use = "the instance is registered only as long as this is kept"]
pub struct Lease {
    released: CancellationToken,
    work: Option<JoinHandle<()>>,
    state: watch::Receiver<LeaseState>,
}

/// State of the registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeaseState {
    /// There is no registry.
    Unlisted,
    /// Not registered yet.
    Pending,
    Registered,
    /// Possibly not registered, because of this error.
    Unknown(String),
}

impl Lease {
    /// An empty lease, without a registration.
    pub fn none() -> Self {
        let state = watch::channel(LeaseState::Unlisted).1;
        Self { released: CancellationToken::new(), work: None, state }
    }

    /// Registers `instance` in a background task, with `ready` as its health. Removes registrations
    /// of the same service and address, which an earlier process has left.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn keep(
        registry: Arc<dyn Registry>,
        instance: Instance,
        ready: watch::Receiver<bool>,
    ) -> Self {
        let released = CancellationToken::new();
        let (sender, state) = watch::channel(LeaseState::Pending);
        let task = LeaseTask { registry, instance, last_reported: None, state: sender };
        let work = tokio::spawn(task.run(ready, released.clone()));
        Self { released, work: Some(work), state }
    }

    /// Subscribes to the state.
    pub fn state(&self) -> watch::Receiver<LeaseState> {
        self.state.clone()
    }

    /// Deregisters the instance. Takes less than 1.5 s, even if the registry does not respond; its
    /// health check removes the instance then.
    pub async fn release(mut self) {
        self.released.cancel();
        if let Some(work) = self.work.take() {
            work.await.ok(); // only an error if the task panicked
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(work) = self.work.take() {
            work.abort();
        }
    }
}

struct LeaseTask {
    registry: Arc<dyn Registry>,
    instance: Instance,
    /// The status in the registry, if it is known.
    last_reported: Option<Status>,
    state: watch::Sender<LeaseState>,
}

impl LeaseTask {
    async fn run(mut self, mut ready: watch::Receiver<bool>, released: CancellationToken) {
        let mut backoff = Backoff::new(FIRST_DELAY, MAX_DELAY);
        let interval = match self.instance.check {
            Check::Ttl { ttl } => CHECK_INTERVAL.min(ttl / 3),
            Check::Grpc { .. } => CHECK_INTERVAL,
        };
        while !released.is_cancelled() {
            let status = Status::from(*ready.borrow_and_update());
            let looked = {
                let mut looking = std::pin::pin!(with_timeout(CHECK_TIMEOUT, self.check(status)));
                tokio::select! {
                    looked = &mut looking => looked,
                    () = released.cancelled() => {
                        tokio::time::timeout(FINISH_TIMEOUT, looking).await.ok();
                        break;
                    }
                }
            };
            let delay = match looked {
                Ok(()) => {
                    backoff.reset();
                    self.set_state(LeaseState::Registered);
                    jitter(interval, 0.5)
                }
                Err(error) => {
                    self.last_reported = None;
                    self.set_state(LeaseState::Unknown(error.full_message()));
                    backoff.next_delay()
                }
            };
            tokio::select! {
                () = released.cancelled() => {}
                // Disabled once the sender of `ready` is dropped.
                Ok(()) = ready.changed() => {}
                () = sleep(delay) => {}
            }
        }
        self.remove().await;
    }

    /// Restores the registration and its status if they differ from the expected ones.
    async fn check(&mut self, status: Status) -> Result<(), RegistryError> {
        let (registry, instance) = (&self.registry, &self.instance);
        let (service, address) = (&instance.service, instance.address());
        let registered = registry.registered(service).await?;
        let stale = registered.iter().filter(|it| it.address == address && it.id != instance.id);
        for old in stale {
            tracing::info!(id = old.id, "removing the registration of an earlier process");
            registry.deregister(&old.id).await?;
        }
        let known = registered.iter().any(|it| it.id == instance.id);
        if !known {
            registry.register(instance, status).await?;
            tracing::info!(id = instance.id, address, ?status, "instance registered");
        } else if matches!(instance.check, Check::Ttl { .. }) {
            registry.report(&instance.id, status).await?;
        } else if self.last_reported.is_some_and(|last_reported| last_reported != status) {
            // A replaced registration keeps the status of its last health check until the next one.
            registry.deregister(&instance.id).await?;
            registry.register(instance, status).await?;
            tracing::info!(id = instance.id, ?status, "instance registered with new status");
        }
        self.last_reported = Some(status);
        Ok(())
    }

    async fn remove(&self) {
        let id = &self.instance.id;
        match with_timeout(RELEASE_TIMEOUT, self.registry.deregister(id)).await {
            Ok(()) => tracing::info!(id, "instance deregistered"),
            Err(error) => {
                let error = error.full_message();
                tracing::warn!(id, error, "deregistering failed, left to the health check");
            }
        }
    }

    fn set_state(&self, state: LeaseState) {
        self.state.send_if_modified(|last| {
            let changed = *last != state;
            if changed {
                // Logged once per outage, with its first error.
                if let LeaseState::Unknown(error) = &state
                    && !matches!(last, LeaseState::Unknown(_))
                {
                    let id = &self.instance.id;
                    tracing::warn!(id, error, "checking the registration of the instance failed");
                }
                *last = state;
            }
            changed
        });
    }
}

#[cfg(test)]
mod tests;
