//! The streams of one connection: each request is let in or refused, then served.

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

use super::{request::RequestBody, response::Sending, unary};
use crate::{
    entry::{Entry, Served},
    overload::Pass,
};

/// Serves the requests of a connection.
pub(crate) struct Streams {
    entry: Arc<Entry>,
    dated: bool,
}

impl Streams {
    /// `dated`: responses say when they were made.
    pub(crate) fn new(entry: Entry, dated: bool) -> Self {
        Self { entry: Arc::new(entry), dated }
    }

    /// Serves a request, or leaves that to a task.
    pub(super) fn serve(
        &self,
        request: Request<RecvStream>,
        mut respond: SendResponse<Bytes>,
        now: Instant,
    ) {
        let timeout = timeout_of(request.headers());
        let deadline = timeout.map(|timeout| now + timeout);
        let sending =
            Sending { stall: self.entry.shared.args.stall(), deadline, dated: self.dated };
        let (method, pass) = match self.entry.shared.gate.enter(&request) {
            Ok(passed) => passed,
            Err(refusal) => {
                if let Some((body, stream)) = sending.begin(*refusal, &mut respond) {
                    tokio::spawn(sending.send_body(body, stream));
                }
                return;
            }
        };
        match pass {
            Pass::Call(permit) if method.unary.is_some() && self.entry.shared.handler.is_some() => {
                let call = unary::Call { method, permit, sending, entry: Arc::clone(&self.entry) };
                call.serve(request, respond);
            }
            pass => self.entry.serve(request, Bytes::new(), respond, pass, sending),
        }
    }
}

impl Entry {
    /// Serves a request by the general stack. `read` is what has been read of its body.
    pub(super) fn serve(
        &self,
        request: Request<RecvStream>,
        read: Bytes,
        respond: SendResponse<Bytes>,
        pass: Pass,
        sending: Sending,
    ) {
        let (head, stream) = request.into_parts();
        let body = Body::new(RequestBody::new(read, stream, &head.headers));
        let is_free = matches!(pass, Pass::Free);
        let served = self.route(Request::from_parts(head, body), pass);
        let work = async move {
            let mut slot = None;
            let response = async {
                let Served { response, slot: held } = served.await;
                slot = held;
                response
            };
            sending.run(response, respond).await;
            drop(slot);
        };
        if is_free { serve_first(work) } else { drop(tokio::spawn(work)) }
    }
}

/// Health must not wait behind the work of others: it is served at once if it can be.
fn serve_first(work: impl Future<Output = ()> + Send + 'static) {
    let mut work: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(work);
    if work.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
        tokio::spawn(work);
    }
}
