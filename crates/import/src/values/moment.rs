//! Times as files have them: RFC 3339, or a date with or without a time of day, in UTC unless an offset says otherwise.

use pbjson_types::Timestamp;
use time::{Date, Duration, Month, PrimitiveDateTime, Time, UtcOffset};

/// Which moment of a day is meant where a file names a day alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edge {
    /// Its first.
    Start,
    /// The first after it: a sale lasts until the end of its last day.
    End,
}

/// Reads a time.
///
/// # Errors
/// A message that continues a sentence which begins with the field's name.
pub(crate) fn moment(text: &str, edge: Edge) -> Result<Timestamp, String> {
    let text = text.trim();
    parse(text, edge).ok_or_else(|| {
        format!("is {text:?}, must be a time such as 2026-11-30T08:00:00Z, or a day: 2026-11-30")
    })
}

/// Reads the start and end of a period, separated by a slash, as Google Merchant has it.
///
/// # Errors
/// A message that continues a sentence which begins with the field's name.
pub(crate) fn period(text: &str) -> Result<(Timestamp, Timestamp), String> {
    let Some((start, end)) = text.split_once('/') else {
        return Err(format!("is {text:?}, must be two times with a / between them"));
    };
    Ok((moment(start, Edge::Start)?, moment(end, Edge::End)?))
}

fn parse(text: &str, edge: Edge) -> Option<Timestamp> {
    let (date, rest) = text.split_at_checked(10)?;
    let mut parts = date.split('-').map(digits);
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date = Date::from_calendar_date(i32::try_from(year).ok()?, month, day.try_into().ok()?);
    let date = date.ok()?;
    let rest = rest.strip_prefix(['T', 't', ' ']).unwrap_or(rest);
    if rest.is_empty() {
        let date = if edge == Edge::End { date.next_day()? } else { date };
        return stamp(PrimitiveDateTime::new(date, Time::MIDNIGHT), UtcOffset::UTC);
    }
    let at = rest.find(['Z', 'z', '+', '-', '\u{2212}']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(at);
    stamp(PrimitiveDateTime::new(date, time_of(clock.trim())?), offset(zone)?)
}

/// `8:00`, `08:00:00` or `08:00:00.123456`.
fn time_of(clock: &str) -> Option<Time> {
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut parts = whole.split(':').map(digits);
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    let is_fraction = fraction.len() <= 9 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let nanos = is_fraction.then(|| format!("{fraction:0<9}").parse().ok()).flatten()?;
    let byte = |part: u32| u8::try_from(part).ok();
    let time = Time::from_hms_nano(byte(hour)?, byte(minute)?, byte(second)?, nanos).ok()?;
    parts.next().is_none().then_some(time)
}

/// Nothing, `Z`, `+01:00` or `-0530`.
fn offset(zone: &str) -> Option<UtcOffset> {
    if matches!(zone, "" | "Z" | "z") {
        return Some(UtcOffset::UTC);
    }
    let sign = if zone.starts_with('+') { 1 } else { -1 };
    let numbers = zone.trim_start_matches(['+', '-', '\u{2212}']).replace(':', "");
    let (hours, minutes) = numbers.split_at_checked(2)?;
    let minutes = if minutes.is_empty() { "0" } else { minutes };
    let seconds = i32::try_from(digits(hours)? * 3_600 + digits(minutes)? * 60).ok()?;
    UtcOffset::from_whole_seconds(sign * seconds).ok()
}

fn stamp(at: PrimitiveDateTime, offset: UtcOffset) -> Option<Timestamp> {
    let at = at.assume_utc().checked_sub(Duration::seconds(offset.whole_seconds().into()))?;
    let nanos = i32::try_from(at.nanosecond()).ok()?;
    Some(Timestamp { seconds: at.unix_timestamp(), nanos })
}

fn digits(text: &str) -> Option<u32> {
    let is_number = !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str, edge: Edge) -> i64 {
        moment(text, edge).unwrap().seconds
    }

    #[test]
    fn times_are_read_as_files_have_them() {
        const DAY: i64 = 86_400;
        for text in
            ["1970-01-02", "1970-01-02T00:00Z", "1970-01-02 00:00:00", "1970-01-02T01:00+0100"]
        {
            assert_eq!(seconds(text, Edge::Start), DAY, "{text}");
        }
        assert_eq!(seconds("1970-01-01", Edge::End), DAY, "the end of its day");
        assert_eq!(seconds("1970-01-02T00:00:00Z", Edge::End), DAY);
        assert_eq!(seconds("1970-01-01T18:30:00-05:30", Edge::Start), DAY);
        assert_eq!(moment("1970-01-01T00:00:00.000001Z", Edge::Start).unwrap().nanos, 1_000);
        for bad in ["", "30.11.2026", "11/30/2026", "2026-13-01", "2026-02-30", "1970-01-01T25:00"]
        {
            assert!(moment(bad, Edge::Start).unwrap_err().contains("must be a time"), "{bad}");
        }
        let (start, end) = period("1970-01-01T00:00+0000/1970-01-02T00:00+0000").unwrap();
        assert_eq!((start.seconds, end.seconds), (0, DAY));
        assert!(period("1970-01-01").is_err());
    }
}
