//! The outcomes of an endpoint's attempts, for reports.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use crate::{call::EndpointHealth, latency::Histogram};

/// Attempts by latency, and those that failed. One or two relaxed additions an attempt.
#[derive(Debug, Default)]
pub(crate) struct Outcomes {
    pub(crate) latencies: Histogram,
    failed: AtomicU64,
}

impl Outcomes {
    /// Counts the end of an attempt. `latency`: unless its response's headers have been counted.
    pub(crate) fn count(&self, health: EndpointHealth, latency: Option<Duration>) {
        let failed = match health {
            EndpointHealth::Healthy => false,
            EndpointHealth::Failing | EndpointHealth::Slow | EndpointHealth::Overloaded => true,
            EndpointHealth::Unknown => return,
        };
        if let Some(latency) = latency {
            self.latencies.record(latency);
        }
        if failed {
            self.failed.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The number of attempts that failed, were too slow or met overload.
    pub(crate) fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }
}
