//! The connections of one lane to one endpoint.

use std::sync::Arc;

use http::{Request, Response};
use tokio::sync::Notify;

use super::{
    endpoint::Endpoint,
    slot::{Slot, StreamToken},
};
use crate::{
    Settings,
    call::RequestBody,
    connection::{IncomingBody, SendError},
};

/// The connections of one [`Lane`](super::lane::Lane) to one endpoint.
///
/// **Invariant:** streaming calls occupy at most half of the streams and half of the window of a
/// connection that unary calls use.
#[derive(Debug)]
pub(crate) struct Connections {
    pub(crate) endpoint: Arc<Endpoint>,
    /// Kept connected, for all calls.
    pub(super) slots: Box<[Slot]>,
    /// For streaming calls only, connected while the others are full of them.
    pub(super) stream_slots: Box<[Slot]>,
    /// Notified when a connection is full of streams.
    pub(super) stream_wanted: Notify,
    /// The shared lane's connections, used while this lane has none. `None` in the shared lane itself.
    shared: Option<Arc<Self>>,
}

/// A streaming call's place on a connection, until it is dropped.
#[derive(Debug)]
pub(crate) struct StreamPlace {
    connections: Arc<Connections>,
    /// Of `slots`, and then of `stream_slots`.
    slot: usize,
    _open: StreamToken,
}

impl StreamPlace {
    /// The connections, and the number of the slot that the call is to be sent over.
    pub(crate) fn route(&self) -> (Arc<Connections>, usize) {
        (Arc::clone(&self.connections), self.slot)
    }
}

impl Connections {
    pub(super) fn new(
        endpoint: Arc<Endpoint>,
        settings: &Settings,
        shared: Option<Arc<Self>>,
    ) -> Self {
        let slots = |count| (0..count).map(|_| Slot::default()).collect();
        Self {
            endpoint,
            slots: slots(settings.connections.get()),
            stream_slots: slots(settings.stream_connections),
            stream_wanted: Notify::new(),
            shared,
        }
    }

    /// Whether a request can be sent now.
    pub(crate) fn is_connected(&self) -> bool {
        self.is_live() || self.shared.as_ref().is_some_and(|shared| shared.is_live())
    }

    /// The number of this lane's own connections.
    pub(super) fn live_count(&self) -> usize {
        self.slots.iter().chain(&self.stream_slots).filter(|slot| slot.is_live()).count()
    }

    /// Whether a connection is live, or its first attempt to connect has not failed yet.
    pub(super) fn may_become_ready(&self) -> bool {
        self.slots.iter().any(|slot| !slot.is_refused())
    }

    /// Sends a request over the slot of its [`StreamPlace`], or over the least used connection.
    ///
    /// # Errors
    /// [`SendError::NeverSent`], with the request, if there is no connection.
    pub(crate) fn send(
        &self,
        request: Request<RequestBody>,
        slot: Option<usize>,
    ) -> impl Future<Output = Result<Response<IncomingBody>, SendError>> + Send + '_ {
        let slot = match slot {
            Some(number) => self.slots.iter().chain(&self.stream_slots).nth(number),
            None => self.least_used().or_else(|| self.shared.as_ref()?.least_used()),
        };
        slot.unwrap_or(&self.slots[0]).send(request)
    }

    /// A place for a streaming call: on the first connection with room, so that the last ones become
    /// empty. `None` while all are full.
    pub(crate) fn open_stream(self: &Arc<Self>) -> Option<StreamPlace> {
        if let Some(shared) = self.substitute() {
            return shared.open_stream();
        }
        let mut slots = self.with_purpose().enumerate();
        let (number, token, left) = slots.find_map(|(number, (slot, for_streams_only))| {
            let (token, left) = slot.open_stream(for_streams_only)?;
            Some((number, token, left))
        })?;
        if left == 0 {
            // Ahead of the next streaming call.
            self.stream_wanted.notify_one();
        }
        Some(StreamPlace { connections: Arc::clone(self), slot: number, _open: token })
    }

    /// Whether a connection has room for another streaming call.
    pub(crate) fn has_room_for_stream(&self) -> bool {
        match self.substitute() {
            Some(shared) => shared.has_room_for_stream(),
            None => self.with_purpose().any(|(slot, only_streams)| slot.has_room(only_streams)),
        }
    }

    /// Asks for another connection for streaming calls. Returns whether the settings allow one.
    pub(crate) fn want_stream_connection(&self) -> bool {
        if let Some(shared) = self.substitute() {
            return shared.want_stream_connection();
        }
        self.stream_wanted.notify_one();
        self.stream_slots.iter().any(|slot| !slot.is_live())
    }

    /// The shared lane's connections, if this lane is not connected and the shared one is.
    fn substitute(&self) -> Option<&Arc<Self>> {
        self.shared.as_ref().filter(|shared| !self.is_live() && shared.is_live())
    }

    /// All slots, and whether they are for streaming calls only.
    fn with_purpose(&self) -> impl Iterator<Item = (&Slot, bool)> {
        let for_all = self.slots.iter().map(|slot| (slot, false));
        for_all.chain(self.stream_slots.iter().map(|slot| (slot, true)))
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
