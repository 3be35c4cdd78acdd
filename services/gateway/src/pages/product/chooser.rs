//! The chooser of a product's variants: the values of each option, as links to the variant that has it and
//! otherwise differs least from the chosen one. It works without JavaScript, and a link can be shared.

use proto::catalogue::v1::{Product, Variant};

use super::super::{links, locale::Locale, pictures::Picture, text};
use crate::live::MAX_VARIANTS;

#[derive(Default)]
pub(super) struct Chooser {
    pub(super) options: Vec<OptionChoice>,
}

/// An option, such as the size, with its values.
pub(super) struct OptionChoice {
    pub(super) heading: String,
    pub(super) values: Vec<OptionLink>,
}

pub(super) struct OptionLink {
    pub(super) text: String,
    pub(super) href: String,
    pub(super) is_chosen: bool,
    /// Whether the variant that it leads to can be bought.
    pub(super) is_in_stock: bool,
}

/// The shown variant with this SKU.
pub(super) fn variant<'a>(product: &'a Product, sku: &str) -> Option<&'a Variant> {
    product.variants.iter().take(MAX_VARIANTS).find(|variant| variant.sku == sku)
}

impl Chooser {
    pub(super) fn new(product: &Product, chosen: Option<&Variant>, locale: Locale) -> Self {
        let shown = &product.variants[..product.variants.len().min(MAX_VARIANTS)];
        let mut options: Vec<(&str, Vec<&str>)> = Vec::new();
        for option in shown.iter().flat_map(|variant| &variant.option_values) {
            let at = options.iter().position(|(name, _)| *name == option.name);
            let at = at.unwrap_or_else(|| {
                options.push((&option.name, Vec::new()));
                options.len() - 1
            });
            let values = &mut options[at].1;
            if !values.contains(&option.value.as_str()) {
                values.push(&option.value);
            }
        }
        let choice = |(name, values): (&str, Vec<&str>)| OptionChoice {
            heading: text::heading(name),
            values: values
                .into_iter()
                .filter_map(|value| {
                    let target = nearest(shown, name, value, chosen)?;
                    let is_chosen = chosen.is_some_and(|it| value_of(it, name) == Some(value));
                    Some(link(product, target, value, is_chosen))
                })
                .collect(),
        };
        let mut options: Vec<OptionChoice> = options.into_iter().map(choice).collect();
        if options.is_empty() && !shown.is_empty() {
            // Without options, variants go by their skus.
            let is_chosen = |variant: &Variant| chosen.is_some_and(|it| it.sku == variant.sku);
            let values = shown.iter().map(|it| link(product, it, &it.sku, is_chosen(it)));
            let heading = locale.messages().variant.to_owned();
            options.push(OptionChoice { heading, values: values.collect() });
        }
        Self { options }
    }
}

fn link(product: &Product, target: &Variant, words: &str, is_chosen: bool) -> OptionLink {
    OptionLink {
        text: text::plain(words),
        href: links::variant(&product.id, &target.sku),
        is_chosen,
        is_in_stock: target.stock_qty > 0,
    }
}

fn value_of<'a>(variant: &'a Variant, name: &str) -> Option<&'a str> {
    let mut values = variant.option_values.iter();
    values.find(|option| option.name == name).map(|option| option.value.as_str())
}

/// The variant with this value that shares most of its other values with the chosen one; of several, one
/// that is in stock.
fn nearest<'a>(
    variants: &'a [Variant],
    name: &str,
    value: &str,
    chosen: Option<&Variant>,
) -> Option<&'a Variant> {
    let shared = |variant: &Variant| {
        let values = chosen.map(|it| it.option_values.as_slice()).unwrap_or_default();
        let others = values.iter().filter(|option| option.name != name);
        others.filter(|it| value_of(variant, &it.name) == Some(&it.value)).count()
    };
    let with_value = variants.iter().filter(|variant| value_of(variant, name) == Some(value));
    // The last of equals is returned, so the first is last.
    with_value.rev().max_by_key(|variant| (shared(variant), variant.stock_qty > 0))
}

/// Moves the picture of a variant to the front: its own, or the one whose alternative text names most of the
/// variant's option values.
pub(super) fn show_picture(pictures: &mut [Picture], variant: &Variant) {
    let own = pictures.iter().position(|it| !it.url.is_empty() && it.url == variant.media_url);
    if let Some(own) = own {
        pictures[..=own].rotate_right(1);
        return;
    }
    let named = |picture: &Picture| {
        let alt = picture.alt.to_lowercase();
        let words: Vec<&str> = alt.split(|char: char| !char.is_alphanumeric()).collect();
        let is_named = |value: &str| {
            let value = value.to_lowercase();
            let parts: Vec<&str> = value.split(|char: char| !char.is_alphanumeric()).collect();
            words.windows(parts.len()).any(|window| window == parts)
        };
        variant.option_values.iter().filter(|option| is_named(&option.value)).count()
    };
    let best = pictures.iter().enumerate().rev().max_by_key(|(_, picture)| named(picture));
    if let Some((at, picture)) = best
        && named(picture) > 0
    {
        pictures[..=at].rotate_right(1);
    }
}

#[cfg(test)]
mod tests {
    use proto::catalogue::v1::OptionValue;

    use super::*;

    fn shirt() -> Product {
        let variant = |sku: &str, colour: &str, size: &str, stock_qty| {
            let option =
                |name: &str, value: &str| OptionValue { name: name.into(), value: value.into() };
            let option_values = vec![option("colour", colour), option("size", size)];
            Variant { sku: sku.into(), option_values, stock_qty, ..Default::default() }
        };
        let variants = vec![
            variant("RM", "red", "M", 0),
            variant("RL", "red", "L", 4),
            variant("BM", "light blue", "M", 2),
        ];
        Product { id: "shirt".into(), variants, ..Default::default() }
    }

    fn hrefs(product: &Product, chosen: &str) -> Vec<String> {
        let chooser = Chooser::new(product, variant(product, chosen), Locale::English);
        let links = chooser.options.iter().flat_map(|option| &option.values);
        let mark = |link: &OptionLink| if link.is_chosen { "*" } else { "" };
        links.map(|it| format!("{}{} {}", it.text, mark(it), &it.href[17..19])).collect()
    }

    #[test]
    fn value_leads_to_the_variant_that_differs_least() {
        let product = shirt();
        assert_eq!(product.variants.len(), 3);
        assert_eq!(hrefs(&product, "RM"), ["red* RM", "light blue BM", "M* RM", "L RL"]);
        assert_eq!(hrefs(&product, "RL"), ["red* RL", "light blue BM", "M RM", "L* RL"]);
        assert_eq!(hrefs(&product, "none"), ["red RL", "light blue BM", "M BM", "L RL"]);
    }

    #[test]
    fn picture_is_that_of_the_variant() {
        let picture = |alt: &str| Picture { url: format!("/{alt}"), alt: alt.into() };
        let product = shirt();
        let mut pictures =
            vec![picture("A blue shirt"), picture("The back"), picture("Shirt, light blue")];
        show_picture(&mut pictures, &product.variants[2]);
        assert_eq!(pictures[0].alt, "Shirt, light blue");
        assert_eq!(pictures[1].alt, "A blue shirt");
        show_picture(&mut pictures, &product.variants[0]);
        assert_eq!(pictures[0].alt, "Shirt, light blue", "no picture is of a red one");
        let own = Variant { media_url: "/The back".into(), ..product.variants[2].clone() };
        show_picture(&mut pictures, &own);
        assert_eq!(pictures[0].alt, "The back");
    }
}
