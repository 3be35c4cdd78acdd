//! The endpoints of a pool, and the lanes they are connected on.

use std::{
    collections::HashMap,
    sync::{Arc, Weak, atomic::AtomicUsize},
};

use tokio::{runtime::Handle, task::JoinSet};

use super::{
    connections::Connections,
    endpoint::Endpoint,
    keep,
    lane::{Lane, MAX_LANES},
    pool::Pool,
};
use crate::Settings;

/// Every endpoint with its connections on every lane.
#[derive(Debug, Default)]
pub(super) struct Members {
    by_id: HashMap<String, Member>,
    /// The shared lane first.
    lanes: Vec<Arc<Lane>>,
    /// Whether discovery has named the endpoints yet.
    resolved: bool,
}

#[derive(Debug)]
struct Member {
    endpoint: Arc<Endpoint>,
    /// In the order of the lanes.
    connections: Vec<Arc<Connections>>,
    /// Aborts the tasks that connect. Connections in use last until they are not.
    keeping: JoinSet<()>,
}

/// What connecting an endpoint takes.
pub(super) struct Connector<'a> {
    pub(super) upstream: &'static str,
    pub(super) settings: &'a Settings,
    pub(super) shut: &'a Arc<AtomicUsize>,
    pub(super) pool: Weak<Pool>,
}

impl Members {
    /// Takes over what discovery says.
    pub(super) fn update(&mut self, snapshot: &discovery::Snapshot, connector: &Connector<'_>) {
        self.resolved |= snapshot.resolved;
        self.by_id.retain(|id, member| {
            // An address that moves with its id is another place.
            snapshot.endpoints.iter().any(|it| it.id == *id && it == &member.endpoint.about)
        });
        for about in snapshot.endpoints.iter() {
            if !self.by_id.contains_key(&about.id) {
                let mut member = Member::new(connector.endpoint(about));
                self.lanes.iter().for_each(|lane| member.connect(lane, connector));
                self.by_id.insert(about.id.clone(), member);
            }
        }
    }

    /// The lane of `runtime`, which begins to connect if it is new. The shared lane if there are too
    /// many.
    pub(super) fn lane(&mut self, runtime: Handle, connector: &Connector<'_>) -> Arc<Lane> {
        let id = runtime.id();
        if let Some(lane) = self.lanes.iter().find(|lane| lane.runtime.id() == id) {
            return Arc::clone(lane);
        }
        if self.lanes.len() > MAX_LANES {
            return Arc::clone(&self.lanes[0]);
        }
        let lane = Lane::new(connector.upstream, runtime);
        self.add_lane(Arc::clone(&lane), connector);
        lane
    }

    /// Connects all members on one more lane.
    pub(super) fn add_lane(&mut self, lane: Arc<Lane>, connector: &Connector<'_>) {
        self.by_id.values_mut().for_each(|member| member.connect(&lane, connector));
        self.lanes.push(lane);
    }

    /// Tells each lane what it can send to.
    pub(super) fn refresh_lanes(&self) {
        for (number, lane) in self.lanes.iter().enumerate() {
            let on_lane = self.by_id.values().map(|member| &member.connections[number]);
            lane.set_ready(on_lane.filter(|one| one.is_connected()).map(Arc::clone).collect());
        }
    }

    /// Forgets all, so that what still knows a lane keeps no connection.
    pub(super) fn clear(&mut self) {
        self.by_id.clear();
        self.refresh_lanes();
    }

    /// Whether an endpoint is connected, or may be soon.
    pub(super) fn may_become_ready(&self) -> bool {
        let shared = || self.by_id.values().filter_map(|member| member.connections.first());
        !self.resolved || shared().any(|connections| connections.may_become_ready())
    }

    /// All endpoints with the number of their connections, by address.
    pub(super) fn report(&self) -> Vec<(Arc<Endpoint>, usize)> {
        let member = |member: &Member| {
            let connected = member.connections.iter().map(|one| one.live()).sum();
            (Arc::clone(&member.endpoint), connected)
        };
        let mut all: Vec<_> = self.by_id.values().map(member).collect();
        all.sort_by(|(one, _), (other, _)| one.about.cmp(&other.about));
        all
    }
}

impl Member {
    fn new(endpoint: Endpoint) -> Self {
        Self { endpoint: Arc::new(endpoint), connections: Vec::new(), keeping: JoinSet::new() }
    }

    fn connect(&mut self, lane: &Lane, connector: &Connector<'_>) {
        let Settings { connections: count, tls, .. } = connector.settings;
        let shared = self.connections.first().cloned();
        let connections = Connections::new(Arc::clone(&self.endpoint), count.get(), shared);
        let connections = Arc::new(connections);
        for slot in 0..count.get() {
            let (pool, connections) = (Weak::clone(&connector.pool), Arc::clone(&connections));
            let keeping = keep::connected(pool, connections, slot, tls.clone());
            self.keeping.spawn_on(keeping, &lane.runtime);
        }
        self.connections.push(connections);
    }
}

impl Connector<'_> {
    fn endpoint(&self, about: &discovery::Endpoint) -> Endpoint {
        let breaker = self.settings.endpoint_breaker.clone();
        Endpoint::new(self.upstream, about.clone(), breaker, Arc::clone(self.shut))
    }
}
