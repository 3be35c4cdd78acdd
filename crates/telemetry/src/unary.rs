//! Unary gRPC calls of a server that bypass its layers. Records the same as [`ServerLayer`], at a
//! fraction of the cost for an unsampled call.
//!
//! [`ServerLayer`]: crate::ServerLayer

use std::net::IpAddr;

use contract::Method;
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use tracing::level_filters::LevelFilter;

use crate::{
    call::{Call, REQUEST_ID, RequestHead},
    messages::{Direction, count_messages},
    outcome::Outcome,
    propagate::{TRACEPARENT, Trust},
    sampling,
};

/// The headers that identify a call in the log: the request id and the caller's span.
const IDENTITY: [HeaderName; 2] = [REQUEST_ID, TRACEPARENT];

/// Records a request whose client hung up before all of it had arrived: a call of `method` as CANCELLED, an HTTP
/// request with status 499. Neither is the server's fault.
pub fn record_hang_up<B>(request: &Request<B>, method: Option<Method>, trust: &Trust) {
    // A call without an outcome is one that was dropped.
    drop(match method {
        Some(method) => Call::grpc_server(method, RequestHead::of(request), trust),
        None => Call::http_server(request, trust),
    });
}

/// A unary call in progress. Dropping it before its [end](UnaryCall::end) records it as cancelled.
#[derive(Debug)]
pub struct UnaryCall {
    call: Call,
    method: Method,
    /// The [`IDENTITY`] headers of an unsampled call, until [`UnaryCall::identify`] uses them.
    unidentified: Option<[Option<HeaderValue>; 2]>,
}

impl UnaryCall {
    /// Begins the call, with a span if it is sampled.
    pub fn begin(
        method: Method,
        path: &str,
        headers: &HeaderMap,
        peer: IpAddr,
        trust: &Trust,
    ) -> Self {
        count_messages(method, Direction::Received, 1);
        let head = RequestHead { path, headers, peer: Some(peer) };
        // At this level every call is logged with the fields of its request.
        if LevelFilter::current() >= LevelFilter::DEBUG {
            return Self {
                call: Call::grpc_server(method, head, trust),
                method,
                unidentified: None,
            };
        }
        let trusted = trust.includes(head.peer);
        if sampling::is_sampled(headers, trusted) {
            let call = sampling::force_sampled(|| Call::grpc_server(method, head, trust));
            return Self { call, method, unidentified: None };
        }
        let mut identity = IDENTITY.map(|name| headers.get(name).cloned());
        if !trusted {
            identity[1] = None;
        }
        let unidentified = Some(identity);
        Self { call: Call::unsampled_grpc_server(method), method, unidentified }
    }

    /// Gives an unsampled call the fields of its log lines, before work that may log.
    pub fn identify(&mut self, path: &str) {
        if let Some(values) = self.unidentified.take() {
            let headers = IDENTITY.into_iter().zip(values);
            let headers = headers.filter_map(|(name, value)| Some((name, value?))).collect();
            self.call.identify(RequestHead { path, headers: &headers, peer: None });
        }
    }

    /// Calls `work` in the call's context, for its spans and log lines.
    pub fn scope<T>(&self, work: impl FnOnce() -> T) -> T {
        if self.unidentified.is_some() {
            return work();
        }
        let (_context, _log) = (self.call.enter(), self.call.log_span.enter());
        work()
    }

    /// Ends the call with this gRPC code.
    pub fn end(mut self, code: i32) {
        if code == 0 {
            count_messages(self.method, Direction::Sent, 1);
        }
        self.call.outcome = Some(Outcome::from_code(code));
    }

    /// Whether this code is logged as the server's fault.
    pub fn is_fault(code: i32) -> bool {
        Outcome::from_code(code).is_server_fault()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::{LineStyle, tests::logged};

    #[test]
    fn hang_up_is_not_logged_as_a_failure() {
        for method in [None, Some(Method::OTHER)] {
            let log = logged(LineStyle::Json, || {
                record_hang_up(&Request::new(()), method, &Trust::All);
            });
            assert!(!log.contains("failed"), "{log}");
        }
    }
}
