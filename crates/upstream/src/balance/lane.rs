//! Lanes: which connections a call may use without waking another thread.
//!
//! A connection is driven by a task, and a call on another thread costs two wake-ups, each a system
//! call and a switch: more than all else that a small call costs. So a thread with a runtime of its
//! own (a current-thread runtime, as each serving thread has) gets connections of its own, driven by
//! that runtime: its lane. All other threads share one lane, on the runtime that the pool was started
//! on. What is known of an endpoint (load, breaker, last error) is one for all lanes.
//!
//! The shared lane connects ahead of calls. Another lane connects at the first call of its thread, and
//! while it has no connection to an endpoint it uses the shared lane's.
//!
//! **Invariant:** a pool has at most [`MAX_LANES`] lanes beside the shared one; threads beyond that
//! use the shared one. Connections are at most lanes x endpoints x `Settings::connections`.

use std::{
    cell::RefCell,
    sync::{Arc, PoisonError, RwLock},
};

use tokio::runtime::{Handle, Id, RuntimeFlavor};

use super::{connections::Connections, pool::Pool};

/// Lanes of a pool, the shared one not counted. More threads than any machine we serve on has cores.
pub(super) const MAX_LANES: usize = 128;
/// How many pools a thread remembers its lane of.
const REMEMBERED: usize = 16;

/// The connections of one thread, or those that all other threads share.
#[derive(Debug)]
pub(crate) struct Lane {
    /// The name of the service.
    pub(crate) upstream: &'static str,
    /// What drives the connections.
    pub(super) runtime: Handle,
    /// Endpoints that a request can be sent to, as last seen: the picker looks again.
    ready: RwLock<Arc<[Arc<Connections>]>>,
}

impl Lane {
    pub(super) fn new(upstream: &'static str, runtime: Handle) -> Arc<Self> {
        Arc::new(Self { upstream, runtime, ready: RwLock::new(Arc::new([])) })
    }

    pub(super) fn ready(&self) -> Arc<[Arc<Connections>]> {
        Arc::clone(&self.ready.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn set_ready(&self, ready: Arc<[Arc<Connections>]>) {
        *self.ready.write().unwrap_or_else(PoisonError::into_inner) = ready;
    }

    /// Whether an endpoint is connected and not ejected.
    pub(crate) fn has_healthy_endpoint(&self) -> bool {
        self.ready().iter().any(|one| one.endpoint.is_well() && one.is_connected())
    }
}

/// The lane of one runtime in one pool.
struct Known {
    pool: u64,
    runtime: Id,
    lane: Arc<Lane>,
}

thread_local! {
    static KNOWN: RefCell<Vec<Known>> = const { RefCell::new(Vec::new()) };
}

/// The lane of the calling thread.
pub(super) fn current(pool: &Arc<Pool>) -> Arc<Lane> {
    let shared = pool.shared_lane();
    let runtime = match Handle::try_current() {
        Ok(runtime) if runtime.runtime_flavor() == RuntimeFlavor::CurrentThread => runtime,
        _ => return Arc::clone(shared),
    };
    let id = runtime.id();
    if id == shared.runtime.id() {
        return Arc::clone(shared);
    }
    KNOWN.with_borrow_mut(|known| {
        let found = known.iter().find(|it| it.pool == pool.number() && it.runtime == id);
        if let Some(found) = found {
            return Arc::clone(&found.lane);
        }
        if known.len() == REMEMBERED {
            known.remove(0);
        }
        let lane = pool.lane_of(runtime);
        known.push(Known { pool: pool.number(), runtime: id, lane: Arc::clone(&lane) });
        lane
    })
}

#[cfg(test)]
mod tests {
    use discovery::Endpoints;
    use tokio::runtime::{Builder, Runtime};

    use super::*;
    use crate::Settings;

    fn runtime() -> Runtime {
        Builder::new_current_thread().enable_all().build().unwrap()
    }

    #[test]
    fn each_runtime_of_one_thread_has_a_lane_up_to_the_limit() {
        let home = runtime();
        let pool =
            home.block_on(async { Pool::start("test", Endpoints::fixed([]), Settings::default()) });
        let lane_on = |runtime: &Runtime| runtime.block_on(async { current(&pool) });
        assert!(Arc::ptr_eq(&lane_on(&home), pool.shared_lane()));
        let runtimes: Vec<_> = (0..MAX_LANES).map(|_| runtime()).collect();
        let lanes: Vec<_> = runtimes.iter().map(lane_on).collect();
        for (number, lane) in lanes.iter().enumerate() {
            assert!(Arc::ptr_eq(lane, &lane_on(&runtimes[number])), "it is remembered");
            assert!(!lanes[..number].iter().any(|other| Arc::ptr_eq(other, lane)));
        }
        assert!(Arc::ptr_eq(&lane_on(&runtime()), pool.shared_lane()), "there are no more");
    }

    #[test]
    fn a_runtime_with_several_threads_has_no_lane() {
        let home = runtime();
        let pool =
            home.block_on(async { Pool::start("test", Endpoints::fixed([]), Settings::default()) });
        let other = Builder::new_multi_thread().worker_threads(1).build().unwrap();
        let lane = other.block_on(async { current(&pool) });
        assert!(Arc::ptr_eq(&lane, pool.shared_lane()));
    }
}
