//! A measured value and its bound.

use std::fmt::Display;

/// A measured value and its bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Name of the measurement, with its unit: `write p99, ms`.
    pub name: String,
    /// The measured value.
    pub value: String,
    /// The bound, with its comparison: `<= 250`.
    pub bound: String,
    /// Whether the value is within the bound.
    pub ok: bool,
}

impl Figure {
    /// A value that must equal `bound`.
    pub fn exactly<T: PartialEq + Display>(name: impl Into<String>, value: T, bound: T) -> Self {
        let ok = value == bound;
        Self { name: name.into(), value: value.to_string(), bound: format!("= {bound}"), ok }
    }

    /// A value that must not exceed `bound`.
    pub fn at_most<T: PartialOrd + Display>(name: impl Into<String>, value: T, bound: T) -> Self {
        let ok = value <= bound;
        Self { name: name.into(), value: rounded(value), bound: format!("<= {bound}"), ok }
    }

    /// A value that must not be below `bound`.
    pub fn at_least<T: PartialOrd + Display>(name: impl Into<String>, value: T, bound: T) -> Self {
        let ok = value >= bound;
        Self { name: name.into(), value: rounded(value), bound: format!(">= {bound}"), ok }
    }
}

/// At most one decimal, which is more than the precision of these measurements.
fn rounded(value: impl Display) -> String {
    let text = value.to_string();
    match text.parse::<f64>() {
        Ok(number) if text.contains('.') => format!("{number:.1}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_inclusive_and_nan_is_out_of_bounds() {
        assert!(Figure::at_most("ms", 250, 250).ok);
        assert!(!Figure::at_most("ms", 251, 250).ok);
        assert!(Figure::at_least("rows/s", 20_000, 20_000).ok);
        assert!(!Figure::at_least("rows/s", 19_999, 20_000).ok);
        assert!(Figure::exactly("lost", 0, 0).ok);
        assert!(!Figure::exactly("lost", 1, 0).ok);
        assert!(!Figure::at_most("ms", f64::NAN, 250.0).ok);
        assert!(!Figure::at_least("ms", f64::NAN, 250.0).ok);
    }
}
