//! Collects the events of a process.

use std::{
    fmt,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use access::{Access, Caller, Origin, Principal, Refusal};
use contract::Method;
use http::HeaderMap;

use crate::{author::Author, event::Event, sampler::Sampler};

/// Maximum events that wait to be stored. Further ones are in the log alone.
const MAX_WAITING: usize = 1_000;

/// The events of a process until they are stored. Cheap to clone.
#[derive(Clone)]
pub struct Trail(Arc<Inner>);

struct Inner {
    access: Access,
    /// Whether writes are done here, and not by an upstream that audits them.
    audits_writes: bool,
    waiting: Mutex<Waiting>,
}

struct Waiting {
    writes: Vec<Event>,
    /// Refused calls without a valid credential.
    strangers: Sampler,
    /// Refused and failed calls of others.
    failures: Sampler,
    /// Writes that were too many to wait.
    lost: u64,
}

impl fmt::Debug for Trail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Trail(..)")
    }
}

impl Trail {
    /// The trail of a service that does writes itself.
    pub fn new(access: &Access) -> Self {
        Self::with(access, true)
    }

    /// The trail of a service that forwards calls: it audits only its own refusals.
    pub fn of_edge(access: &Access) -> Self {
        Self::with(access, false)
    }

    fn with(access: &Access, audits_writes: bool) -> Self {
        let waiting = Mutex::new(Waiting {
            writes: Vec::new(),
            strangers: Sampler::new(),
            failures: Sampler::new(),
            lost: 0,
        });
        Self(Arc::new(Inner { access: access.clone(), audits_writes, waiting }))
    }

    /// The author of a call that the service audits; `None` if its method does not write here.
    pub(crate) fn author(
        &self,
        method: Method,
        caller: &Caller,
        headers: &HeaderMap,
        origin: &Origin,
    ) -> Option<Author> {
        let is_audited = self.0.audits_writes && method.is_audited();
        is_audited.then(|| Author::of(caller, headers, self.client(headers, origin)))
    }

    /// Adds a call that was refused before it was made. `method` is its full name.
    pub fn refused(&self, method: &str, headers: &HeaderMap, origin: &Origin, refusal: Refusal) {
        self.refused_from(self.client(headers, origin), method, headers, origin, refusal);
    }

    /// Like [`refused`](Self::refused), with the client's address.
    pub fn refused_from(
        &self,
        client: IpAddr,
        method: &str,
        headers: &HeaderMap,
        origin: &Origin,
        refusal: Refusal,
    ) {
        match refusal {
            Refusal::Missing(_) => {
                self.deny(method, &Caller::ANONYMOUS, headers, client, refusal.reason());
            }
            Refusal::Invalid | Refusal::Expired => {
                let author = Author::unknown(headers, client);
                let event = Event::new(&author, SystemTime::now(), method, refusal.reason());
                self.waiting().strangers.add(event);
            }
            Refusal::Scope(_) => {
                if let Ok(caller) = self.0.access.authenticate(headers, origin) {
                    self.deny(method, &caller, headers, client, refusal.reason());
                }
            }
            // Not the caller's doing, or counted by the limits.
            Refusal::Unavailable | Refusal::Changed | Refusal::Limit(_) => {}
        }
    }

    /// Adds a request that is forbidden to all callers, before its method is known.
    pub fn forbidden(&self, headers: &HeaderMap, origin: &Origin, reason: &str) {
        let caller = self.0.access.authenticate(headers, origin).unwrap_or(Caller::ANONYMOUS);
        self.deny("http", &caller, headers, self.client(headers, origin), reason);
    }

    /// Adds a call of this client that its handler has refused. A service that forwards calls leaves that to the
    /// other one.
    pub fn denied(
        &self,
        method: &str,
        caller: &Caller,
        headers: &HeaderMap,
        client: IpAddr,
        reason: &str,
    ) {
        if self.0.audits_writes {
            self.deny(method, caller, headers, client, reason);
        }
    }

    /// Whether the service forwards calls, which another one audits.
    pub fn is_of_edge(&self) -> bool {
        !self.0.audits_writes
    }

    /// Removes and returns the events that are to be stored now. Call it once a second.
    pub fn take(&self) -> Vec<Event> {
        self.take_sampled(Sampler::take)
    }

    /// Removes and returns all events, for the last time before the process ends.
    pub fn take_rest(&self) -> Vec<Event> {
        self.take_sampled(Sampler::take_all)
    }

    /// Returns events that could not be stored, to be tried again.
    pub fn put_back(&self, events: Vec<Event>) {
        let mut waiting = self.waiting();
        let free = MAX_WAITING.saturating_sub(waiting.writes.len());
        waiting.lost += events.len().saturating_sub(free) as u64;
        waiting.writes.extend(events.into_iter().take(free));
    }

    pub(crate) fn written(&self, event: Event) {
        event.log();
        self.put_back(vec![event]);
    }

    pub(crate) fn failed(&self, event: Event) {
        self.waiting().failures.add(event);
    }

    fn deny(
        &self,
        method: &str,
        caller: &Caller,
        headers: &HeaderMap,
        client: IpAddr,
        reason: &str,
    ) {
        let author = Author::of(caller, headers, client);
        let event = Event::new(&author, SystemTime::now(), method, reason);
        let mut waiting = self.waiting();
        match &caller.principal {
            Principal::Anonymous => waiting.strangers.add(event),
            _known => waiting.failures.add(event),
        }
    }

    fn take_sampled(&self, take: fn(&mut Sampler) -> Vec<Event>) -> Vec<Event> {
        let (mut events, sampled, lost) = {
            let mut waiting = self.waiting();
            let sampled = [take(&mut waiting.strangers), take(&mut waiting.failures)];
            (std::mem::take(&mut waiting.writes), sampled, std::mem::take(&mut waiting.lost))
        };
        if lost > 0 {
            tracing::warn!(events = lost, "audit events are in the log alone: too many waited");
        }
        for event in sampled.into_iter().flatten() {
            event.log();
            events.push(event);
        }
        events
    }

    /// The address of the client that a request comes from.
    pub fn client(&self, headers: &HeaderMap, origin: &Origin) -> IpAddr {
        self.0.access.client_address(headers, origin)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
