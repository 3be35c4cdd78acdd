//! Times and durations as proto3 JSON has them: RFC 3339 with the letters `T` and `Z` or an offset, and seconds with `s`.

use std::ops::Range;

use pbjson_types::{Duration, Timestamp};

/// From 0001-01-01 to 10000-01-01.
const TIMES: Range<i64> = -62_135_596_800..253_402_300_800;
/// About 10,000 years, in seconds.
const MAX_DURATION: i64 = 315_576_000_000;
const DAYS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/// The places of what separates the parts of a time without its fraction.
const SEPARATORS: [(usize, u8); 5] = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];

/// Parses a time such as `2026-01-31T12:00:00.5+01:00`.
pub(super) fn timestamp(text: &str) -> Option<Timestamp> {
    let (time, rest) = text.split_at_checked(19)?;
    if SEPARATORS.iter().any(|&(place, separator)| time.as_bytes()[place] != separator) {
        return None;
    }
    let part = |places: Range<usize>| time.get(places).and_then(number);
    let days = days(part(0..4)?, part(5..7)?, part(8..10)?)?;
    let seconds = days * 86_400 + clock(part(11..13)?, part(14..16)?, part(17..19)?)?;
    let zone = rest.find(['Z', '+', '-'])?;
    let (fraction, zone) = rest.split_at(zone);
    let nanos = match fraction {
        "" => 0,
        fraction => nanos(fraction.strip_prefix('.')?)?,
    };
    let seconds = seconds - offset(zone)?;
    TIMES.contains(&seconds).then_some(Timestamp { seconds, nanos })
}

/// Parses a duration such as `-1.5s`.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let text = text.strip_suffix('s')?;
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |text| (-1, text));
    let (seconds, nanos) = match text.split_once('.') {
        Some((seconds, fraction)) => (number(seconds)?, nanos(fraction)?),
        None => (number(text)?, 0),
    };
    let duration = Duration { seconds: i64::from(sign) * seconds, nanos: sign * nanos };
    (seconds <= MAX_DURATION).then_some(duration)
}

/// The seconds that a zone is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    let offset = clock(number(hours)?, number(minutes)?, 0)?;
    Some(if zone.starts_with('-') { -offset } else { offset })
}

/// The seconds since midnight.
fn clock(hour: i64, minute: i64, second: i64) -> Option<i64> {
    let exists = hour < 24 && minute < 60 && second < 60;
    exists.then_some(hour * 3_600 + minute * 60 + second)
}

/// The days from 1970-01-01 to a date of the Gregorian calendar: `days_from_civil` of Howard Hinnant's "chrono-compatible
/// low-level date algorithms", where years begin in March.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = DAYS.get(usize::try_from(month - 1).ok()?)? + i64::from(is_leap && month == 2);
    if !(1..=length).contains(&day) {
        return None;
    }
    // A cycle of 400 years more, so that no value is negative.
    let year = year + 400 - i64::from(month < 3);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(365 * year + year / 4 - year / 100 + year / 400 + of_year - 719_468 - 146_097)
}

/// A fraction of a second, of one to nine digits, in nanoseconds.
fn nanos(digits: &str) -> Option<i32> {
    let missing = 9_usize.checked_sub(digits.len())?;
    let fraction = i32::try_from(number(digits)?).ok()?;
    Some(fraction * 10_i32.pow(u32::try_from(missing).ok()?))
}

/// A number of decimal digits alone.
fn number(digits: &str) -> Option<i64> {
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_counted_by_the_calendar() {
        for (text, seconds, nanos) in [
            ("1970-01-01T00:00:00Z", 0, 0),
            ("0001-01-01T00:00:00Z", -62_135_596_800, 0),
            ("9999-12-31T23:59:59.999999999Z", 253_402_300_799, 999_999_999),
            ("1969-12-31T23:59:59.5Z", -1, 500_000_000),
            ("2000-02-29T12:00:00.000000001Z", 951_825_600, 1),
            ("2026-03-01T00:00:00+05:30", 1_772_303_400, 0),
            ("2026-02-28T18:30:00-00:00", 1_772_303_400, 0),
            ("1993-02-10T00:00:00.000Z", 729_302_400, 0),
        ] {
            assert_eq!(timestamp(text), Some(Timestamp { seconds, nanos }), "{text}");
        }
    }

    #[test]
    fn other_forms_of_times_are_refused() {
        for text in [
            "",
            "today",
            "2026-01-31",
            "2026-01-31T12:00:00",
            "2026-01-31 12:00:00Z",
            "2026-01-31t12:00:00Z",
            "2026-01-31T12:00:00z",
            "2026-01-31T12:00Z",
            "2026-01-31T12:00:00.Z",
            "2026-01-31T12:00:00.0000000001Z",
            "2026-01-31T12:00:00,5Z",
            "2026-01-31T12:00:00Z ",
            "2026-01-31T12:00:00+0100",
            "2026-01-31T12:00:00+24:00",
            "2026-01-31T12:00:00+001:0",
            "2026-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2016-12-31T23:59:60Z",
            "+026-01-31T12:00:00Z",
            "0000-12-31T23:59:59Z",
            "0001-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
            "10000-01-01T00:00:00Z",
            "2026-01-31T12:00:0\u{e9}Z",
        ] {
            assert_eq!(timestamp(text), None, "{text}");
        }
    }

    #[test]
    fn durations_have_a_sign_and_at_most_nine_digits_of_a_second() {
        for (text, seconds, nanos) in [
            ("0s", 0, 0),
            ("1.5s", 1, 500_000_000),
            ("-1.5s", -1, -500_000_000),
            ("-0.000000001s", 0, -1),
            ("315576000000.999999999s", 315_576_000_000, 999_999_999),
            ("-315576000000.999999999s", -315_576_000_000, -999_999_999),
        ] {
            assert_eq!(duration(text), Some(Duration { seconds, nanos }), "{text}");
        }
        for text in [
            "",
            "s",
            "1",
            "+1s",
            "--1s",
            "1 s",
            "1.s",
            ".5s",
            "1.-5s",
            "1.0000000001s",
            "1e3s",
            "10m",
            "315576000001s",
            "-315576000001s",
            "--9223372036854775808s",
            "99999999999999999999s",
        ] {
            assert_eq!(duration(text), None, "{text}");
        }
    }
}
