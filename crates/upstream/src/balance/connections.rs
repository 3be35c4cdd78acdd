//! The connections of one lane to one endpoint.

use std::sync::Arc;

use http::{Request, Response};

use super::{endpoint::Endpoint, slot::Slot};
use crate::{
    exchange::{Incoming, Unanswered},
    outgoing::Outgoing,
};

/// An endpoint as one [`Lane`](super::lane::Lane) sees it.
#[derive(Debug)]
pub(crate) struct Connections {
    pub(crate) endpoint: Arc<Endpoint>,
    pub(super) slots: Box<[Slot]>,
    /// Those of the shared lane, used while there are none here. None for the shared lane itself.
    shared: Option<Arc<Self>>,
}

impl Connections {
    pub(super) fn new(endpoint: Arc<Endpoint>, count: usize, shared: Option<Arc<Self>>) -> Self {
        Self { endpoint, slots: (0..count).map(|_| Slot::default()).collect(), shared }
    }

    /// Whether a request can be sent now.
    pub(super) fn is_connected(&self) -> bool {
        self.is_live() || self.shared.as_ref().is_some_and(|shared| shared.is_live())
    }

    /// How many connections this lane has of its own.
    pub(super) fn live(&self) -> usize {
        self.slots.iter().filter(|slot| slot.is_live()).count()
    }

    /// Whether a connection may come without another try by the caller: none was refused yet.
    pub(super) fn may_become_ready(&self) -> bool {
        self.slots.iter().any(|slot| !slot.is_refused())
    }

    /// Sends a request over the least used connection, and returns it when there is none.
    pub(crate) fn send(
        &self,
        request: Request<Outgoing>,
    ) -> impl Future<Output = Result<Response<Incoming>, Unanswered>> + Send + '_ {
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
