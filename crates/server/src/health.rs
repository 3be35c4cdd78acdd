//! Whether a service can do its work, and if not, what it is missing.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use crate::metrics;

/// The state of what a service depends on. Cheap to clone; all clones are one.
///
/// A service is ready when every dependency it [set](Health::set) is well and it is not
/// [draining](Health::drain). A service that depends on nothing yet is not ready.
#[derive(Debug, Clone)]
pub struct Health {
    services: Arc<[&'static str]>,
    dependencies: Arc<Mutex<BTreeMap<&'static str, Dependency>>>,
    ready: watch::Sender<bool>,
}

#[derive(Debug, Clone)]
struct Dependency {
    gates: bool,
    state: Result<(), String>,
}

/// What a dependency is like just now, for the admin port.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Report {
    /// Whether every dependency that gates is well.
    pub ready: bool,
    /// By name: `ok`, or what is wrong.
    pub dependencies: BTreeMap<&'static str, String>,
}

impl Health {
    /// Health of a server that offers the gRPC services of these full names. Waits for `expects`:
    /// each is a dependency that is not well until it is set.
    pub fn new(services: &[&'static str], expects: &[&'static str]) -> Self {
        let starting = Dependency { gates: true, state: Err("starting".to_owned()) };
        let dependencies = expects.iter().map(|name| (*name, starting.clone())).collect();
        let health = Self {
            services: services.into(),
            dependencies: Arc::new(Mutex::new(dependencies)),
            ready: watch::Sender::new(false),
        };
        metrics::watch_health(&health);
        health
    }

    /// Sets a dependency without which no work can be done.
    pub fn set(&self, dependency: &'static str, state: Result<(), String>) {
        self.put(dependency, Dependency { gates: true, state });
    }

    /// Sets a dependency that is only shown: some work can be done without it.
    pub fn note(&self, dependency: &'static str, state: Result<(), String>) {
        self.put(dependency, Dependency { gates: false, state });
    }

    /// From now on nothing new should come here.
    pub fn drain(&self) {
        self.set("shutdown", Err("draining".to_owned()));
    }

    /// Whether every dependency that was set is well.
    pub fn is_ready(&self) -> bool {
        *self.ready.borrow()
    }

    pub(crate) fn services(&self) -> &[&'static str] {
        &self.services
    }

    /// Changes with [`Health::is_ready`].
    pub fn watch(&self) -> watch::Receiver<bool> {
        self.ready.subscribe()
    }

    /// What the admin port shows.
    pub fn report(&self) -> Report {
        let said = |dependency: &Dependency| match (&dependency.state, dependency.gates) {
            (Ok(()), _) => "ok".to_owned(),
            (Err(reason), true) => reason.clone(),
            (Err(reason), false) => format!("{reason} (not needed to be ready)"),
        };
        let dependencies = self.lock().iter().map(|(name, state)| (*name, said(state))).collect();
        Report { ready: self.is_ready(), dependencies }
    }

    /// Every dependency, and whether it is well.
    pub(crate) fn dependencies(&self) -> Vec<(&'static str, bool)> {
        self.lock().iter().map(|(name, one)| (*name, one.state.is_ok())).collect()
    }

    fn put(&self, name: &'static str, dependency: Dependency) {
        let mut dependencies = self.lock();
        if let Err(reason) = &dependency.state {
            let news = dependencies.get(name).is_none_or(|old| old.state != dependency.state);
            if news {
                tracing::info!(dependency = name, reason, "dependency is not well");
            }
        } else if dependencies.get(name).is_some_and(|old| old.state.is_err()) {
            tracing::info!(dependency = name, "dependency is well");
        }
        dependencies.insert(name, dependency);
        let ready = dependencies.values().all(|one| !one.gates || one.state.is_ok());
        self.ready.send_if_modified(|was| std::mem::replace(was, ready) != ready);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, Dependency>> {
        self.dependencies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ready_means_every_gating_dependency_is_well() {
        let health = Health::new(&["a.B"], &["store"]);
        assert!(!health.is_ready(), "nothing has been reached yet");
        health.set("store", Ok(()));
        health.note("search", Err("refused".to_owned()));
        assert!(health.is_ready());
        health.set("store", Err("disk full".to_owned()));
        assert!(!health.is_ready());
        assert_eq!(health.report().dependencies["store"], "disk full");
        health.set("store", Ok(()));
        health.drain();
        assert!(!health.is_ready());
    }
}
