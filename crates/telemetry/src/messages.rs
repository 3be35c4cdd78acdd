//! Counts the messages of streaming calls. (A unary call has one in each direction.)

use std::sync::LazyLock;

use contract::Method;
use opentelemetry::{KeyValue, global::meter, metrics::Counter};

use crate::grpc_prometheus;

static MESSAGES: LazyLock<Counter<u64>> = LazyLock::new(|| {
    meter("telemetry")
        .u64_counter("rpc.server.messages")
        .with_description("Messages of streaming calls, counted when a call ends.")
        .build()
});

/// The direction of a message, from the server's point of view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Received,
    Sent,
}

/// Counts the messages in one direction of a server call that has ended.
pub fn count_messages(method: Method, direction: Direction, count: u64) {
    let label = match direction {
        Direction::Received => {
            grpc_prometheus::messages_received(method, count);
            "received"
        }
        Direction::Sent => {
            grpc_prometheus::messages_sent(method, count);
            "sent"
        }
    };
    if method.shape.streams() && count > 0 {
        let labels = [("rpc.method", method.name()), ("direction", label)];
        MESSAGES.add(count, &labels.map(|(name, value)| KeyValue::new(name, value)));
    }
}
