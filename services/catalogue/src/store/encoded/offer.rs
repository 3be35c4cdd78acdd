//! Encodes what products and variants have alike besides their price.

use super::wire::{self, money, timestamp};
use crate::{
    domain::Result,
    store::rows::{json::parse, offer::StoredOffer},
};

/// The tags of a message's fields.
pub(super) struct Tags {
    pub(super) compare_at_price: u32,
    pub(super) sale_period: u32,
    pub(super) currency_prices: u32,
    pub(super) weight: u32,
    pub(super) dimensions: u32,
}

pub(super) const PRODUCT: Tags =
    Tags { compare_at_price: 23, sale_period: 24, currency_prices: 25, weight: 26, dimensions: 27 };
pub(super) const VARIANT: Tags =
    Tags { compare_at_price: 6, sale_period: 7, currency_prices: 8, weight: 9, dimensions: 10 };

/// Appends the fields of a column.
///
/// # Errors
/// The column is damaged.
pub(super) fn encode(column: Option<&str>, tags: &Tags, out: &mut Vec<u8>) -> Result<()> {
    let Some(column) = column else { return Ok(()) };
    let offer: StoredOffer = parse(column)?;
    if let Some((minor, currency)) = &offer.compare_at {
        money(tags.compare_at_price, *minor, currency, out);
    }
    if let Some((start, end)) = offer.period {
        wire::message(tags.sale_period, out, |out| {
            start.into_iter().for_each(|at| timestamp(1, at, out));
            end.into_iter().for_each(|at| timestamp(2, at, out));
        });
    }
    for (minor, currency, compare_at) in &offer.prices {
        wire::message(tags.currency_prices, out, |out| {
            money(1, *minor, currency, out);
            compare_at.iter().for_each(|minor| money(2, *minor, currency, out));
        });
    }
    if let Some((value, unit)) = &offer.weight {
        wire::message(tags.weight, out, |out| {
            wire::double(1, value.0, out);
            wire::string(2, unit, out);
        });
    }
    if let Some((sides, unit)) = &offer.dimensions {
        wire::message(tags.dimensions, out, |out| {
            (1..).zip(sides).for_each(|(tag, side)| wire::double(tag, side.0, out));
            wire::string(4, unit, out);
        });
    }
    Ok(())
}
