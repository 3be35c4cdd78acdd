//! The price of a product or a variant at a time: its price, or outside of a sale the price to compare with.

use std::time::{SystemTime, UNIX_EPOCH};

use proto::{
    catalogue::v1::{Product, SalePeriod, Variant},
    google::r#type::Money,
    money,
};

/// The price at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurrentPrice<'a> {
    pub price: &'a Money,
    /// The price to show struck beside it, if it is higher.
    pub struck: Option<&'a Money>,
}

impl<'a> CurrentPrice<'a> {
    /// The price of a product, and of its variants without a price of their own.
    #[must_use]
    pub fn of_product(product: &'a Product, now: SystemTime) -> Option<Self> {
        let Product { price, compare_at_price, sale_period, .. } = product;
        Self::of(price.as_ref()?, compare_at_price.as_ref(), sale_period.as_ref(), now)
    }

    /// The price of a variant of the product.
    #[must_use]
    pub fn of_variant(product: &'a Product, variant: &'a Variant, now: SystemTime) -> Option<Self> {
        let Some(price) = &variant.price else { return Self::of_product(product, now) };
        let Variant { compare_at_price, sale_period, .. } = variant;
        Self::of(price, compare_at_price.as_ref(), sale_period.as_ref(), now)
    }

    fn of(
        price: &'a Money,
        compare_at: Option<&'a Money>,
        period: Option<&SalePeriod>,
        now: SystemTime,
    ) -> Option<Self> {
        Some(match compare_at.filter(|at| at.currency_code == price.currency_code) {
            Some(regular) if period.is_some_and(|period| !holds(period, now)) => {
                Self { price: regular, struck: None }
            }
            compare_at => Self { price, struck: compare_at.filter(|at| is_less(price, at)) },
        })
    }
}

/// Whether a product, or one of its variants, has a price to compare with that is above its price, at
/// whatever time.
#[must_use]
pub fn is_on_sale(product: &Product) -> bool {
    let of = |price: Option<&Money>, at: Option<&Money>| {
        price.zip(at).is_some_and(|(price, at)| {
            price.currency_code == at.currency_code && is_less(price, at)
        })
    };
    of(product.price.as_ref(), product.compare_at_price.as_ref())
        || product.variants.iter().any(|it| of(it.price.as_ref(), it.compare_at_price.as_ref()))
}

/// Compares amounts of one currency.
fn is_less(price: &Money, other: &Money) -> bool {
    (price.units, price.nanos) < (other.units, other.nanos)
}

fn holds(period: &SalePeriod, now: SystemTime) -> bool {
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = (i64::try_from(now.as_secs()).unwrap_or(i64::MAX), now.subsec_nanos().cast_signed());
    let at = |time: &pbjson_types::Timestamp| (time.seconds, time.nanos);
    period.start_time.as_ref().is_none_or(|start| at(start) <= now)
        && period.end_time.as_ref().is_none_or(|end| now < at(end))
}

/// A price as people read it, such as `12.50 EUR`; empty without one.
#[must_use]
pub fn display_price(price: Option<&Money>) -> String {
    price.map(money::display).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn eur(minor: i64) -> Option<Money> {
        Some(money::from_minor(minor, "EUR"))
    }

    fn at(seconds: i64) -> Option<pbjson_types::Timestamp> {
        Some(pbjson_types::Timestamp { seconds, nanos: 0 })
    }

    fn shown(product: &Product, seconds: u64) -> (String, String) {
        let now = UNIX_EPOCH + Duration::from_secs(seconds);
        let current = CurrentPrice::of_product(product, now).unwrap();
        (display_price(Some(current.price)), display_price(current.struck))
    }

    #[test]
    fn a_sale_ends_with_its_period() {
        let period = SalePeriod { start_time: at(10), end_time: at(20) };
        let product = Product {
            price: eur(900),
            compare_at_price: eur(1_200),
            sale_period: Some(period),
            ..Product::default()
        };
        let (sale, regular) =
            (("9.00 EUR".into(), "12.00 EUR".into()), ("12.00 EUR".into(), String::new()));
        for (seconds, expected) in [(9, &regular), (10, &sale), (19, &sale), (20, &regular)] {
            assert_eq!(shown(&product, seconds), *expected, "{seconds}");
        }
        let always = Product { sale_period: None, ..product.clone() };
        assert_eq!(shown(&always, 0), sale);
        let lower = Product { compare_at_price: eur(900), sale_period: None, ..product.clone() };
        assert_eq!(shown(&lower, 0), ("9.00 EUR".into(), String::new()));
        let alone = Product { compare_at_price: None, ..product };
        assert_eq!(shown(&alone, 99), ("9.00 EUR".into(), String::new()));
    }

    #[test]
    fn a_variant_with_a_price_of_its_own_has_its_own_sale() {
        let own = Variant { price: eur(500), ..Variant::default() };
        let product = Product {
            price: eur(900),
            compare_at_price: eur(1_200),
            variants: vec![Variant::default(), own],
            ..Product::default()
        };
        let struck = |variant| {
            let current = CurrentPrice::of_variant(&product, variant, UNIX_EPOCH).unwrap();
            display_price(current.struck)
        };
        assert_eq!(struck(&product.variants[0]), "12.00 EUR");
        assert_eq!(struck(&product.variants[1]), "");
        assert!(is_on_sale(&product));
    }
}
