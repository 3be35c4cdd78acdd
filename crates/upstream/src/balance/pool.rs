//! The endpoints of a service, as discovery names them and as they are connected.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, Weak,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use breaker::Breaker;
use discovery::Endpoints;
use tokio::{runtime::Handle, sync::watch, task::JoinSet};

use super::{
    endpoint::Endpoint,
    lane::Lane,
    members::{Connector, Members},
};
use crate::{Settings, metrics};

/// All endpoints of a service. They connect by themselves for as long as this lives.
#[derive(Debug)]
pub(crate) struct Pool {
    /// Of this one and no other in this process.
    number: u64,
    upstream: &'static str,
    settings: Settings,
    members: Mutex<Members>,
    /// The lane of all threads that have none of their own.
    shared_lane: Arc<Lane>,
    /// Changes whenever it is worth looking again.
    changes: watch::Sender<()>,
    /// How many endpoints have breakers that are not closed.
    shut: Arc<AtomicUsize>,
    endpoints: Endpoints,
    /// Of the service as a whole.
    breaker: Breaker,
    _following: Mutex<JoinSet<()>>,
}

impl Pool {
    /// Follows `endpoints`, on the runtime this is called on.
    pub(crate) fn start(
        upstream: &'static str,
        endpoints: Endpoints,
        settings: Settings,
    ) -> Arc<Self> {
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        let breaker =
            Breaker::builder(settings.service_breaker.clone()).on_change(move |_, change| {
                let (from, to) = (change.from.as_str(), change.to.as_str());
                metrics::breaker_changed(upstream, "service", to);
                tracing::warn!(upstream, from, to, "a service's breaker");
            });
        let breaker = breaker.build();
        let pool = Arc::new(Self {
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
            upstream,
            settings,
            members: Mutex::default(),
            shared_lane: Lane::new(upstream, Handle::current()),
            changes: watch::Sender::new(()),
            shut: Arc::default(),
            endpoints: endpoints.clone(),
            breaker,
            _following: Mutex::default(),
        });
        let shared_lane = Arc::clone(&pool.shared_lane);
        pool.members().add_lane(shared_lane, &pool.connector());
        pool.take_over(&endpoints.current());
        let following = follow(Arc::downgrade(&pool), endpoints);
        pool._following.lock().unwrap_or_else(PoisonError::into_inner).spawn(following);
        pool
    }

    pub(super) fn number(&self) -> u64 {
        self.number
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

    /// All endpoints with the number of their connections on all lanes, by address.
    pub(crate) fn endpoints(&self) -> Vec<(Arc<Endpoint>, usize)> {
        self.members().report()
    }

    pub(super) fn shared_lane(&self) -> &Arc<Lane> {
        &self.shared_lane
    }

    /// The lane of `runtime`, which begins to connect if it is new.
    pub(super) fn lane_of(self: &Arc<Self>, runtime: Handle) -> Arc<Lane> {
        let lane = self.members().lane(runtime, &self.connector());
        self.look();
        lane
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
        let members = self.members();
        // Under the lock, so that two who look cannot overtake each other.
        members.refresh_lanes();
        self.changes.send_replace(());
        drop(members);
    }

    /// Whether an endpoint is connected, or may be soon. As of now: a connection that a call has just
    /// found closed is looked at a moment later.
    pub(super) fn has_hope(&self) -> bool {
        self.members().may_become_ready()
    }

    fn take_over(self: &Arc<Self>, snapshot: &discovery::Snapshot) {
        self.members().update(snapshot, &self.connector());
        self.look();
    }

    fn connector(self: &Arc<Self>) -> Connector<'_> {
        Connector {
            upstream: self.upstream,
            settings: &self.settings,
            shut: &self.shut,
            pool: Arc::downgrade(self),
        }
    }

    fn members(&self) -> MutexGuard<'_, Members> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.members().clear();
    }
}

async fn follow(pool: Weak<Pool>, mut endpoints: Endpoints) {
    loop {
        let snapshot = endpoints.changed().await;
        let Some(pool) = pool.upgrade() else { return };
        pool.take_over(&snapshot);
    }
}
