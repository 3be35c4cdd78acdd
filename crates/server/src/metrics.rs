//! What a server counts beside its calls.

use std::sync::{Arc, LazyLock};

use opentelemetry::{KeyValue, global::meter, metrics::Counter};

use crate::{Health, overload::Limiter};

static PANICS: LazyLock<Counter<u64>> = LazyLock::new(|| {
    meter("server")
        .u64_counter("process.panics")
        .with_description("Panics that were caught, by place: a handler, a stream, a loop by name.")
        .build()
});

static REFUSED: LazyLock<Counter<u64>> = LazyLock::new(|| {
    meter("server")
        .u64_counter("rpc.server.refused")
        .with_description(
            "Calls refused before they were worked on, by what there was too much of.",
        )
        .build()
});

/// Of calls under way, and of streams, there were as many as there may be.
pub(crate) const OVERLOAD: &str = "overload";
pub(crate) const STREAMS: &str = "streams";
/// Where most panics would be.
pub(crate) const HANDLER: &str = "handler";

/// Shows as zero what has not happened yet: an alert cannot see the first of something that was not
/// there.
pub fn begin() {
    PANICS.add(0, &[KeyValue::new("place", HANDLER)]);
    for what in [OVERLOAD, STREAMS] {
        REFUSED.add(0, &[KeyValue::new("what", what)]);
    }
}

/// Shows whether a service can do its work, and what it lacks, as long as the process lasts.
pub(crate) fn watch_health(health: &Health) {
    let (ready, parts) = (health.clone(), health.clone());
    meter("server")
        .u64_observable_gauge("service.ready")
        .with_description("Whether the service can do its work: 1 if so.")
        .with_callback(move |gauge| gauge.observe(ready.is_ready().into(), &[]))
        .build();
    meter("server")
        .u64_observable_gauge("service.dependency.up")
        .with_description("Whether what a service needs is well: 1 if so.")
        .with_callback(move |gauge| {
            for (name, is_well) in parts.dependencies() {
                gauge.observe(is_well.into(), &[KeyValue::new("dependency", name)]);
            }
        })
        .build();
}

/// A call was refused for want of room.
pub(crate) fn refused(what: &'static str) {
    REFUSED.add(1, &[KeyValue::new("what", what)]);
}

/// Reports the calls under way and their limit, of reads and of writes, as long as there is a server.
pub(crate) fn watch_limits(reads: &Arc<Limiter>, writes: &Arc<Limiter>) {
    let gauge = |name: &'static str, about: &'static str, value: fn(&Limiter) -> usize| {
        let limiters = [("read", Arc::downgrade(reads)), ("write", Arc::downgrade(writes))];
        meter("server")
            .u64_observable_gauge(name)
            .with_description(about)
            .with_callback(move |gauge| {
                for (kind, limiter) in &limiters {
                    if let Some(limiter) = limiter.upgrade() {
                        gauge.observe(value(&limiter) as u64, &[KeyValue::new("kind", *kind)]);
                    }
                }
            })
            .build();
    };
    gauge("rpc.server.limit", "Calls that may be under way at once.", Limiter::limit);
    gauge("rpc.server.under_way", "Calls under way, streams apart.", Limiter::under_way);
}

/// Shows how busy the threads of a runtime are, as long as the process lasts: their rate is the share
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

/// A panic was caught in `place`.
pub(crate) fn panicked(place: &'static str) {
    PANICS.add(1, &[KeyValue::new("place", place)]);
}
