//! Statistics of repeated measurements, and the verdict column.

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
