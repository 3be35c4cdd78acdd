//! What went wrong, in words: what, where, and what to do.

use std::{error::Error, io};

use tonic::{Code, Status};
use tonic_types::StatusExt as _;

/// One line about a call that failed.
pub(crate) fn describe(url: &str, status: &Status) -> String {
    if is_unreachable(status) {
        let why = match find::<io::Error>(status) {
            Some(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                "connection refused".to_owned()
            }
            Some(error) => error.to_string(),
            None => innermost(status),
        };
        return format!("cannot reach {url} ({why}). Is it running? cargo xtask up");
    }
    if is_local(status) {
        return format!("the connection to {url} broke ({})", innermost(status));
    }
    let mut line = status.message().trim_end_matches('.').to_owned();
    if line.is_empty() {
        line = status.code().description().to_owned();
    }
    let details = status.get_error_details();
    for violation in details.bad_request().map_or(&[][..], |bad| &bad.field_violations) {
        // A message often says the first of them already.
        if !line.contains(&violation.field) || !line.contains(&violation.description) {
            line += &format!("; {}: {}", violation.field, violation.description);
        }
    }
    line += &format!(" ({}", name(status.code()));
    if let Some(info) = details.error_info() {
        line += &format!(", {}", info.reason);
    }
    if let Some(id) = status.metadata().get("x-request-id").and_then(|id| id.to_str().ok()) {
        line += &format!(", request {id}");
    }
    line.push(')');
    line
}

/// Whether no connection could be made.
pub(crate) fn is_unreachable(status: &Status) -> bool {
    is_local(status)
        && find::<io::Error>(status).is_some_and(|error| {
            use io::ErrorKind::{
                AddrNotAvailable, ConnectionRefused, HostUnreachable, NetworkUnreachable, TimedOut,
            };
            matches!(
                error.kind(),
                ConnectionRefused
                    | AddrNotAvailable
                    | HostUnreachable
                    | NetworkUnreachable
                    | TimedOut
            ) || error.to_string().contains("lookup address")
        })
}

/// Whether the call was cut, and another one may go on where it was.
pub(crate) fn is_cut(status: &Status) -> bool {
    match status.code() {
        Code::Unavailable | Code::Cancelled | Code::DeadlineExceeded | Code::Aborted => true,
        // Too much at once is a matter of time only if the server says so.
        Code::ResourceExhausted => status.get_details_retry_info().is_some(),
        _ => is_local(status),
    }
}

/// Whether a write that can be told from others may be tried again at once. ABORTED is no such case:
/// it says that somebody else was faster.
pub(crate) fn may_repeat(status: &Status) -> bool {
    status.code() == Code::Unavailable || is_local(status)
}

/// Whether the write may have been done all the same.
pub(crate) fn is_uncertain(status: &Status) -> bool {
    may_repeat(status) || matches!(status.code(), Code::DeadlineExceeded | Code::Cancelled)
}

/// Whether the status was made on this side, out of an error of the transport.
fn is_local(status: &Status) -> bool {
    status.source().is_some()
}

fn find<E: Error + 'static>(status: &Status) -> Option<&E> {
    let mut source = status.source();
    while let Some(error) = source {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        source = error.source();
    }
    None
}

fn innermost(status: &Status) -> String {
    let mut source: &dyn Error = status;
    while let Some(next) = source.source() {
        source = next;
    }
    source.to_string()
}

/// The code by its name in the gRPC documentation.
fn name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonic_types::ErrorDetails;

    #[test]
    fn a_refusal_names_code_reason_and_fields() {
        let mut details = ErrorDetails::with_error_info("INVALID_FIELD", "catalogue", []);
        details.add_bad_request_violation("price", "must not be negative");
        details.add_bad_request_violation("name", "is required");
        let message = "name is required.";
        let status = Status::with_error_details(Code::InvalidArgument, message, details);
        assert_eq!(
            describe("http://x", &status),
            "name is required; price: must not be negative (INVALID_ARGUMENT, INVALID_FIELD)"
        );
        assert!(!is_cut(&status));
    }

    #[test]
    fn what_time_may_heal_is_a_cut() {
        assert!(is_cut(&Status::unavailable("restarting")));
        assert!(!is_cut(&Status::resource_exhausted("too large")));
        let later = ErrorDetails::with_retry_info(Some(std::time::Duration::from_secs(1)));
        assert!(is_cut(&Status::with_error_details(Code::ResourceExhausted, "busy", later)));
        assert!(is_cut(&Status::from_error(Box::new(io::Error::other("reset")))));
    }
}
