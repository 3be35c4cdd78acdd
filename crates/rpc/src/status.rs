//! gRPC errors with a code, a stable reason, and the invalid fields.
//!
//! The details are those of `google.rpc`: `ErrorInfo` (AIP-193), `BadRequest`, `RetryInfo`.

use std::{collections::HashMap, time::Duration};

use http::HeaderMap;
use tonic::{
    Code, Status,
    metadata::{MetadataMap, MetadataValue},
};
use tonic_types::{ErrorDetails, StatusExt as _};

/// The domain of every reason.
pub const DOMAIN: &str = "catalogue-platform";
/// Reason: an argument is invalid.
pub const INVALID_FIELD: &str = "INVALID_FIELD";
/// Reason: another service is unreachable.
pub const UPSTREAM_UNAVAILABLE: &str = "UPSTREAM_UNAVAILABLE";
/// Reason: another service is failing, so that its breaker is open.
pub const UPSTREAM_OPEN: &str = "UPSTREAM_OPEN";
/// Reason: the deadline has passed.
pub const DEADLINE: &str = "DEADLINE_EXCEEDED";
/// Reason: a request message exceeds the limit.
pub const MESSAGE_TOO_LARGE: &str = "MESSAGE_TOO_LARGE";
/// Reason: a request is not a message of the contract.
pub const MESSAGE_INVALID: &str = "MESSAGE_INVALID";
/// Reason: a request is compressed in another way than the server reads.
pub const CONTENT_ENCODING_UNSUPPORTED: &str = "CONTENT_ENCODING_UNSUPPORTED";
/// Reason: a response message exceeds the limit.
pub const ANSWER_TOO_LARGE: &str = "ANSWER_TOO_LARGE";
/// Reason: the server is overloaded.
pub const OVERLOADED: &str = "OVERLOADED";
/// Reason: a peer address, or one connection, uses its share of the server.
pub const PEER_LIMIT: &str = "PEER_LIMIT";
/// Reason: too many request bodies are awaited.
pub const TOO_MANY_BODIES: &str = "TOO_MANY_BODIES";
/// Reason: request bodies take all the memory they may.
pub const BODY_MEMORY_FULL: &str = "BODY_MEMORY_FULL";
/// Reason: a request body has not arrived in time.
pub const BODY_TIMEOUT: &str = "BODY_TIMEOUT";
/// Reason: a request body arrives too slowly.
pub const BODY_TOO_SLOW: &str = "BODY_TOO_SLOW";
/// Reason: a request body exceeds the limit.
pub const BODY_TOO_LARGE: &str = "BODY_TOO_LARGE";
/// Reason: a request body is malformed or was cut off.
pub const BODY_INCOMPLETE: &str = "BODY_INCOMPLETE";
/// Reason: the headers or metadata of a request exceed the limit.
pub const METADATA_TOO_LARGE: &str = "METADATA_TOO_LARGE";
/// Reason: `grpc-timeout` is malformed.
pub const TIMEOUT_INVALID: &str = "TIMEOUT_INVALID";
/// Reason: an HTTP/1.1 request has not exactly one `Host`.
pub const HOST_INVALID: &str = "HOST_INVALID";
/// Reason: a line of an HTTP/1 request's head ends with a bare LF.
pub const LINE_END_INVALID: &str = "LINE_END_INVALID";
/// Reason: the server has no such method.
pub const METHOD_UNKNOWN: &str = "METHOD_UNKNOWN";
/// Reason: a stream ends because its server or connection does.
pub const SHUTTING_DOWN: &str = "SHUTTING_DOWN";
/// Metadata with the retry delay, in milliseconds; negative: do not retry (gRFC A6).
pub const PUSHBACK: &str = "grpc-retry-pushback-ms";
/// Metadata of a watch that has ended: the cursor to resume from.
pub const RESUME_CURSOR: &str = "resume-cursor";

/// An error with a stable reason for programs and a message for people.
pub fn error(code: Code, reason: &str, message: impl Into<String>) -> Status {
    let details = ErrorDetails::with_error_info(reason, DOMAIN, HashMap::new());
    Status::with_error_details(code, message, details)
}

