//! How the services we call look from here, for whoever is on call.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use breaker::Breaker;
use serde::Serialize;
use tokio::time::Instant;

use super::{
    balance::{Endpoint, Pool, are_mostly_ill},
    metrics,
};

static POOLS: Mutex<Vec<Weak<Pool>>> = Mutex::new(Vec::new());

/// A service that this process calls.
#[derive(Debug, Clone, Serialize)]
pub struct UpstreamReport {
    /// Its name.
    pub upstream: &'static str,
    /// The breaker of the service as a whole.
    pub breaker: BreakerReport,
    /// For how long nobody has confirmed its endpoints, in seconds.
    pub stale_s: u64,
    /// Why they could not be confirmed, if they could not.
    pub discovery_trouble: Option<String>,
    /// All of them, by address.
    pub endpoints: Vec<EndpointReport>,
}

/// A replica, as seen from here.
#[derive(Debug, Clone, Serialize)]
pub struct EndpointReport {
    /// What discovery calls it.
    pub id: String,
    /// `host:port`.
    pub address: String,
    /// Connections to it.
    pub connected: usize,
    /// Whether its breaker keeps calls away. Never more than half are kept away at once: beyond that,
    /// those whose breakers are open are asked as well.
    pub ejected: bool,
    /// Calls that it was sent, each attempt counted.
    pub calls: u64,
    /// Calls that wait for it.
    pub in_flight: u32,
    /// The average time it takes, by which the balancer goes, in milliseconds. None before the first
    /// answer.
    pub ewma_ms: Option<f64>,
    /// Its breaker.
    pub breaker: BreakerReport,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// How long ago, in seconds.
    pub last_error_s: Option<u64>,
}

/// A breaker at a glance.
#[derive(Debug, Clone, Serialize)]
pub struct BreakerReport {
    /// `closed`, `open` or `half-open`.
    pub state: &'static str,
    /// How often the state has changed.
    pub changes: u64,
    /// Calls in the window. This and the next three are zero unless it is closed.
    pub requests: u64,
    /// Those of them that failed.
    pub failures: u64,
    /// Those of them that were slow.
    pub slow: u64,
    /// Failures in a row.
    pub consecutive_failures: u32,
    /// How long until it lets a probe pass, in milliseconds, when it is open.
    pub retry_after_ms: Option<u128>,
}

/// All services that this process calls, in the order in which it began to.
#[must_use]
pub fn registry() -> Vec<UpstreamReport> {
    let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
    pools.retain(|pool| pool.strong_count() > 0);
    let alive: Vec<Arc<Pool>> = pools.iter().filter_map(Weak::upgrade).collect();
    drop(pools);
    alive.iter().map(|pool| of(pool)).collect()
}

/// From now on the registry shows it, until it is gone.
pub(super) fn register(pool: &Arc<Pool>) {
    metrics::watch();
    metrics::begin(pool.upstream());
    let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
    pools.retain(|pool| pool.strong_count() > 0);
    pools.push(Arc::downgrade(pool));
}

pub(super) fn of(pool: &Pool) -> UpstreamReport {
    let freshness = pool.freshness();
    let endpoints = pool.endpoints();
    let connected = endpoints.iter().filter(|(_, connected)| *connected > 0);
    let some_are_well = !are_mostly_ill(connected.map(|(endpoint, _)| &**endpoint));
    let report = |(endpoint, connected): &(Arc<Endpoint>, usize)| {
        EndpointReport::of(endpoint, *connected, some_are_well)
    };
    UpstreamReport {
        upstream: pool.upstream(),
        breaker: BreakerReport::of(pool.breaker()),
        stale_s: freshness.stale_s,
        discovery_trouble: freshness.trouble,
        endpoints: endpoints.iter().map(report).collect(),
    }
}

impl EndpointReport {
    fn of(endpoint: &Endpoint, connected: usize, some_are_well: bool) -> Self {
        let now = Instant::now();
        let trouble = endpoint.trouble();
        let ewma = endpoint.load.latency(now);
        Self {
            id: endpoint.about.id.clone(),
            address: endpoint.about.address.clone(),
            connected,
            ejected: some_are_well && !endpoint.is_well(),
            calls: endpoint.load.calls(),
            in_flight: endpoint.load.under_way(),
            ewma_ms: ewma.map(|ewma| (ewma.as_secs_f64() * 1e6).round() / 1e3),
            breaker: BreakerReport::of(&endpoint.breaker),
            last_error: trouble.as_ref().map(|trouble| trouble.what.clone()),
            last_error_s: trouble.map(|trouble| trouble.at.elapsed().as_secs()),
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
