//! The end of a connection, as its streams see it.

use std::pin::Pin;

use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// Signals the end of a connection to its streams; an extension of its requests.
#[derive(Debug, Clone)]
pub(crate) struct Lifetime {
    /// The server drains: no further requests are accepted.
    pub(crate) closing: CancellationToken,
    /// The connection is about to be closed.
    pub(crate) last_call: CancellationToken,
}

impl Lifetime {
    /// Resolves when the server begins to drain.
    pub(crate) fn closing(&self) -> WaitForCancellationFutureOwned {
        self.closing.clone().cancelled_owned()
    }

    /// Resolves shortly before the connection is closed.
    pub(crate) fn last_call(&self) -> WaitForCancellationFutureOwned {
        self.last_call.clone().cancelled_owned()
    }
}

/// A connection that can be shut down gracefully.
pub(crate) trait Graceful {
    fn end(self: Pin<&mut Self>);
}
