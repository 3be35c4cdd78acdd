//! Error messages for gRPC statuses, and which statuses may be retried.

use std::{error::Error, io};

use tonic::{Code, Status};
use tonic_types::StatusExt as _;

/// Describes a failed request on one line: message, field violations, code, reason, request id.
pub(crate) fn describe(url: &str, status: &Status) -> String {
    if is_unreachable(status) {
        let cause = match find_source::<io::Error>(status) {
            Some(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                "connection refused".to_owned()
            }
            Some(error) => error.to_string(),
            None => root_cause(status),
        };
        return format!("cannot reach {url} ({cause}). Is it running? cargo xtask up");
    }
    if is_transport_error(status) {
        return format!("the connection to {url} failed ({})", root_cause(status));
    }
    let mut line = status.message().trim_end_matches('.').to_owned();
    if line.is_empty() {
        line = status.code().description().to_owned();
    }
    let details = status.get_error_details();
    for violation in details.bad_request().map_or(&[][..], |bad| &bad.field_violations) {
        // The message often contains the first violation already.
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

/// Whether no connection could be opened, so that the server has not seen the request.
pub(crate) fn is_unreachable(status: &Status) -> bool {
    is_transport_error(status)
        && find_source::<io::Error>(status).is_some_and(|error| {
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

/// Whether a stream was interrupted in a way that a new call can resume.
pub(crate) fn is_transient(status: &Status) -> bool {
    match status.code() {
        Code::Unavailable | Code::Cancelled | Code::DeadlineExceeded | Code::Aborted => true,
        // Overload passes; a request that is too large stays so. Only the former has a retry delay.
        Code::ResourceExhausted => status.get_details_retry_info().is_some(),
        _ => is_transport_error(status),
    }
}

/// Whether an idempotent write may be retried immediately. ABORTED may not: it reports a conflict
/// with another write, which a retry would overwrite.
pub(crate) fn is_retryable_write(status: &Status) -> bool {
    status.code() == Code::Unavailable || is_transport_error(status)
}

/// Whether the server may have applied the write in spite of the error.
pub(crate) fn may_have_been_applied(status: &Status) -> bool {
    is_retryable_write(status) || matches!(status.code(), Code::DeadlineExceeded | Code::Cancelled)
}

/// Whether the client created the status from a transport error, rather than the server.
fn is_transport_error(status: &Status) -> bool {
    status.source().is_some()
}

fn find_source<E: Error + 'static>(status: &Status) -> Option<&E> {
    let mut source = status.source();
    while let Some(error) = source {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        source = error.source();
    }
    None
}

fn root_cause(status: &Status) -> String {
    let mut source: &dyn Error = status;
    while let Some(next) = source.source() {
        source = next;
    }
    source.to_string()
}

/// The code's name in the gRPC specification.
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
    fn an_error_names_code_reason_and_fields() {
        let mut details = ErrorDetails::with_error_info("INVALID_FIELD", "catalogue", []);
        details.add_bad_request_violation("price", "must not be negative");
        details.add_bad_request_violation("name", "is required");
        let message = "name is required.";
        let status = Status::with_error_details(Code::InvalidArgument, message, details);
        assert_eq!(
            describe("http://x", &status),
            "name is required; price: must not be negative (INVALID_ARGUMENT, INVALID_FIELD)"
        );
        assert!(!is_transient(&status));
    }

    #[test]
    fn temporary_failures_are_transient() {
        assert!(is_transient(&Status::unavailable("restarting")));
        assert!(!is_transient(&Status::resource_exhausted("too large")));
        let later = ErrorDetails::with_retry_info(Some(std::time::Duration::from_secs(1)));
        assert!(is_transient(&Status::with_error_details(Code::ResourceExhausted, "busy", later)));
        assert!(is_transient(&Status::from_error(Box::new(io::Error::other("reset")))));
    }
}
