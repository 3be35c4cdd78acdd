//! The audit log: a line for each write over JSON, with who wrote what, and how it ended.

use http::request::Parts;

use crate::{actor, client_address::ClientAddress, problem::Problem, request_id::RequestId};

/// Logs a write. `id` and `revision` are those of the resource, as far as they are known.
pub(crate) fn write(
    head: &Parts,
    method: &str,
    id: Option<&str>,
    revision: Option<i64>,
    outcome: Result<(), &Problem>,
) {
    let actor = head.headers.get(actor::HEADER).and_then(|actor| actor.to_str().ok());
    let request_id = head.extensions.get().map(RequestId::as_str);
    let client = head.extensions.get::<ClientAddress>();
    let client = client.map(|client| tracing::field::display(client.0));
    let outcome = match outcome {
        Ok(()) => "OK",
        Err(problem) => &problem.reason,
    };
    tracing::info!(
        target: "audit",
        actor,
        client,
        method,
        id,
        revision,
        outcome,
        request_id,
        "write"
    );
}
