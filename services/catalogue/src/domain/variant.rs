//! Variants: what can be bought of a product when there is a choice.

use super::{Price, Sku};

/// One of the things a product can be bought as, such as a size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variant {
    pub(crate) sku: Sku,
    /// The number under its barcode, or empty.
    pub(crate) gtin: String,
    pub(crate) option_values: Vec<OptionValue>,
    /// None: what the product costs.
    pub(crate) price: Option<Price>,
    /// Never negative.
    pub(crate) stock_qty: i32,
}

/// One choice, such as size M.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct OptionValue {
    pub(crate) name: String,
    pub(crate) value: String,
}

impl Variant {
    /// What it costs to keep and to send, in bytes.
    pub(super) fn bytes(&self) -> usize {
        /// The price and the stock.
        const NUMBERS: usize = 16;
        let options =
            self.option_values.iter().map(|option| option.name.len() + option.value.len());
        self.sku.as_str().len() + self.gtin.len() + NUMBERS + options.sum::<usize>()
    }

    /// Whether it is the same thing, however many there are of it.
    fn is_like(&self, other: &Self) -> bool {
        self.sku == other.sku
            && self.gtin == other.gtin
            && self.option_values == other.option_values
            && self.price == other.price
    }
}

/// Whether these are the same choice in the same order, however many there are of each.
pub(super) fn same_choice(variants: &[Variant], others: &[Variant]) -> bool {
    variants.len() == others.len()
        && variants.iter().zip(others).all(|(variant, other)| variant.is_like(other))
}

/// How many there are in all. The rules keep it within what can be counted.
pub(super) fn stock_of(variants: &[Variant]) -> i32 {
    variants.iter().fold(0, |sum: i32, variant| sum.saturating_add(variant.stock_qty))
}
