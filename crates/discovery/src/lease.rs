//! An instance that is registered, and stays so.

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, task::JoinHandle, time::sleep};
use tokio_util::sync::CancellationToken;

use crate::{
    Check, Instance,
    backoff::{Backoff, jittered},
    registry::{Registry, RegistryError, Status, within},
};

/// How often it is looked whether the registry still knows us.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// For a look and what comes of it.
const LOOK_WITHIN: Duration = Duration::from_secs(3);
/// After failures.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// Whoever stops waits no longer for the registry.
const RELEASE_WITHIN: Duration = Duration::from_millis(900);
/// What was under way when we were released may finish, so that it does not undo the release.
const FINISH_WITHIN: Duration = Duration::from_millis(300);

/// Keeps an instance registered: again when the registry has forgotten it, critical until it is
/// ready and when it is so no more, gone when [released](Lease::release).
///
/// Dropped, it leaves the registration to whatever check there is.
#[derive(Debug)]
#[must_use = "the instance is registered only as long as this is kept"]
pub struct Lease {
    released: CancellationToken,
    work: Option<JoinHandle<()>>,
    standing: watch::Receiver<Standing>,
}

/// How an instance stands with the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// There is no registry.
    Unlisted,
    /// Nothing is known yet.
    Pending,
    /// It is registered.
    Registered,
    /// It may not be, and why.
    Unknown(String),
}

impl Lease {
    /// No registration at all.
    pub fn none() -> Self {
        let standing = watch::channel(Standing::Unlisted).1;
        Self { released: CancellationToken::new(), work: None, standing }
    }

    /// Registers `instance`, in the background, for as long as the lease is kept. It is passing while
    /// `ready` says so. Others of its service at its address are of a former run: they are removed.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn keep(
        registry: Arc<dyn Registry>,
        instance: Instance,
        ready: watch::Receiver<bool>,
    ) -> Self {
        let released = CancellationToken::new();
        let (say, standing) = watch::channel(Standing::Pending);
        let keeper = Keeper { registry, instance, told: None, standing: say };
        let work = tokio::spawn(keeper.run(ready, released.clone()));
        Self { released, work: Some(work), standing }
    }

    /// How the instance stands; changes with it.
    pub fn standing(&self) -> watch::Receiver<Standing> {
        self.standing.clone()
    }

    /// Removes the registration. Takes less than a second and a half, whatever the registry does: if
    /// it cannot be told, it finds out by its check.
    pub async fn release(mut self) {
        self.released.cancel();
        if let Some(work) = self.work.take() {
            work.await.ok(); // it does not panic, and there is nothing to do if it did
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

struct Keeper {
    registry: Arc<dyn Registry>,
    instance: Instance,
    /// What the registry was last told; nothing once it may have forgotten.
    told: Option<Status>,
    standing: watch::Sender<Standing>,
}

impl Keeper {
    async fn run(mut self, mut ready: watch::Receiver<bool>, released: CancellationToken) {
        let mut backoff = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE);
        let between = match self.instance.check {
            Check::Ttl { ttl } => LOOK_EVERY.min(ttl / 3),
            Check::Grpc { .. } => LOOK_EVERY,
        };
        while !released.is_cancelled() {
            let status = Status::from(*ready.borrow_and_update());
            let looked = {
                let mut looking = std::pin::pin!(within(LOOK_WITHIN, self.look(status)));
                tokio::select! {
                    looked = &mut looking => looked,
                    () = released.cancelled() => {
                        tokio::time::timeout(FINISH_WITHIN, looking).await.ok();
                        break;
                    }
                }
            };
            let pause = match looked {
                Ok(()) => {
                    backoff.reset();
                    self.say(Standing::Registered);
                    jittered(between)
                }
                Err(error) => {
                    self.told = None;
                    self.say(Standing::Unknown(error.in_full()));
                    backoff.next()
                }
            };
            tokio::select! {
                () = released.cancelled() => {}
                // A service that is gone will not change its mind.
                Ok(()) = ready.changed() => {}
                () = sleep(pause) => {}
            }
        }
        self.remove().await;
    }

    /// Sees to it that the registry knows us, and how we are.
    async fn look(&mut self, status: Status) -> Result<(), RegistryError> {
        let (registry, instance) = (&self.registry, &self.instance);
        let (service, address) = (&instance.service, instance.address());
        let registered = registry.registered(service).await?;
        let ghosts = registered.iter().filter(|it| it.address == address && it.id != instance.id);
        for ghost in ghosts {
            tracing::info!(id = ghost.id, "removing the registration of a former run");
            registry.deregister(&ghost.id).await?;
        }
        let known = registered.iter().any(|it| it.id == instance.id);
        if !known {
            registry.register(instance, status).await?;
            tracing::info!(id = instance.id, address, ?status, "registered");
        } else if matches!(instance.check, Check::Ttl { .. }) {
            registry.report(&instance.id, status).await?;
        } else if self.told.is_some_and(|told| told != status) {
            // A registration that is replaced keeps the verdict of its last check, and the next
            // may be long in coming.
            registry.deregister(&instance.id).await?;
            registry.register(instance, status).await?;
            tracing::info!(id = instance.id, ?status, "registered anew");
        }
        self.told = Some(status);
        Ok(())
    }

    async fn remove(&self) {
        let id = &self.instance.id;
        match within(RELEASE_WITHIN, self.registry.deregister(id)).await {
            Ok(()) => tracing::info!(id, "deregistered"),
            Err(error) => {
                let error = error.in_full();
                tracing::warn!(id, error, "not deregistered; the registry's check will tell");
            }
        }
    }

    fn say(&self, standing: Standing) {
        self.standing.send_if_modified(|last| {
            let news = *last != standing;
            if news {
                match &standing {
                    // Once for each outage: the first trouble says enough.
                    Standing::Unknown(trouble) if !matches!(last, Standing::Unknown(_)) => {
                        tracing::warn!(id = self.instance.id, trouble, "may not be registered");
                    }
                    _ => {}
                }
                *last = standing;
            }
            news
        });
    }
}

#[cfg(test)]
mod tests;
