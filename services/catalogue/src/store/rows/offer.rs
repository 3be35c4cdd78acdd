//! Fields that products and variants share, as JSON in one column: NULL without any.

use product_fields::{LengthUnit, WeightUnit};
use serde::{Deserialize, Serialize};

use super::json::{json, parse};
use crate::domain::{
    Cost, CurrencyPrice, Dimensions, Error, Micros, Offer, Price, Result, SalePeriod, Sku, Weight,
};

/// The stored form of an offer.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::store) struct StoredOffer {
    /// Minor units and currency.
    #[serde(rename = "was", skip_serializing_if = "Option::is_none")]
    pub(in crate::store) compare_at: Option<(i64, String)>,
    /// Start and end.
    #[serde(rename = "sale", skip_serializing_if = "Option::is_none")]
    pub(in crate::store) period: Option<(Option<Micros>, Option<Micros>)>,
    /// Minor units, currency, and minor units of the price to compare with.
    #[serde(rename = "in", skip_serializing_if = "Vec::is_empty")]
    pub(in crate::store) prices: Vec<(i64, String, Option<i64>)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::store) weight: Option<(StoredNumber, String)>,
    #[serde(rename = "size", skip_serializing_if = "Option::is_none")]
    pub(in crate::store) dimensions: Option<([StoredNumber; 3], String)>,
}

/// A number as text, which the standard library restores exactly.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(in crate::store) struct StoredNumber(pub(in crate::store) f64);

impl From<StoredNumber> for String {
    fn from(number: StoredNumber) -> Self {
        number.0.to_string()
    }
}

impl TryFrom<String> for StoredNumber {
    type Error = std::num::ParseFloatError;

    fn try_from(text: String) -> std::result::Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}

impl From<&Offer> for StoredOffer {
    fn from(offer: &Offer) -> Self {
        let price =
            |each: &CurrencyPrice| (each.price.minor, each.price.currency.clone(), each.compare_at);
        let compared = offer.compare_at_price.as_ref();
        Self {
            compare_at: compared.map(|price| (price.minor, price.currency.clone())),
            period: offer.sale_period.map(|period| (period.start, period.end)),
            prices: offer.currency_prices.iter().map(price).collect(),
            weight: offer.weight.map(|it| (StoredNumber(it.value), it.unit.symbol().to_owned())),
            dimensions: offer
                .dimensions
                .map(|it| (it.sides.map(StoredNumber), it.unit.symbol().to_owned())),
        }
    }
}

impl TryFrom<StoredOffer> for Offer {
    type Error = Error;

    fn try_from(stored: StoredOffer) -> Result<Self> {
        let damaged = |unit: &str| Error::Damaged(format!("a measure in {unit:?}").into());
        let weight = stored.weight.map(|(value, unit)| {
            let unit = WeightUnit::named(&unit).ok_or_else(|| damaged(&unit))?;
            Ok::<_, Error>(Weight { value: value.0, unit })
        });
        let dimensions = stored.dimensions.map(|(sides, unit)| {
            let unit = LengthUnit::named(&unit).ok_or_else(|| damaged(&unit))?;
            Ok::<_, Error>(Dimensions { sides: sides.map(|side| side.0), unit })
        });
        let price = |(minor, currency, compare_at)| CurrencyPrice {
            price: Price { minor, currency },
            compare_at,
        };
        Ok(Self {
            compare_at_price: stored.compare_at.map(|(minor, currency)| Price { minor, currency }),
            sale_period: stored.period.map(|(start, end)| SalePeriod { start, end }),
            currency_prices: stored.prices.into_iter().map(price).collect(),
            weight: weight.transpose()?,
            dimensions: dimensions.transpose()?,
        })
    }
}

/// The column's value; `None` if the offer has nothing.
pub(in crate::store) fn offer_column(offer: &Offer) -> Result<Option<String>> {
    if *offer == Offer::default() {
        return Ok(None);
    }
    json(&StoredOffer::from(offer)).map(Some)
}

/// The offer in a column.
pub(in crate::store) fn offer_of(column: Option<&str>) -> Result<Offer> {
    column.map_or_else(|| Ok(Offer::default()), |text| parse::<StoredOffer>(text)?.try_into())
}

/// The stored form of a cost: SKU or empty, minor units, currency.
#[derive(Serialize, Deserialize)]
pub(in crate::store) struct StoredCost(String, i64, String);

impl TryFrom<&Cost> for StoredCost {
    type Error = Error;

    fn try_from(cost: &Cost) -> Result<Self> {
        let sku = cost.sku.as_ref().map(ToString::to_string).unwrap_or_default();
        Ok(Self(sku, cost.amount.minor, cost.amount.currency.clone()))
    }
}

impl TryFrom<StoredCost> for Cost {
    type Error = Error;

    fn try_from(StoredCost(sku, minor, currency): StoredCost) -> Result<Self> {
        let sku = (!sku.is_empty()).then(|| Sku::known(sku));
        Ok(Self { sku, amount: Price { minor, currency } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_is_restored_exactly() {
        let euros = |minor| Price { minor, currency: "EUR".to_owned() };
        let offer = Offer {
            compare_at_price: Some(euros(i64::MAX)),
            sale_period: Some(SalePeriod { start: None, end: Some(-1) }),
            currency_prices: vec![CurrencyPrice { price: euros(3), compare_at: Some(4) }],
            weight: Some(Weight { value: 0.1 + 0.2, unit: WeightUnit::Pound }),
            dimensions: Some(Dimensions { sides: [1e-7, 0.0, 2.5], unit: LengthUnit::Inch }),
        };
        let column = offer_column(&offer).unwrap();
        assert_eq!(offer_of(column.as_deref()).unwrap(), offer);
        assert_eq!(offer_column(&Offer::default()).unwrap(), None);
        assert_eq!(offer_of(None).unwrap(), Offer::default());
        assert!(offer_of(Some(r#"{"weight":["1","stone"]}"#)).is_err());
    }
}
