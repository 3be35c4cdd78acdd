//! Metrics of queries, commits, and the live index.

use std::{sync::LazyLock, time::Instant};

use opentelemetry::{
    KeyValue,
    global::meter,
    metrics::{Counter, Histogram},
};
use telemetry::{Work, durations};

use crate::{
    index::{AppliedChanges, Engine as _},
    live_index::LiveIndex,
};

static QUERIES: LazyLock<Histogram<f64>> =
    LazyLock::new(|| durations("search.query.duration", "How long the index took for a search."));
static COMMITS: LazyLock<Histogram<f64>> = LazyLock::new(|| {
    durations("search.commit.duration", "How long a batch of changes took to be kept.")
});
static CHANGES: LazyLock<Counter<u64>> = LazyLock::new(|| {
    meter("search")
        .u64_counter("search.changes")
        .with_description(
            "Products that the feed has changed in the index, or had changed already.",
        )
        .build()
});

/// Measures and traces a search.
pub(crate) fn query<T, E>(
    search: impl FnOnce() -> Result<T, E>,
    total: impl FnOnce(&T) -> usize,
) -> Result<T, E> {
    let (work, began) = (Work::begin("index search"), Instant::now());
    let results = search();
    QUERIES.record(began.elapsed().as_secs_f64(), &[]);
    match &results {
        Ok(results) => work.note("search.total", total(results) as i64),
        Err(_) => work.fail("the index cannot be searched"),
    }
    results
}

/// Measures and traces a commit.
pub(crate) fn commit<E>(
    apply: impl FnOnce() -> Result<AppliedChanges, E>,
) -> Result<AppliedChanges, E> {
    let (work, began) = (Work::begin("index commit"), Instant::now());
    let applied = apply();
    match &applied {
        Ok(applied) if *applied == AppliedChanges::default() => {}
        Ok(applied) => {
            COMMITS.record(began.elapsed().as_secs_f64(), &[]);
            let label = |what| [KeyValue::new("what", what)];
            CHANGES.add(applied.changed, &label("applied"));
            CHANGES.add(applied.repeated, &label("repeated"));
            work.note("search.changed", applied.changed as i64);
        }
        Err(_) => work.fail("the batch could not be written"),
    }
    applied
}

/// Registers gauges of the live index for the rest of the process.
pub(crate) fn observe(live_index: &LiveIndex) {
    for what in ["applied", "repeated"] {
        CHANGES.add(0, &[KeyValue::new("what", what)]);
    }
    let observed = live_index.clone();
    meter("search")
        .u64_observable_counter("search.index.healed")
        .with_description("Damaged indexes that were replaced by one filled from the catalogue.")
        .with_callback(move |counter| counter.observe(observed.healed_count(), &[]))
        .build();
    let observed = live_index.clone();
    meter("search")
        .f64_observable_gauge("search.feed.lag")
        .with_unit("s")
        .with_description("How long ago the index was known to have all that the catalogue has.")
        .with_callback(move |gauge| {
            if let Some(lag) = observed.snapshot().lag() {
                gauge.observe(lag.as_secs_f64(), &[]);
            }
        })
        .build();
    let gauge = |name: &'static str, about: &'static str, value: fn(&LiveIndex) -> u64| {
        let observed = live_index.clone();
        meter("search")
            .u64_observable_gauge(name)
            .with_description(about)
            .with_callback(move |gauge| gauge.observe(value(&observed), &[]))
            .build();
    };
    gauge(
        "search.feed.caught_up",
        "Whether the catalogue has nothing that is not found: 1 if so.",
        |it| it.snapshot().caught_up.into(),
    );
    gauge("search.index.products", "Products that can be found.", |it| {
        it.snapshot().index.product_count()
    });
    gauge("search.index.complete", "Whether the index holds a whole catalogue: 1 if so.", |it| {
        it.snapshot().complete.into()
    });
}
