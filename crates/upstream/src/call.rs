//! One call on its way down the layers.

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

use super::{answer::Failure, outgoing::Outgoing};

/// How long headers may take where a call has no deadline of its own, as streams do.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);

/// Put into a request's extensions, says that this very call may be sent again although its method
/// writes: it carries a `request_id`, by which the service knows it again.
#[derive(Debug, Clone, Copy)]
pub struct Idempotent;

/// A call: what is asked, until when, and who has been asked already.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) head: Parts,
    pub(super) body: Outgoing,
    pub(super) method: Method,
    /// Until when the whole answer must be there.
    pub(super) deadline: Option<Instant>,
    /// Until when its headers must be there.
    pub(super) headers_by: Instant,
    /// Endpoints that have failed this call, by their number.
    pub(super) tried: Vec<u64>,
    /// Whether it may be asked of two at once.
    pub(super) hedged: bool,
    /// Told which endpoint is being asked.
    pub(super) asking: Option<Arc<AtomicU64>>,
    /// The service breaker's leave to make the attempt that is next.
    pub(super) permit: Option<Permit>,
    /// Sees it from its beginning to its end. A twin is not seen by itself.
    pub(super) seen: Option<ClientCall>,
}

impl Call {
    pub(super) fn new(
        mut request: Request<impl Into<Outgoing>>,
        upstream: &'static str,
        mut method: Method,
        deadline: Option<Instant>,
        now: Instant,
    ) -> Self {
        let seen = ClientCall::begin(method, upstream, request.headers_mut());
        let (head, body) = request.into_parts();
        if head.extensions.get::<Idempotent>().is_some() {
            method.idempotency = method.idempotency.max(Idempotency::Idempotent);
        }
        let headers_by = deadline.unwrap_or(now + HEADERS_WITHIN);
        Self {
            head,
            body: body.into(),
            method,
            deadline,
            headers_by,
            tried: Vec::new(),
            hedged: false,
            asking: None,
            permit: None,
            seen: Some(seen),
        }
    }

    /// The same call, to be made beside it; one that may be made twice.
    pub(super) fn twin(&mut self) -> Self {
        Self {
            head: self.head.clone(),
            body: self.body.take(),
            tried: self.tried.clone(),
            asking: None,
            permit: None,
            seen: None,
            ..*self
        }
    }

    /// Whether there can be another attempt after one that may have been heard.
    pub(super) fn may_be_repeated(&self) -> bool {
        self.method.is_idempotent() && self.body.is_whole()
    }

    /// Reads the request's body, so that it can be sent again.
    ///
    /// # Errors
    /// It failed, on our side.
    pub(super) async fn keep_body(&mut self) -> Result<(), Failure> {
        let body = mem::replace(&mut self.body, Outgoing::Sent);
        self.body = body.kept().await.map_err(Failure::ours)?;
        Ok(())
    }

    /// How much time is left; none if nobody has set a limit.
    pub(super) fn left(&self, now: Instant) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_duration_since(now))
    }

    /// What is sent to the endpoint at `authority`. It tells how much time is left at this moment.
    pub(super) fn request(&mut self, authority: uri::Authority, now: Instant) -> Request<Outgoing> {
        let mut request = Request::new(self.body.take());
        *request.method_mut() = self.head.method.clone();
        *request.version_mut() = http::Version::HTTP_2;
        *request.uri_mut() = at(&self.head.uri, authority);
        // Only what may be sent again has to be there again.
        *request.headers_mut() = match self.body {
            Outgoing::Whole(_) => self.head.headers.clone(),
            _ => mem::take(&mut self.head.headers),
        };
        if let Some(left) = self.left(now) {
            request.headers_mut().insert(GRPC_TIMEOUT, header_of(left));
        }
        request
    }

    /// Takes back what was never sent.
    pub(super) fn take_back(&mut self, request: Request<Outgoing>) {
        let (head, body) = request.into_parts();
        self.head.headers = head.headers;
        self.body = body;
    }
}

fn at(path: &Uri, authority: uri::Authority) -> Uri {
    let mut parts = uri::Parts::default();
    parts.scheme = Some(uri::Scheme::HTTP);
    parts.authority = Some(authority);
    parts.path_and_query = path.path_and_query().cloned();
    parts.path_and_query.get_or_insert_with(|| uri::PathAndQuery::from_static("/"));
    Uri::from_parts(parts).expect("a scheme, an authority and a path are an address")
}
