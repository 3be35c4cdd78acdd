//! Errors of Connect: the JSON of a status, alone or at the end of a stream.

use std::sync::LazyLock;

use axum::{body::Body, response::Response};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use bytes::{BufMut as _, Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use prost::Message as _;
use prost_reflect::DescriptorPool;
use rpc::status::{error, invalid_because};
use serde::Serialize;
use serde_json::value::RawValue;
use server::overload::Refusal;
use telemetry::code_name;
use tonic::{Code, Status};

use super::{content::Content, message};
use crate::problem::Problem;

/// The details of errors.
static DETAILS: LazyLock<DescriptorPool> = LazyLock::new(|| {
    let set = tonic_types::pb::FILE_DESCRIPTOR_SET;
    DescriptorPool::decode(set).expect("descriptors are compiled in")
});

/// The flag of the last envelope of a stream.
const END_STREAM: u8 = 2;
/// When clients retry a request that was refused for overload, in seconds.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("1");

#[derive(Serialize)]
struct Document<'a> {
    code: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    message: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    details: Vec<Detail>,
}

#[derive(Serialize)]
struct Detail {
    /// Full name of its type.
    r#type: String,
    /// The encoded message in base64, without padding.
    value: String,
    /// Its JSON, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    debug: Option<Box<RawValue>>,
}

/// The message at the end of a stream.
#[derive(Serialize)]
struct EndStream<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Document<'a>>,
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    metadata: serde_json::Map<String, serde_json::Value>,
}

