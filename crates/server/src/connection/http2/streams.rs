//! The streams of a connection: each request is received, admitted or refused, then served.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use axum::body::Body;
use bytes::Bytes;
use h2::{RecvStream, server::SendResponse};
use http::{HeaderMap, Request};
use rpc::deadline::timeout_of;
use tokio::time::Instant;

use super::{request::RequestBody, response::ResponseSender, unary};
use crate::{
    bodies::BodyBuffer,
    connection::{
        receive::{self, BodyLimit, BodyRead},
        service::{ConnectionService, RoutedResponse},
    },
    methods::Method,
    overload::{Admission, Refusal},
};

/// Size of a header beside its name and value (RFC 9113, section 6.5.2).
const HEADER_OVERHEAD: usize = 32;

/// Serves the requests of a connection.
pub(crate) struct Streams {
    service: Arc<ConnectionService>,
    dated: bool,
}

impl Streams {
    /// `dated`: responses carry a `date` header.
    pub(crate) fn new(service: ConnectionService, dated: bool) -> Self {
        Self { service: Arc::new(service), dated }
    }

    /// Serves a request here or in a task. (Hot path: a call with its message right after its headers.)
    pub(super) fn serve(
        &self,
        request: Request<RecvStream>,
        respond: SendResponse<Bytes>,
        now: Instant,
    ) {
        let context = &self.service.context;
        let timeout = timeout_of(request.headers());
        let deadline = timeout.ok().flatten().map(|timeout| now + timeout);
        let sending = ResponseSender { stall: context.args.stall(), deadline, dated: self.dated };
        let method = context.gate.method(request.uri().path());
        let exchange =
            Exchange { service: Arc::clone(&self.service), method, request, respond, sending };
        if timeout.is_err() {
            return exchange.refuse(Refusal::Timeout);
        }
        if is_larger(exchange.request.headers(), context.args.max_metadata as usize) {
            return exchange.refuse(Refusal::Metadata);
        }
        exchange.receive();
    }
}

/// A request, and the means to respond to it.
struct Exchange {
    service: Arc<ConnectionService>,
    method: Method,
    request: Request<RecvStream>,
    respond: SendResponse<Bytes>,
    sending: ResponseSender,
}

impl Exchange {
    /// Reads a body that is a single message, then serves the request; a stream of messages is served without waiting.
    fn receive(mut self) {
        if !self.method.takes_one(self.request.method()) || self.request.body().is_end_stream() {
            return self.admit(Bytes::new());
        }
        let max_message = self.service.context.messages.max_message;
        let limit = match BodyLimit::of(self.request.headers(), max_message) {
            Ok(limit) => limit,
            Err(refusal) => return self.refuse(refusal),
        };
        let mut buffer = BodyBuffer::default();
        let (body, bodies) = (self.request.body_mut(), &self.service.bodies);
        let mut unwoken = Context::from_waker(Waker::noop());
        match receive::poll_read(body, &mut buffer, limit, bodies, &mut unwoken) {
            Poll::Ready(read) => self.end_receive(read),
            Poll::Pending => drop(tokio::spawn(async move {
                let (body, bodies) = (self.request.body_mut(), &self.service.bodies);
                let deadline = self.sending.deadline;
                let read = receive::wait(body, buffer, limit, bodies, deadline).await;
                self.end_receive(read);
            })),
        }
    }

    fn end_receive(mut self, read: BodyRead) {
        match read {
            BodyRead::Whole(read) | BodyRead::MessageTooLarge(read) => self.admit(read),
            BodyRead::Refused(refusal) => self.refuse(refusal),
            BodyRead::Gone => self.service.record_hang_up(&self.method, &mut self.request),
        }
    }

    /// Serves the request if there is room. `read` is the part of its body that was read.
    fn admit(self, read: Bytes) {
        let Self { service, method, request, respond, sending } = self;
        let gate = &service.context.gate;
        match gate.enter(&method, &request, &service.peer.usage) {
            Err(refusal) => {
                Self { service, method, request, respond, sending }.refuse(refusal);
            }
            Ok(Admission::Call(permit))
                if method.unary.is_some() && service.context.handler.is_some() =>
            {
                unary::Call { method, permit, sending, service }.serve(request, read, respond);
            }
            Ok(pass) => service.serve(request, read, respond, pass, sending),
        }
    }

    fn refuse(mut self, refusal: Refusal) {
        let refused = self.service.context.gate.refuse(refusal, &self.request);
        let Some((mut body, mut stream)) = self.sending.begin(refused, &mut self.respond) else {
            return;
        };
        // Without a task if it can be: overload means many refusals.
        match self.sending.try_send_body(&mut body, &mut stream) {
            true => {}
            false => drop(tokio::spawn(self.sending.send_body(body, stream))),
        }
    }
}

/// Whether headers exceed `max` bytes as RFC 9113 counts them. h2 keeps more than is announced, so that a
/// call with too many has a status.
fn is_larger(headers: &HeaderMap, max: usize) -> bool {
    let sizes = headers.iter().map(|(name, value)| name.as_str().len() + value.len());
    sizes.map(|size| size + HEADER_OVERHEAD).sum::<usize>() > max
}

impl ConnectionService {
    /// Serves a request by the general stack. `read` is the part of its body read already.
    pub(super) fn serve(
        &self,
        request: Request<RecvStream>,
        read: Bytes,
        respond: SendResponse<Bytes>,
        pass: Admission,
        sending: ResponseSender,
    ) {
        let (head, stream) = request.into_parts();
        let body = Body::new(RequestBody::new(read, stream, &head.headers));
        let is_free = matches!(pass, Admission::Free);
        let served = self.route(Request::from_parts(head, body), pass);
        let work = async move {
            let mut slot = None;
            let response = async {
                let RoutedResponse { response, slot: held } = served.await;
                slot = held;
                response
            };
            sending.run(response, respond).await;
            drop(slot);
        };
        if is_free { serve_first(work) } else { drop(tokio::spawn(work)) }
    }
}

/// Polls `work` once before it becomes a task, so that health checks do not queue behind calls.
fn serve_first(work: impl Future<Output = ()> + Send + 'static) {
    let mut work: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(work);
    if work.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
        tokio::spawn(work);
    }
}
