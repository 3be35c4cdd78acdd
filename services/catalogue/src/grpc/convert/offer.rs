//! Fields that products and variants share, besides the price.

use pbjson_types::Timestamp;
use product_fields::{
    LENGTH_UNIT_RULE, LengthUnit, OfferField, OfferMessage, WEIGHT_UNIT_RULE, WeightUnit,
};
use proto::{catalogue::v1 as wire, google::r#type::Money, money};

use super::{price, timestamp};
use crate::domain::{
    CurrencyPrice, Dimensions, Micros, Offer, Price, SalePeriod, Violations, Weight,
};

const NANOS_PER_MICRO: i32 = 1_000;
/// The years that RFC 3339 can write: 1 to 9999.
const SECONDS: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

/// Parses the fields that `is_wanted`. Violations are named as fields of `prefix`, which is empty or ends
/// with a dot.
pub(super) fn parse(
    mut message: OfferMessage,
    is_wanted: impl Fn(OfferField) -> bool,
    prefix: &dyn Fn() -> String,
    violations: &mut Violations,
) -> Offer {
    let mut offer = Offer::default();
    for field in OfferField::ALL {
        if !is_wanted(*field) || !message.has(*field) {
            continue;
        }
        let name = format!("{}{}", prefix(), field.name());
        match field {
            OfferField::CompareAtPrice => {
                let exact = message.compare_at_price.take();
                offer.compare_at_price = exact.and_then(|it| price::exact(&name, it, violations));
            }
            OfferField::SalePeriod => {
                let period = message.sale_period.take();
                offer.sale_period = period.and_then(|it| sale_period(&name, &it, violations));
            }
            OfferField::CurrencyPrices => {
                let prices = std::mem::take(&mut message.currency_prices).into_iter().enumerate();
                let prices = prices.filter_map(|(index, each)| {
                    currency_price(&format!("{name}[{index}]"), each, violations)
                });
                offer.currency_prices = prices.collect();
            }
            OfferField::Weight => {
                let found = message.weight.take();
                offer.weight = found.and_then(|it| weight(&name, &it, violations));
            }
            OfferField::Dimensions => {
                let found = message.dimensions.take();
                offer.dimensions = found.and_then(|it| dimensions(&name, &it, violations));
            }
        }
    }
    offer
}

/// Converts an offer.
pub(super) fn message(offer: Offer) -> OfferMessage {
    let price = |price: CurrencyPrice| wire::CurrencyPrice {
        compare_at_price: price
            .compare_at
            .map(|minor| money::from_minor(minor, &price.price.currency)),
        price: Some(exact(&price.price)),
    };
    OfferMessage {
        compare_at_price: offer.compare_at_price.as_ref().map(exact),
        sale_period: offer.sale_period.map(|period| wire::SalePeriod {
            start_time: period.start.map(timestamp),
            end_time: period.end.map(timestamp),
        }),
        currency_prices: offer.currency_prices.into_iter().map(price).collect(),
        weight: offer
            .weight
            .map(|Weight { value, unit }| wire::Weight { value, unit: unit.symbol().to_owned() }),
        dimensions: offer.dimensions.map(|Dimensions { sides: [length, width, height], unit }| {
            wire::Dimensions { length, width, height, unit: unit.symbol().to_owned() }
        }),
    }
}

pub(super) fn exact(price: &Price) -> Money {
    money::from_minor(price.minor, &price.currency)
}

/// A period without ends is none.
fn sale_period(
    field: &str,
    period: &wire::SalePeriod,
    violations: &mut Violations,
) -> Option<SalePeriod> {
    let mut at = |name: &str, time: Option<&Timestamp>| {
        let time = time?;
        let at = micros(time);
        if at.is_none() {
            let rule = "must be a time from year 1 to 9999, no finer than a microsecond";
            violations.add(format!("{field}.{name}"), rule);
        }
        at
    };
    let start = at("start_time", period.start_time.as_ref());
    let end = at("end_time", period.end_time.as_ref());
    (start.is_some() || end.is_some()).then_some(SalePeriod { start, end })
}

fn micros(time: &Timestamp) -> Option<Micros> {
    let is_valid = SECONDS.contains(&time.seconds)
        && (0..1_000_000_000).contains(&time.nanos)
        && time.nanos % NANOS_PER_MICRO == 0;
    is_valid.then(|| time.seconds * 1_000_000 + i64::from(time.nanos / NANOS_PER_MICRO))
}

fn currency_price(
    field: &str,
    each: wire::CurrencyPrice,
    violations: &mut Violations,
) -> Option<CurrencyPrice> {
    let Some(money) = each.price else {
        violations.add(format!("{field}.price"), "is required");
        return None;
    };
    let price = price::exact(&format!("{field}.price"), money, violations)?;
    let compare_at = match each.compare_at_price {
        None => None,
        Some(money) => {
            let name = format!("{field}.compare_at_price");
            let compare_at = price::exact(&name, money, violations)?;
            if compare_at.currency != price.currency {
                let rule = format!("must be {}, the currency of the price", price.currency);
                violations.add(format!("{name}.currency_code"), rule);
            }
            Some(compare_at.minor)
        }
    };
    Some(CurrencyPrice { price, compare_at })
}

fn weight(field: &str, weight: &wire::Weight, violations: &mut Violations) -> Option<Weight> {
    let Some(unit) = WeightUnit::named(&weight.unit) else {
        violations.add(format!("{field}.unit"), WEIGHT_UNIT_RULE);
        return None;
    };
    if unit.milligrams(weight.value).is_none() {
        violations.add(format!("{field}.value"), "must be more than 0 and at most 100 tonnes");
        return None;
    }
    Some(Weight { value: weight.value, unit })
}

fn dimensions(
    field: &str,
    dimensions: &wire::Dimensions,
    violations: &mut Violations,
) -> Option<Dimensions> {
    let Some(unit) = LengthUnit::named(&dimensions.unit) else {
        violations.add(format!("{field}.unit"), LENGTH_UNIT_RULE);
        return None;
    };
    let wire::Dimensions { length, width, height, .. } = *dimensions;
    for (name, side) in [("length", length), ("width", width), ("height", height)] {
        if side != 0.0 && !unit.is_side(side) {
            let rule = "must be more than 0 and at most a kilometre, or 0 where it is not known";
            violations.add(format!("{field}.{name}"), rule);
        }
    }
    if (length, width, height) == (0.0, 0.0, 0.0) {
        violations.add(field, "must have a length, width or height");
    }
    // The sign of a zero is no part of the value.
    Some(Dimensions { sides: [length + 0.0, width + 0.0, height + 0.0], unit })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(message: OfferMessage) -> Vec<String> {
        let mut violations = Violations::default();
        parse(message, |_| true, &|| "variants[0].".to_owned(), &mut violations);
        violations.iter().map(|(field, _)| field.to_owned()).collect()
    }

    #[test]
    fn a_bad_value_is_refused_with_its_place() {
        let at = |nanos| Some(Timestamp { seconds: 0, nanos });
        let euro = || Some(money::from_minor(1, "EUR"));
        let message = OfferMessage {
            compare_at_price: Some(Money { units: -1, ..euro().unwrap() }),
            sale_period: Some(wire::SalePeriod { start_time: at(1), end_time: at(-1) }),
            currency_prices: vec![
                wire::CurrencyPrice { price: None, compare_at_price: euro() },
                wire::CurrencyPrice {
                    price: Some(money::from_minor(1, "USD")),
                    compare_at_price: euro(),
                },
            ],
            weight: Some(wire::Weight { value: 1.0, unit: "stone".to_owned() }),
            dimensions: Some(wire::Dimensions { unit: "cm".to_owned(), ..Default::default() }),
        };
        let expected = [
            "compare_at_price.units",
            "sale_period.start_time",
            "sale_period.end_time",
            "currency_prices[0].price",
            "currency_prices[1].compare_at_price.currency_code",
            "weight.unit",
            "dimensions",
        ];
        assert_eq!(faults(message), expected.map(|field| format!("variants[0].{field}")));
        for value in [0.0, -1.0, f64::NAN, 1e12] {
            let weight = Some(wire::Weight { value, unit: "g".to_owned() });
            let message = OfferMessage { weight, ..OfferMessage::default() };
            assert_eq!(faults(message), ["variants[0].weight.value"], "{value}");
        }
    }

    #[test]
    fn units_are_stored_by_their_symbols() {
        let message = OfferMessage {
            weight: Some(wire::Weight { value: 2.5, unit: " Pounds".to_owned() }),
            dimensions: Some(wire::Dimensions {
                length: 1.0,
                height: 0.1 + 0.2,
                unit: "Inches".to_owned(),
                ..Default::default()
            }),
            ..OfferMessage::default()
        };
        let mut violations = Violations::default();
        let offer = parse(message, |_| true, &String::new, &mut violations);
        let stored = super::message(offer);
        assert_eq!(stored.weight.unwrap().unit, "lb");
        let dimensions = stored.dimensions.unwrap();
        assert_eq!((dimensions.height, dimensions.unit.as_str()), (0.1 + 0.2, "in"));
    }
}