/// The response of a call that failed before its response began.
pub(super) fn response(content: Content, status: Status) -> Response {
    let http = match content.is_stream {
        true => StatusCode::OK,
        false => http_status(status.code()),
    };
    let body = match content.is_stream {
        true => end_of_stream(Some(&status), &HeaderMap::new()),
        false => to_json(&document(&status)),
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = http;
    *response.headers_mut() = status.metadata().clone().into_headers();
    strip(response.headers_mut());
    // The end of a stream is JSON in an envelope, whose content type is that of the messages. An error of a unary call is
    // JSON alone.
    let form = if content.is_stream { content } else { Content::UNARY_JSON };
    response.headers_mut().insert(header::CONTENT_TYPE, form.header());
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The response to a request that the server refuses.
pub(super) fn refused(content: Content, refusal: Refusal) -> Response {
    // Made once: overload means many refusals, and the details of a status take longer than all else.
    static OVERLOAD: LazyLock<Bytes> =
        LazyLock::new(|| to_json(&document(&Refusal::Calls.status())));
    let is_overload = matches!(refusal, Refusal::Calls | Refusal::Streams);
    let mut response = match is_overload && !content.is_stream {
        true => {
            let mut response = Response::new(Body::from(OVERLOAD.clone()));
            *response.status_mut() = http_status(Code::ResourceExhausted);
            let kind = Content::UNARY_JSON.header();
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
            response
        }
        false => self::response(content, refusal.status()),
    };
    let passes =
        matches!(refusal, Refusal::PeerLimit | Refusal::WaitingBodies | Refusal::BodyMemory);
    if is_overload || passes {
        response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
    }
    response
}

/// The envelope at the end of a stream.
pub(super) fn end_of_stream(status: Option<&Status>, trailers: &HeaderMap) -> Bytes {
    let mut metadata = serde_json::Map::new();
    for name in trailers.keys().filter(|name| !is_of_protocol(name.as_str())) {
        let values = trailers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        metadata.insert(name.to_string(), values.collect());
    }
    let json = to_json(&EndStream { error: status.map(document), metadata });
    let mut envelope = BytesMut::with_capacity(json.len() + 5);
    envelope.put_u8(END_STREAM);
    envelope.put_u32(u32::try_from(json.len()).expect("metadata are bounded"));
    envelope.put_slice(&json);
    envelope.freeze()
}

/// Removes headers of a gRPC response that are not for clients of Connect.
pub(super) fn strip(headers: &mut HeaderMap) {
    let of_protocol = headers.keys().filter(|name| is_of_protocol(name.as_str()));
    for name in of_protocol.cloned().collect::<Vec<_>>() {
        headers.remove(name);
    }
}

fn is_of_protocol(name: &str) -> bool {
    name.starts_with("grpc-") || matches!(name, "content-type" | "content-length" | "te")
}

/// The status of a problem: a request that the edge refused.
pub(super) fn status_of(problem: &Problem) -> Status {
    let code = match problem.status {
        StatusCode::BAD_REQUEST => Code::InvalidArgument,
        StatusCode::PAYLOAD_TOO_LARGE => Code::ResourceExhausted,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::Unimplemented,
        StatusCode::FORBIDDEN | StatusCode::MISDIRECTED_REQUEST => Code::PermissionDenied,
        _ => Code::Unknown,
    };
    let fields = problem.errors.iter().map(|error| (&*error.field, &*error.message));
    match problem.errors.is_empty() {
        true => error(code, &problem.reason, &*problem.detail),
        false => invalid_because(&problem.reason, fields),
    }
}

fn document(status: &Status) -> Document<'_> {
    // `connectrpc.com/docs/protocol`, "Error codes": those of gRPC, with one spelled otherwise.
    let code = match status.code() {
        Code::Cancelled => "canceled".to_owned(),
        code => code_name(code.into()).to_lowercase(),
    };
    let details = tonic_types::pb::Status::decode(status.details()).unwrap_or_default().details;
    Document {
        code,
        message: status.message(),
        details: details.into_iter().map(|any| detail(&any.type_url, &any.value)).collect(),
    }
}

fn detail(type_url: &str, value: &[u8]) -> Detail {
    let name = type_url.rsplit('/').next().unwrap_or_default();
    let debug = DETAILS
        .get_message_by_name(name)
        .and_then(|of| message::debug_json(value, &of, true).ok())
        .and_then(|json| RawValue::from_string(String::from_utf8(json).ok()?).ok());
    Detail { r#type: name.to_owned(), value: STANDARD_NO_PAD.encode(value), debug }
}

fn to_json(value: &impl Serialize) -> Bytes {
    serde_json::to_vec(value).expect("texts always serialize").into()
}

/// `connectrpc.com/docs/protocol`, "Error codes".
fn http_status(code: Code) -> StatusCode {
    match code {
        Code::Ok => StatusCode::OK,
        // nginx's "client closed request".
        Code::Cancelled => StatusCode::from_u16(499).expect("it is in range"),
        Code::InvalidArgument | Code::FailedPrecondition | Code::OutOfRange => {
            StatusCode::BAD_REQUEST
        }
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::PermissionDenied => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::AlreadyExists | Code::Aborted => StatusCode::CONFLICT,
        Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
        Code::Unimplemented => StatusCode::NOT_IMPLEMENTED,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::DeadlineExceeded => StatusCode::GATEWAY_TIMEOUT,
        Code::Unknown | Code::Internal | Code::DataLoss => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_the_names_and_statuses_of_the_protocol() {
        for (code, name, http) in [
            (Code::Cancelled, "canceled", 499),
            (Code::Unknown, "unknown", 500),
            (Code::InvalidArgument, "invalid_argument", 400),
            (Code::DeadlineExceeded, "deadline_exceeded", 504),
            (Code::NotFound, "not_found", 404),
            (Code::AlreadyExists, "already_exists", 409),
            (Code::PermissionDenied, "permission_denied", 403),
            (Code::ResourceExhausted, "resource_exhausted", 429),
            (Code::FailedPrecondition, "failed_precondition", 400),
            (Code::Aborted, "aborted", 409),
            (Code::OutOfRange, "out_of_range", 400),
            (Code::Unimplemented, "unimplemented", 501),
            (Code::Internal, "internal", 500),
            (Code::Unavailable, "unavailable", 503),
            (Code::DataLoss, "data_loss", 500),
            (Code::Unauthenticated, "unauthenticated", 401),
        ] {
            let status = Status::new(code, "");
            assert_eq!(document(&status).code, name);
            let unary = Content::UNARY_JSON;
            let stream = Content { is_stream: true, ..unary };
            assert_eq!(response(unary, status.clone()).status().as_u16(), http, "{name}");
            assert_eq!(response(stream, status).status().as_u16(), 200, "{name}");
        }
    }
}
