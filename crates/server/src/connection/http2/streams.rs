//! The streams of a connection: each request is admitted or refused, then served.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Waker},
};

use axum::body::Body;
use bytes::Bytes;
use h2::{RecvStream, server::SendResponse};
use http::Request;
use rpc::deadline::timeout_of;
use tokio::time::Instant;

use super::{request::RequestBody, response::ResponseSender, unary};
use crate::{
    connection::service::{ConnectionService, RoutedResponse},
    overload::Admission,
};

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

    /// Serves a request here or in a task.
    pub(super) fn serve(
        &self,
        request: Request<RecvStream>,
        mut respond: SendResponse<Bytes>,
        now: Instant,
    ) {
        let timeout = timeout_of(request.headers());
        let deadline = timeout.map(|timeout| now + timeout);
        let sending = ResponseSender {
            stall: self.service.context.args.stall(),
            deadline,
            dated: self.dated,
        };
        let (method, pass) = match self.service.context.gate.enter(&request) {
            Ok(passed) => passed,
            Err(refusal) => {
                if let Some((body, stream)) = sending.begin(*refusal, &mut respond) {
                    tokio::spawn(sending.send_body(body, stream));
                }
                return;
            }
        };
        match pass {
            Admission::Call(permit)
                if method.unary.is_some() && self.service.context.handler.is_some() =>
            {
                let call =
                    unary::Call { method, permit, sending, service: Arc::clone(&self.service) };
                call.serve(request, respond);
            }
            pass => self.service.serve(request, Bytes::new(), respond, pass, sending),
        }
    }
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
