//! Interruptions of the stream.

use tonic::Status;
use tonic_types::StatusExt as _;

use crate::SILENCE;

/// The cause of an interruption.
#[derive(Debug, thiserror::Error)]
pub enum Interruption {
    /// The request or the stream failed.
    #[error("the catalogue's change feed failed")]
    Failed(#[from] Status),
    /// The catalogue ended the stream without an error.
    #[error("the catalogue ended its change feed")]
    Ended,
    /// Neither an event nor a heartbeat has arrived for [`SILENCE`].
    #[error("the catalogue's change feed has been silent for {} s", SILENCE.as_secs())]
    Silent,
}

impl Interruption {
    /// Whether the catalogue no longer has the changes after the cursor (CURSOR_EXPIRED).
    pub fn is_cursor_expired(&self) -> bool {
        let Self::Failed(status) = self else { return false };
        status.get_details_error_info().is_some_and(|info| info.reason == "CURSOR_EXPIRED")
    }
}

impl From<Interruption> for Status {
    fn from(interruption: Interruption) -> Self {
        match interruption {
            Interruption::Failed(status) => status,
            ended @ Interruption::Ended => Self::unavailable(ended.to_string()),
            silent @ Interruption::Silent => Self::deadline_exceeded(silent.to_string()),
        }
    }
}
