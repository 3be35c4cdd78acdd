//! Events.

use std::time::SystemTime;

use tonic::Status;

use crate::author::Author;

/// Outcome of a write that was done.
pub const OK: &str = "OK";

/// A write, or a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When the call began.
    pub at: SystemTime,
    /// `anonymous`, `service`, or `key:` and the key's name; `unknown` for an invalid credential.
    pub principal: String,
    /// The id of the key, which an invalid one claims; or empty.
    pub key_id: String,
    /// The client's IP address; or empty.
    pub address: String,
    /// `package.Service/Method`, or `http` for a request that names no method.
    pub method: String,
    /// The id of the resource; may be empty.
    pub resource: String,
    /// `x-request-id` of the call.
    pub request_id: String,
    /// `x-actor` of the call: the caller's unproven claim.
    pub note: String,
    /// The revision that the write made; 0 without one.
    pub revision: i64,
    /// [`OK`], or the reason of the error.
    pub outcome: String,
    /// How many it stands for: products of a batch, or alike refusals.
    pub count: i32,
}

impl Event {
    pub(crate) fn new(author: &Author, at: SystemTime, method: &str, outcome: &str) -> Self {
        let Author { principal, key_id, address, request_id, note } = author.clone();
        let (method, outcome) = (method.to_owned(), outcome.to_owned());
        let (resource, revision, count) = (String::new(), 0, 1);
        Self {
            at,
            principal,
            key_id,
            address,
            method,
            resource,
            request_id,
            note,
            revision,
            outcome,
            count,
        }
    }

    /// Whether both have the same caller, method and outcome.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.key() == other.key()
    }

    fn key(&self) -> [&str; 5] {
        [&self.principal, &self.key_id, &self.address, &self.method, &self.outcome]
    }

    /// Logs the event. Empty fields are left out.
    pub(crate) fn log(&self) {
        tracing::info!(
            target: "audit",
            principal = self.principal,
            key_id = non_empty(&self.key_id),
            client = non_empty(&self.address),
            method = self.method,
            resource = non_empty(&self.resource),
            request_id = non_empty(&self.request_id),
            note = non_empty(&self.note),
            revision = (self.revision != 0).then_some(self.revision),
            outcome = self.outcome,
            count = (self.count != 1).then_some(self.count),
            "call audited",
        );
    }
}

/// The outcome of a call that failed with this status: its reason, or the name of its code.
pub fn outcome_of(status: &Status) -> String {
    rpc::status::reason(status).unwrap_or_else(|| format!("{:?}", status.code()))
}

fn non_empty(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}
