//! Durations on the command line.

use std::time::Duration;

/// Parses a duration such as `500ms`, `10s`, `2m`, or a bare number of seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let milliseconds = match &text[digits.len()..] {
        "ms" => 1,
        "s" | "" => 1_000,
        "m" => 60_000,
        _ => 0,
    };
    let number: u64 = digits.parse().unwrap_or(0);
    match number.checked_mul(milliseconds) {
        // The maximum keeps sums with instants in range.
        Some(total @ 1..=86_400_000) => Ok(Duration::from_millis(total)),
        _ => Err("must be a time such as 500ms, 10s or 2m, at most a day".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("10"), Ok(Duration::from_secs(10)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        for wrong in ["", "0s", "-1s", "1h", "s", "99999999999999999999s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
