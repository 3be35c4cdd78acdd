//! What is measured several times.

/// The one in the middle; of two, the greater.
///
/// # Panics
/// When there is none.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The least and the greatest.
pub(crate) fn extremes(values: &[f64]) -> (f64, f64) {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    (least, values.iter().copied().fold(f64::NEG_INFINITY, f64::max))
}

/// How a line begins that says whether a promise is kept.
pub(crate) fn verdict(kept: bool) -> &'static str {
    if kept { "ok    " } else { "FAILED" }
}
