//! Statistics of repeated measurements, and tables of figures.

use std::time::Duration;

use testkit::Figure;

/// The median; of an even number of values, the upper one.
///
/// # Panics
/// Without values.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Minimum and maximum.
pub(crate) fn extremes(values: &[f64]) -> (f64, f64) {
    let min = values.iter().copied().fold(f64::INFINITY, f64::min);
    (min, values.iter().copied().fold(f64::NEG_INFINITY, f64::max))
}

/// The first column of a figure.
pub(crate) fn verdict(is_ok: bool) -> &'static str {
    if is_ok { "ok    " } else { "FAILED" }
}

/// Quantiles of latencies in ascending order, in milliseconds; `bound` is that of p99.
///
/// # Panics
/// Without values.
pub(crate) fn quantiles(what: &str, sorted: &[Duration], bound: f64) -> Vec<Figure> {
    let at = |part: f64| {
        let index = (sorted.len() as f64 * part) as usize;
        sorted[index.min(sorted.len() - 1)].as_secs_f64() * 1e3
    };
    let name = |quantile: &str| format!("{what}, {quantile}, ms");
    vec![
        Figure::at_most(name("p50"), at(0.5), f64::INFINITY),
        Figure::at_most(name("p90"), at(0.9), f64::INFINITY),
        Figure::at_most(name("p99"), at(0.99), bound),
    ]
}

/// Prints figures with their verdicts. Returns whether all are within their bounds.
pub(crate) fn print_figures(figures: &[Figure]) -> bool {
    for Figure { name, value, bound, ok } in figures {
        println!("{} {name:<44} {bound:<8} {value}", verdict(*ok));
    }
    figures.iter().all(|figure| figure.ok)
}
