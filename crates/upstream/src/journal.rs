//! The journal of a request: the attempts that calls to upstreams made for it.
//!
//! A server that wants to know them runs a request in [`observed`], which keeps a few hundred bytes in
//! the request's own future. Hot path: an attempt writes one entry, without an allocation or a lock.

use std::{cell::RefCell, time::Duration};

use tokio::time::Instant;

use crate::call::Completion;

/// The number of attempts that are kept of one request; the rest is counted.
const MAX_ATTEMPTS: usize = 8;

tokio::task_local! {
    static CURRENT: RefCell<Journal>;
}

#[derive(Debug)]
struct Journal {
    began: Instant,
    attempts: [Attempt; MAX_ATTEMPTS],
    count: u32,
    /// Whether an attempt has not been answered, or by a failing endpoint.
    has_failures: bool,
}

/// An attempt of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// `/package.Service/Method`.
    pub method: &'static str,
    /// Number of the endpoint, for [`endpoint_address`](crate::endpoint_address).
    pub endpoint: u64,
    /// Microseconds from the begin of the request to that of the attempt.
    pub started_us: u32,
    /// Microseconds to the end of the response, or to its headers if it is streamed.
    pub elapsed_us: u32,
    /// The gRPC code, or how the attempt ended without one.
    pub end: &'static str,
}

/// Runs a request and keeps a journal of it, for [`attempts`] and [`has_failures`].
pub async fn observed<F: Future>(request: F) -> F::Output {
    let began = Instant::now();
    let none = Attempt { method: "", endpoint: 0, started_us: 0, elapsed_us: 0, end: "" };
    let attempts = [none; MAX_ATTEMPTS];
    let journal = Journal { began, attempts, count: 0, has_failures: false };
    CURRENT.scope(RefCell::new(journal), request).await
}

/// Whether an attempt of the current request failed, and another may have succeeded.
#[must_use]
pub fn has_failures() -> bool {
    CURRENT.try_with(|journal| journal.borrow().has_failures).unwrap_or_default()
}

/// The attempts of the current request that have ended, and the number of those beyond the first eight.
#[must_use]
pub fn attempts() -> (Vec<Attempt>, usize) {
    let read = CURRENT.try_with(|journal| {
        let journal = journal.borrow();
        let count = journal.count as usize;
        (journal.attempts[..count.min(MAX_ATTEMPTS)].to_vec(), count.saturating_sub(MAX_ATTEMPTS))
    });
    read.unwrap_or_default()
}

/// Notes the end of an attempt in the journal of the current request, if there is one.
pub(crate) fn note(
    endpoint: u64,
    method: &'static str,
    started: Instant,
    elapsed: Duration,
    end: Option<Completion>,
    failed: bool,
) {
    let micros = |time: Duration| u32::try_from(time.as_micros()).unwrap_or(u32::MAX);
    let _ = CURRENT.try_with(|journal| {
        let mut journal = journal.borrow_mut();
        let started_us = micros(started.saturating_duration_since(journal.began));
        let end = end.map_or("streaming", Completion::name);
        let place = journal.count as usize;
        if let Some(free) = journal.attempts.get_mut(place) {
            *free = Attempt { method, endpoint, started_us, elapsed_us: micros(elapsed), end };
        }
        journal.count = journal.count.saturating_add(1);
        journal.has_failures |= failed;
    });
}
