//! The kinds of rounds.

use std::time::Duration;

use proto::catalogue::v1::{OptionValue, Product, Variant};
use testkit::Random;

use crate::catalogue::product;

/// Reservations of some rounds expire after this time, the shortest there is.
pub(super) const SHORT: Duration = Duration::from_secs(1);

/// A kind of round: its product, and the writes that race for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A product without variants; documents are written as they were read, however long ago.
    Plain,
    /// The same with two variants.
    Sizes,
    /// Variants are added and removed, by documents with an etag.
    Changing,
    /// As `Plain`, and reservations expire.
    Expiring,
}

impl Kind {
    pub(super) fn random(random: &mut Random) -> Self {
        match random.below(100) {
            0..2 => Self::Expiring,
            2..36 => Self::Plain,
            36..70 => Self::Sizes,
            _ => Self::Changing,
        }
    }

    /// The product as it is created.
    pub(super) fn product(self, number: u64, random: &mut Random) -> Product {
        let mut new = product(format!("round-{number}"));
        let mut some = || random.below(8) as i32;
        match self {
            Self::Plain | Self::Expiring => new.stock_qty = some(),
            Self::Sizes | Self::Changing => {
                new.variants = ["S", "M"].map(|size| variant(&new.id, size, some())).into();
            }
        }
        new
    }
}

/// A variant that nothing but its size distinguishes.
pub(super) fn variant(id: &str, size: &str, stock_qty: i32) -> Variant {
    let value = OptionValue { name: "size".to_owned(), value: size.to_owned() };
    let sku = format!("{id}-{size}");
    Variant { sku, stock_qty, option_values: vec![value], ..Default::default() }
}
