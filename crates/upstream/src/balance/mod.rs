//! Distributes calls over the connected endpoints.

mod pick;

use std::sync::Arc;

use tokio::time::Instant;

pub(crate) use self::pick::panic_threshold_reached;
use crate::{
    attempt,
    call::{Call, CallError},
    call_service::CallService,
    pool::{PickedEndpoint, Pool},
    response::CallResult,
};

/// The innermost layer: one attempt at one endpoint.
#[derive(Debug)]
pub(crate) struct Balance {
    pool: Arc<Pool>,
}

impl Balance {
    pub(crate) fn new(pool: Arc<Pool>) -> Self {
        Self { pool }
    }

    /// A connected endpoint. Without one, waits while one may become ready, or, if the settings say
    /// so, until the deadline. A streaming call also waits for room on a connection.
    async fn pick(&self, failed: &[u64], streams: bool) -> Result<PickedEndpoint, CallError> {
        if let Some(picked) = self.try_pick(failed, streams) {
            return Ok(picked);
        }
        let mut changes = self.pool.changes();
        loop {
            // Before the pick, so that a change during it is not missed.
            changes.mark_unchanged();
            if let Some(picked) = self.try_pick(failed, streams) {
                return Ok(picked);
            }
            if streams && self.is_full_of_streams() {
                return Err(CallError::full_of_streams(self.pool.upstream()));
            }
            let waits = self.pool.settings().wait_for_endpoint || self.pool.may_become_ready();
            if !waits || changes.changed().await.is_err() {
                return Err(CallError::no_endpoint(self.pool.upstream()));
            }
        }
    }

    fn try_pick(&self, failed: &[u64], streams: bool) -> Option<PickedEndpoint> {
        let lane = self.pool.current_lane();
        pick::pick(&lane, failed, streams, self.pool.all_breakers_closed(), Instant::now())
    }

    /// Whether there are connections, all full of streams, and there may be no more. If there may,
    /// another one is opened.
    fn is_full_of_streams(&self) -> bool {
        let ready = self.pool.current_lane().ready();
        let mut connected = ready.iter().filter(|one| one.is_connected()).peekable();
        connected.peek().is_some() && connected.all(|one| !one.want_stream_connection())
    }
}

impl CallService for Balance {
    async fn call(&self, call: &mut Call) -> CallResult {
        let picked = self.pick(&call.failed_endpoints, !call.method.is_unary()).await?;
        attempt::send(picked, call).await
    }
}
