//! What was seen, and what may be seen.

use std::fmt::Display;

/// One figure of an experiment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// What was measured or counted, with its unit: `write p99, ms`.
    pub what: String,
    /// What came out.
    pub seen: String,
    /// What may come out.
    pub bound: String,
    /// Whether it is within.
    pub ok: bool,
}

impl Figure {
    /// Must be the very value.
    pub fn exactly<T: PartialEq + Display>(what: impl Into<String>, seen: T, bound: T) -> Self {
        let ok = seen == bound;
        Self { what: what.into(), seen: seen.to_string(), bound: format!("= {bound}"), ok }
    }

    /// Must not be more.
    pub fn at_most<T: PartialOrd + Display>(what: impl Into<String>, seen: T, bound: T) -> Self {
        let ok = seen <= bound;
        Self { what: what.into(), seen: shown(seen), bound: format!("<= {bound}"), ok }
    }

    /// Must not be less.
    pub fn at_least<T: PartialOrd + Display>(what: impl Into<String>, seen: T, bound: T) -> Self {
        let ok = seen >= bound;
        Self { what: what.into(), seen: shown(seen), bound: format!(">= {bound}"), ok }
    }
}

/// With at most one digit after the point: nobody measures better than that here.
fn shown(value: impl Display) -> String {
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
    fn bounds_are_inclusive_and_no_number_passes_none() {
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
