//! Times, durations and numbers in words.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::super::locale::Locale;

/// Stands for what is not known.
pub(super) const NONE: &str = "–";

/// A number with its decimals, in the language's form.
fn decimal(number: f64, decimals: usize, locale: Locale) -> String {
    let text = format!("{number:.decimals$}");
    if locale == Locale::German { text.replace('.', ",") } else { text }
}

/// A latency, with two or three digits that count.
pub(super) fn latency(latency: Duration, locale: Locale) -> String {
    let milliseconds = latency.as_secs_f64() * 1e3;
    match milliseconds {
        ..10.0 => format!("{} ms", decimal(milliseconds, 1, locale)),
        ..1e3 => format!("{milliseconds:.0} ms"),
        _ => format!("{} s", decimal(milliseconds / 1e3, 1, locale)),
    }
}

/// An age or a lag, in its largest unit.
pub(super) fn age(age: Duration) -> String {
    match age.as_secs() {
        seconds @ ..120 => format!("{seconds} s"),
        seconds @ 120..7_200 => format!("{} min", seconds / 60),
        seconds @ 7_200..172_800 => format!("{} h", seconds / 3_600),
        seconds => format!("{} d", seconds / 86_400),
    }
}

/// A number a second; a dash if it is not known.
pub(super) fn rate(rate: Option<f64>, locale: Locale) -> String {
    rate.map_or(NONE.to_owned(), |rate| {
        let decimals = if rate < 10.0 && rate > 0.0 { 1 } else { 0 };
        format!("{}/s", decimal(rate, decimals, locale))
    })
}

/// A share in per cent; a dash if there is none.
pub(super) fn share(share: Option<f64>, locale: Locale) -> String {
    share.map_or(NONE.to_owned(), |share| {
        let decimals = if share > 0.0 && share < 0.1 { 1 } else { 0 };
        format!("{} %", decimal(share * 100.0, decimals, locale))
    })
}

/// `2026-03-01T12:30:05Z`, and parts of it.
pub(super) struct Utc {
    text: String,
    milliseconds: u32,
}

impl Utc {
    pub(super) fn of(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        let seconds = since.as_secs();
        let (days, of_day) = (seconds / 86_400, seconds % 86_400);
        let (year, month, day) = date(days);
        let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
        let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z");
        Self { text, milliseconds: since.subsec_millis() }
    }

    pub(super) fn iso(&self) -> &str {
        &self.text
    }

    pub(super) fn time(&self) -> &str {
        &self.text[11..19]
    }

    pub(super) fn time_with_milliseconds(&self) -> String {
        format!("{}.{:03}", self.time(), self.milliseconds)
    }

    pub(super) fn date_and_time(&self) -> String {
        format!("{} {}", &self.text[..10], self.time())
    }
}

/// The date of a day, counted from 1970-01-01 on ("chrono-Compatible Low-Level Date Algorithms", Howard Hinnant).
fn date(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_in_utc() {
        let at = |seconds, millis: u32| UNIX_EPOCH + Duration::new(seconds, millis * 1_000_000);
        let leap_day = Utc::of(at(1_709_210_096, 7));
        assert_eq!(leap_day.iso(), "2024-02-29T12:34:56Z");
        assert_eq!(leap_day.time_with_milliseconds(), "12:34:56.007");
        assert_eq!(Utc::of(at(4_102_444_799, 0)).date_and_time(), "2099-12-31 23:59:59");
        assert_eq!(Utc::of(at(0, 0)).iso(), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn figures_have_the_digits_that_count() {
        let of = |micros| latency(Duration::from_micros(micros), Locale::English);
        assert_eq!([of(400), of(12_340), of(2_340_000)], ["0.4 ms", "12 ms", "2.3 s"]);
        assert_eq!(latency(Duration::from_micros(1_460), Locale::German), "1,5 ms");
        let rates = [None, Some(0.0), Some(0.25), Some(480.4)];
        assert_eq!(rates.map(|it| rate(it, Locale::English)), ["–", "0/s", "0.2/s", "480/s"]);
        let shares = [None, Some(0.0), Some(0.004), Some(0.5)];
        assert_eq!(shares.map(|it| share(it, Locale::English)), ["–", "0 %", "0.4 %", "50 %"]);
        assert_eq!(age(Duration::from_secs(7_300)), "2 h");
    }
}
