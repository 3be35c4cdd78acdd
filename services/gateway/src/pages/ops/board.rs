//! All of the page but its requests: instances, endpoints that take no calls, lag, builds.

use std::time::{Duration, SystemTime};

use askama::Template;
use proto::{catalogue::v1::InstanceIndex, time::system_time};
use upstream::{BreakerReport, Subject, UpstreamEvent};

use super::{
    super::{locale::Locale, messages::fill, text::grouped},
    figures::{NONE, Utc, age, latency},
    map::{Node, ServiceNode},
    texts::Messages,
    words::{Words, breaker_level},
};
use crate::ops::{Feed, Instance, LiveState, Reached, Snapshot};

/// The number of changes that are shown.
const MAX_EVENTS: usize = 30;

/// A snapshot in one language.
#[derive(Template)]
#[template(path = "ops/board.html")]
pub(super) struct Board {
    m: &'static Messages,
    as_of: String,
    iso: String,
    gateway: Node,
    services: Vec<ServiceNode>,
    outages: Vec<Outage>,
    events: Vec<EventRow>,
    readers: Vec<ReaderRow>,
    builds: Vec<BuildRow>,
}

/// An endpoint that takes no calls.
struct Outage {
    service: &'static str,
    address: String,
    state: String,
    since: String,
    until: String,
    why: String,
}

struct EventRow {
    iso: String,
    time: String,
    service: &'static str,
    endpoint: String,
    change: String,
    level: &'static str,
    why: String,
}

/// A reader of the change feed.
struct ReaderRow {
    name: String,
    state: &'static str,
    level: &'static str,
    lag: String,
    products: String,
}

struct BuildRow {
    instance: String,
    version: String,
    commit: String,
    built: String,
    started: String,
}

impl Board {
    pub(super) fn new(snapshot: &Snapshot, m: &'static Messages, locale: Locale) -> Self {
        let words = Words { m, locale, now: snapshot.at };
        let at = Utc::of(snapshot.at);
        let instances = || {
            snapshot
                .services
                .iter()
                .flat_map(|it| it.instances.iter().map(move |one| (it.name, one)))
        };
        let outages = instances().filter_map(|(service, one)| words.outage(service, one));
        let readers = instances().filter_map(|(_, one)| words.index(one));
        let builds = instances().map(|(service, one)| words.build(service, one));
        let events = snapshot.events.iter().rev().take(MAX_EVENTS);
        Self {
            m,
            as_of: fill(m.as_of, &[at.time()]),
            iso: at.iso().to_owned(),
            gateway: words.gateway(snapshot),
            services: snapshot.services.iter().map(|service| words.service(service)).collect(),
            outages: outages.collect(),
            events: events.map(|(service, event)| words.event(service, event)).collect(),
            readers: std::iter::once(words.live(snapshot.live)).chain(readers).collect(),
            builds: std::iter::once(words.own_build(snapshot)).chain(builds).collect(),
        }
    }
}

impl Words {
    fn outage(self, service: &'static str, instance: &Instance) -> Option<Outage> {
        let (m, endpoint) = (self.m, &instance.endpoint);
        let BreakerReport { state, retry_after_ms, .. } = &endpoint.breaker;
        if endpoint.connected > 0 && *state == "closed" {
            return None;
        }
        let change = instance.breaker_change.as_ref().filter(|_| *state != "closed");
        let mut why: Vec<_> = change.map(|change| change.why.clone()).into_iter().collect();
        if endpoint.connected == 0 {
            why.extend(endpoint.last_error.clone());
        }
        let until = match retry_after_ms {
            Some(left) => {
                let left = Duration::from_millis(u64::try_from(*left).unwrap_or(u64::MAX));
                fill(m.next_probe, &[&latency(left, self.locale)])
            }
            None if *state == "half-open" => m.probe_due.to_owned(),
            None => NONE.to_owned(),
        };
        Some(Outage {
            service,
            address: endpoint.address.clone(),
            state: match endpoint.connected {
                0 => m.disconnected.to_owned(),
                _ => format!("{} {}", m.breaker, self.breaker(state)),
            },
            since: change.map_or(NONE.to_owned(), |change| self.ago(change.at)),
            until,
            why: why.join("; "),
        })
    }

