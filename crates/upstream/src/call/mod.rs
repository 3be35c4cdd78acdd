//! A call on its way through the layers, and the vocabulary they share.

mod body;
mod completion;
mod error;

use std::{
    mem,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use breaker::Permit;
use contract::{Idempotency, Method};
use http::{Request, Uri, request::Parts, uri};
use rpc::deadline::{GRPC_TIMEOUT, header_of};
use telemetry::ClientCall;
use tokio::time::Instant;

pub(crate) use self::{
    body::RequestBody,
    completion::{Completion, EndpointHealth, RetryDecision},
    error::CallError,
};

/// The timeout for response headers of a call without a deadline, such as a stream.
const HEADERS_TIMEOUT: Duration = Duration::from_secs(10);

/// A request extension: this call may be retried although its method writes, because it carries a
/// `request_id` by which the service detects a repetition.
#[derive(Debug, Clone, Copy)]
pub struct Idempotent;

/// A call: its request, its deadline, and the state that the layers keep for it.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) head: Parts,
    pub(crate) body: RequestBody,
    pub(crate) method: Method,
    /// For the whole response.
    pub(crate) deadline: Option<Instant>,
    /// For the response's headers.
    pub(crate) headers_deadline: Instant,
    /// Numbers of the endpoints that failed this call.
    pub(crate) failed_endpoints: Vec<u64>,
    /// Whether the settings name its method for hedging.
    pub(crate) hedged: bool,
    /// Where an attempt stores the number of its endpoint; set by the hedge only.
    pub(crate) current_endpoint: Option<Arc<AtomicU64>>,
    /// The service breaker's permit for the next attempt.
    pub(crate) service_permit: Option<Permit>,
    /// The call's span and metrics. A hedge's second call has none.
    pub(crate) telemetry: Option<ClientCall>,
}

impl Call {
    pub(crate) fn new(
        mut request: Request<impl Into<RequestBody>>,
        upstream: &'static str,
        mut method: Method,
        deadline: Option<Instant>,
        now: Instant,
    ) -> Self {
        let telemetry = ClientCall::begin(method, upstream, request.headers_mut());
        let (head, body) = request.into_parts();
        if head.extensions.get::<Idempotent>().is_some() {
            method.idempotency = method.idempotency.max(Idempotency::Idempotent);
        }
        Self {
            head,
            body: body.into(),
            method,
            deadline,
            headers_deadline: deadline.unwrap_or(now + HEADERS_TIMEOUT),
            failed_endpoints: Vec::new(),
            hedged: false,
            current_endpoint: None,
            service_permit: None,
            telemetry: Some(telemetry),
        }
    }

    /// A copy to run concurrently with this call, which must be [repeatable](Self::is_repeatable).
    pub(crate) fn duplicate(&mut self) -> Self {
        Self {
            head: self.head.clone(),
            body: self.body.take(),
            failed_endpoints: self.failed_endpoints.clone(),
            current_endpoint: None,
            service_permit: None,
            telemetry: None,
            ..*self
        }
    }

    /// Whether an attempt may be followed by another although the server may have executed it.
    pub(crate) fn is_repeatable(&self) -> bool {
        self.method.is_idempotent() && self.body.is_buffered()
    }

    /// Buffers the request's body, so that it can be sent again.
    ///
    /// # Errors
    /// The body failed.
    pub(crate) async fn buffer_body(&mut self) -> Result<(), CallError> {
        let body = mem::replace(&mut self.body, RequestBody::Sent);
        self.body = body.buffer().await.map_err(CallError::local)?;
        Ok(())
    }

    /// The request for the endpoint at `authority`, with the time left as its `grpc-timeout`.
    pub(crate) fn request(
        &mut self,
        authority: uri::Authority,
        now: Instant,
    ) -> Request<RequestBody> {
        let mut request = Request::new(self.body.take());
        *request.method_mut() = self.head.method.clone();
        *request.version_mut() = http::Version::HTTP_2;
        *request.uri_mut() = at(&self.head.uri, authority);
        // Only a request that can be sent again needs its headers again.
        *request.headers_mut() = match self.body {
            RequestBody::Buffered(_) => self.head.headers.clone(),
            _ => mem::take(&mut self.head.headers),
        };
        if let Some(deadline) = self.deadline {
            let time_left = deadline.saturating_duration_since(now);
            request.headers_mut().insert(GRPC_TIMEOUT, header_of(time_left));
        }
        request
    }

    /// Takes back the headers and body of a request that was never sent.
    pub(crate) fn restore(&mut self, request: Request<RequestBody>) {
        let (head, body) = request.into_parts();
        self.head.headers = head.headers;
        self.body = body;
    }
}

/// The URI of this path at `authority`.
pub(crate) fn at(path: &Uri, authority: uri::Authority) -> Uri {
    let mut parts = uri::Parts::default();
    parts.scheme = Some(uri::Scheme::HTTP);
    parts.authority = Some(authority);
    parts.path_and_query = path.path_and_query().cloned();
    parts.path_and_query.get_or_insert_with(|| uri::PathAndQuery::from_static("/"));
    Uri::from_parts(parts).expect("scheme, authority and path make a URI")
}
