//! An endpoint picked for an attempt.

use std::sync::Arc;

use breaker::Permit;
use tokio::time::Instant;

use super::{connections::Connections, endpoint::Endpoint, lane::Lane};

/// An endpoint picked for an attempt, with its connections and its breaker's permit.
#[derive(Debug)]
pub(crate) struct PickedEndpoint {
    pub(crate) lane: Arc<Lane>,
    pub(crate) connections: Arc<Connections>,
    /// `None` if the endpoint was picked although its breaker is open.
    pub(crate) permit: Option<Permit>,
    pub(crate) picked_at: Instant,
}

impl PickedEndpoint {
    /// An endpoint without a permit.
    pub(crate) fn new(lane: &Arc<Lane>, connections: &Arc<Connections>, now: Instant) -> Self {
        let (lane, connections) = (Arc::clone(lane), Arc::clone(connections));
        Self { lane, connections, permit: None, picked_at: now }
    }

    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.connections.endpoint
    }
}
