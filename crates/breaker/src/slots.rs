//! The places of probes while half-open.

use crate::settings::Probes;
use std::time::Duration;

/// Who is probing. A success keeps its place, since enough of them close the breaker; an ignored
/// outcome gives it back; a lease that ends takes it back.
#[derive(Debug)]
pub(crate) struct Slots {
    max: u32,
    lease: Option<Duration>,
    successes: u32,
    next: u64,
    /// Probes in flight: their numbers, and when they were admitted.
    out: Vec<(u64, Duration)>,
}

impl Slots {
    pub(crate) fn new(settings: Probes) -> Self {
        let Probes { max, lease } = settings;
        Self { max: max.max(1), lease, successes: 0, next: 0, out: Vec::new() }
    }

    /// Takes back the places whose lease is over.
    pub(crate) fn expire(&mut self, now: Duration) {
        if let Some(lease) = self.lease {
            self.out.retain(|(_, since)| now.saturating_sub(*since) < lease);
        }
    }

    /// Whether a place is free.
    pub(crate) fn is_free(&self) -> bool {
        self.successes as usize + self.out.len() < self.max as usize
    }

    /// Takes a place and returns the probe's number. The caller has seen that one is free.
    pub(crate) fn take(&mut self, now: Duration) -> u64 {
        self.next += 1;
        self.out.push((self.next, now));
        self.next
    }

    /// Ends a probe. Returns false if its lease was over, so that its outcome is not wanted.
    pub(crate) fn release(&mut self, probe: u64) -> bool {
        let before = self.out.len();
        self.out.retain(|(number, _)| *number != probe);
        self.out.len() < before
    }

    /// Counts a success. Returns whether there are enough to close.
    pub(crate) fn succeed(&mut self) -> bool {
        self.successes += 1;
        self.successes >= self.max
    }
}
