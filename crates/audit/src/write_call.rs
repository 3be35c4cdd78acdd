//! The audited call of a method that writes.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use access::{Caller, Origin};
use contract::Method;
use http::HeaderMap;

use crate::{
    author::Author,
    event::{Event, OK},
    trail::Trail,
};

/// An audited call; an extension of its request. Cheap to clone.
///
/// Its event is complete when the last clone is dropped: a write that runs in a task outlives its client with a clone.
#[derive(Debug, Clone)]
pub struct WriteCall(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    trail: Trail,
    author: Author,
    method: &'static str,
    at: SystemTime,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    resource: String,
    revision: i64,
    /// Products written by a batch; 0 for a single write.
    count: i32,
    outcome: Option<String>,
    /// Events of it are in the store already.
    is_stored: bool,
    /// It was only to be checked, or had been done before.
    changes_nothing: bool,
}

impl WriteCall {
    /// Begins to audit a call, if its method writes and the service does its writes itself.
    pub fn begin(
        trail: &Trail,
        method: Method,
        caller: &Caller,
        headers: &HeaderMap,
        origin: &Origin,
    ) -> Option<Self> {
        let author = trail.author(method, caller, headers, origin)?;
        let (at, state) = (SystemTime::now(), Mutex::default());
        let (trail, method) = (trail.clone(), method.name());
        Some(Self(Arc::new(Inner { trail, author, method, at, state })))
    }

    /// Sets the id of the resource that is written.
    pub fn set_resource(&self, resource: impl Into<String>) {
        self.0.state().resource = resource.into();
    }

    /// Sets the revision that the write makes.
    pub fn set_revision(&self, revision: i64) {
        self.0.state().revision = revision;
    }

    /// Sets the outcome: [`OK`], or the reason of an error.
    pub fn end(&self, outcome: impl Into<String>) {
        self.0.state().outcome = Some(outcome.into());
    }

    /// The call changes nothing, and has no event unless it fails.
    pub fn changes_nothing(&self) {
        self.0.state().changes_nothing = true;
    }

    /// The event of `count` writes, for a store that records it in the write's own transaction.
    pub fn event(&self, count: i32) -> Event {
        Event { count, ..self.0.event(&self.0.state(), OK) }
    }

    /// The [event](Self::event) has been stored: the trail need not.
    pub fn stored(&self, count: i32) {
        let mut state = self.0.state();
        state.is_stored = true;
        state.count = state.count.saturating_add(count);
    }

    /// A stream that may have written ends with an error, which is a separate event.
    pub fn break_off(&self, reason: impl Into<String>) {
        let mut state = self.0.state();
        state.is_stored = false;
        state.outcome = Some(reason.into());
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn event(&self, state: &State, outcome: &str) -> Event {
        let State { resource, revision, count, .. } = state;
        let event = Event::new(&self.author, self.at, self.method, outcome);
        Event { resource: resource.clone(), revision: *revision, count: (*count).max(1), ..event }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let state = self.state();
        let outcome = match &state.outcome {
            _ if state.is_stored => OK,
            Some(outcome) => outcome,
            None if std::thread::panicking() => "INTERNAL",
            // The client has hung up before the outcome was known.
            None => "CANCELLED",
        };
        let event = self.event(&state, outcome);
        match outcome {
            OK if state.is_stored => event.log(),
            OK if state.changes_nothing => {}
            OK => self.trail.written(event),
            _failed => self.trail.failed(event),
        }
    }
}