/// Adds the headers of the response to the metadata of its status.
pub fn with_headers(mut status: Status, headers: HeaderMap) -> Status {
    let mut metadata = std::mem::take(status.metadata_mut()).into_headers();
    metadata.extend(headers);
    *status.metadata_mut() = MetadataMap::from_headers(metadata);
    status
}

/// INVALID_ARGUMENT with each invalid field and how to correct it.
pub fn invalid<F, D>(violations: impl IntoIterator<Item = (F, D)>) -> Status
where
    F: Into<String>,
    D: Into<String>,
{
    invalid_because(INVALID_FIELD, violations)
}

/// [`invalid`] with another reason, such as PAGE_TOKEN_INVALID.
pub fn invalid_because<F, D>(reason: &str, violations: impl IntoIterator<Item = (F, D)>) -> Status
where
    F: Into<String>,
    D: Into<String>,
{
    let mut details = ErrorDetails::with_error_info(reason, DOMAIN, HashMap::new());
    let mut message = String::new();
    for (field, description) in violations {
        let (field, description) = (field.into(), description.into());
        if !message.is_empty() {
            message.push_str("; ");
        }
        message.push_str(&format!("{field} {description}"));
        details.add_bad_request_violation(field, description);
    }
    Status::with_error_details(Code::InvalidArgument, message, details)
}

/// UNAVAILABLE because `service` is unreachable; retry after a second.
pub fn upstream_unavailable(service: &str) -> Status {
    let about = HashMap::from([("service".to_owned(), service.to_owned())]);
    let mut details = ErrorDetails::with_error_info(UPSTREAM_UNAVAILABLE, DOMAIN, about);
    details.set_retry_info(Some(Duration::from_secs(1)));
    let message = format!("the {service} service cannot be reached just now");
    Status::with_error_details(Code::Unavailable, message, details)
}

/// UNAVAILABLE because the breaker of `service` is open, for another while if that is known.
pub fn upstream_open(service: &str, retry_after: Option<Duration>) -> Status {
    let about = HashMap::from([("service".to_owned(), service.to_owned())]);
    let mut details = ErrorDetails::with_error_info(UPSTREAM_OPEN, DOMAIN, about);
    details.set_retry_info(Some(retry_after.unwrap_or(Duration::from_secs(1))));
    let message = format!("the {service} service is failing; it is not asked just now");
    Status::with_error_details(Code::Unavailable, message, details)
}

/// UNAVAILABLE because the server drains or the connection has reached its maximum age: retry elsewhere
/// immediately. The pushback tells clients' breakers not to count it as a failure.
pub fn leaving() -> Status {
    let mut details = ErrorDetails::with_error_info(SHUTTING_DOWN, DOMAIN, HashMap::new());
    details.set_retry_info(Some(Duration::ZERO));
    let message = "this server or connection is coming to its end; go on with another";
    let mut status = Status::with_error_details(Code::Unavailable, message, details);
    status.metadata_mut().insert(PUSHBACK, MetadataValue::from_static("0"));
    status
}

/// The status in an error of a body or a call, or in one of its sources.
pub fn status_in<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a Status> {
    std::iter::successors(Some(error), |error| error.source())
        .find_map(|error| error.downcast_ref::<Status>())
}

/// The reason of an error, if it is from this domain.
pub fn reason(status: &Status) -> Option<String> {
    status.get_details_error_info().map(|info| info.reason)
}

/// The facts of an error for programs, by name, such as `stock_qty` of INSUFFICIENT_STOCK.
pub fn metadata(status: &Status) -> HashMap<String, String> {
    status.get_details_error_info().map(|info| info.metadata).unwrap_or_default()
}

/// The invalid fields of an error, each with a description.
pub fn violations(status: &Status) -> Vec<(String, String)> {
    let request = status.get_details_bad_request();
    let violations = request.map(|request| request.field_violations).unwrap_or_default();
    violations.into_iter().map(|violation| (violation.field, violation.description)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_a_reason_and_a_message() {
        let status =
            invalid([("name", "must not be empty"), ("price.units", "must not be negative")]);
        assert_eq!(status.code(), Code::InvalidArgument);
        assert_eq!(status.message(), "name must not be empty; price.units must not be negative");
        assert_eq!(reason(&status).as_deref(), Some(INVALID_FIELD));
        assert_eq!(violations(&status)[1].0, "price.units");
    }
}
