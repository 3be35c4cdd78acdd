//! The limit at work: counts what is under way, times it, and lets the limit be found anew.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use http::Response;
use tonic::Code;

use super::{
    OverloadArgs,
    limit::{Adaptive, Bounds},
};

/// The limit of a server that has not measured any calls yet.
const START: usize = 500;
/// Refusals are logged no oftener than this.
const LOG_EVERY: Duration = Duration::from_secs(10);

/// Calls of a server under way, and how many may be.
#[derive(Debug)]
pub(crate) struct Limiter {
    under_way: AtomicUsize,
    limit: AtomicUsize,
    /// The most that were under way in this window.
    peak: AtomicUsize,
    refused: AtomicUsize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    adaptive: Adaptive,
    logged: Option<Instant>,
}

impl Limiter {
    pub(super) fn new(args: &OverloadArgs, methods: usize) -> Self {
        let max = args.max_calls.get();
        let min = args.min_calls.get().min(max);
        let bounds = Bounds { min, start: START.clamp(min, max), max };
        let adaptive = Adaptive::new(bounds, methods, Instant::now());
        Self {
            under_way: AtomicUsize::new(0),
            limit: AtomicUsize::new(bounds.start),
            peak: AtomicUsize::new(0),
            refused: AtomicUsize::new(0),
            state: Mutex::new(State { adaptive, logged: None }),
        }
    }

    /// Room for one more call of this method, if there is.
    pub(super) fn admit(self: Arc<Self>, method: usize) -> Option<Permit> {
        let before = self.under_way.fetch_add(1, Relaxed);
        if before >= self.limit.load(Relaxed) {
            self.under_way.fetch_sub(1, Relaxed);
            self.refused.fetch_add(1, Relaxed);
            return None;
        }
        self.peak.fetch_max(before + 1, Relaxed);
        Some(Permit { limiter: self, method, began: Instant::now(), noted: false })
    }

    pub(crate) fn limit(&self) -> usize {
        self.limit.load(Relaxed)
    }

    pub(crate) fn under_way(&self) -> usize {
        self.under_way.load(Relaxed)
    }

    /// `at_least`: the call was given up before its end, and tells something only if it had taken
    /// long already.
    fn note(&self, method: usize, took: Duration, at_least: bool) {
        let now = Instant::now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if at_least && state.adaptive.usual(method).is_none_or(|usual| took < usual * 2) {
            return;
        }
        if !state.adaptive.note(method, took, now) {
            return;
        }
        let peak = self.peak.swap(self.under_way.load(Relaxed), Relaxed);
        state.adaptive.close(peak, now);
        let limit = state.adaptive.limit();
        self.limit.store(limit, Relaxed);
        if state.logged.is_none_or(|logged| now - logged >= LOG_EVERY) {
            let refused = self.refused.swap(0, Relaxed);
            if refused > 0 {
                tracing::warn!(refused, limit, "more calls than can be answered in time");
                state.logged = Some(now);
            }
        }
    }
}

/// A place among the calls under way, until it is dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    limiter: Arc<Limiter>,
    method: usize,
    began: Instant,
    noted: bool,
}

impl Permit {
    /// The call has its answer. One that was refused for what it asks says nothing of how long
    /// calls take.
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

    /// As [`Permit::answered`], with this code.
    pub(crate) fn ended(mut self, code: Code) {
        self.noted = true;
        self.note(code);
    }

    fn note(&self, code: Code) {
        if matches!(code, Code::Ok | Code::DeadlineExceeded) {
            self.limiter.note(self.method, self.began.elapsed(), false);
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.limiter.under_way.fetch_sub(1, Relaxed);
        if !self.noted {
            self.limiter.note(self.method, self.began.elapsed(), true);
        }
    }
}
