//! The table of a product's variants: options, stock, and prices where these differ.

use proto::catalogue::v1::{Product, Variant};

use super::super::{Stock, locale::Locale, messages::fill, text};
use crate::{live::MAX_VARIANTS, prices};

#[derive(Default)]
pub(super) struct Variants {
    /// The options' names, such as Colour and Size. Empty if no variant has options: then the rows
    /// show the sku.
    pub(super) headings: Vec<String>,
    pub(super) has_prices: bool,
    pub(super) rows: Vec<Row>,
    /// The words for variants that are not shown; empty if all are.
    pub(super) more: String,
}

pub(super) struct Row {
    /// A cell for each heading; empty if the variant does not have that option.
    pub(super) options: Vec<String>,
    pub(super) price: String,
    pub(super) stock: Stock,
}

impl Variants {
    pub(super) fn of(product: &Product, locale: Locale) -> Self {
        let shown = &product.variants[..product.variants.len().min(MAX_VARIANTS)];
        let mut names: Vec<&str> = Vec::new();
        for option in shown.iter().flat_map(|variant| &variant.option_values) {
            if !names.contains(&option.name.as_str()) {
                names.push(&option.name);
            }
        }
        Self {
            has_prices: prices::range(product).is_some_and(|(min, max)| min != max),
            rows: shown.iter().map(|variant| row(product, variant, &names, locale)).collect(),
            headings: names.iter().map(|name| text::heading(name)).collect(),
            more: match product.variants.len() - shown.len() {
                0 => String::new(),
                more => fill(locale.messages().and_more, &[&more.to_string()]),
            },
        }
    }
}

fn row(product: &Product, variant: &Variant, names: &[&str], locale: Locale) -> Row {
    let option = |name: &&str| {
        let mut values = variant.option_values.iter();
        let found = values.find(|option| option.name == *name);
        found.map(|option| text::plain(&option.value)).unwrap_or_default()
    };
    Row {
        options: names.iter().map(option).collect(),
        price: prices::of_variant(product, variant)
            .map(|price| text::price(price, locale))
            .unwrap_or_default(),
        stock: Stock {
            product_id: product.id.clone(),
            sku: variant.sku.clone(),
            revision: product.revision,
            quantity: variant.stock_qty,
            locale,
        },
    }
}
