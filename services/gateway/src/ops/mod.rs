//! The state of the deployment as this gateway sees it, for `/ops`.
//!
//! | module | content |
//! |---|---|
//! | `observe` | records web requests; `proxy` records gRPC calls |
//! | `requests` | the latest requests, and how many there are |
//! | `quota` | limits how many requests are kept |
//! | `instances` | asks each instance for its state |
//! | `traffic` | calls a second, latency and errors, from counters |
//! | `collector` | makes a snapshot a second, while somebody looks |
//! | `snapshot` | the snapshot, which all viewers share |
//!
//! **What a request costs:** two readings of the clock, one relaxed addition to a histogram, and one
//! relaxed load to see whether this second's quota of kept requests is used up. Each attempt of a call
//! writes one entry into the request's own future (`upstream::journal`). Only what is kept allocates and
//! takes a lock: at most 60 requests a second.
//!
//! **What a viewer costs:** nothing until somebody looks. Then each instance is asked once a second, and
//! each snapshot is rendered once for each language, however many look.

mod collector;
mod instances;
mod observe;
mod quota;
mod requests;
mod snapshot;
mod traffic;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use chassis::CancellationToken;
use server::Health;
use tokio::{
    sync::{Notify, watch},
    time::timeout,
};

pub(crate) use observe::handle;
pub(crate) use requests::{Head, Kept, KnownAttempt, Name, Outcome, Request, Requests};
pub(crate) use snapshot::{BehindEdge, Feed, Instance, LiveState, Reached, Service, Snapshot};
pub(crate) use traffic::Traffic;

use crate::{live::LiveStock, upstreams::Upstreams};

/// How long snapshots are made after the last look, so that a page that is reloaded has rates.
const LINGER: Duration = Duration::from_secs(10);
/// The age up to which a snapshot is shown, and not another one made.
const FRESH: Duration = Duration::from_millis(1_500);
/// The longest wait for a snapshot.
const PATIENCE: Duration = Duration::from_secs(3);

/// The snapshots. Cheap to clone; clones share them.
#[derive(Clone)]
pub(crate) struct Ops(Arc<Shared>);

struct Shared {
    requests: Requests,
    /// `None` before the first look.
    snapshots: watch::Sender<Option<Arc<Snapshot>>>,
    looks: Notify,
    last_look: Mutex<Option<Instant>>,
}

impl Ops {
    /// Snapshots of these upstreams, made on the current runtime until `shutdown`.
    pub(crate) fn start(
        requests: Requests,
        upstreams: &Upstreams,
        live: LiveStock,
        health: Health,
        shutdown: CancellationToken,
    ) -> Self {
        let ops = Self(Arc::new(Shared {
            requests,
            snapshots: watch::Sender::new(None),
            looks: Notify::new(),
            last_look: Mutex::default(),
        }));
        let (context, made) = (collector::Context::new(upstreams, live, health), ops.clone());
        let collecting =
            chassis::supervise("ops", move || collector::run(made.clone(), context.clone()));
        tokio::spawn(shutdown.run_until_cancelled_owned(collecting));
        ops
    }

    /// A snapshot of now; `None` if it cannot be made in time.
    pub(crate) async fn latest(&self) -> Option<Arc<Snapshot>> {
        let mut snapshots = self.subscribe();
        let is_fresh = |snapshot: &Option<Arc<Snapshot>>| {
            snapshot.as_ref().is_some_and(|it| it.made.elapsed() < FRESH)
        };
        let found = timeout(PATIENCE, snapshots.wait_for(is_fresh)).await.ok()?.ok()?;
        found.clone()
    }

    /// All snapshots from now on. They are made for as long as the receiver lives.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Option<Arc<Snapshot>>> {
        let snapshots = self.0.snapshots.subscribe();
        *self.last_look() = Some(Instant::now());
        self.0.looks.notify_one();
        snapshots
    }

    fn requests(&self) -> &Requests {
        &self.0.requests
    }

    fn publish(&self, snapshot: Snapshot) {
        self.0.snapshots.send_replace(Some(Arc::new(snapshot)));
    }

    async fn looked_at(&self) {
        while !self.is_watched() {
            self.0.looks.notified().await;
        }
    }

    fn is_watched(&self) -> bool {
        let looked = *self.last_look();
        self.0.snapshots.receiver_count() > 0 || looked.is_some_and(|at| at.elapsed() < LINGER)
    }

    fn last_look(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.0.last_look.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
