//! The head of a call: what is called, in which form, and the gRPC request that it becomes.

use std::time::Duration;

use axum::{body::Body, extract::Request, response::Response};
use contract::Shape;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header, request::Parts,
};
use rpc::{
    deadline::{GRPC_TIMEOUT, header_of},
    frame::framed,
    status::{CONTENT_ENCODING_UNSUPPORTED, TIMEOUT_INVALID, error, invalid},
};
use tonic::{Code, Status};

use super::{
    content::{self, Content, Encoding},
    error as connect_error,
    get::GetQuery,
    request_body,
};
use crate::{
    contract::{Contract, Method as Procedure},
    json::Coding,
};

const PROTOCOL_VERSION: HeaderName = HeaderName::from_static("connect-protocol-version");
const TIMEOUT: HeaderName = HeaderName::from_static("connect-timeout-ms");
const CONTENT_ENCODING: HeaderName = HeaderName::from_static("connect-content-encoding");
const ACCEPT_ENCODING: HeaderName = HeaderName::from_static("connect-accept-encoding");
/// The most digits of a timeout.
const MAX_TIMEOUT_DIGITS: usize = 10;

/// A call that has been translated: what its response has to become.
pub(super) struct Call {
    /// `None` for a method that does not exist.
    pub(super) procedure: Option<&'static Procedure>,
    pub(super) content: Content,
    /// Whether the client takes compressed messages of a stream.
    pub(super) takes_gzip: bool,
}

/// A request that is refused before it becomes a call.
pub(super) struct Rejection {
    content: Content,
    status: Status,
    /// The HTTP status, where it does not follow from the code.
    http: Option<StatusCode>,
    header: Option<(HeaderName, HeaderValue)>,
}

impl Rejection {
    fn of(content: Content, status: Status) -> Self {
        Self { content, ..status.into() }
    }

    fn method_not_allowed(allow: &'static str) -> Self {
        let text = format!("this method is called by {allow}");
        Self {
            content: Content::UNARY_JSON,
            status: error(Code::Unimplemented, "METHOD_NOT_ALLOWED", text),
            http: Some(StatusCode::METHOD_NOT_ALLOWED),
            header: Some((header::ALLOW, HeaderValue::from_static(allow))),
        }
    }

    fn content_type(accepted: HeaderValue) -> Self {
        let text = "send the request with content-type: ";
        let text = format!("{text}{}", accepted.to_str().unwrap_or_default().replace(", ", " or "));
        Self {
            content: Content::UNARY_JSON,
            status: error(Code::InvalidArgument, "CONTENT_TYPE_UNSUPPORTED", text),
            http: Some(StatusCode::UNSUPPORTED_MEDIA_TYPE),
            header: Some((HeaderName::from_static("accept-post"), accepted)),
        }
    }

    fn http_version() -> Self {
        let text = "messages in both directions take HTTP/2";
        let status = error(Code::Unimplemented, "HTTP_VERSION_UNSUPPORTED", text);
        let http = Some(StatusCode::HTTP_VERSION_NOT_SUPPORTED);
        Self { http, ..status.into() }
    }

    pub(super) fn into_response(self) -> Response {
        let mut response = connect_error::response(self.content, self.status);
        if let Some(http) = self.http {
            *response.status_mut() = http;
        }
        response.headers_mut().extend(self.header);
        response
    }
}

impl From<Status> for Rejection {
    fn from(status: Status) -> Self {
        Self { content: Content::UNARY_JSON, status, http: None, header: None }
    }
}

impl Call {
    /// Translates a request. Its messages are translated when the body is read.
    pub(super) fn translate(
        contract: &'static Contract,
        mut head: Parts,
        body: Body,
    ) -> Result<(Self, Request), Rejection> {
        let procedure = contract.procedure(head.uri.path());
        let get = match (&head.method, procedure) {
            (&Method::GET, Some(procedure)) if has_get(procedure) => {
                Some(GetQuery::parse(head.uri.query().unwrap_or_default())?)
            }
            (&Method::POST, _) | (&Method::GET, None) => None,
            (_, Some(procedure)) if has_get(procedure) => {
                return Err(Rejection::method_not_allowed("GET, POST"));
            }
            _ => return Err(Rejection::method_not_allowed("POST")),
        };
        let content = match &get {
            Some(get) => Some(Content { encoding: get.encoding, is_stream: false }),
            None if head.method == Method::GET => Some(Content::UNARY_JSON),
            None => Content::of(&head.headers),
        };
        let streams = procedure.map(|procedure| procedure.declared.shape.streams());
        let content = content.filter(|it| streams.is_none_or(|streams| streams == it.is_stream));
        let content = content
            .ok_or_else(|| Rejection::content_type(content::accepted(streams == Some(true))))?;
        let is_bidirectional = |procedure: &Procedure| procedure.declared.shape == Shape::Both;
        if procedure.is_some_and(is_bidirectional) && head.version < Version::HTTP_2 {
            return Err(Rejection::http_version());
        }
        let refused = |status| Rejection::of(content, status);
        let codings = Codings::of(&head.headers, content).map_err(refused)?;
        translate_head(&mut head, content, &codings).map_err(refused)?;
        let body = match (procedure, get) {
            // The router refuses it, whatever the message is.
            (None, _) => Body::from(framed(b"")),
            (Some(procedure), Some(get)) => request_body::of_get(get, procedure.input),
            (Some(procedure), None) if content.is_stream => {
                request_body::of_stream(body, content.encoding, procedure.input)
            }
            (Some(procedure), None) => {
                let coding = codings.body;
                request_body::of_unary(body, coding, content.encoding, procedure.input)
            }
        };
        let call = Self { procedure, content, takes_gzip: codings.takes_gzip };
        Ok((call, Request::from_parts(head, body)))
    }
}

