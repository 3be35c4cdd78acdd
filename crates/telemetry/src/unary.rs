//! Unary gRPC calls that are served ahead of the layers, seen as [`ServerLayer`] sees others, at a
//! fraction of the cost while they are not sampled.
//!
//! [`ServerLayer`]: crate::ServerLayer

use std::net::IpAddr;

use contract::Method;
use http::{HeaderMap, HeaderName, HeaderValue};
use tracing::level_filters::LevelFilter;

use crate::{
    call::{Call, Came, REQUEST_ID},
    messages::{Direction, messages},
    outcome::Outcome,
    propagate::{TRACEPARENT, Trust},
    sampling,
};

/// What identifies a call in the log: its request's id and its caller's span.
const IDENTITY: [HeaderName; 2] = [REQUEST_ID, TRACEPARENT];

/// A unary call being served. Dropped before its [end](UnaryCall::end), it was cancelled.
#[derive(Debug)]
pub struct UnaryCall {
    call: Call,
    method: Method,
    /// Of a call that has neither a span nor fields for its log lines yet.
    unidentified: Option<[Option<HeaderValue>; 2]>,
}

impl UnaryCall {
    /// Begins it, with a span if it is sampled.
    pub fn begin(
        method: Method,
        path: &str,
        headers: &HeaderMap,
        peer: IpAddr,
        trust: &Trust,
    ) -> Self {
        messages(method, Direction::Received, 1);
        let came = Came { path, headers, peer: Some(peer) };
        // At this level each call has lines, with the fields of its request.
        if LevelFilter::current() >= LevelFilter::DEBUG {
            return Self { call: Call::served(method, came, trust), method, unidentified: None };
        }
        let trusted = trust.includes(came.peer);
        if sampling::is_sampled(headers, trusted) {
            let call = sampling::decided(|| Call::served(method, came, trust));
            return Self { call, method, unidentified: None };
        }
        let mut identity = IDENTITY.map(|name| headers.get(name).cloned());
        if !trusted {
            identity[1] = None;
        }
        let unidentified = Some(identity);
        Self { call: Call::unrecorded(method), method, unidentified }
    }

    /// Gives an unsampled call the fields of its log lines, for work that may log.
    pub fn identify(&mut self, path: &str) {
        if let Some(values) = self.unidentified.take() {
            let headers = IDENTITY.into_iter().zip(values);
            let headers = headers.filter_map(|(name, value)| Some((name, value?))).collect();
            self.call.identify(Came { path, headers: &headers, peer: None });
        }
    }

    /// Does work that belongs to the call: its spans and log lines are the call's.
    pub fn scope<T>(&self, work: impl FnOnce() -> T) -> T {
        if self.unidentified.is_some() {
            return work();
        }
        let (_context, _log) = (self.call.enter(), self.call.log.enter());
        work()
    }

    /// It ended with this gRPC code, by number.
    pub fn end(mut self, code: i32) {
        if code == 0 {
            messages(self.method, Direction::Sent, 1);
        }
        self.call.outcome = Some(Outcome::of_code(code));
    }

    /// Whether this code is logged as the server's fault.
    pub fn is_fault(code: i32) -> bool {
        Outcome::of_code(code).is_fault()
    }
}
