//! Readiness of a service, by the state of its dependencies.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use opentelemetry::{KeyValue, global::meter};
use tokio::sync::watch;

/// The states of a service's dependencies. Cheap to clone; clones share state.
///
/// A service is ready when every dependency it has [set](Health::set) is healthy and it is not
/// [draining](Health::drain); without any dependency it is not ready.
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

/// Readiness and dependencies, for the admin port.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Report {
    /// Whether every dependency that gates is healthy.
    pub ready: bool,
    /// By name: `ok`, or the problem.
    pub dependencies: BTreeMap<&'static str, String>,
}

/// A dependency of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    pub name: &'static str,
    /// Whether the service is ready only while it is healthy.
    pub required: bool,
    /// The problem, if it is not healthy.
    pub state: Result<(), String>,
}

impl Health {
    /// Health of a server of these gRPC services (full names). Each dependency in `expects` is unwell until
    /// it is set.
    pub fn new(services: &[&'static str], expects: &[&'static str]) -> Self {
        let starting = Dependency { gates: true, state: Err("starting".to_owned()) };
        let dependencies = expects.iter().map(|name| (*name, starting.clone())).collect();
        let health = Self {
            services: services.into(),
            dependencies: Arc::new(Mutex::new(dependencies)),
            ready: watch::Sender::new(false),
        };
        export(&health);
        health
    }

    /// Sets a dependency that readiness requires.
    pub fn set(&self, dependency: &'static str, state: Result<(), String>) {
        self.put(dependency, Dependency { gates: true, state });
    }

    /// Sets a dependency that is only reported.
    pub fn note(&self, dependency: &'static str, state: Result<(), String>) {
        self.put(dependency, Dependency { gates: false, state });
    }

    /// Makes the service not ready, for good: it is about to stop.
    pub fn drain(&self) {
        self.set("shutdown", Err("draining".to_owned()));
    }

    /// Whether every required dependency is available.
    pub fn is_ready(&self) -> bool {
        *self.ready.borrow()
    }

    pub(crate) fn services(&self) -> &[&'static str] {
        &self.services
    }

    /// Notifies of changes of [`Health::is_ready`].
    pub fn watch(&self) -> watch::Receiver<bool> {
        self.ready.subscribe()
    }

    /// The report of the admin port.
    pub fn report(&self) -> Report {
        let said = |dependency: &Dependency| match (&dependency.state, dependency.gates) {
            (Ok(()), _) => "ok".to_owned(),
            (Err(reason), true) => reason.clone(),
            (Err(reason), false) => format!("{reason} (not needed to be ready)"),
        };
        let dependencies = self.lock().iter().map(|(name, state)| (*name, said(state))).collect();
        Report { ready: self.is_ready(), dependencies }
    }

    /// All dependencies, by name.
    pub fn conditions(&self) -> Vec<Condition> {
        let condition = |(name, one): (&&'static str, &Dependency)| Condition {
            name,
            required: one.gates,
            state: one.state.clone(),
        };
        self.lock().iter().map(condition).collect()
    }

    /// Each dependency, and whether it is healthy.
    pub(crate) fn dependencies(&self) -> Vec<(&'static str, bool)> {
        self.lock().iter().map(|(name, one)| (*name, one.state.is_ok())).collect()
    }

    fn put(&self, name: &'static str, dependency: Dependency) {
        let mut dependencies = self.lock();
        if let Err(reason) = &dependency.state {
            let is_new = dependencies.get(name).is_none_or(|old| old.state != dependency.state);
            if is_new {
                tracing::info!(dependency = name, reason, "dependency is unavailable");
            }
        } else if dependencies.get(name).is_some_and(|old| old.state.is_err()) {
            tracing::info!(dependency = name, "dependency is available");
        }
        dependencies.insert(name, dependency);
        let ready = dependencies.values().all(|one| !one.gates || one.state.is_ok());
        self.ready.send_if_modified(|was| std::mem::replace(was, ready) != ready);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, Dependency>> {
        self.dependencies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Exports readiness and dependencies as gauges, as long as the process lasts.
fn export(health: &Health) {
    let (ready, parts) = (health.clone(), health.clone());
    meter("server")
        .u64_observable_gauge("service.ready")
        .with_description("Whether the service can do its work: 1 if so.")
        .with_callback(move |gauge| gauge.observe(ready.is_ready().into(), &[]))
        .build();
    meter("server")
        .u64_observable_gauge("service.dependency.up")
        .with_description("Whether what a service needs is well: 1 if so.")
        .with_callback(move |gauge| {
            for (name, is_well) in parts.dependencies() {
                gauge.observe(is_well.into(), &[KeyValue::new("dependency", name)]);
            }
        })
        .build();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readiness_requires_every_gating_dependency() {
        let health = Health::new(&["a.B"], &["store"]);
        assert!(!health.is_ready(), "no dependency has been reached");
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
