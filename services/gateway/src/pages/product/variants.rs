//! The table of a product's variants: options, stock, and prices where these differ.

use proto::{
    catalogue::v1::{Product, Variant},
    google::r#type::Money,
};

use super::super::{Stock, text};
use crate::live::MAX_VARIANTS;

#[derive(Default)]
pub(super) struct Variants {
    /// The options' names, such as Colour and Size. Empty if no variant has options: then the rows
    /// show the sku.
    pub(super) headings: Vec<String>,
    pub(super) has_prices: bool,
    pub(super) rows: Vec<Row>,
    /// The number of variants that are not shown.
    pub(super) more: usize,
}

pub(super) struct Row {
    /// A cell for each heading; empty if the variant does not have that option.
    pub(super) options: Vec<String>,
    pub(super) price: String,
    pub(super) stock: Stock,
}

impl Variants {
    pub(super) fn of(product: &Product) -> Self {
        let shown = &product.variants[..product.variants.len().min(MAX_VARIANTS)];
        let mut names: Vec<&str> = Vec::new();
        for option in shown.iter().flat_map(|variant| &variant.option_values) {
            if !names.contains(&option.name.as_str()) {
                names.push(&option.name);
            }
        }
        Self {
            has_prices: price_range(product).is_some_and(|(min, max)| min != max),
            rows: shown.iter().map(|variant| row(product, variant, &names)).collect(),
            headings: names.iter().map(|name| text::heading(name)).collect(),
            more: product.variants.len() - shown.len(),
        }
    }
}

fn row(product: &Product, variant: &Variant, names: &[&str]) -> Row {
    let option = |name: &&str| {
        let mut values = variant.option_values.iter();
        let found = values.find(|option| option.name == *name);
        found.map(|option| text::plain(&option.value)).unwrap_or_default()
    };
    Row {
        options: names.iter().map(option).collect(),
        price: price(product, variant).map(text::price).unwrap_or_default(),
        stock: Stock {
            product_id: product.id.clone(),
            sku: variant.sku.clone(),
            revision: product.revision,
            quantity: variant.stock_qty,
        },
    }
}

/// The price of a variant: its own, or else the product's.
fn price<'a>(product: &'a Product, variant: &'a Variant) -> Option<&'a Money> {
    variant.price.as_ref().or(product.price.as_ref())
}

/// The lowest and the highest price of a product's variants, or of a product without variants.
pub(super) fn price_range(product: &Product) -> Option<(&Money, &Money)> {
    let own = product.price.iter().filter(|_| product.variants.is_empty());
    let variants = product.variants.iter().filter_map(|variant| price(product, variant));
    let amount = |money: &&Money| (money.units, money.nanos);
    let all: Vec<&Money> = own.chain(variants).collect();
    Some((
        *all.iter().min_by_key(|money| amount(money))?,
        *all.iter().max_by_key(|money| amount(money))?,
    ))
}
