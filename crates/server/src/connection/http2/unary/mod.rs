//! Unary calls served by a [`UnaryHandler`](crate::unary::UnaryHandler).

mod responder;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use access::{Admitted, Standing};
use bytes::Bytes;
use h2::{RecvStream, server::SendResponse};
use http::{
    HeaderMap, Request,
    header::{CONTENT_TYPE, ORIGIN},
    request::Parts,
};
use rpc::{deadline::exceeded, frame::message_of};
use telemetry::UnaryCall;
use tokio::time::Instant;

use self::responder::Responder;
use super::response::ResponseSender;
use crate::{
    connection::service::ConnectionService,
    message::gzip,
    methods::Method,
    metrics,
    overload::{Admission, Permit},
    panic::panicked,
    unary::{UnaryReply, UnaryRequest},
};

/// Calls with less time left are not started.
const TOO_LATE: Duration = Duration::from_micros(50);

/// An admitted call.
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) permit: Permit,
    pub(super) sending: ResponseSender,
    pub(super) service: Arc<ConnectionService>,
}

impl Call {
    /// Serves the call with the body `frame`.
    pub(super) fn serve(
        self,
        request: Request<RecvStream>,
        frame: Bytes,
        respond: SendResponse<Bytes>,
    ) {
        if request.method() != http::Method::POST || !is_plain(request.headers()) {
            return self.serve_generally(request, frame, respond);
        }
        match message_of(&frame, self.service.context.messages.max_message) {
            Some(message) => self.serve_message(request.into_parts().0, frame, message, respond),
            None => self.serve_generally(request, frame, respond),
        }
    }

    /// Hands the call to the general stack.
    fn serve_generally(
        self,
        request: Request<RecvStream>,
        read: Bytes,
        respond: SendResponse<Bytes>,
    ) {
        let pass = Admission::Call(self.permit);
        self.service.serve(request, read, respond, pass, self.sending);
    }

    fn serve_message(
        self,
        head: Parts,
        frame: Bytes,
        message: Bytes,
        respond: SendResponse<Bytes>,
    ) {
        let Self { method, permit, sending, service } = self;
        let (Some(handler), Some(index)) = (&service.context.handler, method.unary) else { return };
        let (uri, mut headers) = (head.uri, head.headers);
        let peer = service.peer.addr;
        let seen = UnaryCall::begin(
            method.contract,
            uri.path(),
            &headers,
            peer.ip(),
            &service.context.trust,
        );
        let max_answer = service.context.messages.max_answer;
        let takes_gzip = gzip::take_accepted(&mut headers);
        let standing = None;
        let mut responder =
            Responder { uri, permit, seen, sending, respond, max_answer, takes_gzip, standing };
        let deadline = sending.deadline;
        if deadline.is_some_and(|deadline| deadline < Instant::now() + TOO_LATE) {
            return responder.finish(Err(exceeded()));
        }
        let admitted =
            service.context.access.admit(method.contract, &headers, &service.peer.origin);
        let caller = match admitted {
            Ok(Admitted { caller, standing }) => {
                responder.standing = standing.filter(Standing::is_low);
                caller
            }
            Err(refusal) => {
                let (name, origin) = (method.contract.name(), &service.peer.origin);
                service.context.trail.refused(name, &headers, origin, refusal);
                return responder.finish(Err(refusal.status()));
            }
        };
        let (headers, origin) = (&mut headers, &service.peer.origin);
        let request =
            UnaryRequest { method: index, headers, message, frame, deadline, origin, caller };
        let call = || responder.seen.scope(|| handler.call(request));
        match catch_unwind(AssertUnwindSafe(call)) {
            Ok(UnaryReply::Ready(result)) => responder.finish(result),
            Ok(UnaryReply::Later(work)) => drop(tokio::spawn(responder.finish_later(work))),
            Err(panic) => responder.finish(Err(panicked(metrics::HANDLER, panic.as_ref()))),
        }
    }
}

/// Whether a request is uncompressed gRPC with protobuf, and not from a browser page, which needs
/// further headers in responses.
fn is_plain(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).map(|kind| kind.as_bytes());
    let is_protobuf = matches!(kind, Some(b"application/grpc" | b"application/grpc+proto"));
    let encoding = headers.get("grpc-encoding");
    is_protobuf
        && !headers.contains_key(ORIGIN)
        && encoding.is_none_or(|encoding| encoding == "identity")
}
