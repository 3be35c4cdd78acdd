//! Fields of a variant besides its price, its product's where it has none, for tables of other systems.

use product_fields::{LengthUnit, OfferMessage, WeightUnit};
use proto::{
    catalogue::v1::{Dimensions, Product, Variant},
    google::r#type::Money,
};

/// The price and offer of a row.
pub(super) struct OwnOffer {
    pub(super) price: Option<Money>,
    pub(super) offer: OfferMessage,
    pub(super) cost: Option<Money>,
}

impl OwnOffer {
    /// That of a variant, or of a product without variants.
    pub(super) fn of(product: &Product, variant: Option<&Variant>) -> Self {
        let own = OfferMessage::of_product(product);
        let has_variants = !product.variants.is_empty();
        let sku = variant.filter(|_| has_variants).map_or("", |variant| variant.sku.as_str());
        let cost = product.costs.iter().find(|cost| cost.sku == sku);
        let cost = cost.and_then(|cost| cost.amount.clone());
        let Some(variant) = variant else {
            return Self { price: product.price.clone(), offer: own, cost };
        };
        let mut offer = OfferMessage::of_variant(variant);
        if variant.price.is_none() {
            offer.compare_at_price = own.compare_at_price;
            offer.sale_period = own.sale_period;
        }
        offer.weight = offer.weight.or(own.weight);
        offer.dimensions = offer.dimensions.or(own.dimensions);
        Self { price: variant.price.clone().or(product.price.clone()), offer, cost }
    }

    /// The regular price and, if it is lower, the one of the sale.
    pub(super) fn regular_and_sale(&self) -> (Option<&Money>, Option<&Money>) {
        let (price, compared) = (self.price.as_ref(), self.offer.compare_at_price.as_ref());
        match (price, compared) {
            (Some(price), Some(compared))
                if (price.units, price.nanos) < (compared.units, compared.nanos) =>
            {
                (Some(compared), Some(price))
            }
            _ => (price, None),
        }
    }

    /// The weight in a unit, to a milligram; empty without one.
    pub(super) fn weight_in(&self, unit: WeightUnit) -> String {
        let weight = self
            .offer
            .weight
            .as_ref()
            .and_then(|weight| WeightUnit::named(&weight.unit)?.milligrams(weight.value));
        let Some(milligrams) = weight else { return String::new() };
        let places = if unit == WeightUnit::Kilogram { 6 } else { 3 };
        decimal(milligrams, places)
    }

    /// A side in a unit; empty if it is not known.
    pub(super) fn side_in(&self, unit: LengthUnit, side: impl Fn(&Dimensions) -> f64) -> String {
        let size = self.offer.dimensions.as_ref().filter(|size| side(size) > 0.0);
        let length =
            size.and_then(|size| Some(LengthUnit::named(&size.unit)?.convert(side(size), unit)));
        length.map(|length| ((length * 1e6).round() / 1e6).to_string()).unwrap_or_default()
    }
}

/// A number of which the last `places` digits are decimals, without zeros at its end.
fn decimal(number: i64, places: u32) -> String {
    let one = 10_i64.pow(places);
    let (whole, rest) = (number / one, number % one);
    let text = format!("{whole}.{rest:0width$}", width = places as usize);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::catalogue::v1::Weight;

    #[test]
    fn measures_are_written_in_the_unit_of_the_column() {
        let weight = Some(Weight { value: 2.5, unit: "lb".to_owned() });
        let size = Dimensions { length: 10.0, unit: "in".to_owned(), ..Dimensions::default() };
        let product = Product { weight, dimensions: Some(size), ..Product::default() };
        let own = OwnOffer::of(&product, None);
        assert_eq!(own.weight_in(WeightUnit::Gram), "1133.981");
        assert_eq!(own.weight_in(WeightUnit::Kilogram), "1.133981");
        assert_eq!(own.side_in(LengthUnit::Centimetre, |size| size.length), "25.4");
        assert_eq!(own.side_in(LengthUnit::Centimetre, |size| size.width), "");
    }
}
