//! The concurrency limiter: counts and times calls under way and applies the adaptive limit.

use std::{
    num::NonZeroUsize,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use http::Response;
use opentelemetry::{KeyValue, global::meter};
use tonic::Code;

use super::adaptive::{AdaptiveLimit, Bounds};

/// Initial limit, before any call was measured.
const START: usize = 500;
/// Minimum interval between log records of refusals.
const LOG_EVERY: Duration = Duration::from_secs(10);

/// Calls under way, and their limit.
#[derive(Debug)]
pub(crate) struct Limiter {
    under_way: AtomicUsize,
    limit: AtomicUsize,
    /// Highest concurrency in this window.
    peak: AtomicUsize,
    /// Refused calls since the start.
    refused: AtomicUsize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    adaptive: AdaptiveLimit,
    /// [`Limiter::refused`] at the end of the last window.
    refused: usize,
    /// Time of the last log record, and [`Limiter::refused`] then.
    logged: Option<Instant>,
    logged_refused: usize,
}

impl Limiter {
    /// A limit between `min`, at most `max`, and `max`.
    pub(super) fn new(min: NonZeroUsize, max: NonZeroUsize, groups: usize) -> Self {
        let max = max.get();
        let min = min.get().min(max);
        let bounds = Bounds { min, start: START.clamp(min, max), max };
        let adaptive = AdaptiveLimit::new(bounds, groups, Instant::now());
        Self {
            under_way: AtomicUsize::new(0),
            limit: AtomicUsize::new(bounds.start),
            peak: AtomicUsize::new(0),
            refused: AtomicUsize::new(0),
            state: Mutex::new(State { adaptive, refused: 0, logged: None, logged_refused: 0 }),
        }
    }

    /// Admits a call of this group of requests, unless the limit is reached.
    pub(super) fn admit(self: Arc<Self>, group: usize) -> Option<Permit> {
        let before = self.under_way.fetch_add(1, Relaxed);
        if before >= self.limit.load(Relaxed) {
            self.under_way.fetch_sub(1, Relaxed);
            self.refused.fetch_add(1, Relaxed);
            return None;
        }
        self.peak.fetch_max(before + 1, Relaxed);
        Some(Permit { limiter: self, group, began: Instant::now(), noted: false })
    }

    pub(crate) fn limit(&self) -> usize {
        self.limit.load(Relaxed)
    }

    pub(crate) fn under_way(&self) -> usize {
        self.under_way.load(Relaxed)
    }

    /// Records a latency. `at_least`: the call was cancelled, so that its duration is a lower bound and
    /// counts only if it is long.
    fn note(&self, group: usize, took: Duration, at_least: bool) {
        let now = Instant::now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if at_least && state.adaptive.baseline(group).is_none_or(|baseline| took < baseline * 2) {
            return;
        }
        if !state.adaptive.note(group, took, now) {
            return;
        }
        let peak = self.peak.swap(self.under_way.load(Relaxed), Relaxed);
        let refused = self.refused.load(Relaxed);
        let refused_before = std::mem::replace(&mut state.refused, refused);
        state.adaptive.update(peak, refused > refused_before, now);
        let limit = state.adaptive.limit();
        self.limit.store(limit, Relaxed);
        if state.logged.is_none_or(|logged| now - logged >= LOG_EVERY) {
            let unlogged = refused - state.logged_refused;
            if unlogged > 0 {
                tracing::warn!(
                    refused = unlogged,
                    limit,
                    "refused calls: concurrency limit reached"
                );
                (state.logged, state.logged_refused) = (Some(now), refused);
            }
        }
    }
}

/// A slot among the calls under way; released when dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    limiter: Arc<Limiter>,
    group: usize,
    began: Instant,
    noted: bool,
}

impl Permit {
    /// Records the end of a call by its response. Refused requests do not count: they say nothing about
    /// latency.
    pub(crate) fn answered<B>(mut self, response: &Response<B>) {
        self.noted = true;
        let code =
            response.headers().get("grpc-status").map(|code| Code::from_bytes(code.as_bytes()));
        match code {
            Some(code) => self.note(code),
            None if response.status().is_success() => self.note(Code::Ok),
            None => {}
        }
    }

    /// Records the end of a call by its status code, like [`Permit::answered`].
    pub(crate) fn ended(mut self, code: Code) {
        self.noted = true;
        self.note(code);
    }

    fn note(&self, code: Code) {
        if matches!(code, Code::Ok | Code::DeadlineExceeded) {
            self.limiter.note(self.group, self.began.elapsed(), false);
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.limiter.under_way.fetch_sub(1, Relaxed);
        if !self.noted {
            self.limiter.note(self.group, self.began.elapsed(), true);
        }
    }
}

/// Exports calls under way and their limit, of reads and of writes, while the server exists.
pub(super) fn watch(reads: &Arc<Limiter>, writes: &Arc<Limiter>) {
    let gauge = |name: &'static str, about: &'static str, value: fn(&Limiter) -> usize| {
        let limiters = [("read", Arc::downgrade(reads)), ("write", Arc::downgrade(writes))];
        meter("server")
            .u64_observable_gauge(name)
            .with_description(about)
            .with_callback(move |gauge| {
                for (kind, limiter) in &limiters {
                    if let Some(limiter) = limiter.upgrade() {
                        gauge.observe(value(&limiter) as u64, &[KeyValue::new("kind", *kind)]);
                    }
                }
            })
            .build();
    };
    gauge("rpc.server.limit", "Calls that may be under way at once.", Limiter::limit);
    gauge("rpc.server.under_way", "Calls under way, streams apart.", Limiter::under_way);
}
