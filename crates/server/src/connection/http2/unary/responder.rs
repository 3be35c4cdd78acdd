//! The end of a unary call: sends the response, records telemetry, releases the call's slot.

use std::{
    future::poll_fn,
    panic::AssertUnwindSafe,
    pin::{Pin, pin},
    task::{Context, Poll, ready},
};

use access::Standing;
use axum::body::Body;
use bytes::Bytes;
use futures::{FutureExt as _, future::BoxFuture};
use h2::{SendStream, server::SendResponse};
use http::{HeaderMap, HeaderName, HeaderValue, Response, Uri, header::CONTENT_TYPE};
use http_body::Frame;
use rpc::{
    deadline::{exceeded, within},
    frame::PREFIX,
};
use telemetry::UnaryCall;
use tokio::time::timeout_at;
use tonic::{Code, Status};

use crate::{
    connection::http2::response::{PIECE, ResponseSender},
    message::{WholeMessages, gzip, limited, too_large},
    metrics,
    overload::Permit,
    panic::panicked,
    unary::UnaryResponse,
};

const GRPC: HeaderValue = HeaderValue::from_static("application/grpc");
const GRPC_STATUS: HeaderName = HeaderName::from_static("grpc-status");
const OK: HeaderValue = HeaderValue::from_static("0");

/// Responds to one call.
pub(super) struct Responder {
    pub(super) uri: Uri,
    pub(super) permit: Permit,
    pub(super) seen: UnaryCall,
    pub(super) sending: ResponseSender,
    pub(super) respond: SendResponse<Bytes>,
    /// Maximum message size, in bytes.
    pub(super) max_answer: usize,
    /// Whether the client takes compressed messages.
    pub(super) takes_gzip: bool,
    /// The rest of the caller's limit, if that is little.
    pub(super) standing: Option<Standing>,
}

impl Responder {
    /// Waits for the response and sends it. Stops when the client cancels, or at the deadline.
    pub(super) async fn finish_later(
        mut self,
        work: BoxFuture<'static, Result<UnaryResponse, Status>>,
    ) {
        self.seen.identify(self.uri.path());
        let deadline = self.sending.deadline;
        let mut work = pin!(async {
            let work = AssertUnwindSafe(work).catch_unwind();
            let ended = match deadline {
                None => Ok(work.await),
                Some(deadline) => timeout_at(deadline, within(deadline, work)).await,
            };
            match ended {
                Ok(Ok(result)) => result,
                Ok(Err(panic)) => Err(panicked(metrics::HANDLER, panic.as_ref())),
                Err(_) => Err(exceeded()),
            }
        });
        let result = poll_fn(|cx| match self.seen.scope(|| work.as_mut().poll(cx)) {
            Poll::Ready(result) => Poll::Ready(Some(result)),
            Poll::Pending => self.respond.poll_reset(cx).map(|_| None),
        });
        if let Some(result) = result.await {
            self.finish(result);
        }
    }

    /// Sends the response.
    pub(super) fn finish(mut self, result: Result<UnaryResponse, Status>) {
        let result = result.and_then(|response| self.checked(response));
        let code = result.as_ref().map_or_else(Status::code, |_| Code::Ok);
        self.permit.ended(code);
        if UnaryCall::is_fault(code.into()) {
            self.seen.identify(self.uri.path());
        }
        match result {
            Ok(mut response) => {
                if self.takes_gzip {
                    response = compressed(response);
                }
                if let Some(standing) = &self.standing {
                    standing.add_to(&mut response.headers);
                }
                send(response, self.seen, self.sending, self.respond);
            }
            Err(status) => {
                let mut response = status.into_http::<()>();
                self.sending.date(response.headers_mut());
                match self.respond.send_response(response, true) {
                    Ok(_) => self.seen.end(code.into()),
                    Err(error) => tracing::debug!(%error, "sending a response failed"),
                }
            }
        }
    }

    fn checked(&self, mut response: UnaryResponse) -> Result<UnaryResponse, Status> {
        let length = response.frame.len().saturating_sub(PREFIX);
        if length > self.max_answer {
            return Err(too_large(length, self.max_answer));
        }
        // Its size is unknown.
        response.rest = response.rest.map(|rest| limited(rest, self.max_answer));
        Ok(response)
    }
}

/// The response with its message compressed, if that is large enough.
fn compressed(mut response: UnaryResponse) -> UnaryResponse {
    gzip::announce(&mut response.headers);
    response.frame = rpc::gzip::compress(response.frame);
    response.rest = response.rest.map(|rest| Body::new(WholeMessages::compressed(rest)));
    response
}

/// Sends a response here if flow control has capacity for all of it; else in a task.
fn send(
    response: UnaryResponse,
    seen: UnaryCall,
    sending: ResponseSender,
    mut respond: SendResponse<Bytes>,
) {
    let UnaryResponse { frame, rest, headers, mut trailers } = response;
    let mut head = Response::new(());
    *head.headers_mut() = headers;
    head.headers_mut().insert(CONTENT_TYPE, GRPC);
    sending.date(head.headers_mut());
    trailers.insert(GRPC_STATUS, OK);
    let mut stream = match respond.send_response(head, false) {
        Ok(stream) => stream,
        Err(error) => return tracing::debug!(%error, "sending a response failed"),
    };
    if rest.is_none() && frame.len() <= PIECE && has_capacity(&mut stream, frame.len()) {
        let sent = stream.send_data(frame, false).and_then(|()| stream.send_trailers(trailers));
        match sent {
            Ok(()) => seen.end(Code::Ok.into()),
            Err(error) => tracing::debug!(%error, "sending a response failed"),
        }
        return;
    }
    let end = match rest {
        None => End::Trailers(trailers),
        Some(rest) => End::Rest(rest),
    };
    let body = Body::new(Message { frame, end, seen: Some(seen) });
    tokio::spawn(sending.send_body(body, stream));
}

fn has_capacity(stream: &mut SendStream<Bytes>, bytes: usize) -> bool {
    stream.reserve_capacity(bytes);
    stream.capacity() >= bytes
}

/// A message, then the end of the call.
struct Message {
    frame: Bytes,
    end: End,
    seen: Option<UnaryCall>,
}

/// The end of a response after its first message.
enum End {
    Trailers(HeaderMap),
    Rest(Body),
    Sent,
}

impl http_body::Body for Message {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        if !this.frame.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut this.frame)))));
        }
        if let End::Rest(rest) = &mut this.end {
            let frame = ready!(Pin::new(rest).poll_frame(cx));
            if let Some(Ok(trailers)) = &frame
                && let Some(trailers) = trailers.trailers_ref()
                && let Some(seen) = this.seen.take()
            {
                let status = Status::from_header_map(trailers);
                seen.end(status.map_or(Code::Unknown, |status| status.code()).into());
            }
            return Poll::Ready(frame);
        }
        let End::Trailers(trailers) = std::mem::replace(&mut this.end, End::Sent) else {
            return Poll::Ready(None);
        };
        if let Some(seen) = this.seen.take() {
            seen.end(Code::Ok.into());
        }
        Poll::Ready(Some(Ok(Frame::trailers(trailers))))
    }
}
