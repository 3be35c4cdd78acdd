//! Errors of the web API, as problem details (RFC 9457).

use std::{borrow::Cow, collections::BTreeMap};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use product_fields::json_name;
use rpc::status::{self, upstream_unavailable};
use tonic::{Code, Status};

use crate::{errors, request_id::RequestId};

/// Reason: the catalogue's disk is full.
const STORE_FULL: &str = "STORE_FULL";
/// When clients retry after [`STORE_FULL`], in seconds: spread, since someone must make room first.
const STORE_FULL_RETRY: std::ops::RangeInclusive<u32> = 30..=60;

/// An error response. It has no body yet: `web_layer` renders it, as JSON or as a page, with the
/// request's id.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    /// The stable, machine-readable reason, such as `PRODUCT_NOT_FOUND`.
    pub(crate) reason: Cow<'static, str>,
    /// The message for people, without internal details.
    pub(crate) detail: String,
    pub(crate) errors: Vec<FieldError>,
    /// Facts for programs, by name, such as `stockQty` of INSUFFICIENT_STOCK.
    pub(crate) metadata: Option<Box<Metadata>>,
    /// Additional headers of the response, such as `Allow` or `Retry-After`.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// The error for the log, which the client does not get.
    pub(crate) internal: Option<Box<InternalError>>,
}

/// Facts by name. In a box, as [`InternalError`], so that results with a problem stay small.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct Metadata(BTreeMap<String, String>);

/// The text of an error that only operators see.
#[derive(Clone, Debug)]
pub(crate) struct InternalError(pub(crate) String);

/// An error of one field, by its JSON name, or of one parameter.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct FieldError {
    pub(crate) field: String,
    pub(crate) message: String,
}

/// The JSON of a problem.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    r#type: Cow<'static, str>,
    title: &'static str,
    status: u16,
    detail: &'a str,
    reason: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a Metadata>,
    #[serde(skip_serializing_if = "<[FieldError]>::is_empty")]
    errors: &'a [FieldError],
}

