//! Exact decimal numbers.

use std::{cmp::Ordering, fmt, str::FromStr};

/// Maximum number of digits, which always fit an `i64`.
pub(crate) const MAX_DIGITS: usize = 18;

/// An exact decimal number: `units` divided by ten to the power of `scale`.
///
/// Normalized, without trailing zeros after the point, so that `20` and `20.00` are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    units: i64,
    scale: u8,
}

/// Error of parsing a [`Decimal`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// Not an optional `-`, digits without a leading zero, and optionally a point and digits.
    #[error("not a number such as 20 or -0.75")]
    Shape,
    /// More digits than can be represented exactly.
    #[error("more than 18 digits")]
    TooLong,
}

impl Decimal {
    /// `units` / 10^`scale`: `new(1999, 2)` is 19.99. `None` when `scale` is more than 18.
    pub const fn new(units: i64, scale: u8) -> Option<Self> {
        if scale as usize > MAX_DIGITS {
            return None;
        }
        let mut number = Self { units, scale };
        while number.scale > 0 && number.units % 10 == 0 {
            number.units /= 10;
            number.scale -= 1;
        }
        Some(number)
    }

    /// The digits with their sign, without the decimal point.
    pub const fn units(self) -> i64 {
        self.units
    }

    /// The number of digits after the decimal point: 0 to 18, without trailing zeros.
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// The nearest double, for comparison with stored doubles.
    pub fn to_f64(self) -> f64 {
        // By way of text, because a division would round twice from 2^53 up.
        self.to_string().parse().expect("digits with at most one point are a double")
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = match digits.split_once('.') {
            Some((_, "")) => return Err(DecimalError::Shape),
            Some(parts) => parts,
            None => (digits, ""),
        };
        let is_number = !whole.is_empty()
            && whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit())
            && (whole == "0" || !whole.starts_with('0'));
        if !is_number {
            return Err(DecimalError::Shape);
        }
        if whole.len() + fraction.len() > MAX_DIGITS {
            return Err(DecimalError::TooLong);
        }
        let value = format!("{whole}{fraction}").parse::<i64>();
        let value = value.map_err(|_| DecimalError::TooLong)?;
        let value = if text.starts_with('-') { -value } else { value };
        let scale = u8::try_from(fraction.len()).map_err(|_| DecimalError::TooLong)?;
        Self::new(value, scale).ok_or(DecimalError::TooLong)
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        // At most 2^63 * 10^18, which is below 2^127.
        let scaled = |number: &Self, scale: u8| i128::from(number.units) * 10i128.pow(scale.into());
        scaled(self, other.scale).cmp(&scaled(other, self.scale))
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let scale = usize::from(self.scale);
        let digits = format!("{:0>width$}", self.units.unsigned_abs(), width = scale + 1);
        match digits.split_at(digits.len() - scale) {
            (whole, "") => write!(f, "{sign}{whole}"),
            (whole, fraction) => write!(f, "{sign}{whole}.{fraction}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_the_shortest_form() {
        let cases = [
            ("0", "0"),
            ("-0", "0"),
            ("20.00", "20"),
            ("19.99", "19.99"),
            ("-0.050", "-0.05"),
            ("999999999999999999", "999999999999999999"),
            ("0.00000000000000001", "0.00000000000000001"),
        ];
        for (text, shortest) in cases {
            assert_eq!(text.parse::<Decimal>().unwrap().to_string(), shortest);
        }
    }

    #[test]
    fn rejects_invalid_and_too_long_numbers() {
        for text in ["", "-", "+1", ".5", "5.", "007", "1e3", "1.2.3", "--1", "٣", "1,5", "NaN"] {
            assert_eq!(text.parse::<Decimal>(), Err(DecimalError::Shape), "{text}");
        }
        for text in ["1234567890123456789", "0.000000000000000001"] {
            assert_eq!(text.parse::<Decimal>(), Err(DecimalError::TooLong), "{text}");
        }
        assert_eq!(Decimal::new(1, 19), None);
    }

    #[test]
    fn orders_by_value_at_the_extremes() {
        let number = |units, scale| Decimal::new(units, scale).unwrap();
        assert!(number(i64::MAX, 0) > number(i64::MAX, 18));
        assert!(number(i64::MIN, 0) < number(i64::MIN, 18));
        assert!(number(1999, 2) < number(20, 0));
        assert_eq!(number(2000, 2), number(20, 0));
    }

    #[test]
    fn the_double_is_the_nearest_one() {
        let double = |text: &str| text.parse::<Decimal>().unwrap().to_f64();
        assert_eq!(double("0.1"), 0.1);
        // 2^53 + 1 is half-way between two doubles, and rounds to even.
        assert_eq!(double("9007199254740993"), 9_007_199_254_740_992.0);
        assert_eq!(double("9007199254740993.01"), 9_007_199_254_740_994.0);
    }
}
