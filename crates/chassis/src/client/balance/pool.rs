//! The endpoints of a service, as discovery names them and as they are connected.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError, RwLock, Weak,
        atomic::{AtomicUsize, Ordering},
    },
};

use breaker::Breaker;
use discovery::Endpoints;
use tokio::{sync::watch, task::JoinSet};

use super::{endpoint::Endpoint, keep};
use crate::client::{Settings, metrics};

/// All endpoints of a service. They connect by themselves for as long as this lives.
#[derive(Debug)]
pub(crate) struct Pool {
    upstream: &'static str,
    settings: Settings,
    /// Those that something can be sent to, as last seen: whoever picks one looks again.
    ready: RwLock<Arc<[Arc<Endpoint>]>>,
    members: Mutex<Members>,
    /// Changes whenever it is worth looking again.
    changes: watch::Sender<()>,
    /// How many endpoints have breakers that are not closed.
    shut: Arc<AtomicUsize>,
    endpoints: Endpoints,
    /// Of the service as a whole.
    breaker: Breaker,
    _following: Mutex<JoinSet<()>>,
}

#[derive(Debug, Default)]
struct Members {
    by_id: HashMap<String, Member>,
    /// Whether anybody has said yet who they are.
    resolved: bool,
}

#[derive(Debug)]
struct Member {
    endpoint: Arc<Endpoint>,
    /// Ends the tasks that connect. Connections in use last until they are not.
    _keeping: JoinSet<()>,
}

impl Pool {
    /// Follows `endpoints`, on the runtime this is called on.
    pub(crate) fn start(
        upstream: &'static str,
        endpoints: Endpoints,
        settings: Settings,
    ) -> Arc<Self> {
        let breaker =
            Breaker::builder(settings.service_breaker.clone()).on_change(move |_, change| {
                let (from, to) = (change.from.as_str(), change.to.as_str());
                metrics::breaker_changed(upstream, "service", to);
                tracing::warn!(upstream, from, to, "a service's breaker");
            });
        let breaker = breaker.build();
        let pool = Arc::new(Self {
            upstream,
            settings,
            ready: RwLock::new(Arc::new([])),
            members: Mutex::default(),
            changes: watch::Sender::new(()),
            shut: Arc::default(),
            endpoints: endpoints.clone(),
            breaker,
            _following: Mutex::default(),
        });
        pool.take_over(&endpoints.current());
        let following = follow(Arc::downgrade(&pool), endpoints);
        pool._following.lock().unwrap_or_else(PoisonError::into_inner).spawn(following);
        pool
    }

    pub(crate) fn upstream(&self) -> &'static str {
        self.upstream
    }

    pub(crate) fn breaker(&self) -> &Breaker {
        &self.breaker
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// How far the set can be trusted.
    pub(crate) fn freshness(&self) -> discovery::Freshness {
        self.endpoints.freshness()
    }

    /// All endpoints, connected or not, by address.
    pub(crate) fn members(&self) -> Vec<Arc<Endpoint>> {
        let members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = members.by_id.values().map(|it| Arc::clone(&it.endpoint)).collect();
        drop(members);
        all.sort_by(|one, other| one.about.cmp(&other.about));
        all
    }

    /// Those that are connected, as last seen.
    pub(super) fn ready(&self) -> Arc<[Arc<Endpoint>]> {
        Arc::clone(&self.ready.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether an endpoint is connected and not ejected.
    pub(crate) fn has_one_that_is_well(&self) -> bool {
        self.ready().iter().any(|endpoint| endpoint.is_well() && endpoint.is_connected())
    }

    /// Whether every breaker is closed.
    pub(super) fn all_are_well(&self) -> bool {
        self.shut.load(Ordering::Relaxed) == 0
    }

    /// Tells of every change.
    pub(super) fn changes(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    /// Looks at all connections again. Whoever changes one calls this.
    pub(super) fn look(&self) {
        let members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        let all = || members.by_id.values().map(|member| &member.endpoint);
        let ready: Arc<[_]> = all().filter(|one| one.is_connected()).map(Arc::clone).collect();
        // Under the lock still, so that two who look cannot overtake each other.
        *self.ready.write().unwrap_or_else(PoisonError::into_inner) = ready;
        self.changes.send_replace(());
        drop(members);
    }

    /// Whether an endpoint is connected, or may be soon. As of now: a connection that a call has just
    /// found closed is looked at a moment later.
    pub(super) fn has_hope(&self) -> bool {
        let members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        let mut slots = members.by_id.values().flat_map(|member| &member.endpoint.slots);
        !members.resolved || slots.any(|slot| !slot.is_refused())
    }

    fn take_over(self: &Arc<Self>, snapshot: &discovery::Snapshot) {
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        members.resolved |= snapshot.resolved;
        members.by_id.retain(|id, member| {
            // An address that moves with its id is another place.
            snapshot.endpoints.iter().any(|it| it.id == *id && it == &member.endpoint.about)
        });
        for about in snapshot.endpoints.iter() {
            if !members.by_id.contains_key(&about.id) {
                members.by_id.insert(about.id.clone(), self.member(about));
            }
        }
        drop(members);
        self.look();
    }

    fn member(self: &Arc<Self>, about: &discovery::Endpoint) -> Member {
        let Settings { connections, endpoint_breaker, tls, .. } = &self.settings;
        let endpoint = Arc::new(Endpoint::new(
            self.upstream,
            about.clone(),
            connections.get(),
            endpoint_breaker.clone(),
            Arc::clone(&self.shut),
        ));
        let mut keeping = JoinSet::new();
        for slot in 0..connections.get() {
            let (pool, endpoint) = (Arc::downgrade(self), Arc::clone(&endpoint));
            keeping.spawn(keep::connected(pool, endpoint, slot, tls.clone()));
        }
        Member { endpoint, _keeping: keeping }
    }
}

async fn follow(pool: Weak<Pool>, mut endpoints: Endpoints) {
    loop {
        let snapshot = endpoints.changed().await;
        let Some(pool) = pool.upgrade() else { return };
        pool.take_over(&snapshot);
    }
}
