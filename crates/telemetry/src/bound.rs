//! Series of a histogram that are looked up once.
//!
//! Finding a series by its labels costs more than adding to it, and twice so with a collector. Calls
//! have few: a method and a code.

use std::sync::OnceLock;

use contract::Method;
use opentelemetry::{
    KeyValue,
    metrics::{BoundHistogram, Histogram},
};

use crate::outcome::{CODES, Outcome};

/// More methods than a contract has; those of higher numbers are looked up each time.
const METHODS: usize = 96;

/// The series of methods and codes.
pub(crate) struct Bound([[OnceLock<BoundHistogram<f64>>; CODES]; METHODS]);

impl Bound {
    pub(crate) const fn new() -> Self {
        Self([const { [const { OnceLock::new() }; CODES] }; METHODS])
    }

    /// Records a call of this method that ended so; `labels` are those of its series.
    pub(crate) fn record<const N: usize>(
        &self,
        into: &Histogram<f64>,
        method: Method,
        outcome: Outcome,
        seconds: f64,
        labels: impl FnOnce() -> [KeyValue; N],
    ) {
        let series = self.0.get(method.number).zip(outcome.number());
        match series.and_then(|(codes, code)| codes.get(code)) {
            Some(series) => series.get_or_init(|| into.bind(&labels())).record(seconds),
            None => into.record(seconds, &labels()),
        }
    }
}
