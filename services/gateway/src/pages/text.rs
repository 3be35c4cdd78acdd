//! Formats amounts, stock and names for pages.

use proto::google::r#type::Money;

const NANOS_PER_UNIT: u32 = 1_000_000_000;
/// The largest stock that counts as low.
const FEW: i32 = 5;

/// Formats an amount in English: `€12.50`, `¥980`, `CHF 1,234.50`.
pub(super) fn price(money: &Money) -> String {
    let code = plain(&money.currency_code);
    let decimals = proto::money::decimals(&code);
    let sign = if money.units < 0 || money.nanos < 0 { "−" } else { "" };
    let units = grouped(money.units.unsigned_abs());
    let minor = money.nanos.unsigned_abs() / (NANOS_PER_UNIT / 10_u32.pow(decimals));
    let fraction = match decimals {
        0 => String::new(),
        _ => format!(".{minor:0width$}", width = decimals as usize),
    };
    match symbol(&code) {
        Some(symbol) => format!("{sign}{symbol}{units}{fraction}"),
        // With a no-break space.
        None => format!("{sign}{code}\u{a0}{units}{fraction}"),
    }
}

/// The currency's symbol, if it is unambiguous in English.
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

/// Formats stock. `storefront.js` has the same texts for live updates.
pub(super) fn stock(quantity: i32) -> String {
    match quantity {
        ..=0 => "Out of stock".to_owned(),
        1..=FEW => format!("Only {quantity} left"),
        _ => format!("{} in stock", grouped(quantity.unsigned_abs().into())),
    }
}

/// The stock's level for the style sheet: `none`, `few` or `some`.
pub(super) fn stock_level(quantity: i32) -> &'static str {
    match quantity {
        ..=0 => "none",
        1..=FEW => "few",
        _ => "some",
    }
}

/// `1 product`, `1,234 products`.
pub(super) fn products(count: i32) -> String {
    let count = count.max(0).unsigned_abs();
    let noun = if count == 1 { "product" } else { "products" };
    format!("{} {noun}", grouped(count.into()))
}

/// Formats a number with commas between thousands.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Formats an attribute's number and unit. Without commas, because it may be a year.
pub(super) fn measure(number: f64, unit: &str) -> String {
    let size = number.abs();
    let text = match number {
        _ if !number.is_finite() => "–".to_owned(),
        _ if size >= 1e15 || (size != 0.0 && size < 1e-6) => format!("{number:e}"),
        _ => number.to_string(),
    };
    let text = text.replace('-', "−");
    match unit {
        "" => text,
        unit => format!("{text}\u{a0}{}", plain(unit)),
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
        let price = |currency: &str, minor| price(&proto::money::from_minor(minor, currency));
        assert_eq!(price("EUR", 1250), "€12.50");
        assert_eq!(price("EUR", 5), "€0.05");
        assert_eq!(price("GBP", 123_450), "£1,234.50");
        assert_eq!(price("JPY", 980), "¥980");
        assert_eq!(price("USD", 100_000_000), "$1,000,000.00");
        assert_eq!(price("KWD", 1_234_007), "KWD\u{a0}1,234.007");
        assert_eq!(price("CHF", 0), "CHF\u{a0}0.00");
    }

    #[test]
    fn extreme_price_is_formatted() {
        let money =
            Money { currency_code: "E\u{202e}".to_owned(), units: i64::MIN, nanos: i32::MIN };
        assert!(super::price(&money).starts_with("−E\u{a0}9,223"));
    }

    #[test]
    fn stock_has_a_text_and_a_level() {
        for (quantity, words, level) in [
            (i32::MIN, "Out of stock", "none"),
            (0, "Out of stock", "none"),
            (1, "Only 1 left", "few"),
            (5, "Only 5 left", "few"),
            (6, "6 in stock", "some"),
            (1_234_567, "1,234,567 in stock", "some"),
        ] {
            assert_eq!((stock(quantity).as_str(), stock_level(quantity)), (words, level));
        }
    }

    #[test]
    fn script_has_the_same_texts() {
        let script = include_str!("../../assets/storefront.js");
        let words = ["Out of stock", "Only ${quantity} left", "} in stock"];
        assert!(script.contains(&format!("const FEW = {FEW};")));
        assert!(words.iter().all(|words| script.contains(words)));
    }

    #[test]
    fn noun_agrees_with_the_count() {
        assert_eq!(products(0), "0 products");
        assert_eq!(products(1), "1 product");
        assert_eq!(products(19_406), "19,406 products");
    }

    #[test]
    fn measures_are_formatted() {
        assert_eq!(measure(175.0, "ml"), "175\u{a0}ml");
        assert_eq!(measure(-5.5, "°C"), "−5.5\u{a0}°C");
        assert_eq!(measure(2006.0, ""), "2006");
        assert_eq!(measure(1e300, ""), "1e300");
        assert_eq!(measure(f64::NAN, "kg"), "–\u{a0}kg");
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
