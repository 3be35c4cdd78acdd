//! Metrics of a server, beside the metrics of its calls.

use std::sync::LazyLock;

use opentelemetry::{KeyValue, global::meter, metrics::Counter};

static PANICS: LazyLock<Counter<u64>> = LazyLock::new(|| {
    meter("server")
        .u64_counter("process.panics")
        .with_description("Panics that were caught, by place: a handler, a stream, a loop by name.")
        .build()
});

static REFUSED: LazyLock<Counter<u64>> = LazyLock::new(|| {
    meter("server")
        .u64_counter("rpc.server.refused")
        .with_description("Requests and connections refused before they were served, by reason.")
        .build()
});

/// Reasons of a refusal: the limit on calls, and on streams; the share of a peer; its connections; bodies that
/// are awaited and their memory; a body that is slow; an invalid request.
pub(crate) const OVERLOAD: &str = "overload";
pub(crate) const STREAMS: &str = "streams";
pub(crate) const PEER: &str = "peer";
pub(crate) const CONNECTIONS: &str = "connections";
pub(crate) const BODIES: &str = "bodies";
pub(crate) const SLOW_BODY: &str = "slow_body";
pub(crate) const INVALID: &str = "invalid";
const REASONS: [&str; 7] = [OVERLOAD, STREAMS, PEER, CONNECTIONS, BODIES, SLOW_BODY, INVALID];
/// The place of panics in request handlers.
pub(crate) const HANDLER: &str = "handler";

/// Initialises counters to zero: an alert on an increase needs a first value.
pub fn begin() {
    PANICS.add(0, &[KeyValue::new("place", HANDLER)]);
    for what in REASONS {
        REFUSED.add(0, &[KeyValue::new("what", what)]);
    }
}

/// Counts a refused request or connection.
pub(crate) fn refused(what: &'static str) {
    REFUSED.add(1, &[KeyValue::new("what", what)]);
}

/// Exports how busy the threads of a runtime are, for the lifetime of the process; the rate is the share
/// of a core.
pub fn watch_runtime(name: String, runtime: &tokio::runtime::Handle) {
    let (busy, queued) = (runtime.metrics(), runtime.metrics());
    let thread = KeyValue::new("runtime", name);
    let labels = [thread.clone()];
    meter("server")
        .f64_observable_counter("tokio.busy")
        .with_unit("s")
        .with_description("How long the threads of a runtime have worked.")
        .with_callback(move |counter| {
            let workers = 0..busy.num_workers();
            let worked = workers.map(|worker| busy.worker_total_busy_duration(worker));
            counter.observe(worked.sum::<std::time::Duration>().as_secs_f64(), &labels);
        })
        .build();
    meter("server")
        .u64_observable_gauge("tokio.queue")
        .with_description("Tasks that wait for their turn, of those handed over between threads.")
        .with_callback(move |gauge| {
            gauge.observe(queued.global_queue_depth() as u64, std::slice::from_ref(&thread));
        })
        .build();
}

/// Counts a panic caught in `place`.
pub(crate) fn panicked(place: &'static str) {
    PANICS.add(1, &[KeyValue::new("place", place)]);
}
