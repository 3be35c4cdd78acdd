//! The access log: one line for each request, when its response has ended. Off without `--access-log`.
//!
//! Unary gRPC calls that are served ahead of the router are not in it; telemetry counts them.

use std::{
    net::IpAddr,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Instant,
};

use axum::{
    body::Body,
    extract::{MatchedPath, Request},
    response::Response,
};
use bytes::Bytes;
use http::{Method, StatusCode, header};
use http_body::{Frame, SizeHint};

use crate::{client_address::ClientAddress, contract::Contract, request_id::RequestId};

/// The longest user agent in a line, in characters.
const MAX_USER_AGENT: usize = 128;

/// The line of a request, written when it is dropped.
pub(crate) struct Entry {
    client: Option<IpAddr>,
    method: Method,
    /// The route's pattern, so that lines can be counted by it; empty for an unknown path.
    route: String,
    request_id: RequestId,
    user_agent: String,
    started: Instant,
    /// `None` for a request that was cancelled before its response.
    status: Option<StatusCode>,
    bytes: u64,
}

impl Entry {
    pub(crate) fn begin(contract: &Contract, request: &Request, request_id: &RequestId) -> Self {
        let agent = request.headers().get(header::USER_AGENT);
        let agent = agent.and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        let rpc = contract.method(request.uri().path()).map(|method| method.path.to_owned());
        Self {
            client: request.extensions().get::<ClientAddress>().map(|client| client.0),
            method: request.method().clone(),
            route: rpc.unwrap_or_default(),
            request_id: request_id.clone(),
            user_agent: agent.chars().take(MAX_USER_AGENT).collect(),
            started: Instant::now(),
            status: None,
            bytes: 0,
        }
    }

    /// Writes the line at the end of the response's body.
    pub(crate) fn follow(mut self, response: Response) -> Response {
        self.status = Some(response.status());
        if let Some(route) = response.extensions().get::<MatchedPath>() {
            route.as_str().clone_into(&mut self.route);
        }
        response.map(|inner| Body::new(LoggedBody { inner, entry: self }))
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        tracing::info!(
            target: "access",
            client = self.client.map(tracing::field::display),
            method = self.method.as_str(),
            route = self.route,
            status = self.status.map(|status| status.as_u16()),
            bytes = self.bytes,
            elapsed_ms = self.started.elapsed().as_secs_f64() * 1_000.0,
            request_id = self.request_id.as_str(),
            user_agent = self.user_agent,
            "request",
        );
    }
}

/// A response's body that counts its bytes for the line.
struct LoggedBody {
    inner: Body,
    entry: Entry,
}

impl http_body::Body for LoggedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(cx));
        if let Some(Ok(frame)) = &frame
            && let Some(data) = frame.data_ref()
        {
            self.entry.bytes += data.len() as u64;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
