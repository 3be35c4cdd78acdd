//! The prices of a product.

use proto::{
    catalogue::v1::{Product, Variant},
    google::r#type::Money,
};

/// The price of a variant: its own, or else the product's.
pub(crate) fn of_variant<'a>(product: &'a Product, variant: &'a Variant) -> Option<&'a Money> {
    variant.price.as_ref().or(product.price.as_ref())
}

/// The lowest and the highest price of a product's variants, or of a product without variants.
pub(crate) fn range(product: &Product) -> Option<(&Money, &Money)> {
    let own = product.price.iter().filter(|_| product.variants.is_empty());
    let variants = product.variants.iter().filter_map(|variant| of_variant(product, variant));
    let amount = |money: &&Money| (money.units, money.nanos);
    let all: Vec<&Money> = own.chain(variants).collect();
    Some((
        *all.iter().min_by_key(|money| amount(money))?,
        *all.iter().max_by_key(|money| amount(money))?,
    ))
}
