//! The upstream's response: headers, body, and how it completed.

mod body;
mod chunks;

use http::{HeaderValue, Response};
use http_body::{Body as _, Frame};
use http_body_util::BodyExt as _;
use rpc::status::PUSHBACK;
use telemetry::ClientCall;
use tokio::time::Instant;
use tonic::Code;

use self::body::OngoingBody;
pub use self::body::ResponseBody;
pub(crate) use self::chunks::Chunks;
use crate::{
    call::{CallError, Completion, EndpointHealth},
    connection::IncomingBody,
    in_flight::InFlight,
};

/// The largest response to a unary call that is buffered, in bytes. A larger one is streamed.
const MAX_BUFFERED: usize = 256 << 10;

/// How a call ends, as the layers see it.
pub(crate) type CallResult = Result<CallResponse, CallError>;

/// A response, with any status.
#[derive(Debug)]
pub(crate) struct CallResponse {
    response: Response<ResponseBody>,
    /// How the attempt completed. `None` while the body is ongoing.
    pub(crate) completion: Option<Completion>,
}

/// Reads a response: to its end if it is unary and at most 256 KiB, so that the call can still be
/// retried, otherwise its headers.
pub(crate) fn read(
    response: Response<IncomingBody>,
    mut in_flight: InFlight,
    unary: bool,
    deadline: Option<Instant>,
) -> impl Future<Output = CallResult> + Send {
    // Taken apart outside the future, which would otherwise hold the response twice.
    let (head, mut body) = response.into_parts();
    async move {
        let mut completion = Completion::from_headers(head.status, &head.headers);
        if body.is_end_stream() {
            completion = completion.or(Some(Completion::NoStatus));
        }
        if let Some(completion) = completion {
            in_flight.complete(completion);
            let response = Response::from_parts(head, ResponseBody::empty());
            return Ok(CallResponse { response, completion: Some(completion) });
        }
        let mut chunks = chunks::Chunks::default();
        if unary {
            let mut length = 0;
            let trailers = loop {
                if length > MAX_BUFFERED {
                    break None;
                }
                match body.frame().await.map(|frame| frame.map(Frame::into_data)) {
                    Some(Ok(Ok(data))) => {
                        length += data.len();
                        chunks.push(data);
                    }
                    Some(Ok(Err(frame))) => break frame.into_trailers().ok(),
                    Some(Err(error)) => return Err(in_flight.transport_failed(&error)),
                    None => break None,
                }
            };
            if length <= MAX_BUFFERED {
                let completion = Completion::from_trailers(trailers.as_ref());
                in_flight.complete(completion);
                let response = Response::from_parts(head, ResponseBody::whole(chunks, trailers));
                return Ok(CallResponse { response, completion: Some(completion) });
            }
        }
        in_flight.headers_received();
        let body = ResponseBody::ongoing(OngoingBody::new(chunks, body, in_flight), deadline);
        Ok(CallResponse { response: Response::from_parts(head, body), completion: None })
    }
}

impl CallResponse {
    /// The response for the caller. `telemetry` records the end of the call, which may be the end of
    /// the body.
    pub(crate) fn into_http(self, telemetry: Option<ClientCall>) -> Response<ResponseBody> {
        let (head, body) = self.response.into_parts();
        let body = match telemetry {
            Some(telemetry) if body.is_ongoing() => body.watched(telemetry),
            Some(telemetry) => {
                telemetry.end(body.trailers().unwrap_or(&head.headers));
                body
            }
            None => body,
        };
        Response::from_parts(head, body)
    }

    /// Whether the status is CANCELLED.
    pub(crate) fn is_cancelled(&self) -> bool {
        matches!(self.completion, Some(Completion::Status(Code::Cancelled, _)))
    }

    /// Whether the endpoint is healthy, so that another attempt would not improve the response.
    pub(crate) fn is_healthy(&self) -> bool {
        let health = self.completion.map(|completion| completion.endpoint_health(None));
        health.is_none_or(|health| health == EndpointHealth::Healthy)
    }

    /// Sets the pushback that forbids our own clients to retry, unless the body is ongoing.
    pub(crate) fn forbid_retry(&mut self) {
        if self.response.body().is_ongoing() {
            return;
        }
        let headers = match self.response.body_mut().trailers_mut() {
            Some(trailers) => trailers,
            None => self.response.headers_mut(),
        };
        headers.insert(PUSHBACK, HeaderValue::from_static("-1"));
    }
}
