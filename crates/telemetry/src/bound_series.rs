//! Histogram series that are bound to their labels once.
//!
//! Looking up a series by its labels costs more than recording into it, and twice so with an OTLP
//! exporter. Calls have few series: one for each method and code.

use std::sync::OnceLock;

use contract::Method;
use opentelemetry::{
    KeyValue,
    metrics::{BoundHistogram, Histogram},
};

use crate::outcome::{CODE_COUNT, Outcome};

/// More methods than the contract has. Series of methods with higher numbers are looked up each time.
const MAX_METHODS: usize = 96;

/// One series for each method and code, bound at the first use.
pub(crate) struct BoundSeries([[OnceLock<BoundHistogram<f64>>; CODE_COUNT]; MAX_METHODS]);

impl BoundSeries {
    pub(crate) const fn new() -> Self {
        Self([const { [const { OnceLock::new() }; CODE_COUNT] }; MAX_METHODS])
    }

    /// Records the duration of a call to `method` that ended with `outcome`; `labels` are those of the
    /// series.
    pub(crate) fn record<const N: usize>(
        &self,
        histogram: &Histogram<f64>,
        method: Method,
        outcome: Outcome,
        seconds: f64,
        labels: impl FnOnce() -> [KeyValue; N],
    ) {
        let series = self.0.get(method.number).zip(outcome.code_number());
        match series.and_then(|(codes, code)| codes.get(code)) {
            Some(series) => series.get_or_init(|| histogram.bind(&labels())).record(seconds),
            None => histogram.record(seconds, &labels()),
        }
    }
}