    fn event(self, service: &'static str, event: &UpstreamEvent) -> EventRow {
        let (m, at) = (self.m, Utc::of(event.at));
        let (change, level) = match (event.subject, event.to) {
            (Subject::Breaker, to) => {
                let states = [self.breaker(event.from), self.breaker(to)];
                (fill(m.breaker_change, &states), breaker_level(to))
            }
            (Subject::Connection, "connected") => (m.connected.to_owned(), "ok"),
            (Subject::Connection, _) => (m.disconnected.to_owned(), "bad"),
            (Subject::Listing, "listed") => (m.listed.to_owned(), ""),
            (Subject::Listing, _) => (m.gone.to_owned(), "warn"),
        };
        EventRow {
            iso: at.iso().to_owned(),
            time: at.time_with_milliseconds(),
            service,
            endpoint: event.endpoint.clone().unwrap_or_else(|| m.whole_service.to_owned()),
            change,
            level,
            why: event.why.clone(),
        }
    }

    fn live(self, live: LiveState) -> ReaderRow {
        let m = self.m;
        let (level, state) = match live.feed {
            Feed::Connecting => ("warn", m.connecting),
            Feed::Up => ("ok", m.caught_up),
            Feed::Down => ("bad", m.interrupted),
        };
        let lag = live.lag.map_or(m.never.to_owned(), age);
        let products = NONE.to_owned();
        ReaderRow { name: m.live_state.to_owned(), state, level, lag, products }
    }

    fn index(self, instance: &Instance) -> Option<ReaderRow> {
        let m = self.m;
        let Reached::Answered(own) = &instance.state else { return None };
        let InstanceIndex { complete, caught_up, lag, product_count, rebuilding } =
            own.index.as_ref()?;
        let (level, state) = match (complete, rebuilding, caught_up) {
            (false, ..) => ("bad", m.filling),
            (true, true, _) => ("warn", m.rebuilding),
            (true, false, false) => ("warn", m.catching_up),
            (true, false, true) => ("ok", m.caught_up),
        };
        let lag = lag.as_ref().and_then(|lag| Duration::try_from(*lag).ok());
        Some(ReaderRow {
            name: fill(m.index_of, &[&instance.endpoint.address]),
            state,
            level,
            lag: lag.map_or(m.never.to_owned(), age),
            products: grouped((*product_count).try_into().unwrap_or_default(), self.locale),
        })
    }

    fn build(self, service: &str, instance: &Instance) -> BuildRow {
        let name = format!("{service} {}", instance.endpoint.address);
        let Reached::Answered(own) = &instance.state else {
            return self.build_row(name, "", "", None, None);
        };
        let built = own.build_time.as_ref().and_then(system_time);
        let started = own.start_time.as_ref().and_then(system_time);
        self.build_row(name, &own.version, &own.commit, built, started)
    }

    fn own_build(self, snapshot: &Snapshot) -> BuildRow {
        let program = &snapshot.gateway.program;
        let commit = program.commit.unwrap_or_default();
        let name = self.m.this_gateway.to_owned();
        self.build_row(name, program.version, commit, program.built, Some(program.started))
    }

    fn build_row(
        self,
        instance: String,
        version: &str,
        commit: &str,
        built: Option<SystemTime>,
        started: Option<SystemTime>,
    ) -> BuildRow {
        let known = |text: &str| if text.is_empty() { NONE.to_owned() } else { text.to_owned() };
        let date = |time: SystemTime| Utc::of(time).date_and_time();
        let started = started.map(|time| format!("{} ({})", date(time), self.ago(time)));
        BuildRow {
            instance,
            version: known(version),
            // As `git log --oneline` shows it, or a little longer.
            commit: known(commit.get(..12).unwrap_or(commit)),
            built: built.map_or(NONE.to_owned(), date),
            started: started.unwrap_or(NONE.to_owned()),
        }
    }
}
