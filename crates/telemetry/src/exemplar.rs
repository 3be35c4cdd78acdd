//! The last recorded call of each bucket of a duration, so that a slow bar on a dashboard leads to a
//! trace. (The SDK of OpenTelemetry for Rust has none: open-telemetry/opentelemetry-rust, metrics.)

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use opentelemetry::trace::TraceId;

use crate::call::BUCKETS;

/// More series than all methods have, with all their codes.
const MAX_SERIES: usize = 4_096;

static LAST: Mutex<Option<HashMap<Series, Buckets>>> = Mutex::new(None);

/// A metric and what sets one of its series apart: all values of labels, in the order of the labels'
/// names.
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

/// One for each bound, and one for what is above them all.
type Buckets = [Option<Exemplar>; BUCKETS.len() + 1];

/// One call that was recorded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Exemplar {
    pub(crate) trace: TraceId,
    /// In seconds.
    pub(crate) took: f64,
    /// In seconds since 1970.
    pub(crate) at: f64,
}

/// Remembers a call for its bucket.
pub(crate) fn note(series: Series, took: f64, trace: TraceId) {
    let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    let bucket = BUCKETS.partition_point(|bound| *bound < took);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    let last = last.get_or_insert_default();
    if last.len() < MAX_SERIES || last.contains_key(&series) {
        last.entry(series).or_default()[bucket] = Some(Exemplar { trace, took, at });
    }
}

/// The exemplars of a series, by bucket.
pub(crate) fn of(series: &Series) -> Option<Buckets> {
    let last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    last.as_ref()?.get(series).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bucket_has_its_last() {
        let series = || Series::new("a_test", [("b", "2"), ("a", "1")]);
        assert_eq!(series(), Series::new("a_test", [("a", "1"), ("b", "2")]));
        assert!(of(&series()).is_none());
        for (trace, took) in [(1, 0.0004), (2, 0.0005), (3, 0.3), (4, 99.0)] {
            note(series(), took, TraceId::from(trace));
        }
        let seen = of(&series()).unwrap().map(|it| it.map(|it| (it.trace, it.took)));
        assert_eq!(seen[0], Some((TraceId::from(2), 0.0005)));
        assert_eq!(seen[9], Some((TraceId::from(3), 0.3)));
        assert_eq!(seen[14], Some((TraceId::from(4), 99.0)));
        assert_eq!(seen.iter().flatten().count(), 3);
    }
}
