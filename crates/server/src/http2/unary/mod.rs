//! Unary calls that a [`UnaryHandler`](crate::unary::UnaryHandler) serves.

mod reading;
mod responder;

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use bytes::Bytes;
use h2::{RecvStream, server::SendResponse};
use http::{
    HeaderMap, Request,
    header::{CONTENT_TYPE, ORIGIN},
    request::Parts,
};
use rpc::{
    deadline::exceeded,
    frame::{PREFIX, message_of},
    received::Gathered,
};
use telemetry::UnaryCall;
use tokio::time::Instant;

use self::{
    reading::{Read, poll_read},
    responder::Responder,
};
use super::response::Sending;
use crate::{
    entry::Entry,
    grpc::panicked,
    metrics,
    overload::{Method, Pass, Permit},
    unary::{UnaryReply, UnaryRequest},
};

/// No response can be made in less.
const TOO_LATE: Duration = Duration::from_micros(50);

/// A call that was let in.
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) permit: Permit,
    pub(super) sending: Sending,
    pub(super) entry: Arc<Entry>,
}

impl Call {
    /// Serves the call here if its request has arrived, which it nearly always has; else in a task that
    /// waits for it.
    pub(super) fn serve(self, mut request: Request<RecvStream>, respond: SendResponse<Bytes>) {
        if request.method() != http::Method::POST || !is_plain(request.headers()) {
            return self.serve_generally(request, Bytes::new(), respond);
        }
        let max = self.entry.shared.messages.max_message.saturating_add(PREFIX);
        let mut gathered = Gathered::default();
        let mut unwoken = Context::from_waker(Waker::noop());
        match poll_read(&mut gathered, request.body_mut(), max, &mut unwoken) {
            Poll::Ready(read) => self.serve_read(request, read, respond),
            Poll::Pending => {
                tokio::spawn(async move {
                    let read =
                        poll_fn(|cx| poll_read(&mut gathered, request.body_mut(), max, cx)).await;
                    self.serve_read(request, read, respond);
                });
            }
        }
    }

    fn serve_read(self, request: Request<RecvStream>, read: Read, respond: SendResponse<Bytes>) {
        let frame = match read {
            Read::Whole(frame) => frame,
            Read::TooMuch(read) => return self.serve_generally(request, read, respond),
            Read::Lost => return,
        };
        match message_of(&frame, self.entry.shared.messages.max_message) {
            Some(message) => self.serve_message(request.into_parts().0, frame, message, respond),
            None => self.serve_generally(request, frame, respond),
        }
    }

    /// Leaves the call to the general stack.
    fn serve_generally(
        self,
        request: Request<RecvStream>,
        read: Bytes,
        respond: SendResponse<Bytes>,
    ) {
        let pass = Pass::Call(self.permit);
        self.entry.serve(request, read, respond, pass, self.sending);
    }

    fn serve_message(
        self,
        head: Parts,
        frame: Bytes,
        message: Bytes,
        respond: SendResponse<Bytes>,
    ) {
        let Self { method, permit, sending, entry } = self;
        let (Some(handler), Some(index)) = (&entry.shared.handler, method.unary) else { return };
        let (uri, mut headers) = (head.uri, head.headers);
        let peer = entry.peer.addr;
        let seen =
            UnaryCall::begin(method.contract, uri.path(), &headers, peer.ip(), &entry.shared.trust);
        let max_answer = entry.shared.messages.max_answer;
        let responder = Responder { uri, permit, seen, sending, respond, max_answer };
        let deadline = sending.deadline;
        if deadline.is_some_and(|deadline| deadline < Instant::now() + TOO_LATE) {
            return responder.finish(Err(exceeded()));
        }
        let headers = &mut headers;
        let request = UnaryRequest { method: index, headers, message, frame, deadline, peer };
        let call = || responder.seen.scope(|| handler.call(request));
        match catch_unwind(AssertUnwindSafe(call)) {
            Ok(UnaryReply::Ready(result)) => responder.finish(result),
            Ok(UnaryReply::Later(work)) => drop(tokio::spawn(responder.finish_later(work))),
            Err(panic) => responder.finish(Err(panicked(metrics::HANDLER, panic.as_ref()))),
        }
    }
}

/// Whether a request is gRPC with messages as they are: protobuf, not compressed, and not from a page
/// of a browser, whose responses have headers of their own.
fn is_plain(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).map(|kind| kind.as_bytes());
    let is_protobuf = matches!(kind, Some(b"application/grpc" | b"application/grpc+proto"));
    let encoding = headers.get("grpc-encoding");
    is_protobuf
        && !headers.contains_key(ORIGIN)
        && encoding.is_none_or(|encoding| encoding == "identity")
}
