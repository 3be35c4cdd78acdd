//! What a product can be bought as, as a table: its options, its price where prices differ, how
//! many there are.

use proto::{
    catalogue::v1::{Product, Variant},
    google::r#type::Money,
};

use super::super::{Stock, text};
use crate::live::MAX_VARIANTS;

#[derive(Default)]
pub(super) struct Variants {
    /// The options' names as headings, such as Colour and Size. None if no variant has any: then
    /// each goes by its sku.
    pub(super) headings: Vec<String>,
    pub(super) has_prices: bool,
    pub(super) rows: Vec<Row>,
    /// How many are left out.
    pub(super) more: usize,
}

pub(super) struct Row {
    /// A cell for each heading; empty where the variant does not have that option.
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
            has_prices: prices(product).is_some_and(|(least, most)| least != most),
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

/// What a variant costs: what the product does, unless it has a price of its own.
fn price<'a>(product: &'a Product, variant: &'a Variant) -> Option<&'a Money> {
    variant.price.as_ref().or(product.price.as_ref())
}

/// The least and the most that a product costs, one way or another; none if it has no price.
pub(super) fn prices(product: &Product) -> Option<(&Money, &Money)> {
    let own = product.price.iter().filter(|_| product.variants.is_empty());
    let variants = product.variants.iter().filter_map(|variant| price(product, variant));
    let amount = |money: &&Money| (money.units, money.nanos);
    let all: Vec<&Money> = own.chain(variants).collect();
    Some((
        *all.iter().min_by_key(|money| amount(money))?,
        *all.iter().max_by_key(|money| amount(money))?,
    ))
}
