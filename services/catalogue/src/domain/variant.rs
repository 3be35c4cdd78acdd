//! Variants of a product, such as sizes.

use super::{Offer, Price, Sku};

/// A variant: an article for sale, of a product with options.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Variant {
    pub(crate) sku: Sku,
    /// Barcode number, or empty.
    pub(crate) gtin: String,
    pub(crate) option_values: Vec<OptionValue>,
    /// `None`: the product's price.
    pub(crate) price: Option<Price>,
    /// Not negative.
    pub(crate) stock_qty: i32,
    /// Fields of its own; for the rest the product's hold.
    pub(crate) offer: Offer,
    /// The URL of one of the product's pictures, or empty.
    pub(crate) media_url: String,
}

/// The value of one option, such as size M.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct OptionValue {
    pub(crate) name: String,
    pub(crate) value: String,
}

impl Variant {
    /// Approximate size, in bytes.
    pub(super) fn bytes(&self) -> usize {
        /// Price and stock.
        const NUMBERS: usize = 16;
        let options =
            self.option_values.iter().map(|option| option.name.len() + option.value.len());
        let texts = self.sku.as_str().len() + self.gtin.len() + self.media_url.len();
        texts + NUMBERS + self.offer.bytes() + options.sum::<usize>()
    }

    /// Whether the variants are equal except for their stock.
    fn is_like(&self, other: &Self) -> bool {
        self.sku == other.sku
            && self.gtin == other.gtin
            && self.option_values == other.option_values
            && self.price == other.price
            && self.offer == other.offer
            && self.media_url == other.media_url
    }
}

/// Whether the lists are equal, including their order, except for stock.
pub(super) fn same_choice(variants: &[Variant], others: &[Variant]) -> bool {
    variants.len() == others.len()
        && variants.iter().zip(others).all(|(variant, other)| variant.is_like(other))
}

/// Total stock. The rules keep it within `i32`.
pub(super) fn stock_of(variants: &[Variant]) -> i32 {
    variants.iter().fold(0, |sum: i32, variant| sum.saturating_add(variant.stock_qty))
}
