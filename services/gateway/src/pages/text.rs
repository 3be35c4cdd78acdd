//! Formats amounts, measures and names for pages.

use proto::{catalogue::v1::Product, google::r#type::Money};

use super::{locale::Locale, messages::fill};
use crate::prices;

const NANOS_PER_UNIT: u32 = 1_000_000_000;

/// Formats an amount: `€12.50`, `¥980`, `CHF 1,234.50`; in German `12,50 €`, `1.234,50 CHF`. `live.js` has
/// the same forms for live updates.
pub(super) fn price(money: &Money, locale: Locale) -> String {
    let code = plain(&money.currency_code);
    let decimals = proto::money::decimals(&code);
    let sign = if money.units < 0 || money.nanos < 0 { "−" } else { "" };
    let units = grouped(money.units.unsigned_abs(), locale);
    let minor = money.nanos.unsigned_abs() / (NANOS_PER_UNIT / 10_u32.pow(decimals));
    let fraction = match decimals {
        0 => String::new(),
        _ => format!("{}{minor:0width$}", decimal_point(locale), width = decimals as usize),
    };
    // No-break spaces.
    match (locale, symbol(&code)) {
        (Locale::English, Some(symbol)) => format!("{sign}{symbol}{units}{fraction}"),
        (Locale::English, None) => format!("{sign}{code}\u{a0}{units}{fraction}"),
        (Locale::German, symbol) => {
            format!("{sign}{units}{fraction}\u{a0}{}", symbol.unwrap_or(&code))
        }
    }
}

/// The price of a product; of variants with several prices, `From €9.00`.
pub(super) fn price_of(product: &Product, locale: Locale) -> Option<String> {
    let (lowest, highest) = prices::range(product)?;
    let text = price(lowest, locale);
    let is_one = lowest == highest;
    Some(if is_one { text } else { fill(locale.messages().price_from_lowest, &[&text]) })
}

/// The currency's symbol, if it is unambiguous.
fn symbol(code: &str) -> Option<&'static str> {
    Some(match code {
        "EUR" => "€",
        "GBP" => "£",
        "ILS" => "₪",
        "INR" => "₹",
        "JPY" => "¥",
        "KRW" => "₩",
        "PHP" => "₱",
        "USD" => "$",
        "VND" => "₫",
        _ => return None,
    })
}

/// `1 product`, `1,234 products`.
pub(super) fn products(count: i32, locale: Locale) -> String {
    let count = count.max(0).unsigned_abs();
    let messages = locale.messages();
    let message = if count == 1 { messages.one_product } else { messages.many_products };
    fill(message, &[&grouped(count.into(), locale)])
}

/// Formats a number with separators between thousands.
pub(super) fn grouped(number: u64, locale: Locale) -> String {
    let separator = match locale {
        Locale::English => ',',
        Locale::German => '.',
    };
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// Formats an attribute's number and unit. Without separators, because it may be a year.
pub(super) fn measure(number: f64, unit: &str, locale: Locale) -> String {
    let size = number.abs();
    let text = match number {
        _ if !number.is_finite() => "–".to_owned(),
        _ if size >= 1e15 || (size != 0.0 && size < 1e-6) => format!("{number:e}"),
        _ => number.to_string(),
    };
    let text = text.replace('-', "−").replace('.', decimal_point(locale));
    match unit {
        "" => text,
        unit => format!("{text}\u{a0}{}", plain(unit)),
    }
}

fn decimal_point(locale: Locale) -> &'static str {
    match locale {
        Locale::English => ".",
        Locale::German => ",",
    }
}

/// Formats an attribute's name as a heading: `burn_time` as `Burn time`.
pub(super) fn heading(name: &str) -> String {
    let words = plain(name).replace('_', " ");
    let mut chars = words.trim().chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// The text in one line, without control characters and bidirectional overrides, which could reorder
/// or hide other text on the page.
pub(crate) fn plain(text: &str) -> String {
    let is_bidi = |char| matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars()
        .map(|char| if char.is_whitespace() && char != '\u{a0}' { ' ' } else { char })
        .filter(|char| !char.is_control() && !is_bidi(*char))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_have_symbol_and_decimals_of_the_currency() {
        let price = |currency: &str, minor| {
            price(&proto::money::from_minor(minor, currency), Locale::English)
        };
        assert_eq!(price("EUR", 1250), "€12.50");
        assert_eq!(price("EUR", 5), "€0.05");
        assert_eq!(price("GBP", 123_450), "£1,234.50");
        assert_eq!(price("JPY", 980), "¥980");
        assert_eq!(price("USD", 100_000_000), "$1,000,000.00");
        assert_eq!(price("KWD", 1_234_007), "KWD\u{a0}1,234.007");
        assert_eq!(price("CHF", 0), "CHF\u{a0}0.00");
    }

    #[test]
    fn german_numbers_have_their_form() {
        let price = |currency: &str, minor| {
            price(&proto::money::from_minor(minor, currency), Locale::German)
        };
        assert_eq!(price("EUR", 123_450), "1.234,50\u{a0}€");
        assert_eq!(price("CHF", 0), "0,00\u{a0}CHF");
        assert_eq!(price("JPY", 980), "980\u{a0}¥");
        assert_eq!(products(1, Locale::German), "1 Produkt");
        assert_eq!(measure(5.5, "cm", Locale::German), "5,5\u{a0}cm");
    }

    #[test]
    fn extreme_price_is_formatted() {
        let money =
            Money { currency_code: "E\u{202e}".to_owned(), units: i64::MIN, nanos: i32::MIN };
        assert!(price(&money, Locale::English).starts_with("−E\u{a0}9,223"));
    }

    #[test]
    fn noun_agrees_with_the_count() {
        assert_eq!(products(0, Locale::English), "0 products");
        assert_eq!(products(1, Locale::English), "1 product");
        assert_eq!(products(19_406, Locale::English), "19,406 products");
    }

    #[test]
    fn measures_are_formatted() {
        assert_eq!(measure(175.0, "ml", Locale::English), "175\u{a0}ml");
        assert_eq!(measure(-5.5, "°C", Locale::English), "−5.5\u{a0}°C");
        assert_eq!(measure(2006.0, "", Locale::English), "2006");
        assert_eq!(measure(1e300, "", Locale::English), "1e300");
        assert_eq!(measure(f64::NAN, "kg", Locale::English), "–\u{a0}kg");
    }

    #[test]
    fn names_become_headings() {
        assert_eq!(heading("oem_code"), "Oem code");
        assert_eq!(heading("ärmel"), "Ärmel");
        assert_eq!(heading("_"), "");
    }

    #[test]
    fn text_cannot_reorder_its_surroundings() {
        assert_eq!(plain("a\u{202e}b\u{2066}c\n\u{0}d"), "abc d");
        assert_eq!(plain("مرحبا 👩‍🔧"), "مرحبا 👩‍🔧");
    }
}
