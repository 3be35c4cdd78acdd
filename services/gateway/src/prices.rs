//! The prices of a product, as they are now: a sale has a time.

use std::time::SystemTime;

use product_fields::CurrentPrice;
use proto::{
    catalogue::v1::{Product, Variant},
    google::r#type::Money,
};

/// The price of a variant: its own, or else the product's.
pub(crate) fn of_variant<'a>(product: &'a Product, variant: &'a Variant) -> Option<&'a Money> {
    current(product, Some(variant)).map(|current| current.price)
}

/// The price of a variant, or of a product without variants, with the higher one to show struck.
pub(crate) fn current<'a>(
    product: &'a Product,
    variant: Option<&'a Variant>,
) -> Option<CurrentPrice<'a>> {
    let now = SystemTime::now();
    match variant {
        Some(variant) => CurrentPrice::of_variant(product, variant, now),
        None => CurrentPrice::of_product(product, now),
    }
}

/// The price to show struck beside that of a whole product: the one that all of its variants have.
pub(crate) fn struck(product: &Product) -> Option<&Money> {
    let Some((first, rest)) = product.variants.split_first() else {
        return current(product, None)?.struck;
    };
    let first = current(product, Some(first))?;
    let is_same = |variant| current(product, Some(variant)) == Some(first);
    first.struck.filter(|_| rest.iter().all(is_same))
}

/// The lowest and the highest price of a product's variants, or of a product without variants.
pub(crate) fn range(product: &Product) -> Option<(&Money, &Money)> {
    let own = current(product, None).filter(|_| product.variants.is_empty());
    let variants = product.variants.iter().filter_map(|variant| of_variant(product, variant));
    let amount = |money: &&Money| (money.units, money.nanos);
    let all: Vec<&Money> = own.map(|own| own.price).into_iter().chain(variants).collect();
    Some((
        *all.iter().min_by_key(|money| amount(money))?,
        *all.iter().max_by_key(|money| amount(money))?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eur(minor: i64) -> Option<Money> {
        Some(proto::money::from_minor(minor, "EUR"))
    }

    #[test]
    fn a_struck_price_is_that_of_all_variants() {
        let variant = |minor, was| Variant {
            price: eur(minor),
            compare_at_price: eur(was),
            ..Variant::default()
        };
        let same = vec![variant(900, 1_200), variant(900, 1_200)];
        let product = Product { variants: same, ..Product::default() };
        assert_eq!(struck(&product).cloned(), eur(1_200));
        let other = vec![variant(900, 1_200), variant(800, 1_200)];
        assert_eq!(struck(&Product { variants: other, ..Product::default() }), None);
        let alone = Product { price: eur(9), compare_at_price: eur(12), ..Product::default() };
        assert_eq!(struck(&alone).cloned(), eur(12));
    }
}
