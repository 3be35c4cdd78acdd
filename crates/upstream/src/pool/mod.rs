//! The endpoints of a service, as discovery reports them, and their connections.

mod connections;
mod endpoint;
mod lane;
mod load;
mod members;
mod outcomes;
mod picked;
mod reconnect;
mod slot;
mod stream_connections;

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, Weak,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use breaker::Breaker;
use discovery::Endpoints;
use tokio::{runtime::Handle, sync::watch, task::JoinSet};

use self::members::{Connector, Members};
pub(crate) use self::{
    connections::Connections, endpoint::Endpoint, lane::Lane, picked::PickedEndpoint,
};
use crate::{Settings, counters, events::Events};

/// All endpoints of a service, connected for as long as the pool lives.
#[derive(Debug)]
pub(crate) struct Pool {
    /// Unique within this process.
    number: u64,
    upstream: &'static str,
    settings: Settings,
    members: Mutex<Members>,
    /// For threads without their own lane.
    shared_lane: Arc<Lane>,
    /// Notifies calls that wait for an endpoint.
    changes: watch::Sender<()>,
    /// The number of endpoints whose breakers are not closed.
    open_breakers: Arc<AtomicUsize>,
    endpoints: Endpoints,
    service_breaker: Breaker,
    events: Arc<Events>,
    _following: Mutex<JoinSet<()>>,
}

impl Pool {
    /// Starts to follow `endpoints`, on the current runtime.
    pub(crate) fn start(
        upstream: &'static str,
        endpoints: Endpoints,
        settings: Settings,
    ) -> Arc<Self> {
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        let events = Arc::<Events>::default();
        let kept = Arc::clone(&events);
        let service_breaker =
            Breaker::builder(settings.service_breaker.clone()).on_change(move |_, change| {
                kept.breaker(None, change, change.cause.as_str().to_owned());
                let (from, to) = (change.from.as_str(), change.to.as_str());
                counters::breaker_changed(upstream, "service", to);
                tracing::warn!(upstream, from, to, "service breaker state changed");
            });
        let pool = Arc::new(Self {
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
            upstream,
            settings,
            members: Mutex::default(),
            shared_lane: Lane::new(upstream, Handle::current()),
            changes: watch::Sender::new(()),
            open_breakers: Arc::default(),
            endpoints: endpoints.clone(),
            service_breaker: service_breaker.build(),
            events,
            _following: Mutex::default(),
        });
        let shared_lane = Arc::clone(&pool.shared_lane);
        pool.members().add_lane(shared_lane, &pool.connector());
        pool.update(&endpoints.current());
        let following = follow(Arc::downgrade(&pool), endpoints);
        pool._following.lock().unwrap_or_else(PoisonError::into_inner).spawn(following);
        pool
    }

    pub(crate) fn upstream(&self) -> &'static str {
        self.upstream
    }

    pub(crate) fn service_breaker(&self) -> &Breaker {
        &self.service_breaker
    }

    /// The latest changes of endpoints and breakers.
    pub(crate) fn events(&self) -> &Events {
        &self.events
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// How recently discovery confirmed the endpoints.
    pub(crate) fn freshness(&self) -> discovery::Freshness {
        self.endpoints.freshness()
    }

    /// All endpoints and their numbers of connections on all lanes, by address.
    pub(crate) fn endpoints(&self) -> Vec<(Arc<Endpoint>, usize)> {
        self.members().endpoints()
    }

    /// The shared lane's connections to the endpoint with this id.
    pub(crate) fn connections_to(&self, id: &str) -> Option<Arc<Connections>> {
        self.members().connections_to(id)
    }

    /// The calling thread's lane. A new lane starts to connect.
    pub(crate) fn current_lane(self: &Arc<Self>) -> Arc<Lane> {
        lane::current(self.number, &self.shared_lane, |runtime| {
            let lane = self.members().lane(runtime, &self.connector());
            self.refresh();
            lane
        })
    }

    pub(crate) fn all_breakers_closed(&self) -> bool {
        self.open_breakers.load(Ordering::Relaxed) == 0
    }

    /// Receives a notification after each change of endpoints or connections.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    /// Whether an endpoint is connected, or may soon be. The current state, not the lanes' lists: a
    /// call may just have found a connection closed.
    pub(crate) fn may_become_ready(&self) -> bool {
        self.members().may_become_ready()
    }

    /// Updates the lanes after a change of endpoints or connections, and notifies waiting calls.
    fn refresh(&self) {
        let members = self.members();
        // Under the lock, so that concurrent updates stay in order.
        members.refresh_lanes();
        members.note_connections(&self.events);
        self.changes.send_replace(());
        drop(members);
    }

    fn update(self: &Arc<Self>, snapshot: &discovery::Snapshot) {
        self.members().update(snapshot, &self.connector());
        self.refresh();
    }

    fn connector(self: &Arc<Self>) -> Connector<'_> {
        let pool = Arc::downgrade(self);
        Connector {
            upstream: self.upstream,
            settings: &self.settings,
            open_breakers: &self.open_breakers,
            events: &self.events,
            on_change: Arc::new(move || {
                if let Some(pool) = pool.upgrade() {
                    pool.refresh();
                }
            }),
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
        pool.update(&snapshot);
    }
}

#[cfg(test)]
mod tests {
    use tokio::runtime::{Builder, Runtime};

    use super::*;

    fn runtime() -> Runtime {
        Builder::new_current_thread().enable_all().build().unwrap()
    }

    fn start(runtime: &Runtime) -> Arc<Pool> {
        runtime.block_on(async { Pool::start("test", Endpoints::fixed([]), Settings::default()) })
    }

    #[test]
    fn each_runtime_of_a_thread_has_a_lane_up_to_the_limit() {
        let home = runtime();
        let pool = start(&home);
        let lane_on = |runtime: &Runtime| runtime.block_on(async { pool.current_lane() });
        assert!(Arc::ptr_eq(&lane_on(&home), &pool.shared_lane));
        let runtimes: Vec<_> = (0..lane::MAX_LANES).map(|_| runtime()).collect();
        let lanes: Vec<_> = runtimes.iter().map(lane_on).collect();
        for (number, lane) in lanes.iter().enumerate() {
            assert!(Arc::ptr_eq(lane, &lane_on(&runtimes[number])), "the lane stays the same");
            assert!(!lanes[..number].iter().any(|other| Arc::ptr_eq(other, lane)));
        }
        assert!(Arc::ptr_eq(&lane_on(&runtime()), &pool.shared_lane), "the limit is reached");
    }

    #[test]
    fn a_runtime_with_several_threads_has_no_lane() {
        let home = runtime();
        let pool = start(&home);
        let other = Builder::new_multi_thread().worker_threads(1).build().unwrap();
        let lane = other.block_on(async { pool.current_lane() });
        assert!(Arc::ptr_eq(&lane, &pool.shared_lane));
    }
}
