//! The record of an attempt in flight, which reports its end to the endpoint and the breakers.

use std::{mem, time::Duration};

use breaker::{Outcome, Permit};
use tokio::time::Instant;

use crate::{
    call::{Call, CallError, Completion, EndpointHealth},
    journal,
    pool::PickedEndpoint,
};

/// An attempt in flight. Its end, also by being dropped, is recorded in the endpoint's load and
/// breaker, and in the service's breaker.
#[derive(Debug)]
pub(crate) struct InFlight {
    picked: PickedEndpoint,
    /// `/package.Service/Method`.
    method: &'static str,
    service_permit: Option<Permit>,
    deadline: Option<Instant>,
    /// Whether the endpoint's load counts it: until an ongoing response's headers, or the end.
    counted: bool,
    completed: bool,
}

impl InFlight {
    pub(crate) fn begin(picked: PickedEndpoint, call: &mut Call) -> Self {
        picked.endpoint().load.call_started(picked.picked_at);
        Self {
            picked,
            method: call.method.path,
            service_permit: call.service_permit.take(),
            deadline: call.deadline,
            counted: true,
            completed: false,
        }
    }

    /// Records that the headers of an ongoing response have arrived: its duration no longer counts
    /// as latency.
    pub(crate) fn headers_received(&mut self) {
        if self.stop_counting() {
            let now = Instant::now();
            let (endpoint, elapsed) = (self.picked.endpoint(), self.elapsed(now));
            endpoint.load.record_response(elapsed, now);
            endpoint.outcomes.latencies.record(elapsed);
            journal::note(
                endpoint.number,
                self.method,
                self.picked.picked_at,
                elapsed,
                None,
                false,
            );
            for permit in self.picked.permit.iter_mut().chain(&mut self.service_permit) {
                permit.answered();
            }
        }
    }

    pub(crate) fn complete(mut self, completion: Completion) {
        self.record(completion);
    }

    /// Completes the attempt without a response.
    pub(crate) fn fail(mut self, completion: Completion) -> CallError {
        self.record(completion);
        CallError::attempt(self.picked.lane.upstream, completion)
    }

    /// Completes the attempt with an error of the HTTP/2 connection or stream.
    pub(crate) fn transport_failed(self, error: &h2::Error) -> CallError {
        let completion = Completion::from_transport_error(error);
        let upstream = self.picked.lane.upstream;
        let endpoint = &self.picked.endpoint().info.address;
        let error = error as &dyn std::error::Error;
        tracing::debug!(upstream, endpoint, error, ?completion, "attempt failed");
        self.fail(completion)
    }

    fn record(&mut self, completion: Completion) {
        if mem::replace(&mut self.completed, true) {
            return;
        }
        let now = Instant::now();
        let elapsed = self.elapsed(now);
        let had_headers = !self.stop_counting();
        // An ongoing response was in time, so that a deadline during its body is no evidence.
        let timeout = if had_headers {
            Some(Duration::ZERO)
        } else {
            self.deadline.map(|it| it.saturating_duration_since(self.picked.picked_at))
        };
        let health = completion.endpoint_health(timeout);
        let endpoint = self.picked.endpoint();
        match health {
            EndpointHealth::Healthy if !had_headers => endpoint.load.record_response(elapsed, now),
            EndpointHealth::Healthy | EndpointHealth::Unknown => {}
            EndpointHealth::Slow => endpoint.load.record_timeout(elapsed, now),
            EndpointHealth::Failing | EndpointHealth::Overloaded => {
                endpoint.load.record_failure(elapsed, now);
            }
        }
        if health == EndpointHealth::Failing {
            endpoint.record_error(format!("attempt ended with {}", completion.name()));
        }
        endpoint.outcomes.count(health, (!had_headers).then_some(elapsed));
        if !had_headers {
            let (end, failed) = (Some(completion), health != EndpointHealth::Healthy);
            let started = self.picked.picked_at;
            journal::note(endpoint.number, self.method, started, elapsed, end, failed);
        }
        let outcome = health.breaker_outcome();
        if let Some(permit) = self.picked.permit.take() {
            permit.record(outcome);
        }
        if let Some(permit) = self.service_permit.take() {
            let failed = matches!(outcome, Outcome::Failure | Outcome::Overloaded);
            // The service's breaker counts failures only while there is no other endpoint to call.
            let ignored = failed && self.picked.lane.has_healthy_endpoint();
            permit.record(if ignored { Outcome::Ignored } else { outcome });
        }
    }

    /// Takes the attempt out of the endpoint's count of calls in flight. False if it was out already.
    fn stop_counting(&mut self) -> bool {
        let counted = mem::take(&mut self.counted);
        if counted {
            self.picked.endpoint().load.call_finished();
        }
        counted
    }

    fn elapsed(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.picked.picked_at)
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let late = self.deadline.is_some_and(|deadline| Instant::now() >= deadline);
        self.record(if late { Completion::DeadlineExceeded } else { Completion::Cancelled });
    }
}
