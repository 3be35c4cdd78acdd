//! The latest requests, and how many there are.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use axum::extract::MatchedPath;
use http::{Method, StatusCode};
use tonic::Code;
use upstream::{
    endpoint_address,
    journal::{self, Attempt},
    latency::Histogram,
};

use super::{quota::Quota, traffic::Counters};
use crate::request_id::RequestId;

/// The number of requests that are kept.
pub(crate) const CAPACITY: usize = 200;
/// A request that takes longer is kept as slow.
const SLOW: Duration = Duration::from_millis(100);
/// How many are kept in a second: of those that failed, were slow, retried or traced, and of others.
const NOTABLE_QUOTA: u8 = 50;
const SAMPLE_QUOTA: u8 = 10;

/// Requests of this gateway. Cheap to clone; clones share them.
#[derive(Clone)]
pub(crate) struct Requests(Arc<Shared>);

struct Shared {
    origin: Instant,
    latencies: Histogram,
    failed: AtomicU64,
    notable: Quota,
    samples: Quota,
    kept: Mutex<Ring>,
}

#[derive(Default)]
struct Ring {
    /// Oldest first.
    requests: VecDeque<Arc<Request>>,
    /// The number of the newest.
    last: u64,
}

/// The beginning of a request.
pub(crate) struct Head {
    pub(crate) name: Name,
    pub(crate) id: RequestId,
}

/// Names a kind of request, without what its client wrote.
pub(crate) enum Name {
    /// The method and the route of a web request.
    Web(Method, Option<MatchedPath>),
    /// `/package.Service/Method`.
    Grpc(&'static str),
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Web(StatusCode),
    Grpc(Code),
    /// The client hung up before the response.
    HungUp,
}

/// A request that is kept.
#[derive(Debug)]
pub(crate) struct Request {
    /// From 1 up, in the order in which they ended.
    pub(crate) number: u64,
    pub(crate) ended: SystemTime,
    /// Such as `GET /v1/products/{id}`.
    pub(crate) name: String,
    pub(crate) outcome: Outcome,
    /// Time to the response, or to its headers if it is streamed.
    pub(crate) elapsed: Duration,
    pub(crate) kept: Kept,
    pub(crate) attempts: Vec<KnownAttempt>,
    /// The number of attempts beyond these.
    pub(crate) further_attempts: usize,
    pub(crate) request_id: String,
    /// If it is recorded for the collector.
    pub(crate) trace_id: Option<String>,
}

/// Why a request is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    Failed,
    Slow,
    Retried,
    Traced,
    /// One of the first in its second.
    Sample,
}

/// An attempt at an endpoint.
#[derive(Debug, Clone)]
pub(crate) struct KnownAttempt {
    pub(crate) attempt: Attempt,
    /// Upstream and address; empty if the endpoint has gone.
    pub(crate) upstream: &'static str,
    pub(crate) address: String,
}

impl Requests {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Shared {
            origin: Instant::now(),
            latencies: Histogram::new(),
            failed: AtomicU64::new(0),
            notable: Quota::new(NOTABLE_QUOTA),
            samples: Quota::new(SAMPLE_QUOTA),
            kept: Mutex::default(),
        }))
    }

    /// Serves a request, and counts it; a notable one is kept, and some of the others. (Hot path.)
    pub(crate) async fn observe<T>(
        &self,
        head: Head,
        serving: impl Future<Output = T>,
        outcome: impl FnOnce(&T) -> Outcome,
    ) -> T {
        let pending =
            Pending { requests: self, head, began: Instant::now(), outcome: Outcome::HungUp };
        journal::observed(async move {
            // Ends inside of the journal, also when the client hangs up.
            let mut pending = pending;
            let response = serving.await;
            pending.outcome = outcome(&response);
            response
        })
        .await
    }

    /// The requests that are kept, oldest first.
    pub(crate) fn kept(&self) -> Vec<Arc<Request>> {
        self.ring().requests.iter().cloned().collect()
    }

    /// The numbers of all requests.
    pub(super) fn counters(&self) -> Counters {
        let failed = self.0.failed.load(Ordering::Relaxed);
        Counters { latencies: self.0.latencies.counts(), failed }
    }

    fn end(&self, head: &Head, began: Instant, outcome: Outcome) {
        let shared = &*self.0;
        let elapsed = began.elapsed();
        shared.latencies.record(elapsed);
        if outcome.is_failure() {
            shared.failed.fetch_add(1, Ordering::Relaxed);
        }
        let kept = match outcome {
            _ if outcome.is_failure() => Kept::Failed,
            _ if elapsed >= SLOW => Kept::Slow,
            // A call that its client cancelled is no failure.
            Outcome::Web(_) | Outcome::Grpc(_) if journal::has_failures() => Kept::Retried,
            _ if telemetry::is_recorded() => Kept::Traced,
            _ => Kept::Sample,
        };
        let quota = if kept == Kept::Sample { &shared.samples } else { &shared.notable };
        let second =
            began.saturating_duration_since(shared.origin).saturating_add(elapsed).as_secs();
        if quota.take(second) {
            self.keep(head, elapsed, outcome, kept);
        }
    }

    fn keep(&self, head: &Head, elapsed: Duration, outcome: Outcome, kept: Kept) {
        let (attempts, further_attempts) = journal::attempts();
        let mut request = Request {
            number: 0,
            ended: SystemTime::now(),
            name: head.name.text(),
            outcome,
            elapsed,
            kept,
            attempts: attempts.into_iter().map(KnownAttempt::of).collect(),
            further_attempts,
            request_id: head.id.as_str().to_owned(),
            trace_id: telemetry::recorded_trace_id(),
        };
        let mut ring = self.ring();
        ring.last += 1;
        request.number = ring.last;
        if ring.requests.len() == CAPACITY {
            ring.requests.pop_front();
        }
        ring.requests.push_back(Arc::new(request));
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is being served. It ends when it is dropped.
struct Pending<'a> {
    requests: &'a Requests,
    head: Head,
    began: Instant,
    outcome: Outcome,
}

