//! The subjects of limits and their buckets.

use std::{
    hash::{BuildHasher as _, RandomState},
    net::IpAddr,
    sync::Arc,
};

use governor::{
    RateLimiter,
    clock::{Clock as _, MonotonicClock},
    middleware::StateInformationMiddleware,
    state::{InMemoryState, NotKeyed},
};
use quick_cache::{
    DefaultHashBuilder, OptionsBuilder, UnitWeighter,
    sync::{Cache, DefaultLifecycle},
};

use super::{
    Counted, Rates, Subject, metrics,
    standing::{Exceeded, Standing},
};
use crate::address::network_of;

type Limiter = RateLimiter<NotKeyed, InMemoryState, MonotonicClock, StateInformationMiddleware>;

/// The buckets of one subject.
pub(crate) struct Buckets {
    subject: Subject,
    limiters: [Option<Limiter>; Counted::ALL.len()],
}

impl Buckets {
    fn new(subject: Subject, rates: &Rates) -> Self {
        let limiter = |rate: super::Rate| {
            Limiter::new(rate.quota(), InMemoryState::default(), MonotonicClock)
        };
        Self { subject, limiters: rates.map(|rate| rate.map(limiter)) }
    }

    /// Counts one; `None` without a limit.
    ///
    /// # Errors
    /// There were too many.
    pub(crate) fn count(&self, of: Counted) -> Result<Option<Standing>, Exceeded> {
        let Some(limiter) = &self.limiters[of.index()] else { return Ok(None) };
        match limiter.check() {
            Ok(snapshot) => Ok(Some(Standing::new(of, self.subject, &snapshot))),
            Err(not_until) => {
                let exceeded = Exceeded::new(of, self.subject, &not_until, limiter.clock().now());
                metrics::limited(&exceeded.standing);
                Err(exceeded)
            }
        }
    }
}

/// The buckets of all subjects, in a bounded number.
pub(super) struct Table {
    of_address: Rates,
    of_holder: Rates,
    /// By a keyed hash of the subject: 64 bits that callers cannot predict.
    subjects: Cache<u64, Arc<Buckets>>,
    hash: RandomState,
}

impl Table {
    pub(super) fn new(of_address: Rates, of_holder: Rates, max_entries: usize) -> Self {
        let options = OptionsBuilder::new()
            .weight_capacity(max_entries as u64)
            .estimated_items_capacity(max_entries)
            .build()
            .expect("both of the required options are set");
        let subjects = Cache::with_options(
            options,
            UnitWeighter,
            DefaultHashBuilder::default(),
            DefaultLifecycle::default(),
        );
        Self { of_address, of_holder, subjects, hash: RandomState::new() }
    }

    pub(super) fn of_address(&self, address: IpAddr) -> Arc<Buckets> {
        let hash = self.hash.hash_one(network_of(address));
        self.of(hash, Subject::Address, &self.of_address)
    }

    pub(super) fn of_holder(&self, kind: &'static str, id: &str) -> Arc<Buckets> {
        self.of(self.hash.hash_one((kind, id)), Subject::Holder, &self.of_holder)
    }

    fn of(&self, hash: u64, subject: Subject, rates: &Rates) -> Arc<Buckets> {
        if let Some(buckets) = self.subjects.get(&hash) {
            return buckets;
        }
        let made = || Ok::<_, std::convert::Infallible>(Arc::new(Buckets::new(subject, rates)));
        let Ok(buckets) = self.subjects.get_or_insert_with(&hash, made);
        buckets
    }

    pub(super) fn rates(&self) -> [(Subject, Rates); 2] {
        [(Subject::Address, self.of_address), (Subject::Holder, self.of_holder)]
    }

    /// The number of subjects that are remembered.
    pub(super) fn len(&self) -> usize {
        self.subjects.len()
    }
}