impl Problem {
    pub(crate) fn new(
        status: StatusCode,
        reason: impl Into<Cow<'static, str>>,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            status,
            reason: reason.into(),
            detail: detail.into(),
            errors: Vec::new(),
            metadata: None,
            headers: Vec::new(),
            internal: None,
        }
    }

    /// 400 for one parameter or field.
    pub(crate) fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        let (field, message) = (field.into(), message.into());
        let detail = format!("{field}: {message}");
        let problem = Self::new(StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", detail);
        Self { errors: vec![FieldError { field, message }], ..problem }
    }

    /// 404 for a path without a route.
    pub(crate) fn no_such_route(path: &str) -> Self {
        let shown: String = path.chars().take(200).collect();
        let detail = format!("there is nothing at {shown}; /openapi.json lists what there is");
        Self::new(StatusCode::NOT_FOUND, "ROUTE_NOT_FOUND", detail)
    }

    /// 405 with the allowed methods.
    pub(crate) fn method_not_allowed(allow: &str) -> Self {
        let detail = format!("this address answers {allow}");
        let problem = Self::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", detail);
        match HeaderValue::from_str(allow) {
            Ok(allow) => problem.with_header(header::ALLOW, allow),
            Err(_) => problem,
        }
    }

    /// 500; `error` is only logged.
    pub(crate) fn internal(error: impl Into<String>) -> Self {
        let detail = "something went wrong on our side";
        let problem = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", detail);
        Self { internal: Some(Box::new(InternalError(error.into()))), ..problem }
    }

    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Adds a fact for programs, under its name in JSON.
    pub(crate) fn with_fact(mut self, name: &str, value: impl ToString) -> Self {
        let facts = self.metadata.get_or_insert_with(|| Box::new(Metadata(BTreeMap::new())));
        facts.0.insert(name.to_owned(), value.to_string());
        self
    }

    /// Gives a field in the errors another name, by which the caller knows it.
    pub(crate) fn rename_field(&mut self, field: &str, name: &str) {
        for error in self.errors.iter_mut().filter(|error| error.field == field) {
            name.clone_into(&mut error.field);
        }
        if !self.errors.is_empty() {
            self.detail = detail_of(&self.errors);
        }
    }

    /// Names fields as in a body that is the field `resource` of the request message.
    pub(crate) fn make_relative_to(&mut self, resource: &str) {
        let prefix = format!("{resource}.");
        for error in &mut self.errors {
            if error.field == resource {
                "body".clone_into(&mut error.field);
            } else if let Some(field) = error.field.strip_prefix(&prefix) {
                error.field = field.to_owned();
            }
        }
        if !self.errors.is_empty() {
            self.detail = detail_of(&self.errors);
        }
    }

    /// The body of type `application/problem+json`.
    pub(crate) fn to_json(&self, id: &RequestId) -> Vec<u8> {
        let document = Document {
            r#type: errors::type_of(&self.reason),
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            detail: &self.detail,
            reason: &self.reason,
            request_id: id.as_str(),
            trace_id: telemetry::current_trace_id(),
            metadata: self.metadata.as_deref(),
            errors: &self.errors,
        };
        serde_json::to_vec(&document).expect("strings and numbers always serialize")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        for (name, value) in &self.headers {
            response.headers_mut().insert(name, value.clone());
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Status> for Problem {
    fn from(status: Status) -> Self {
        // A status from the wire has no source: this one stands for a broken connection.
        if std::error::Error::source(&status).is_some() && status.code() != Code::Unavailable {
            let broken = upstream_unavailable("upstream");
            let internal = Some(Box::new(InternalError(status.to_string())));
            return Self { internal, ..broken.into() };
        }
        let reason = rpc::status::reason(&status);
        let Some(http) = http_status(status.code(), reason.as_deref()) else {
            return Self::internal(format!("{:?}: {}", status.code(), status.message()));
        };
        let reason = reason.map_or(Cow::Borrowed(default_reason(status.code())), Cow::Owned);
        let mut problem = Self::new(http, reason, status.message());
        let metadata: BTreeMap<_, _> = rpc::status::metadata(&status)
            .into_iter()
            .map(|(name, value)| (json_name(&name), value))
            .collect();
        problem.metadata = (!metadata.is_empty()).then(|| Box::new(Metadata(metadata)));
        problem.errors = rpc::status::violations(&status)
            .into_iter()
            .map(|(field, message)| FieldError { field: json_name(&field), message })
            .collect();
        if !problem.errors.is_empty() {
            problem.detail = detail_of(&problem.errors);
        }
        let challenge = status.metadata().get(header::WWW_AUTHENTICATE.as_str());
        let challenge = challenge.and_then(|it| HeaderValue::from_bytes(it.as_bytes()).ok());
        if let Some(challenge) = challenge {
            return problem.with_header(header::WWW_AUTHENTICATE, challenge);
        }
        let limits = [header::RETRY_AFTER, access::POLICY, access::REMAINING];
        let limits = limits.map(|name| (status.metadata().get(name.as_str()).cloned(), name));
        for (value, name) in limits {
            let value = value.and_then(|value| HeaderValue::from_bytes(value.as_bytes()).ok());
            problem.headers.extend(value.map(|value| (name, value)));
        }
        if !problem.headers.is_empty() {
            return problem;
        }
        if matches!(http, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            return problem.with_header(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if http == StatusCode::INSUFFICIENT_STORAGE {
            let seconds = HeaderValue::from(fastrand::u32(STORE_FULL_RETRY));
            return problem.with_header(header::RETRY_AFTER, seconds);
        }
        problem
    }
}

/// The only mapping of gRPC codes to HTTP statuses; `None` for a fault.
fn http_status(code: Code, reason: Option<&str>) -> Option<StatusCode> {
    Some(match code {
        Code::InvalidArgument | Code::OutOfRange => StatusCode::BAD_REQUEST,
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::PermissionDenied => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::AlreadyExists | Code::Aborted | Code::FailedPrecondition => StatusCode::CONFLICT,
        Code::ResourceExhausted => exhausted(reason),
        Code::Unimplemented => StatusCode::NOT_IMPLEMENTED,
        Code::Unavailable | Code::Cancelled => StatusCode::SERVICE_UNAVAILABLE,
        Code::DeadlineExceeded => StatusCode::GATEWAY_TIMEOUT,
        Code::DataLoss => StatusCode::INTERNAL_SERVER_ERROR,
        Code::Internal | Code::Unknown | Code::Ok => return None,
    })
}

/// The HTTP status of RESOURCE_EXHAUSTED with this reason.
fn exhausted(reason: Option<&str>) -> StatusCode {
    match reason {
        // A retry would not help.
        Some(status::MESSAGE_TOO_LARGE | status::BODY_TOO_LARGE) => StatusCode::PAYLOAD_TOO_LARGE,
        Some(status::METADATA_TOO_LARGE) => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        Some(status::BODY_TIMEOUT | status::BODY_TOO_SLOW) => StatusCode::REQUEST_TIMEOUT,
        // The service is overloaded; this client has not exceeded a quota.
        Some(status::OVERLOADED | status::TOO_MANY_BODIES | status::BODY_MEMORY_FULL) => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        // The disk is full, which no retry of this client changes.
        Some(STORE_FULL) => StatusCode::INSUFFICIENT_STORAGE,
        _ => StatusCode::TOO_MANY_REQUESTS,
    }
}

fn detail_of(errors: &[FieldError]) -> String {
    let errors = errors.iter().map(|FieldError { field, message }| format!("{field} {message}"));
    errors.collect::<Vec<_>>().join("; ")
}

/// The reason of a status without one in its details.
fn default_reason(code: Code) -> &'static str {
    match code {
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unauthenticated => "UNAUTHENTICATED",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::Aborted => "ABORTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Unavailable => "UNAVAILABLE",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::Cancelled => "CANCELLED",
        Code::DataLoss => "DATA_LOSS",
        Code::Internal | Code::Unknown | Code::Ok => "INTERNAL",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grpc_codes_map_to_http_statuses() {
        let table = [
            (Code::InvalidArgument, 400),
            (Code::NotFound, 404),
            (Code::FailedPrecondition, 409),
            (Code::AlreadyExists, 409),
            (Code::Aborted, 409),
            (Code::ResourceExhausted, 429),
            (Code::Unavailable, 503),
            (Code::DeadlineExceeded, 504),
            (Code::Internal, 500),
            (Code::Unknown, 500),
        ];
        for (code, http) in table {
            let problem = Problem::from(Status::new(code, "words"));
            assert_eq!(problem.status.as_u16(), http, "{code:?}");
        }
    }

    #[test]
    fn reasons_of_the_contract_keep_the_status_of_their_code() {
        let table = [
            (Code::InvalidArgument, "FILTER_INVALID", 400),
            (Code::InvalidArgument, "CURSOR_MISMATCH", 400),
            (Code::InvalidArgument, "SKU_REQUIRED", 400),
            (Code::NotFound, "REVISION_NOT_FOUND", 404),
            (Code::AlreadyExists, "REQUEST_ID_REUSED", 409),
            (Code::AlreadyExists, "SKU_TAKEN", 409),
            (Code::Aborted, "STOCK_CHANGED", 409),
            (Code::FailedPrecondition, "REVISION_UNKNOWN", 409),
            (Code::FailedPrecondition, "RESERVATION_EXPIRED", 409),
            (Code::FailedPrecondition, "RESERVATION_RELEASED", 409),
            (Code::FailedPrecondition, "RESERVATION_COMMITTED", 409),
            (Code::FailedPrecondition, "PRODUCT_NOT_DELETED", 409),
            (Code::FailedPrecondition, "CATEGORY_CYCLE", 409),
            (Code::FailedPrecondition, "CATEGORY_NOT_EMPTY", 409),
            (Code::FailedPrecondition, "CATEGORY_TOO_DEEP", 409),
            (Code::Aborted, "REVISION_NOT_REACHED", 409),
            (Code::ResourceExhausted, "OVERLOADED", 503),
            (Code::ResourceExhausted, "TOO_MANY_BODIES", 503),
            (Code::ResourceExhausted, "BODY_MEMORY_FULL", 503),
            (Code::ResourceExhausted, "PEER_LIMIT", 429),
            (Code::ResourceExhausted, "BODY_TIMEOUT", 408),
            (Code::ResourceExhausted, "BODY_TOO_SLOW", 408),
            (Code::ResourceExhausted, "BODY_TOO_LARGE", 413),
            (Code::ResourceExhausted, "METADATA_TOO_LARGE", 431),
        ];
        for (code, reason, http) in table {
            let problem = Problem::from(rpc::status::error(code, reason, "words"));
            assert_eq!((problem.status.as_u16(), &*problem.reason), (http, reason));
            let waits = problem.headers.iter().any(|(name, _)| name == header::RETRY_AFTER);
            assert_eq!(waits, http == 503 || http == 429, "{reason}");
        }
    }

    #[test]
    fn full_disk_is_507_with_a_long_delay() {
        let status = rpc::status::error(Code::ResourceExhausted, STORE_FULL, "make room");
        let problem = Problem::from(status);
        assert_eq!(problem.status, StatusCode::INSUFFICIENT_STORAGE);
        let (name, delay) = &problem.headers[0];
        let delay: u32 = delay.to_str().unwrap().parse().unwrap();
        assert!(name == header::RETRY_AFTER && STORE_FULL_RETRY.contains(&delay), "{delay}");
    }

    #[test]
    fn internal_errors_are_not_exposed() {
        let problem = Problem::from(Status::internal("SELECT * FROM secrets"));
        assert!(!problem.detail.contains("SELECT"));
        assert!(problem.internal.is_some_and(|error| error.0.contains("SELECT")));
    }

    #[test]
    fn field_paths_use_json_names() {
        assert_eq!(json_name("product.price_eur"), "product.priceEur");
        assert_eq!(json_name("product_ids[3]"), "productIds[3]");
    }
}