/// Whether a method can be called by GET.
fn has_get(procedure: &Procedure) -> bool {
    procedure.declared.is_unary() && procedure.declared.has_no_side_effects()
}

/// How bodies are compressed.
struct Codings {
    /// Of the body of a unary request.
    body: Coding,
    /// Messages of a stream may be compressed.
    is_gzip: bool,
    takes_gzip: bool,
}

impl Codings {
    fn of(headers: &HeaderMap, content: Content) -> Result<Self, Status> {
        if !content.is_stream {
            let body = Coding::of(headers).map_err(|problem| connect_error::status_of(&problem))?;
            return Ok(Self { body, is_gzip: false, takes_gzip: false });
        }
        let is_gzip = match headers.get(CONTENT_ENCODING).map(HeaderValue::as_bytes) {
            None | Some(b"identity") => false,
            Some(b"gzip") => true,
            Some(_) => {
                let text = "send messages as they are, or with connect-content-encoding: gzip";
                return Err(error(Code::Unimplemented, CONTENT_ENCODING_UNSUPPORTED, text));
            }
        };
        let accepted = headers.get(ACCEPT_ENCODING).and_then(|accepted| accepted.to_str().ok());
        let takes_gzip =
            accepted.is_some_and(|accepted| accepted.split(',').any(|name| name.trim() == "gzip"));
        Ok(Self { body: Coding::Identity, is_gzip, takes_gzip })
    }
}

/// Makes the head of a call that of a gRPC request.
fn translate_head(head: &mut Parts, content: Content, codings: &Codings) -> Result<(), Status> {
    let headers = &mut head.headers;
    if headers.get(PROTOCOL_VERSION).is_some_and(|version| version != "1") {
        return Err(invalid([("connect-protocol-version", "must be 1")]));
    }
    let timeout = headers.get(TIMEOUT).map(timeout_header).transpose()?;
    // The client cannot speak to the gRPC router past the translation.
    let is_grpc = |name: &&HeaderName| name.as_str().starts_with("grpc-");
    let of_protocols: Vec<_> = headers.keys().filter(is_grpc).cloned().collect();
    let replaced = [
        PROTOCOL_VERSION,
        TIMEOUT,
        CONTENT_ENCODING,
        ACCEPT_ENCODING,
        header::ACCEPT,
        header::ACCEPT_ENCODING,
        header::CONTENT_ENCODING,
        header::CONTENT_LENGTH,
    ];
    for name in of_protocols.into_iter().chain(replaced) {
        headers.remove(name);
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    headers.extend(timeout.map(|timeout| (GRPC_TIMEOUT, timeout)));
    // Messages in JSON are compressed and decompressed here, others by the router.
    const GZIP: HeaderValue = HeaderValue::from_static("gzip");
    if codings.is_gzip && content.encoding == Encoding::Proto {
        headers.insert("grpc-encoding", GZIP);
    }
    if codings.takes_gzip && content.encoding == Encoding::Proto {
        headers.insert("grpc-accept-encoding", GZIP);
    }
    head.method = Method::POST;
    if head.uri.query().is_some() {
        head.uri = head.uri.path().parse().expect("the path of a URI is one");
    }
    Ok(())
}

/// The timeout in milliseconds as gRPC writes it.
fn timeout_header(value: &HeaderValue) -> Result<HeaderValue, Status> {
    let digits = value.to_str().unwrap_or_default();
    let is_number = (1..=MAX_TIMEOUT_DIGITS).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.parse() {
        Ok(0) if is_number => Ok(HeaderValue::from_static("0m")),
        Ok(milliseconds) if is_number => Ok(header_of(Duration::from_millis(milliseconds))),
        _ => {
            let text = format!("connect-timeout-ms must be 1 to {MAX_TIMEOUT_DIGITS} digits");
            Err(error(Code::InvalidArgument, TIMEOUT_INVALID, text))
        }
    }
}
