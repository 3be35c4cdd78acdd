//! Makes a snapshot a second, while somebody looks.

use std::time::{Duration, Instant, SystemTime};

use chassis::Program;
use futures::future::{self, join};
use http::HeaderMap;
use proto::catalogue::v1::InstanceEdge;
use server::Health;
use tokio::time::{sleep, sleep_until};
use upstream::{EndpointReport, Subject, Upstream, UpstreamEvent, latency::LatencyCounts};

use super::{
    BehindEdge, Feed, Instance, LiveState, Ops, Reached, Service, Snapshot, instances,
    snapshot::GatewayState,
    traffic::{Counters, Windows},
};
use crate::{
    live::{FeedState, LiveStock},
    upstreams::Upstreams,
};

/// Time between snapshots. A change of a connection makes one sooner.
const INTERVAL: Duration = Duration::from_secs(1);
/// Time for further changes that come with a first one, and the least time between snapshots.
const SETTLE: Duration = Duration::from_millis(150);
/// Time between the first two samples of the counters, so that the first snapshot has figures.
const WARM_UP: Duration = Duration::from_millis(250);

/// The sources of snapshots. Cheap to clone.
#[derive(Clone)]
pub(super) struct Context {
    upstreams: [(&'static str, Upstream); 2],
    credential: HeaderMap,
    live: LiveStock,
    health: Health,
}

impl Context {
    pub(super) fn new(upstreams: &Upstreams, live: LiveStock, health: Health) -> Self {
        let mut credential = HeaderMap::new();
        upstreams.access().sign_own(&mut credential);
        let upstreams = [
            ("catalogue", upstreams.raw_catalogue().clone()),
            ("search", upstreams.raw_search().clone()),
        ];
        Self { upstreams, credential, live, health }
    }

    fn event_count(&self) -> u64 {
        self.upstreams.iter().map(|(_, upstream)| upstream.event_count()).sum()
    }

    /// Waits until an endpoint is listed, gone, connected or disconnected, or a breaker has changed at the same
    /// time. `known`: the number of events before.
    async fn changed(&self, known: u64) {
        let mut changes = self.upstreams.each_ref().map(|(_, upstream)| upstream.changes());
        while self.event_count() == known {
            let [one, other] = &mut changes;
            let changed = tokio::select! {
                changed = one.changed() => changed,
                changed = other.changed() => changed,
            };
            if changed.is_err() {
                return future::pending().await;
            }
        }
    }
}

/// The counters of an edge: the service and its instance, and for calls behind it their service and address.
type Edges = Windows<(String, String, String)>;

/// Makes snapshots until it is cancelled, and can then be run again.
pub(super) async fn run(ops: Ops, context: Context) {
    loop {
        ops.looked_at().await;
        let mut edges = Edges::new();
        snapshot(&ops, &context, &mut edges).await;
        sleep(WARM_UP).await;
        while ops.is_watched() {
            let (begun, known) = (tokio::time::Instant::now(), context.event_count());
            let snapshot = snapshot(&ops, &context, &mut edges).await;
            ops.publish(snapshot);
            tokio::select! {
                () = sleep_until(begun + INTERVAL) => {}
                () = context.changed(known) => sleep(SETTLE).await,
            }
        }
    }
}

async fn snapshot(ops: &Ops, context: &Context, edges: &mut Edges) -> Snapshot {
    let [catalogue, search] = &context.upstreams;
    let asked = join(ask(catalogue, context), ask(search, context)).await;
    let now = Instant::now();
    let mut services = Vec::new();
    let mut events = Vec::new();
    for ((name, upstream), (report, states)) in context.upstreams.iter().zip([asked.0, asked.1]) {
        let (name, of_service) = (*name, upstream.events());
        let instances = report.endpoints.into_iter().zip(states);
        let instances = instances.map(|it| instance(name, it, &of_service, now, edges)).collect();
        services.push(Service {
            name,
            breaker: report.breaker,
            stale_s: report.stale_s,
            discovery_trouble: report.discovery_trouble,
            instances,
        });
        events.extend(of_service.into_iter().map(|event| (name, event)));
    }
    events.sort_by_key(|(_, event)| event.at);
    let key = ("gateway".to_owned(), String::new(), String::new());
    let traffic = edges.add(key, now, ops.requests().counters());
    edges.forget_others();
    Snapshot {
        at: SystemTime::now(),
        made: now,
        gateway: GatewayState {
            program: Program::current(),
            ready: context.health.is_ready(),
            conditions: context.health.conditions(),
            traffic,
        },
        services,
        events,
        live: live_state(&context.live),
        requests: ops.requests().kept(),
    }
}

async fn ask(
    (_, upstream): &(&'static str, Upstream),
    context: &Context,
) -> (upstream::UpstreamReport, Vec<Reached>) {
    let before = upstream.report();
    let states = instances::ask(upstream, &before.endpoints, &context.credential).await;
    // Connections may have changed meanwhile. Instances that have come or gone are in the next snapshot.
    let mut now = upstream.report();
    let is_same =
        now.endpoints.iter().map(|it| &it.id).eq(before.endpoints.iter().map(|it| &it.id));
    if !is_same {
        now = before;
    }
    (now, states)
}

fn instance(
    service: &str,
    (endpoint, state): (EndpointReport, Reached),
    events: &[UpstreamEvent],
    now: Instant,
    edges: &mut Edges,
) -> Instance {
    let counters = Counters { latencies: endpoint.latencies.clone(), failed: endpoint.failed };
    let key = |to: &str| (service.to_owned(), endpoint.id.clone(), to.to_owned());
    let traffic = edges.add(key(""), now, counters);
    let behind = match &state {
        Reached::Answered(instance) => instance.edges.clone(),
        Reached::Not(_) | Reached::Silent(_) => Vec::new(),
    };
    let behind = behind.into_iter().map(|edge| {
        let traffic = edges.add(key(&edge.address), now, counters_of(&edge));
        BehindEdge { edge, traffic }
    });
    let behind = behind.collect();
    let mut latest = events.iter().rev();
    let breaker_change = latest.find(|event| {
        event.subject == Subject::Breaker && event.endpoint.as_ref() == Some(&endpoint.address)
    });
    Instance { breaker_change: breaker_change.cloned(), traffic, state, behind, endpoint }
}

fn counters_of(edge: &InstanceEdge) -> Counters {
    let unsigned = |count: i64| u64::try_from(count).unwrap_or_default();
    let latencies =
        LatencyCounts::of(edge.latency_counts.iter().map(|count| unsigned(count.calls)));
    Counters { latencies, failed: unsigned(edge.failed) }
}

fn live_state(live: &LiveStock) -> LiveState {
    let feed = match live.status().borrow().state {
        FeedState::Connecting => Feed::Connecting,
        FeedState::Up => Feed::Up,
        FeedState::Down => Feed::Down,
    };
    LiveState { feed, lag: live.lag() }
}
