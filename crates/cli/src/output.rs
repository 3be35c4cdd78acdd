//! Standard output and standard error: printing, and values formatted for people.

use std::io::{self, Write as _};

use pbjson_types::Timestamp;
use product_fields::{OfferField, OfferMessage};
use proto::{
    catalogue::v1::{
        Attribute, Cost, Product, Variant, attribute,
        product::{Condition, Status},
    },
    money,
};

/// Output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Output {
    /// For people.
    Table,
    /// For programs.
    Json,
}

/// Prints a line to standard output.
///
/// # Errors
/// If standard output cannot be written; a closed pipe ends the program quietly.
pub(crate) fn print_line(line: &str) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{line}")
}

/// Prints a warning to standard error.
pub(crate) fn warn(line: &str) {
    // There is no other place to report a closed standard error.
    writeln!(io::stderr(), "catctl: {}", sanitize(line)).ok();
}

/// Prints one value: as indented JSON, or as the line of text that `text` returns.
///
/// # Errors
/// If standard output cannot be written.
pub(crate) fn print_value(
    output: Output,
    value: &impl serde::Serialize,
    text: impl FnOnce() -> String,
) -> io::Result<()> {
    match output {
        Output::Json => print_line(&serde_json::to_string_pretty(value)?),
        Output::Table => print_line(&sanitize(&text())),
    }
}

/// Makes untrusted text safe for a terminal: replaces control characters, which could move the
/// cursor or set the window title, and removes characters that change the text direction.
pub(crate) fn sanitize(text: &str) -> String {
    let replace = |letter: char| match letter {
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => None,
        letter if letter.is_control() => Some(' '),
        letter => Some(letter),
    };
    text.chars().filter_map(replace).collect()
}

/// Formats a number with commas between thousands.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// As [`thousands`], for counts of the API, which are signed and never negative.
pub(crate) fn count(number: impl TryInto<u64>) -> String {
    thousands(number.try_into().unwrap_or_default())
}

/// Shortens text to `length` characters, with `…` in place of the rest.
pub(crate) fn clip(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        None => text.to_owned(),
        Some(_) => text.chars().take(length.saturating_sub(1)).chain(['…']).collect(),
    }
}

/// Formats a timestamp in UTC, such as `2026-11-22 15:44:01`; empty if it is out of range.
pub(crate) fn format_time(timestamp: &Timestamp) -> String {
    time::OffsetDateTime::from_unix_timestamp(timestamp.seconds).map_or(String::new(), |time| {
        let (hour, minute, second) = time.to_hms();
        format!("{} {hour:02}:{minute:02}:{second:02}", time.date())
    })
}

/// A product's price, such as `4.50 EUR`; empty if it has none.
pub(crate) fn price(product: &Product) -> String {
    product.price.as_ref().map(money::display).unwrap_or_default()
}

/// A product's status in lower case; empty if unspecified.
pub(crate) fn status(product: &Product) -> &'static str {
    match product.status() {
        Status::Unspecified => "",
        Status::Draft => "draft",
        Status::Active => "active",
        Status::Archived => "archived",
    }
}

/// An attribute's value with its unit.
pub(crate) fn attribute_value(attribute: &Attribute) -> String {
    match &attribute.value {
        None => String::new(),
        Some(attribute::Value::Text(text)) => text.clone(),
        Some(attribute::Value::Flag(flag)) => (if *flag { "yes" } else { "no" }).to_owned(),
        Some(attribute::Value::Number(number)) => {
            format!("{number} {}", attribute.unit).trim_end().to_owned()
        }
    }
}

/// A variant's options, price, stock and GTIN, without its SKU.
pub(crate) fn variant_value(variant: &Variant) -> String {
    let options = variant.option_values.iter();
    let mut parts: Vec<String> =
        options.map(|option| format!("{} {}", option.name, option.value)).collect();
    parts.extend(variant.price.as_ref().map(money::display));
    let offer = OfferMessage::of_variant(variant);
    parts.extend(OfferField::ALL.iter().filter_map(|field| offer_value(*field, &offer)));
    parts.push(format!("{} in stock", variant.stock_qty));
    if !variant.gtin.is_empty() {
        parts.push(format!("gtin {}", variant.gtin));
    }
    if !variant.media_url.is_empty() {
        parts.push(format!("picture {}", variant.media_url));
    }
    parts.join(", ")
}

/// The text of a field that products and variants share; `None` without a value.
pub(crate) fn offer_value(field: OfferField, offer: &OfferMessage) -> Option<String> {
    let time = |time: &Option<Timestamp>| {
        time.as_ref().map_or("open".to_owned(), |time| format!("{} UTC", format_time(time)))
    };
    match field {
        OfferField::CompareAtPrice => {
            offer.compare_at_price.as_ref().map(|price| format!("before {}", money::display(price)))
        }
        OfferField::SalePeriod => offer.sale_period.as_ref().map(|period| {
            format!("from {} to {}", time(&period.start_time), time(&period.end_time))
        }),
        OfferField::CurrencyPrices => {
            let prices = offer.currency_prices.iter().map(|each| {
                let before = each.compare_at_price.as_ref();
                let before = before.map(|it| format!(" (before {})", money::display(it)));
                let price = each.price.as_ref().map(money::display).unwrap_or_default();
                price + &before.unwrap_or_default()
            });
            let prices = prices.collect::<Vec<_>>().join(", ");
            (!prices.is_empty()).then_some(prices)
        }
        OfferField::Weight => offer.weight.as_ref().map(|it| format!("{} {}", it.value, it.unit)),
        OfferField::Dimensions => offer
            .dimensions
            .as_ref()
            .map(|it| format!("{} x {} x {} {}", it.length, it.width, it.height, it.unit)),
    }
}

/// A product's condition in lower case; empty if unspecified.
pub(crate) fn condition(product: &Product) -> String {
    match product.condition() {
        Condition::Unspecified => String::new(),
        condition => condition.as_str_name().to_lowercase(),
    }
}

/// Costs by SKU; empty for the product itself.
pub(crate) fn costs(product: &Product) -> Vec<(String, String)> {
    let cost = |cost: &Cost| {
        let amount = cost.amount.as_ref().map(money::display).unwrap_or_default();
        (cost.sku.clone(), amount)
    };
    product.costs.iter().map(cost).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn untrusted_text_cannot_control_the_terminal() {
        assert_eq!(sanitize("a\u{1b}]0;title\u{7}b\nc"), "a ]0;title b c");
        assert_eq!(sanitize("\u{9b}31m\u{202e}abc\u{7f}"), " 31mabc ");
        assert_eq!(sanitize("Grüße, 日本"), "Grüße, 日本");
    }

    #[test]
    fn long_texts_are_clipped_and_times_are_formatted() {
        assert_eq!(clip("Grüße", 5), "Grüße");
        assert_eq!(clip("Grüße!", 5), "Grüß…");
        let at = |seconds| format_time(&Timestamp { seconds, nanos: 0 });
        assert_eq!(at(1_795_362_241), "2026-11-22 15:44:01");
        assert_eq!(at(i64::MAX), "");
    }

    #[test]
    fn numbers_have_thousands_separators() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(19_406), "19,406");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!((count(-1_i64), count(1_234_i32)), ("0".to_owned(), "1,234".to_owned()));
    }
}
