//! The state of all upstreams, for operators.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use breaker::Breaker;
use serde::Serialize;
use tokio::time::Instant;

use crate::{
    balance::panic_threshold_reached,
    latency::LatencyCounts,
    pool::{Endpoint, Pool},
};

static POOLS: Mutex<Vec<Weak<Pool>>> = Mutex::new(Vec::new());

/// A service that this process calls.
#[derive(Debug, Clone, Serialize)]
pub struct UpstreamReport {
    /// The name of the service.
    pub upstream: &'static str,
    /// The breaker of the service as a whole.
    pub breaker: BreakerReport,
    /// Seconds since discovery last confirmed the endpoints.
    pub stale_s: u64,
    /// The error of the last discovery, if it failed.
    pub discovery_trouble: Option<String>,
    /// By address.
    pub endpoints: Vec<EndpointReport>,
}

/// A replica, as this process sees it.
#[derive(Debug, Clone, Serialize)]
pub struct EndpointReport {
    /// The instance id from discovery.
    pub id: String,
    /// `host:port`.
    pub address: String,
    /// The number of connections.
    pub connected: usize,
    /// Whether its breaker keeps calls away. With more than half of the connected endpoints' breakers
    /// open, none is ejected.
    pub ejected: bool,
    /// Attempts sent to it.
    pub calls: u64,
    /// Attempts that failed, were too slow or met overload.
    pub failed: u64,
    /// Ended attempts by latency: of streams, to their headers.
    #[serde(skip)]
    pub latencies: LatencyCounts,
    /// Attempts in flight.
    pub in_flight: u32,
    /// The balancer's moving average of its latency, in milliseconds. `None` before the first response.
    pub ewma_ms: Option<f64>,
    /// The endpoint's breaker.
    pub breaker: BreakerReport,
    /// The last failure of a call or a connection.
    pub last_error: Option<String>,
    /// Its age in seconds.
    pub last_error_s: Option<u64>,
}

/// The state of a breaker.
#[derive(Debug, Clone, Serialize)]
pub struct BreakerReport {
    /// `closed`, `open` or `half-open`.
    pub state: &'static str,
    /// The number of state changes.
    pub changes: u64,
    /// Calls in the window. This and the next three fields are zero unless the breaker is closed.
    pub requests: u64,
    /// Failed calls in the window.
    pub failures: u64,
    /// Slow calls in the window.
    pub slow: u64,
    /// Failures in a row.
    pub consecutive_failures: u32,
    /// Milliseconds until the next probe, if it is open.
    pub retry_after_ms: Option<u128>,
}

/// The reports of all upstreams of this process, oldest first.
#[must_use]
pub fn registry() -> Vec<UpstreamReport> {
    let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
    pools.retain(|pool| pool.strong_count() > 0);
    let alive: Vec<Arc<Pool>> = pools.iter().filter_map(Weak::upgrade).collect();
    drop(pools);
    alive.iter().map(|pool| UpstreamReport::of(pool)).collect()
}

/// The upstream and the `host:port` of the endpoint with this number; `None` once it has gone.
#[must_use]
pub fn endpoint_address(number: u64) -> Option<(&'static str, String)> {
    let pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
    let alive: Vec<Arc<Pool>> = pools.iter().filter_map(Weak::upgrade).collect();
    drop(pools);
    alive.iter().find_map(|pool| {
        let endpoints = pool.endpoints();
        let found = endpoints.iter().find(|(endpoint, _)| endpoint.number == number);
        found.map(|(endpoint, _)| (pool.upstream(), endpoint.info.address.clone()))
    })
}

/// Adds a pool to the registry, for as long as it lives.
pub(crate) fn register(pool: &Arc<Pool>) {
    let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
    pools.retain(|pool| pool.strong_count() > 0);
    pools.push(Arc::downgrade(pool));
}

impl UpstreamReport {
    pub(crate) fn of(pool: &Pool) -> Self {
        let freshness = pool.freshness();
        let endpoints = pool.endpoints();
        let connected = endpoints.iter().filter(|(_, connected)| *connected > 0);
        let ejects = !panic_threshold_reached(connected.map(|(endpoint, _)| &**endpoint));
        let report = |(endpoint, connected): &(Arc<Endpoint>, usize)| {
            EndpointReport::of(endpoint, *connected, ejects)
        };
        Self {
            upstream: pool.upstream(),
            breaker: BreakerReport::of(pool.service_breaker()),
            stale_s: freshness.stale_s,
            discovery_trouble: freshness.trouble,
            endpoints: endpoints.iter().map(report).collect(),
        }
    }
}

impl EndpointReport {
    fn of(endpoint: &Endpoint, connected: usize, ejects: bool) -> Self {
        let now = Instant::now();
        let last_error = endpoint.last_error();
        let ewma = endpoint.load.average_latency(now);
        Self {
            id: endpoint.info.id.clone(),
            address: endpoint.info.address.clone(),
            connected,
            ejected: ejects && !endpoint.breaker_is_closed(),
            calls: endpoint.load.calls(),
            failed: endpoint.outcomes.failed(),
            latencies: endpoint.outcomes.latencies.counts(),
            in_flight: endpoint.load.in_flight(),
            ewma_ms: ewma.map(|ewma| (ewma.as_secs_f64() * 1e6).round() / 1e3),
            breaker: BreakerReport::of(&endpoint.breaker),
            last_error_s: last_error.as_ref().map(|error| error.at.elapsed().as_secs()),
            last_error: last_error.map(|error| error.message),
        }
    }
}

impl BreakerReport {
    fn of(breaker: &Breaker) -> Self {
        let snapshot = breaker.snapshot();
        Self {
            state: snapshot.state.as_str(),
            changes: snapshot.generation,
            requests: snapshot.requests,
            failures: snapshot.failures,
            slow: snapshot.slow,
            consecutive_failures: snapshot.consecutive_failures,
            retry_after_ms: snapshot.retry_after.map(|after| after.as_millis()),
        }
    }
}
