//! Calls that end without a response.

use rpc::status::{self, OVERLOADED, PUSHBACK, upstream_unavailable};
use tonic::{Code, Status, metadata::MetadataValue};

use super::completion::Completion;

/// The status of a call without a response, and how its last attempt completed.
#[derive(Debug)]
pub(crate) struct CallError {
    pub(crate) status: Status,
    pub(crate) completion: Completion,
}

impl CallError {
    /// An error of this client, before or instead of an attempt.
    pub(crate) fn local(status: Status) -> Self {
        Self { status, completion: Completion::Local }
    }

    /// No endpoint is connected.
    pub(crate) fn no_endpoint(upstream: &'static str) -> Self {
        Self::local(upstream_unavailable(upstream))
    }

    /// All connections are full of streams, and there may be no more connections.
    pub(crate) fn full_of_streams(upstream: &'static str) -> Self {
        let message = format!(
            "as many streams are open to the {upstream} service as its connections allow; \
             try again when one has ended"
        );
        Self::local(status::error(Code::ResourceExhausted, OVERLOADED, message))
    }

    /// An attempt that completed without a response.
    pub(crate) fn attempt(upstream: &'static str, completion: Completion) -> Self {
        let status = match completion {
            Completion::Local => {
                status::error(Code::Cancelled, "CANCELLED", "the request was not sent to its end")
            }
            _ => upstream_unavailable(upstream),
        };
        Self { status, completion }
    }

    /// Sets the pushback that forbids our own clients to retry.
    pub(crate) fn forbid_retry(&mut self) {
        self.status.metadata_mut().insert(PUSHBACK, MetadataValue::from_static("-1"));
    }
}
