//! Durations on the command line.

use std::time::{Duration, SystemTime};

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

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

/// Parses a lifetime such as `12h` or `90d`, in whole seconds, up to a hundred years.
pub(crate) fn lifetime(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let seconds = match &text[digits.len()..] {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => 0,
    };
    let number: u64 = digits.parse().unwrap_or(0);
    match number.checked_mul(seconds) {
        Some(total @ 1..=3_153_600_000) => Ok(Duration::from_secs(total)),
        _ => Err("must be a time such as 90s, 30m, 12h or 90d".to_owned()),
    }
}

/// Parses a moment: a [lifetime] ago, or a time of RFC 3339.
pub(crate) fn moment(text: &str) -> Result<SystemTime, String> {
    if let Ok(time) = OffsetDateTime::parse(text, &Rfc3339) {
        return Ok(time.into());
    }
    let ago = lifetime(text).ok().and_then(|ago| SystemTime::now().checked_sub(ago));
    ago.ok_or_else(|| "must be a time ago such as 30m or 7d, or 2026-11-29T10:00:00Z".to_owned())
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
        let at = moment("2026-11-29T10:00:00Z").unwrap();
        assert_eq!(at, SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_946_400));
        assert!(moment("30m").unwrap() < SystemTime::now() && moment("noon").is_err());
        assert_eq!(lifetime("90d"), Ok(Duration::from_secs(90 * 86_400)));
        for wrong in ["", "0d", "5", "1w", "40000d"] {
            assert!(lifetime(wrong).is_err(), "{wrong}");
        }
    }
}
