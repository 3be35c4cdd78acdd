//! The endpoints of a pool, and their connections on each lane.

use std::{
    collections::HashMap,
    sync::{Arc, atomic::AtomicUsize},
};

use tokio::{runtime::Handle, task::JoinSet};

use super::{
    connections::Connections,
    endpoint::Endpoint,
    lane::{Lane, MAX_LANES},
    reconnect::{self, OnChange},
    stream_connections,
};
use crate::{Settings, events::Events};

/// All endpoints of a pool, and its lanes.
#[derive(Debug, Default)]
pub(super) struct Members {
    by_id: HashMap<String, Member>,
    /// The shared lane first.
    lanes: Vec<Arc<Lane>>,
    /// Whether discovery has returned endpoints yet.
    resolved: bool,
}

#[derive(Debug)]
struct Member {
    endpoint: Arc<Endpoint>,
    /// In the order of the lanes.
    connections: Vec<Arc<Connections>>,
    /// Aborts the reconnecting tasks when dropped. Connections in use last until their calls end.
    reconnecting: JoinSet<()>,
}

/// The parts of a pool that new endpoints and connections need.
pub(super) struct Connector<'a> {
    pub(super) upstream: &'static str,
    pub(super) settings: &'a Settings,
    pub(super) open_breakers: &'a Arc<AtomicUsize>,
    pub(super) events: &'a Arc<Events>,
    pub(super) on_change: OnChange,
}

impl Members {
    /// Adds and removes endpoints as discovery reports them.
    pub(super) fn update(&mut self, snapshot: &discovery::Snapshot, connector: &Connector<'_>) {
        self.resolved |= snapshot.resolved;
        self.by_id.retain(|id, member| {
            // An id with a new address is another endpoint.
            let mut listed = snapshot.endpoints.iter();
            let stays = listed.any(|info| info.id == *id && info == &member.endpoint.info);
            if !stays {
                connector.events.listing(&member.endpoint.info.address, false);
            }
            stays
        });
        for info in snapshot.endpoints.iter() {
            if !self.by_id.contains_key(&info.id) {
                connector.events.listing(&info.address, true);
                let mut member = Member::new(connector.endpoint(info));
                self.lanes.iter().for_each(|lane| member.connect(lane, connector));
                self.by_id.insert(info.id.clone(), member);
            }
        }
    }

    /// The lane of `runtime`, added if it is new; the shared lane if there are too many.
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

    /// Adds a lane and starts to connect it to all endpoints.
    pub(super) fn add_lane(&mut self, lane: Arc<Lane>, connector: &Connector<'_>) {
        self.by_id.values_mut().for_each(|member| member.connect(&lane, connector));
        self.lanes.push(lane);
    }

    /// Updates each lane's list of connected endpoints.
    pub(super) fn refresh_lanes(&self) {
        for (number, lane) in self.lanes.iter().enumerate() {
            let on_lane = self.by_id.values().map(|member| &member.connections[number]);
            lane.set_ready(on_lane.filter(|one| one.is_connected()).map(Arc::clone).collect());
        }
    }

    /// Keeps an event of each endpoint that has been connected or disconnected since the last call.
    pub(super) fn note_connections(&self, events: &Events) {
        for Member { endpoint, connections, .. } in self.by_id.values() {
            let is_connected = connections.iter().any(|one| one.is_connected());
            if endpoint.set_connected(is_connected) {
                let error = endpoint.last_error().filter(|_| !is_connected);
                let why = error.map(|error| error.message).unwrap_or_default();
                events.connection(&endpoint.info.address, is_connected, why);
            }
        }
    }

    /// The shared lane's connections to the endpoint with this id.
    pub(super) fn connections_to(&self, id: &str) -> Option<Arc<Connections>> {
        self.by_id.get(id)?.connections.first().cloned()
    }

    /// Removes all endpoints, also from the lanes, which threads may cache for longer.
    pub(super) fn clear(&mut self) {
        self.by_id.clear();
        self.refresh_lanes();
    }

    /// Whether an endpoint is connected, or may soon be.
    pub(super) fn may_become_ready(&self) -> bool {
        let shared = || self.by_id.values().filter_map(|member| member.connections.first());
        !self.resolved || shared().any(|connections| connections.may_become_ready())
    }

    /// All endpoints and their numbers of connections, by address.
    pub(super) fn endpoints(&self) -> Vec<(Arc<Endpoint>, usize)> {
        let member = |member: &Member| {
            let connected = member.connections.iter().map(|one| one.live_count()).sum();
            (Arc::clone(&member.endpoint), connected)
        };
        let mut all: Vec<_> = self.by_id.values().map(member).collect();
        all.sort_by(|(one, _), (other, _)| one.info.cmp(&other.info));
        all
    }
}

impl Member {
    fn new(endpoint: Endpoint) -> Self {
        Self { endpoint: Arc::new(endpoint), connections: Vec::new(), reconnecting: JoinSet::new() }
    }

    fn connect(&mut self, lane: &Lane, connector: &Connector<'_>) {
        let settings = connector.settings;
        let tls = &settings.tls;
        let shared = self.connections.first().cloned();
        let connections = Connections::new(Arc::clone(&self.endpoint), settings, shared);
        let connections = Arc::new(connections);
        let for_streams = stream_connections::open_when_wanted(
            Arc::clone(&connections),
            tls.clone(),
            settings.stream_idle,
            Arc::clone(&connector.on_change),
        );
        self.reconnecting.spawn_on(for_streams, &lane.runtime);
        for slot in 0..connections.slots.len() {
            let on_change = Arc::clone(&connector.on_change);
            let reconnecting =
                reconnect::keep_connected(Arc::clone(&connections), slot, tls.clone(), on_change);
            self.reconnecting.spawn_on(reconnecting, &lane.runtime);
        }
        self.connections.push(connections);
    }
}

impl Connector<'_> {
    fn endpoint(&self, info: &discovery::Endpoint) -> Endpoint {
        let breaker = self.settings.endpoint_breaker.clone();
        let (open_breakers, events) = (Arc::clone(self.open_breakers), Arc::clone(self.events));
        Endpoint::new(self.upstream, info.clone(), breaker, open_breakers, events)
    }
}
