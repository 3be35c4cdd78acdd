//! How much is in stock, in words, and from when on it counts as low. `live.js` has the same for live updates.

use super::{locale::Locale, messages::fill, text::grouped};

/// The largest stock that counts as low.
const LOW: i32 = 5;

/// `Only 3 left`.
pub(super) fn text(quantity: i32, locale: Locale) -> String {
    let messages = locale.messages();
    match quantity {
        ..=0 => messages.out_of_stock.to_owned(),
        1..=LOW => fill(messages.only_left, &[&quantity.to_string()]),
        _ => fill(messages.in_stock, &[&grouped(quantity.unsigned_abs().into(), locale)]),
    }
}

/// The stock's level for the style sheet: `none`, `few` or `some`.
pub(super) fn level(quantity: i32) -> &'static str {
    match quantity {
        ..=0 => "none",
        1..=LOW => "few",
        _ => "some",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stock_has_a_text_and_a_level() {
        for (quantity, words, expected) in [
            (i32::MIN, "Out of stock", "none"),
            (0, "Out of stock", "none"),
            (1, "Only 1 left", "few"),
            (5, "Only 5 left", "few"),
            (6, "6 in stock", "some"),
            (1_234_567, "1,234,567 in stock", "some"),
        ] {
            let shown = text(quantity, Locale::English);
            assert_eq!((shown.as_str(), level(quantity)), (words, expected));
        }
        assert_eq!(text(1_234, Locale::German), "1.234 auf Lager");
    }

    #[test]
    fn script_has_the_same_level() {
        let script = include_str!("../../assets/live.js");
        assert!(script.contains(&format!("const LOW = {LOW};")));
    }
}
