//! Calls under the names that dashboards made for grpc-prometheus expect
//! (grpc-ecosystem/go-grpc-middleware, "providers/prometheus"), if they are asked for.

use std::sync::{
    LazyLock,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use contract::Method;
use opentelemetry::{
    KeyValue,
    global::meter,
    metrics::{Counter, Histogram},
};

use crate::{call::durations, messages::Direction, outcome::Outcome};

static ON: AtomicBool = AtomicBool::new(false);

static STARTED: LazyLock<Counter<u64>> =
    LazyLock::new(|| counter("grpc.server.started", "Calls begun."));
static HANDLED: LazyLock<Counter<u64>> =
    LazyLock::new(|| counter("grpc.server.handled", "Calls ended, by code."));
static RECEIVED: LazyLock<Counter<u64>> =
    LazyLock::new(|| counter("grpc.server.msg.received", "Messages from callers."));
static SENT: LazyLock<Counter<u64>> =
    LazyLock::new(|| counter("grpc.server.msg.sent", "Messages to callers."));
static HANDLING: LazyLock<Histogram<f64>> =
    LazyLock::new(|| durations("grpc.server.handling", "How long calls took."));

fn counter(name: &'static str, about: &'static str) -> Counter<u64> {
    meter("telemetry").u64_counter(name).with_description(about).build()
}

pub(crate) fn switch(on: bool) {
    ON.store(on, Relaxed);
}

pub(crate) fn started(method: Method) {
    if ON.load(Relaxed) {
        STARTED.add(1, &of(method));
    }
}

pub(crate) fn handled(method: Method, outcome: Outcome, seconds: f64) {
    if ON.load(Relaxed) {
        let [kind, service, name] = of(method);
        HANDLING.record(seconds, &[kind.clone(), service.clone(), name.clone()]);
        let code = KeyValue::new("grpc_code", in_go(outcome.code()));
        HANDLED.add(1, &[kind, service, name, code]);
    }
}

pub(crate) fn messages(method: Method, direction: Direction, count: u64) {
    if ON.load(Relaxed) {
        match direction {
            Direction::Received => RECEIVED.add(count, &of(method)),
            Direction::Sent => SENT.add(count, &of(method)),
        }
    }
}

fn of(method: Method) -> [KeyValue; 3] {
    let (service, name) = method.parts();
    [
        KeyValue::new("grpc_type", method.shape.name()),
        KeyValue::new("grpc_service", service),
        KeyValue::new("grpc_method", name),
    ]
}

/// As grpc-go spells it.
fn in_go(code: &'static str) -> &'static str {
    match code {
        "OK" => "OK",
        "CANCELLED" => "Canceled",
        "INVALID_ARGUMENT" => "InvalidArgument",
        "DEADLINE_EXCEEDED" => "DeadlineExceeded",
        "NOT_FOUND" => "NotFound",
        "ALREADY_EXISTS" => "AlreadyExists",
        "PERMISSION_DENIED" => "PermissionDenied",
        "RESOURCE_EXHAUSTED" => "ResourceExhausted",
        "FAILED_PRECONDITION" => "FailedPrecondition",
        "ABORTED" => "Aborted",
        "OUT_OF_RANGE" => "OutOfRange",
        "UNIMPLEMENTED" => "Unimplemented",
        "INTERNAL" => "Internal",
        "UNAVAILABLE" => "Unavailable",
        "DATA_LOSS" => "DataLoss",
        "UNAUTHENTICATED" => "Unauthenticated",
        _ => "Unknown",
    }
}
