//! Spreads calls over the endpoints that are connected.

mod connections;
mod endpoint;
mod keep;
mod lane;
mod load;
mod members;
mod pick;
mod pool;
mod slot;

use std::sync::Arc;

use tokio::time::Instant;

pub(super) use self::{
    connections::Connections,
    endpoint::Endpoint,
    lane::Lane,
    pick::{Picked, are_mostly_ill},
    pool::Pool,
};
use super::{
    answer::{Answer, Failure},
    attempt,
    call::Call,
    stack::Calls,
};

/// The end of the stack: one attempt at one endpoint.
#[derive(Debug)]
pub(super) struct Balance {
    pool: Arc<Pool>,
}

impl Balance {
    pub(super) fn over(pool: Arc<Pool>) -> Self {
        Self { pool }
    }

    /// An endpoint that is connected, waiting for one if there is hope, or if that is wanted.
    async fn pick(&self, tried: &[u64]) -> Result<Picked, Failure> {
        if let Some(picked) = self.look(tried) {
            return Ok(picked);
        }
        let mut changes = self.pool.changes();
        loop {
            // Marked as seen before looking, so that no change is missed.
            changes.mark_unchanged();
            if let Some(picked) = self.look(tried) {
                return Ok(picked);
            }
            if !self.pool.settings().wait_for_endpoint && !self.pool.has_hope() {
                return Err(Failure::unavailable(self.pool.upstream()));
            }
            if changes.changed().await.is_err() {
                return Err(Failure::unavailable(self.pool.upstream()));
            }
        }
    }

    fn look(&self, tried: &[u64]) -> Option<Picked> {
        pick::pick(&lane::current(&self.pool), tried, self.pool.all_are_well(), Instant::now())
    }
}

impl Calls for Balance {
    async fn call(&self, call: &mut Call) -> Result<Answer, Failure> {
        let picked = self.pick(&call.tried).await?;
        attempt::make(picked, call).await
    }
}
