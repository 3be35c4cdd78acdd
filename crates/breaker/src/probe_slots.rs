//! Slots of the probes of a half-open breaker.

use crate::settings::Probes;
use std::time::Duration;

/// The slots of probes. A success keeps its slot, because enough successes close the breaker; an
/// ignored outcome or an expired lease frees it.
#[derive(Debug)]
pub(crate) struct ProbeSlots {
    max: u32,
    lease: Option<Duration>,
    successes: u32,
    next: u64,
    /// Probes in flight: number and time of admission.
    in_flight: Vec<(u64, Duration)>,
}

impl ProbeSlots {
    pub(crate) fn new(settings: Probes) -> Self {
        let Probes { max, lease } = settings;
        Self { max: max.max(1), lease, successes: 0, next: 0, in_flight: Vec::new() }
    }

    /// Frees the slots whose lease has expired.
    pub(crate) fn expire(&mut self, now: Duration) {
        if let Some(lease) = self.lease {
            self.in_flight.retain(|(_, since)| now.saturating_sub(*since) < lease);
        }
    }

    /// Whether a slot is free.
    pub(crate) fn is_free(&self) -> bool {
        self.successes as usize + self.in_flight.len() < self.max as usize
    }

    /// Takes a slot, which must be free, and returns the probe's number.
    pub(crate) fn take(&mut self, now: Duration) -> u64 {
        self.next += 1;
        self.in_flight.push((self.next, now));
        self.next
    }

    /// Frees the slot of a probe. Returns false if its lease had expired.
    pub(crate) fn release(&mut self, probe: u64) -> bool {
        let before = self.in_flight.len();
        self.in_flight.retain(|(number, _)| *number != probe);
        self.in_flight.len() < before
    }

    /// Counts a success. Returns whether there are enough to close the breaker.
    pub(crate) fn succeed(&mut self) -> bool {
        self.successes += 1;
        self.successes >= self.max
    }
}
