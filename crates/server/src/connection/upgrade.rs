//! Connections that go on with another protocol (RFC 9110, section 7.8).

use std::sync::{Arc, Mutex, PoisonError};

use tokio_util::{
    sync::{CancellationToken, WaitForCancellationFutureOwned},
    task::{TaskTracker, task_tracker::TaskTrackerToken},
};

use crate::overload::StreamSlot;

/// The other use of a connection, an extension of requests that ask for one. As long as a clone exists, the connection
/// counts among those of the server and of its peer, and holds its slot among the open streams.
#[derive(Clone)]
pub struct Upgrade(Arc<Held>);

struct Held {
    closing: CancellationToken,
    slot: Mutex<Option<StreamSlot>>,
    _connection: TaskTrackerToken,
}

impl Upgrade {
    /// An upgrade of the connection that waits for these.
    pub(super) fn of(connection: &TaskTracker, closing: CancellationToken) -> Self {
        Self(Arc::new(Held { closing, slot: Mutex::default(), _connection: connection.token() }))
    }

    /// Resolves when the server begins to drain.
    pub fn closing(&self) -> WaitForCancellationFutureOwned {
        self.0.closing.clone().cancelled_owned()
    }

    /// Holds a slot until the upgrade has ended.
    pub(super) fn hold(&self, slot: StreamSlot) {
        *self.0.slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(slot);
    }
}
