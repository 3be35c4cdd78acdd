//! Measures: numbers with units in one base unit per dimension, so that `10 ft` meets `3 m`.
//!
//! A measure is indexed as a term with its dimension and the logarithm of its value in steps of one per cent. A query
//! matches the steps around its own.

use super::units;

/// Prefix of a measure's term. Words never contain it.
const MEASURE_MARK: char = '=';

/// Step of the terms: the logarithm's share of a value.
const STEP: f64 = 0.01;

/// Steps on each side that count as equal: nominal sizes differ so much (3 m and 10 ft, 0.5 TB and 512
/// GB).
const TOLERANCE: i32 = 3;

/// Dimension and factor to the base unit, by normal form of the unit.
fn base(unit: &str) -> Option<(char, f64)> {
    Some(match unit {
        "mm" => ('l', 1.0),
        "cm" => ('l', 10.0),
        "m" => ('l', 1_000.0),
        "km" => ('l', 1_000_000.0),
        "in" => ('l', 25.4),
        "ft" => ('l', 304.8),
        "kb" => ('b', 0.001),
        "mb" => ('b', 1.0),
        "gb" => ('b', 1_000.0),
        "tb" => ('b', 1_000_000.0),
        "hz" => ('f', 0.000_001),
        "khz" => ('f', 0.001),
        "mhz" => ('f', 1.0),
        "ghz" => ('f', 1_000.0),
        "mg" => ('m', 0.001),
        "g" => ('m', 1.0),
        "kg" => ('m', 1_000.0),
        "oz" => ('m', 28.35),
        "lb" => ('m', 453.6),
        "ml" => ('v', 1.0),
        "cl" => ('v', 10.0),
        "dl" => ('v', 100.0),
        "l" => ('v', 1_000.0),
        "w" => ('w', 1.0),
        "kw" => ('w', 1_000.0),
        "va" => ('a', 1.0),
        "kva" => ('a', 1_000.0),
        "mah" => ('c', 1.0),
        "ah" => ('c', 1_000.0),
        "wh" => ('e', 1.0),
        "kwh" => ('e', 1_000.0),
        "ma" => ('i', 1.0),
        "a" => ('i', 1_000.0),
        "v" => ('u', 1.0),
        _ => return None,
    })
}

/// Returns the dimension and the step of a number with its unit, as in `10ft`.
fn step(measure: &str) -> Option<(char, i32)> {
    let (number, unit) = units::number_and_unit(measure)?;
    let (dimension, factor) = base(unit)?;
    let value = number.parse::<f64>().ok()? * factor;
    (value > 0.0 && value.is_finite()).then(|| (dimension, (value.ln() / STEP).round() as i32))
}

/// Returns the term of a measure, such as `10ft`.
pub(crate) fn measure_term(measure: &str) -> Option<String> {
    step(measure).map(|(dimension, step)| format!("{MEASURE_MARK}{dimension}{step}"))
}

/// Returns the terms of measures about as large, the nearest first, each with its distance in steps.
pub(crate) fn near_measures(measure: &str) -> Vec<(String, u32)> {
    let Some((dimension, step)) = step(measure) else { return Vec::new() };
    let mut near: Vec<i32> = (-TOLERANCE..=TOLERANCE).collect();
    near.sort_by_key(|it| it.abs());
    let term = |it: i32| (format!("{MEASURE_MARK}{dimension}{}", step + it), it.unsigned_abs());
    near.into_iter().map(term).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meets(asked: &str, written: &str) -> bool {
        let written = measure_term(written).unwrap();
        near_measures(asked).iter().any(|(term, _)| *term == written)
    }

    #[test]
    fn equal_measures_meet_in_any_unit() {
        for (asked, written) in
            [("10ft", "3m"), ("106cm", "42in"), ("0.5tb", "512gb"), ("3400mhz", "3.4ghz")]
        {
            assert!(meets(asked, written), "{asked} {written}");
            assert!(meets(written, asked), "{written} {asked}");
        }
        for (asked, written) in [("3m", "2m"), ("15.6in", "17.3in"), ("3l", "3kg"), ("1l", "0.8l")]
        {
            assert!(!meets(asked, written), "{asked} {written}");
        }
    }

    #[test]
    fn what_is_no_measure_has_no_term() {
        for text in ["", "0m", "ft", "3", "1.2.3m", "3x", "m3"] {
            assert_eq!(measure_term(text), None, "{text}");
        }
    }
}
