//! The state of the deployment at one time.

use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use chassis::Program;
use proto::catalogue::v1 as api;
use server::Condition;
use upstream::{BreakerReport, EndpointReport, UpstreamEvent};

use super::{Request, Traffic};

/// A snapshot, for all viewers.
pub(crate) struct Snapshot {
    pub(crate) at: SystemTime,
    pub(crate) made: Instant,
    pub(crate) gateway: GatewayState,
    pub(crate) services: Vec<Service>,
    /// Oldest first, with the service's name.
    pub(crate) events: Vec<(&'static str, UpstreamEvent)>,
    pub(crate) live: LiveState,
    /// Oldest first.
    pub(crate) requests: Vec<Arc<Request>>,
}

/// This process.
pub(crate) struct GatewayState {
    pub(crate) program: Program,
    pub(crate) ready: bool,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) traffic: Traffic,
}

/// The gateway's copy of the change feed, for live stock and prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LiveState {
    pub(crate) feed: Feed,
    /// `None` if it has never been current.
    pub(crate) lag: Option<Duration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Feed {
    Connecting,
    Up,
    Down,
}

/// A service that the gateway calls.
pub(crate) struct Service {
    pub(crate) name: &'static str,
    pub(crate) breaker: BreakerReport,
    /// Seconds since discovery last confirmed its instances.
    pub(crate) stale_s: u64,
    pub(crate) discovery_trouble: Option<String>,
    pub(crate) instances: Vec<Instance>,
}

/// An instance, as the gateway's calls meet it, and as it sees itself.
pub(crate) struct Instance {
    pub(crate) endpoint: EndpointReport,
    pub(crate) traffic: Traffic,
    /// The last change of its breaker.
    pub(crate) breaker_change: Option<UpstreamEvent>,
    pub(crate) state: Reached,
    /// The calls that it makes itself.
    pub(crate) behind: Vec<BehindEdge>,
}

/// The report of an instance on itself.
pub(crate) enum Reached {
    Answered(Box<api::Instance>),
    /// There is no connection to it, or it does not answer.
    Not(String),
    /// It answers calls, but not this one: the gateway may not ask it, or its version does not know the call.
    Silent(String),
}

/// The calls of an instance to an endpoint.
pub(crate) struct BehindEdge {
    pub(crate) edge: api::InstanceEdge,
    pub(crate) traffic: Traffic,
}
