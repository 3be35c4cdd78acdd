//! An endpoint picked for an attempt.

use std::sync::Arc;

use breaker::Permit;
use tokio::time::Instant;

use super::{
    connections::{Connections, StreamPlace},
    endpoint::Endpoint,
    lane::Lane,
};

/// An endpoint picked for an attempt, with its connections and its breaker's permit.
#[derive(Debug)]
pub(crate) struct PickedEndpoint {
    pub(crate) lane: Arc<Lane>,
    pub(crate) connections: Arc<Connections>,
    /// `None` if the endpoint was picked although its breaker is open.
    pub(crate) permit: Option<Permit>,
    /// The place on a connection that a streaming call holds. `None` for unary calls.
    pub(crate) place: Option<StreamPlace>,
    pub(crate) picked_at: Instant,
}

impl PickedEndpoint {
    /// An endpoint without a permit.
    pub(crate) fn new(lane: &Arc<Lane>, connections: &Arc<Connections>, now: Instant) -> Self {
        let (lane, connections) = (Arc::clone(lane), Arc::clone(connections));
        Self { lane, connections, permit: None, place: None, picked_at: now }
    }

    /// The connections, and the number of the slot that a streaming call is to be sent over.
    pub(crate) fn route(&self) -> (Arc<Connections>, Option<usize>) {
        match &self.place {
            None => (Arc::clone(&self.connections), None),
            Some(place) => {
                let (connections, slot) = place.route();
                (connections, Some(slot))
            }
        }
    }

    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.connections.endpoint
    }
}
