//! Optional metrics of server calls under the names of grpc-prometheus
//! (grpc-ecosystem/go-grpc-middleware, "providers/prometheus"), for existing dashboards.

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

use crate::{histogram::durations, outcome::Outcome};

static ENABLED: AtomicBool = AtomicBool::new(false);

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

fn counter(name: &'static str, description: &'static str) -> Counter<u64> {
    meter("telemetry").u64_counter(name).with_description(description).build()
}

pub(crate) fn set_enabled(enabled: bool) {
    ENABLED.store(enabled, Relaxed);
}

pub(crate) fn started(method: Method) {
    if ENABLED.load(Relaxed) {
        STARTED.add(1, &labels(method));
    }
}

pub(crate) fn handled(method: Method, outcome: Outcome, seconds: f64) {
    if ENABLED.load(Relaxed) {
        let [kind, service, name] = labels(method);
        HANDLING.record(seconds, &[kind.clone(), service.clone(), name.clone()]);
        let code = KeyValue::new("grpc_code", go_name(outcome.code_name()));
        HANDLED.add(1, &[kind, service, name, code]);
    }
}

pub(crate) fn messages_received(method: Method, count: u64) {
    if ENABLED.load(Relaxed) {
        RECEIVED.add(count, &labels(method));
    }
}

pub(crate) fn messages_sent(method: Method, count: u64) {
    if ENABLED.load(Relaxed) {
        SENT.add(count, &labels(method));
    }
}

fn labels(method: Method) -> [KeyValue; 3] {
    let (service, name) = method.parts();
    [
        KeyValue::new("grpc_type", method.shape.name()),
        KeyValue::new("grpc_service", service),
        KeyValue::new("grpc_method", name),
    ]
}

/// The name of a status code in grpc-go.
fn go_name(code: &'static str) -> &'static str {
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
