//! The latest changes of an upstream's endpoints, for operators.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use serde::Serialize;

/// The number of events that are kept of each upstream.
const CAPACITY: usize = 100;

/// A change of an endpoint, or of the breaker of a service as a whole.
#[derive(Debug, Clone, Serialize)]
pub struct UpstreamEvent {
    pub at: SystemTime,
    /// `host:port`; `None` for the service as a whole.
    pub endpoint: Option<String>,
    pub subject: Subject,
    pub from: &'static str,
    pub to: &'static str,
    /// The cause, in words.
    pub why: String,
    /// The open time of a breaker that has opened.
    pub open_for: Option<Duration>,
}

/// A kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The state of a breaker.
    Breaker,
    /// Whether there is a connection.
    Connection,
    /// Whether discovery lists the instance.
    Listing,
}

/// The events of one upstream. They are rare, so that a lock suffices.
#[derive(Debug, Default)]
pub(crate) struct Events(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// Oldest first.
    events: VecDeque<UpstreamEvent>,
    /// The number of events so far.
    total: u64,
}

impl Events {
    pub(crate) fn breaker(
        &self,
        endpoint: Option<&str>,
        change: &breaker::Transition,
        why: String,
    ) {
        self.push(UpstreamEvent {
            at: SystemTime::now(),
            endpoint: endpoint.map(str::to_owned),
            subject: Subject::Breaker,
            from: change.from.as_str(),
            to: change.to.as_str(),
            why,
            open_for: change.open_for,
        });
    }

    pub(crate) fn connection(&self, endpoint: &str, is_connected: bool, why: String) {
        let states = ["disconnected", "connected"];
        self.push_plain(endpoint, Subject::Connection, states, is_connected, why);
    }

    pub(crate) fn listing(&self, endpoint: &str, is_listed: bool) {
        let states = ["gone", "listed"];
        self.push_plain(endpoint, Subject::Listing, states, is_listed, String::new());
    }

    /// The events that are kept.
    pub(crate) fn list(&self) -> Vec<UpstreamEvent> {
        self.kept().events.iter().cloned().collect()
    }

    /// The number of events so far.
    pub(crate) fn total(&self) -> u64 {
        self.kept().total
    }

    fn push_plain(
        &self,
        endpoint: &str,
        subject: Subject,
        [off, on]: [&'static str; 2],
        is_on: bool,
        why: String,
    ) {
        let (from, to) = if is_on { (off, on) } else { (on, off) };
        let (at, endpoint) = (SystemTime::now(), Some(endpoint.to_owned()));
        self.push(UpstreamEvent { at, endpoint, subject, from, to, why, open_for: None });
    }

    fn push(&self, event: UpstreamEvent) {
        let mut kept = self.kept();
        if kept.events.len() == CAPACITY {
            kept.events.pop_front();
        }
        kept.events.push_back(event);
        kept.total += 1;
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oldest_events_are_dropped() {
        let events = Events::default();
        for number in 0..CAPACITY + 3 {
            events.listing(&number.to_string(), true);
        }
        let kept = events.list();
        assert_eq!((kept.len(), kept[0].endpoint.as_deref()), (CAPACITY, Some("3")));
    }
}
