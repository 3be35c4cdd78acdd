//! Lanes: connections that a call can use without waking another thread.
//!
//! A connection is driven by a task. A call on another thread costs two wake-ups, each a system call
//! and a context switch: more than the rest of a small call. So a thread with its own current-thread
//! runtime, as each serving thread has, gets its own connections, driven by that runtime: its lane.
//! All other threads share one lane, on the runtime that started the pool. An endpoint's load, breaker
//! and last error are shared by all lanes.
//!
//! The shared lane connects ahead of calls. Another lane connects at its thread's first call, and uses
//! the shared lane's connections until its own are ready.
//!
//! **Invariant:** a pool has at most [`MAX_LANES`] lanes beside the shared one; further threads use
//! the shared one. Connections are at most lanes x endpoints x `Settings::connections`.

use std::{
    cell::RefCell,
    sync::{Arc, PoisonError, RwLock},
};

use tokio::runtime::{Handle, Id, RuntimeFlavor};

use super::connections::Connections;

/// The number of lanes of a pool beside the shared one: more than the cores of any machine we use.
pub(super) const MAX_LANES: usize = 128;
/// The number of lanes that a thread caches, one for each pool it calls.
const CACHED_LANES: usize = 16;

/// The connections of one thread, or those that all other threads share.
#[derive(Debug)]
pub(crate) struct Lane {
    /// The name of the service.
    pub(crate) upstream: &'static str,
    /// The runtime that drives the connections.
    pub(super) runtime: Handle,
    /// The endpoints that were connected when the pool was last refreshed.
    ready: RwLock<Arc<[Arc<Connections>]>>,
}

impl Lane {
    pub(super) fn new(upstream: &'static str, runtime: Handle) -> Arc<Self> {
        Arc::new(Self { upstream, runtime, ready: RwLock::new(Arc::new([])) })
    }

    pub(crate) fn ready(&self) -> Arc<[Arc<Connections>]> {
        Arc::clone(&self.ready.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn set_ready(&self, ready: Arc<[Arc<Connections>]>) {
        *self.ready.write().unwrap_or_else(PoisonError::into_inner) = ready;
    }

    /// Whether an endpoint is connected and its breaker closed.
    pub(crate) fn has_healthy_endpoint(&self) -> bool {
        self.ready().iter().any(|one| one.endpoint.breaker_is_closed() && one.is_connected())
    }
}

/// The lane of one runtime in one pool.
struct CachedLane {
    pool: u64,
    runtime: Id,
    lane: Arc<Lane>,
}

thread_local! {
    static CACHE: RefCell<Vec<CachedLane>> = const { RefCell::new(Vec::new()) };
}

/// The calling thread's lane in the pool number `pool`: `shared`, or its own, which `open` returns at
/// the thread's first call.
pub(super) fn current(
    pool: u64,
    shared: &Arc<Lane>,
    open: impl FnOnce(Handle) -> Arc<Lane>,
) -> Arc<Lane> {
    let runtime = match Handle::try_current() {
        Ok(runtime) if runtime.runtime_flavor() == RuntimeFlavor::CurrentThread => runtime,
        _ => return Arc::clone(shared),
    };
    let id = runtime.id();
    if id == shared.runtime.id() {
        return Arc::clone(shared);
    }
    CACHE.with_borrow_mut(|cache| {
        let cached = cache.iter().find(|cached| cached.pool == pool && cached.runtime == id);
        if let Some(cached) = cached {
            return Arc::clone(&cached.lane);
        }
        if cache.len() == CACHED_LANES {
            cache.remove(0);
        }
        let lane = open(runtime);
        cache.push(CachedLane { pool, runtime: id, lane: Arc::clone(&lane) });
        lane
    })
}
