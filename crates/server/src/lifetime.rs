//! How long a connection lives, told to those who work on it.

use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// The end of a connection; among the extensions of its requests.
///
/// A stream that would never end learns here that it must.
#[derive(Debug, Clone)]
pub(crate) struct Lifetime {
    /// The server is leaving: nothing new comes in.
    pub(super) closing: CancellationToken,
    /// The connection will be cut in a moment.
    pub(super) last_call: CancellationToken,
}

impl Lifetime {
    /// Ends when the server is leaving.
    pub(crate) fn closing(&self) -> WaitForCancellationFutureOwned {
        self.closing.clone().cancelled_owned()
    }

    /// Ends a moment before the connection does.
    pub(crate) fn last_call(&self) -> WaitForCancellationFutureOwned {
        self.last_call.clone().cancelled_owned()
    }
}
