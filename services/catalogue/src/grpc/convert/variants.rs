//! Variants between messages and products.

use proto::{catalogue::v1 as wire, money};

use super::price;
use crate::domain::{MAX_VARIANTS, OptionValue, Sku, Variant, Violations, check_count};

/// The variants. A price that cannot be read is left out, and named.
pub(super) fn parse(variants: Vec<wire::Variant>, violations: &mut Violations) -> Vec<Variant> {
    if variants.len() > MAX_VARIANTS {
        // At once: whoever sends that many is not told of each.
        check_count("variants", variants.len(), MAX_VARIANTS, violations);
        return Vec::new();
    }
    let mut parsed = Vec::with_capacity(variants.len());
    for (index, variant) in variants.into_iter().enumerate() {
        // Kept all the same: what is wrong with the others is told by their places.
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
        });
    }
    parsed
}

pub(super) fn message(variant: Variant) -> wire::Variant {
    let option = |OptionValue { name, value }| wire::OptionValue { name, value };
    wire::Variant {
        sku: variant.sku.into(),
        gtin: variant.gtin,
        option_values: variant.option_values.into_iter().map(option).collect(),
        price: variant.price.map(|price| money::from_minor(price.minor, &price.currency)),
        stock_qty: variant.stock_qty,
    }
}
