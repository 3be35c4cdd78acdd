//! Exemplars: the latest sampled call of each histogram bucket, which link a slow bucket on a dashboard
//! to a trace. (OpenTelemetry's SDK for Rust does not keep exemplars.)

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use opentelemetry::trace::TraceId;

use crate::histogram::BUCKETS;

/// More series than all methods and codes can form.
const MAX_SERIES: usize = 4_096;

static LATEST: Mutex<Option<HashMap<Series, Buckets>>> = Mutex::new(None);

/// A metric's name and its labels, sorted by name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Series(String);

impl Series {
    pub(crate) fn new<'a>(
        metric: &str,
        labels: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let mut labels: Vec<_> = labels.into_iter().collect();
        labels.sort_unstable();
        let mut key = metric.to_owned();
        for (name, value) in labels {
            key.extend(["\0", name, "\0", value]);
        }
        Self(key)
    }
}

/// One for each upper bound, and one for `+Inf`.
type Buckets = [Option<Exemplar>; BUCKETS.len() + 1];

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Exemplar {
    pub(crate) trace: TraceId,
    /// The call's duration in seconds.
    pub(crate) elapsed: f64,
    /// When the call ended, in seconds since 1970.
    pub(crate) time: f64,
}

/// Keeps a call as the exemplar of its bucket.
pub(crate) fn record(series: Series, elapsed: f64, trace: TraceId) {
    let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    let bucket = BUCKETS.partition_point(|bound| *bound < elapsed);
    let mut latest = LATEST.lock().unwrap_or_else(PoisonError::into_inner);
    let latest = latest.get_or_insert_default();
    if latest.len() < MAX_SERIES || latest.contains_key(&series) {
        latest.entry(series).or_default()[bucket] = Some(Exemplar { trace, elapsed, time });
    }
}

/// The exemplars of a series, by bucket.
pub(crate) fn of_series(series: &Series) -> Option<Buckets> {
    let latest = LATEST.lock().unwrap_or_else(PoisonError::into_inner);
    latest.as_ref()?.get(series).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bucket_keeps_its_latest_exemplar() {
        let series = || Series::new("a_test", [("b", "2"), ("a", "1")]);
        assert_eq!(series(), Series::new("a_test", [("a", "1"), ("b", "2")]));
        assert!(of_series(&series()).is_none());
        for (trace, elapsed) in [(1, 0.0004), (2, 0.0005), (3, 0.3), (4, 99.0)] {
            record(series(), elapsed, TraceId::from(trace));
        }
        let buckets = of_series(&series()).unwrap();
        let buckets = buckets.map(|bucket| bucket.map(|call| (call.trace, call.elapsed)));
        assert_eq!(buckets[0], Some((TraceId::from(2), 0.0005)));
        assert_eq!(buckets[9], Some((TraceId::from(3), 0.3)));
        assert_eq!(buckets[14], Some((TraceId::from(4), 99.0)));
        assert_eq!(buckets.iter().flatten().count(), 3);
    }
}
