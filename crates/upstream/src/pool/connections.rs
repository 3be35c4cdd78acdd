//! The connections of one lane to one endpoint.

use std::sync::Arc;

use http::{Request, Response};

use super::{endpoint::Endpoint, slot::Slot};
use crate::{
    call::RequestBody,
    connection::{IncomingBody, SendError},
};

/// The connections of one [`Lane`](super::lane::Lane) to one endpoint.
#[derive(Debug)]
pub(crate) struct Connections {
    pub(crate) endpoint: Arc<Endpoint>,
    pub(super) slots: Box<[Slot]>,
    /// The shared lane's connections, used while this lane has none. `None` in the shared lane itself.
    shared: Option<Arc<Self>>,
}

impl Connections {
    pub(super) fn new(endpoint: Arc<Endpoint>, count: usize, shared: Option<Arc<Self>>) -> Self {
        Self { endpoint, slots: (0..count).map(|_| Slot::default()).collect(), shared }
    }

    /// Whether a request can be sent now.
    pub(crate) fn is_connected(&self) -> bool {
        self.is_live() || self.shared.as_ref().is_some_and(|shared| shared.is_live())
    }

    /// The number of this lane's own connections.
    pub(super) fn live_count(&self) -> usize {
        self.slots.iter().filter(|slot| slot.is_live()).count()
    }

    /// Whether a connection is live, or its first attempt to connect has not failed yet.
    pub(super) fn may_become_ready(&self) -> bool {
        self.slots.iter().any(|slot| !slot.is_refused())
    }

    /// Sends a request over the least used connection.
    ///
    /// # Errors
    /// [`SendError::NeverSent`], with the request, if there is no connection.
    pub(crate) fn send(
        &self,
        request: Request<RequestBody>,
    ) -> impl Future<Output = Result<Response<IncomingBody>, SendError>> + Send + '_ {
        let slot = self.least_used();
        let slot = slot.or_else(|| self.shared.as_ref()?.least_used());
        slot.unwrap_or(&self.slots[0]).send(request)
    }

    fn is_live(&self) -> bool {
        self.slots.iter().any(Slot::is_live)
    }

    fn least_used(&self) -> Option<&Slot> {
        let mut live = self.slots.iter().filter(|slot| slot.is_live());
        let first = live.next()?;
        Some(live.fold(first, |best, slot| if slot.in_use() < best.in_use() { slot } else { best }))
    }
}
