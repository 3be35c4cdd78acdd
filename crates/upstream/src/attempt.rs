//! One call at one endpoint, from being sent to its end.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use breaker::{Outcome, Permit};
use tokio::time::Instant;

use super::{
    answer::{self, Answer, Failure},
    balance::{Connections, Lane, Picked},
    call::Call,
    classify::{Class, Ending},
    exchange::Unanswered,
};

/// Sends the call to the endpoint that was picked. An endpoint that has failed it is remembered.
pub(super) async fn make(picked: Picked, call: &mut Call) -> Result<Answer, Failure> {
    let now = picked.at;
    let endpoint = &picked.connections.endpoint;
    let number = endpoint.number;
    if let Some(asking) = &call.asking {
        asking.store(number, Ordering::Relaxed);
    }
    let request = call.request(endpoint.authority.clone(), now);
    if let Some(seen) = &call.seen {
        seen.attempt(&endpoint.about.address);
    }
    let attempt = Attempt::begin(picked, call);
    let connections = Arc::clone(&attempt.connections);
    let answer = match connections.send(request).await {
        Ok(response) => {
            answer::read(response, attempt, call.method.is_unary(), call.deadline).await
        }
        Err(Unanswered::NeverSent(request)) => {
            call.take_back(*request);
            Err(attempt.fail(Ending::Unsent))
        }
        Err(Unanswered::Failed(error)) => Err(attempt.broke(&error)),
    };
    let failed = match &answer {
        Ok(answer) => answer.ending.is_some_and(|it| it.class(None) != Class::Answered),
        Err(_) => true,
    };
    if failed {
        call.tried.push(number);
    }
    answer
}

/// A call under way at an endpoint. However it ends, also by being dropped, the endpoint's load, its
/// breaker and the service's hear of it.
#[derive(Debug)]
pub(super) struct Attempt {
    lane: Arc<Lane>,
    connections: Arc<Connections>,
    permit: Option<Permit>,
    service_permit: Option<Permit>,
    /// Whether it counts as a call under way: until its response begins, or it ends.
    under_way: bool,
    began: Instant,
    deadline: Option<Instant>,
    ended: bool,
}

impl Attempt {
    fn begin(picked: Picked, call: &mut Call) -> Self {
        let Picked { lane, connections, permit, at: now } = picked;
        connections.endpoint.load.enter(now);
        Self {
            lane,
            permit,
            service_permit: call.permit.take(),
            under_way: true,
            began: now,
            deadline: call.deadline,
            connections,
            ended: false,
        }
    }

    /// The headers of a stream are there: it was answered in time, however long it goes on.
    pub(super) fn answered(&mut self) {
        if self.leave() {
            let now = Instant::now();
            self.connections.endpoint.load.answered(now.saturating_duration_since(self.began), now);
            for permit in self.permit.iter_mut().chain(&mut self.service_permit) {
                permit.answered();
            }
        }
    }

    /// It has come to this end.
    pub(super) fn end(mut self, ending: Ending) {
        self.settle(ending);
    }

    /// It has come to this end, and there is nothing to show for it.
    pub(super) fn fail(mut self, ending: Ending) -> Failure {
        self.settle(ending);
        Failure::broken(self.lane.upstream, ending)
    }

    /// The transport failed.
    pub(super) fn broke(self, error: &h2::Error) -> Failure {
        let ending = ending_of(error);
        let (upstream, endpoint) = (self.lane.upstream, &self.connections.endpoint.about.address);
        let error = error as &dyn std::error::Error;
        tracing::debug!(upstream, endpoint, error, ?ending, "an attempt failed");
        self.fail(ending)
    }

    fn settle(&mut self, ending: Ending) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let now = Instant::now();
        let took = now.saturating_duration_since(self.began);
        let was_answered = !self.leave();
        let class = ending.class(self.given(was_answered));
        let load = &self.connections.endpoint.load;
        match class {
            Class::Answered if !was_answered => load.answered(took, now),
            Class::Answered | Class::Neutral => {}
            Class::Slow => load.late(took, now),
            Class::Hard | Class::Overload => load.failed(took, now),
        }
        if class == Class::Hard {
            self.connections.endpoint.note(format!("a call ended with {ending:?}"));
        }
        let outcome = class.outcome();
        if let Some(permit) = self.permit.take() {
            permit.record(outcome);
        }
        if let Some(permit) = self.service_permit.take() {
            let failed = matches!(outcome, Outcome::Failure | Outcome::Overloaded);
            // As long as there is somewhere else to go, the service is not to be given up.
            let spared = failed && self.lane.has_healthy_endpoint();
            permit.record(if spared { Outcome::Ignored } else { outcome });
        }
    }

    /// Is no longer under way; whether it was until now.
    fn leave(&mut self) -> bool {
        let left = std::mem::take(&mut self.under_way);
        if left {
            self.connections.endpoint.load.leave();
        }
        left
    }

    /// How much time the endpoint was given to answer. A stream that has begun to answer was not late,
    /// so that nothing counts against it.
    fn given(&self, was_answered: bool) -> Option<Duration> {
        if was_answered {
            return Some(Duration::ZERO);
        }
        self.deadline.map(|deadline| deadline.saturating_duration_since(self.began))
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        let late = self.deadline.is_some_and(|deadline| Instant::now() >= deadline);
        self.settle(if late { Ending::OutOfTime } else { Ending::Abandoned });
    }
}

/// What the transport's error says.
pub(super) fn ending_of(error: &h2::Error) -> Ending {
    match error.reason() {
        // Of a stream that is behind the last one it has looked at (RFC 9113, 6.8).
        Some(h2::Reason::NO_ERROR) if error.is_go_away() && error.is_remote() => {
            Ending::Unprocessed
        }
        Some(reason) if error.is_reset() && error.is_remote() => Ending::Reset(reason),
        // We did it ourselves, as when the caller's own stream broke off.
        Some(_) if error.is_reset() => Ending::Ours,
        _ => Ending::Lost,
    }
}
