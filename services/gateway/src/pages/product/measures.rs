//! Weight, dimensions and condition in words.

use proto::catalogue::v1::{Dimensions, Product, Variant, Weight, product::Condition};

use super::super::{locale::Locale, text};

/// The rows of the details for the chosen variant, or for the product: headings and values.
pub(super) fn rows(
    product: &Product,
    chosen: Option<&Variant>,
    locale: Locale,
) -> Vec<(String, String)> {
    let m = locale.messages();
    let weight = chosen.and_then(|it| it.weight.as_ref()).or(product.weight.as_ref());
    let size = chosen.and_then(|it| it.dimensions.as_ref()).or(product.dimensions.as_ref());
    let weight = weight.map(|Weight { value, unit }| text::measure(*value, unit, locale));
    let size = size.map(|size| dimensions(size, locale)).filter(|size| !size.is_empty());
    let heading = |heading: &str, value: Option<String>| Some((heading.to_owned(), value?));
    [heading(m.weight, weight), heading(m.dimensions, size)].into_iter().flatten().collect()
}

/// The known sides, such as `30 × 20 × 4 cm`.
fn dimensions(Dimensions { length, width, height, unit }: &Dimensions, locale: Locale) -> String {
    let sides = [*length, *width, *height];
    let known: Vec<String> = sides
        .into_iter()
        .filter(|side| *side > 0.0)
        .map(|side| text::measure(side, "", locale))
        .collect();
    match known.is_empty() {
        true => String::new(),
        false => format!("{}\u{a0}{}", known.join(" × "), text::plain(unit)),
    }
}

/// The words for a condition that is not new; empty for new ones.
pub(super) fn condition(product: &Product, locale: Locale) -> &'static str {
    let m = locale.messages();
    match product.condition() {
        Condition::Unspecified | Condition::New => "",
        Condition::Refurbished => m.refurbished,
        Condition::Used => m.used,
    }
}
