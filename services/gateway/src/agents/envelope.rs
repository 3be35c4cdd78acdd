//! The envelope of every answer of UCP: its version, the capability, and messages.

use serde_json::{Value, json};

use crate::problem::Problem;

/// The version of UCP.
pub(super) const VERSION: &str = "2026-08-25";
/// An older version with the same catalogue.
pub(super) const OLDER: &str = "2026-04-08";
pub(super) const SEARCH: &str = "dev.ucp.shopping.catalog.search";
pub(super) const LOOKUP: &str = "dev.ucp.shopping.catalog.lookup";

/// Why an operation has no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// The request is refused: a code for programs, and a text.
    Invalid(&'static str, String),
    /// A service failed.
    Problem(Box<Problem>),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem.into())
    }
}

impl From<tonic::Status> for Failure {
    fn from(status: tonic::Status) -> Self {
        Self::Problem(Problem::from(status).into())
    }
}

/// The metadata of an answer of this capability.
pub(super) fn ucp(capability: &str) -> Value {
    json!({
        "version": VERSION,
        "status": "success",
        "capabilities": { capability: [{ "version": VERSION }] },
    })
}

/// An answer that says why there is no other.
pub(super) fn error(capability: &str, code: &str, content: &str, severity: &str) -> Value {
    let mut ucp = ucp(capability);
    ucp["status"] = json!("error");
    json!({
        "ucp": ucp,
        "messages": [{ "type": "error", "code": code, "content": content, "severity": severity }],
    })
}

/// A message that one of several identifiers was not found.
pub(super) fn not_found(id: &str) -> Value {
    json!({ "type": "info", "code": "not_found", "content": id })
}
