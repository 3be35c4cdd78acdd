//! Messages of calls that stream. (Of others there is one each way.)

use std::sync::LazyLock;

use contract::Method;
use opentelemetry::{KeyValue, global::meter, metrics::Counter};

use crate::grpc_prometheus;

static MESSAGES: LazyLock<Counter<u64>> = LazyLock::new(|| {
    meter("telemetry")
        .u64_counter("rpc.server.messages")
        .with_description("Messages of calls that stream, when those end.")
        .build()
});

/// Which way a message goes, as the server sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the caller.
    Received,
    /// To the caller.
    Sent,
}

/// A call has ended, and had so many messages in this direction.
pub fn messages(method: Method, direction: Direction, count: u64) {
    grpc_prometheus::messages(method, direction, count);
    if method.shape.streams() && count > 0 {
        let direction = match direction {
            Direction::Received => "received",
            Direction::Sent => "sent",
        };
        let labels = [("rpc.method", method.name()), ("direction", direction)];
        MESSAGES.add(count, &labels.map(|(name, value)| KeyValue::new(name, value)));
    }
}
