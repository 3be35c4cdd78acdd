//! Writes timestamps as proto3 JSON has them: RFC 3339 in UTC with `Z`, with 0, 3, 6 or 9 digits of a
//! second.

use serde::ser::Error as _;

use super::{
    Error,
    reader::{Reader, WireType},
};

const DAY_SECONDS: i64 = 86_400;
/// From 0001-01-01 to 10000-01-01: the times that a timestamp may hold.
const VALID: std::ops::Range<i64> = -62_135_596_800..253_402_300_800;

/// The seconds and nanoseconds of an encoded timestamp or duration.
///
/// # Errors
/// Bytes that are not such a message in canonical form.
pub(super) fn read(encoded: &[u8]) -> Result<(i64, i32), Error> {
    let (mut seconds, mut nanos) = (0, 0);
    let mut reader = Reader::new(encoded);
    while let Some((number, wire_type)) = reader.key()? {
        match (number, wire_type) {
            (1, WireType::Varint) => seconds = reader.varint()? as i64,
            (2, WireType::Varint) => nanos = reader.varint()? as i32,
            (1 | 2, _) => return Err(Error::NotCanonical),
            _ => reader.skip(wire_type)?,
        }
    }
    Ok((seconds, nanos))
}

/// Appends a timestamp as a JSON string.
///
/// # Errors
/// A time before the year 1 or after the year 9999, or nanoseconds beyond a second.
pub(crate) fn write(seconds: i64, nanos: i32, out: &mut Vec<u8>) -> Result<(), Error> {
    let fraction = match u32::try_from(nanos) {
        Ok(fraction @ 0..1_000_000_000) if VALID.contains(&seconds) => fraction,
        _ => {
            let message = format!("{seconds} s and {nanos} ns are no time of the years 1 to 9999");
            return Err(Error::Value(serde_json::Error::custom(message)));
        }
    };
    let (year, month, day) = date(seconds.div_euclid(DAY_SECONDS));
    let second = seconds.rem_euclid(DAY_SECONDS) as u32;
    let mut text = *b"\"0000-00-00T00:00:00";
    digits(&mut text[1..5], year);
    digits(&mut text[6..8], month);
    digits(&mut text[9..11], day);
    digits(&mut text[12..14], second / 3600);
    digits(&mut text[15..17], second / 60 % 60);
    digits(&mut text[18..20], second % 60);
    out.extend_from_slice(&text);
    write_fraction(fraction, out);
    out.extend_from_slice(b"Z\"");
    Ok(())
}

/// Writes the fewest of three, six or nine digits that are exact; nothing for whole seconds.
fn write_fraction(nanos: u32, out: &mut Vec<u8>) {
    let length = match nanos {
        0 => return,
        _ if nanos.is_multiple_of(1_000_000) => 4,
        _ if nanos.is_multiple_of(1_000) => 7,
        _ => 10,
    };
    let mut text = *b".000000000";
    digits(&mut text[1..], nanos);
    out.extend_from_slice(&text[..length]);
}

/// Fills `text` with the last decimal digits of `number`.
fn digits(text: &mut [u8], mut number: u32) {
    for digit in text.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

/// Converts days since 1970-01-01 to year, month and day, for the years 1 to 9999: `civil_from_days` of
/// Howard Hinnant's "chrono-compatible low-level date algorithms", where years begin in March.
fn date(day: i64) -> (u32, u32, u32) {
    // Counted from 0000-03-01, and shifted by a cycle of 400 years so that no value is negative.
    let day = (day + 719_468 + 146_097) as u32;
    let (cycle, day) = (day / 146_097, day % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (cycle * 400 + year + next - 400, month, day)
}
