//! Converts money between the contract's units and nanos and an integer of minor units, the smallest
//! unit of a currency. Only this module knows how many decimals a currency has.

use crate::google::r#type::Money;

const NANOS_PER_UNIT: i64 = 1_000_000_000;

/// An invalid amount of money; the message says what is accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("must be three capital letters, an ISO 4217 code such as EUR")]
    Currency,
    #[error("must not be negative")]
    Negative,
    #[error("must be no finer than the smallest coin: {currency} has {decimals} decimals")]
    TooFine { currency: String, decimals: u32 },
    #[error("is too large")]
    TooLarge,
}

/// The currencies whose minor unit does not have two decimals, by their number (ISO 4217, table A.1).
pub const UNUSUAL_DECIMALS: [(u32, &[&str]); 3] = [
    (
        0,
        &[
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
            "VND", "VUV", "XAF", "XOF", "XPF",
        ],
    ),
    (3, &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]),
    (4, &["CLF", "UYW"]),
];

/// The decimals of all other currencies.
pub const USUAL_DECIMALS: u32 = 2;

/// The decimals of a currency's minor unit.
pub fn decimals(currency: &str) -> u32 {
    let unusual = UNUSUAL_DECIMALS.iter().find(|(_, currencies)| currencies.contains(&currency));
    unusual.map_or(USUAL_DECIMALS, |(decimals, _)| *decimals)
}

/// Converts an amount to minor units: 12.50 EUR is 1250.
///
/// # Errors
/// A malformed currency, a negative amount, one finer than the minor unit, or one beyond `i64`.
pub fn to_minor(money: &Money) -> Result<i64, MoneyError> {
    if !is_currency(&money.currency_code) {
        return Err(MoneyError::Currency);
    }
    let nanos = i64::from(money.nanos);
    if money.units < 0 || nanos < 0 {
        return Err(MoneyError::Negative);
    }
    if nanos >= NANOS_PER_UNIT {
        return Err(MoneyError::TooLarge);
    }
    let decimals = decimals(&money.currency_code);
    let minor_per_unit = 10_i64.pow(decimals);
    let nanos_per_minor = NANOS_PER_UNIT / minor_per_unit;
    if nanos % nanos_per_minor != 0 {
        return Err(MoneyError::TooFine { currency: money.currency_code.clone(), decimals });
    }
    money
        .units
        .checked_mul(minor_per_unit)
        .and_then(|minor| minor.checked_add(nanos / nanos_per_minor))
        .ok_or(MoneyError::TooLarge)
}

/// Converts minor units to the contract's message. `minor` must not be negative.
pub fn from_minor(minor: i64, currency: &str) -> Money {
    let (units, nanos) = parts(minor, currency);
    Money { currency_code: currency.to_owned(), units, nanos }
}

/// The `units` and `nanos` of an amount in minor units.
pub fn parts(minor: i64, currency: &str) -> (i64, i32) {
    let minor_per_unit = 10_i64.pow(decimals(currency));
    let nanos = minor % minor_per_unit * (NANOS_PER_UNIT / minor_per_unit);
    let nanos = i32::try_from(nanos).expect("below a billion by the remainder above");
    (minor / minor_per_unit, nanos)
}

/// Formats an amount, such as `12.50 EUR` or `980 JPY`.
pub fn display(money: &Money) -> String {
    let decimals = decimals(&money.currency_code);
    let fraction = i64::from(money.nanos) / (NANOS_PER_UNIT / 10_i64.pow(decimals));
    match decimals {
        0 => format!("{} {}", money.units, money.currency_code),
        _ => format!(
            "{}.{fraction:0width$} {}",
            money.units,
            money.currency_code,
            width = decimals as usize
        ),
    }
}

/// Whether `code` has the form of an ISO 4217 code.
pub fn is_currency(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(currency_code: &str, units: i64, nanos: i32) -> Money {
        Money { currency_code: currency_code.to_owned(), units, nanos }
    }

    #[test]
    fn amounts_round_trip() {
        for (currency, minor) in [("EUR", 1250), ("JPY", 980), ("KWD", 1), ("USD", 0), ("EUR", 9)] {
            assert_eq!(to_minor(&from_minor(minor, currency)), Ok(minor), "{minor} {currency}");
        }
    }

    #[test]
    fn invalid_amounts_are_refused() {
        let too_fine = |currency: &str, decimals| MoneyError::TooFine {
            currency: currency.to_owned(),
            decimals,
        };
        assert_eq!(to_minor(&money("EUR", 1, 5_000_000)), Err(too_fine("EUR", 2)));
        assert_eq!(to_minor(&money("JPY", 1, 500_000_000)), Err(too_fine("JPY", 0)));
        assert_eq!(to_minor(&money("EUR", -1, 0)), Err(MoneyError::Negative));
        assert_eq!(to_minor(&money("EUR", 0, -10_000_000)), Err(MoneyError::Negative));
        assert_eq!(to_minor(&money("eur", 1, 0)), Err(MoneyError::Currency));
        assert_eq!(to_minor(&money("EUR", i64::MAX, 0)), Err(MoneyError::TooLarge));
    }

    #[test]
    fn display_has_the_decimals_of_the_currency() {
        assert_eq!(display(&from_minor(1205, "EUR")), "12.05 EUR");
        assert_eq!(display(&from_minor(980, "JPY")), "980 JPY");
        assert_eq!(display(&from_minor(7, "KWD")), "0.007 KWD");
    }
}
