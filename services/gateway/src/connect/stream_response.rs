//! The response of a streaming call: the frames of gRPC as envelopes, and its trailers as the last one.

use std::convert::Infallible;

use async_stream::stream;
use axum::{body::Body, response::Response};
use bytes::{Bytes, BytesMut};
use futures::Stream;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use http_body_util::BodyExt as _;
use rpc::{
    frame::{PREFIX, framed, length_in},
    gzip,
    status::status_in,
};
use tonic::{Code, Status};

use super::{
    call::Call,
    content::Encoding,
    error::{end_of_stream, strip},
    message,
};
use crate::contract::Message;

const CONTENT_ENCODING: HeaderName = HeaderName::from_static("connect-content-encoding");
const GZIP: HeaderValue = HeaderValue::from_static("gzip");

/// Translates a response, whose HTTP status is always 200.
pub(super) fn translate(call: &Call, response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    let end = Status::from_header_map(&head.headers);
    let is_compressed = head.headers.contains_key("grpc-encoding");
    strip(&mut head.headers);
    let body = match (end, call.procedure) {
        (Some(status), _) => {
            let status = Some(&status).filter(|status| status.code() != Code::Ok);
            Body::from(end_of_stream(status, &HeaderMap::new()))
        }
        (None, Some(procedure)) if call.content.encoding == Encoding::Json => {
            let messages = Json { output: procedure.output, compress: call.takes_gzip };
            if call.takes_gzip {
                head.headers.insert(CONTENT_ENCODING, GZIP);
            }
            Body::from_stream(envelopes(body, Some(messages)))
        }
        (None, _) => {
            if is_compressed {
                head.headers.insert(CONTENT_ENCODING, GZIP);
            }
            Body::from_stream(envelopes(body, None))
        }
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::OK;
    *response.headers_mut() = head.headers;
    response.headers_mut().insert(header::CONTENT_TYPE, call.content.header());
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // nginx would keep messages until its buffer is full.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

/// The conversion of messages to JSON.
struct Json {
    output: Message,
    compress: bool,
}

impl Json {
    fn envelope(&self, encoded: &[u8]) -> Result<Bytes, Status> {
        let envelope = framed(&message::to_json(encoded, self.output)?);
        Ok(if self.compress { gzip::compress(envelope) } else { envelope })
    }

    /// Takes the whole messages that have been read, as envelopes.
    fn take(&self, read: &mut BytesMut) -> Result<Bytes, Status> {
        let mut envelopes = BytesMut::new();
        while let Some(prefix) = read.first_chunk::<PREFIX>() {
            let end = PREFIX + length_in(prefix);
            if read.len() < end {
                break;
            }
            envelopes.extend_from_slice(&self.envelope(&read.split_to(end)[PREFIX..])?);
        }
        Ok(envelopes.freeze())
    }
}

/// The envelopes of a body. Frames of protobuf are envelopes; those of JSON are made message by message.
fn envelopes(
    mut body: Body,
    json: Option<Json>,
) -> impl Stream<Item = Result<Bytes, Infallible>> + Send {
    stream! {
        let mut read = BytesMut::new();
        let end = loop {
            let frame = match body.frame().await {
                Some(Ok(frame)) => frame,
                Some(Err(error)) => {
                    let status = status_in(&error).cloned();
                    let status =
                        status.unwrap_or_else(|| Status::unavailable("the stream broke off"));
                    break end_of_stream(Some(&status), &HeaderMap::new());
                }
                None => {
                    let status = Status::unknown("the stream ended without a status");
                    break end_of_stream(Some(&status), &HeaderMap::new());
                }
            };
            let data = match frame.into_data() {
                Ok(data) => data,
                Err(frame) => {
                    let trailers = frame.into_trailers().unwrap_or_default();
                    let status = Status::from_header_map(&trailers);
                    let status = status
                        .unwrap_or_else(|| Status::unknown("the stream ended without a status"));
                    let failure = Some(&status).filter(|status| status.code() != Code::Ok);
                    break end_of_stream(failure, &trailers);
                }
            };
            let Some(json) = &json else {
                yield Ok(data);
                continue;
            };
            read.extend_from_slice(&data);
            match json.take(&mut read) {
                Ok(envelopes) if envelopes.is_empty() => {}
                Ok(envelopes) => yield Ok(envelopes),
                Err(status) => break end_of_stream(Some(&status), &HeaderMap::new()),
            }
        };
        yield Ok(end);
    }
}