impl Drop for Pending<'_> {
    fn drop(&mut self) {
        self.requests.end(&self.head, self.began, self.outcome);
    }
}

impl Name {
    fn text(&self) -> String {
        match self {
            Self::Web(method, route) => {
                // A method is the client's text, unless it is a standard one.
                let known = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH];
                let is_known = known.contains(method) || *method == Method::DELETE;
                let method = if is_known { method.as_str() } else { "…" };
                format!("{method} {}", route.as_ref().map_or("…", MatchedPath::as_str))
            }
            Self::Grpc(path) => path.trim_start_matches('/').to_owned(),
        }
    }
}

impl Outcome {
    /// Whether the deployment is at fault.
    pub(crate) fn is_failure(self) -> bool {
        match self {
            Self::Web(status) => status.is_server_error(),
            Self::Grpc(code) => matches!(
                code,
                Code::Unknown
                    | Code::DeadlineExceeded
                    | Code::Internal
                    | Code::Unavailable
                    | Code::DataLoss
            ),
            Self::HungUp => false,
        }
    }
}

impl KnownAttempt {
    fn of(attempt: Attempt) -> Self {
        let (upstream, address) = endpoint_address(attempt.endpoint).unwrap_or_default();
        Self { attempt, upstream, address }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    fn head() -> Head {
        let id = RequestId::of(&HeaderMap::new());
        Head { name: Name::Web(Method::GET, None), id }
    }

    async fn serve(requests: &Requests, outcome: Outcome) {
        requests.observe(head(), std::future::ready(()), |()| outcome).await;
    }

    #[tokio::test]
    async fn failures_are_kept_beside_a_sample_of_the_others() {
        let requests = Requests::new();
        for _ in 0..1_000 {
            serve(&requests, Outcome::Web(StatusCode::OK)).await;
        }
        serve(&requests, Outcome::Grpc(Code::Unavailable)).await;
        let kept = requests.kept();
        let samples = kept.iter().filter(|it| it.kept == Kept::Sample).count();
        // A busy machine may take several seconds for a thousand.
        assert!((usize::from(SAMPLE_QUOTA)..500).contains(&samples), "{samples}");
        assert_eq!(kept.last().unwrap().kept, Kept::Failed);
        let counters = requests.counters();
        assert_eq!((counters.latencies.total(), counters.failed), (1_001, 1));
    }

    #[tokio::test]
    async fn memory_is_bounded() {
        let requests = Requests::new();
        for _ in 0..CAPACITY + 50 {
            requests.keep(&head(), SLOW, Outcome::HungUp, Kept::Slow);
        }
        let kept = requests.kept();
        assert_eq!((kept.len(), kept[0].number), (CAPACITY, 51));
    }

    #[tokio::test]
    async fn a_request_of_a_client_that_hung_up_is_counted() {
        let requests = Requests::new();
        let serving = requests.observe(head(), std::future::pending::<()>(), |()| Outcome::HungUp);
        assert!(tokio::time::timeout(Duration::ZERO, serving).await.is_err());
        assert_eq!(requests.kept()[0].outcome, Outcome::HungUp);
    }

    #[test]
    fn names_have_nothing_that_a_client_wrote() {
        let method = Method::from_bytes(b"SECRET").unwrap();
        assert_eq!(Name::Web(method, None).text(), "… …");
        assert_eq!(Name::Grpc("/a.B/C").text(), "a.B/C");
    }
}
