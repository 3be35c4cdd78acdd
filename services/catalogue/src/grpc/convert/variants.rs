//! Variants.

use product_fields::OfferMessage;
use proto::{catalogue::v1 as wire, money};

use super::{offer, price};
use crate::domain::{MAX_VARIANTS, OptionValue, Sku, Variant, Violations, check_count};

/// Parses variants. Invalid prices are violations, and left out.
pub(super) fn parse(variants: Vec<wire::Variant>, violations: &mut Violations) -> Vec<Variant> {
    if variants.len() > MAX_VARIANTS {
        // Without looking at them: a single violation is enough.
        check_count("variants", variants.len(), MAX_VARIANTS, violations);
        return Vec::new();
    }
    let mut parsed = Vec::with_capacity(variants.len());
    for (index, mut variant) in variants.into_iter().enumerate() {
        let prefix = || format!("variants[{index}].");
        let message = OfferMessage::take_variant(&mut variant);
        let offer = offer::parse(message, |_| true, &prefix, violations);
        // A variant with an invalid SKU stays, so that the indexes of the others are right.
        let sku = Sku::parse(&variant.sku).unwrap_or_else(|rule| {
            violations.add(format!("variants[{index}].sku"), rule);
            Sku::known(variant.sku)
        });
        let price = match variant.price {
            None => None,
            Some(price) => price::exact(&format!("variants[{index}].price"), price, violations),
        };
        let option = |wire::OptionValue { name, value }| OptionValue { name, value };
        parsed.push(Variant {
            sku,
            gtin: variant.gtin,
            option_values: variant.option_values.into_iter().map(option).collect(),
            price,
            stock_qty: variant.stock_qty,
            offer,
            media_url: variant.media_url,
        });
    }
    parsed
}

pub(super) fn message(variant: Variant) -> wire::Variant {
    let option = |OptionValue { name, value }| wire::OptionValue { name, value };
    let mut message = wire::Variant {
        sku: variant.sku.into(),
        gtin: variant.gtin,
        option_values: variant.option_values.into_iter().map(option).collect(),
        price: variant.price.map(|price| money::from_minor(price.minor, &price.currency)),
        stock_qty: variant.stock_qty,
        media_url: variant.media_url,
        ..Default::default()
    };
    offer::message(variant.offer).put_variant(&mut message);
    message
}
