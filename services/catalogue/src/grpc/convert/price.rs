//! Prices.

use proto::{
    google::r#type::Money,
    money::{self, MoneyError},
};

use crate::domain::{Price, Violations};

/// Parses the exact price; violations name its part, such as `price.units`.
pub(super) fn exact(field: &str, price: Money, violations: &mut Violations) -> Option<Price> {
    match money::to_minor(&price) {
        Ok(minor) => Some(Price { minor, currency: price.currency_code }),
        Err(error) => {
            let part = match error {
                MoneyError::Currency => "currency_code",
                MoneyError::Negative if price.units < 0 => "units",
                MoneyError::TooLarge if (0..1_000_000_000).contains(&price.nanos) => "units",
                MoneyError::Negative | MoneyError::TooFine { .. } | MoneyError::TooLarge => "nanos",
            };
            violations.add(format!("{field}.{part}"), error.to_string());
            None
        }
    }
}

/// Parses `price_eur` of the first contract, in which 0 means no price, as absence does.
pub(super) fn euros(eur: Option<f64>, violations: &mut Violations) -> Option<Price> {
    /// 100 billion euros, up to which a double represents thousandths.
    const MAX_CENTS: f64 = 1e13;
    let eur = eur.filter(|eur| *eur != 0.0)?;
    let cents = (eur * 100.0).round();
    let fault = if !eur.is_finite() || cents > MAX_CENTS {
        "must be an amount of money"
    } else if eur < 0.0 {
        "must not be negative"
    } else if (eur * 100.0 - cents).abs() > 0.01 {
        "must be no finer than a cent"
    } else {
        // An integer of at most 10^13 by the checks above.
        return Some(Price { minor: cents as i64, currency: "EUR".to_owned() });
    };
    violations.add("price_eur", fault);
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_amount_in_cents_is_parsed_exactly() {
        for minor in (0..100_000).chain([199_999_999_999, 9_999_999_999_999]) {
            let mut violations = Violations::default();
            let price = euros(Some(minor as f64 / 100.0), &mut violations);
            assert_eq!(price.map_or(0, |price| price.minor), minor);
        }
    }
}
