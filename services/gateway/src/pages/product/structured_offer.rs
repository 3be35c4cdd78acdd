//! Offers and measures in the structured data of schema.org.

use product_fields::CurrentPrice;
use proto::{
    catalogue::v1::{Dimensions, Product, SalePeriod, Weight, product::Condition},
    google::r#type::Money,
};
use serde_json::{Value, json};

use crate::pages::visibility::Visibility;

/// The offer of a product or variant at its current price.
pub(super) fn of(
    product: &Product,
    period: Option<&SalePeriod>,
    CurrentPrice { price, struck }: CurrentPrice<'_>,
    stock_qty: i32,
) -> Value {
    let mut offer = json!({
        "@type": "Offer",
        "price": amount(price),
        "priceCurrency": price.currency_code,
        "availability": availability(product, stock_qty),
    });
    if let Some(struck) = struck {
        offer["priceSpecification"] = json!({
            "@type": "UnitPriceSpecification",
            "priceType": "https://schema.org/StrikethroughPrice",
            "price": amount(struck),
            "priceCurrency": struck.currency_code,
        });
        if let Some(end) = period.and_then(|period| period.end_time) {
            offer["priceValidUntil"] = json!(end);
        }
    }
    if let Some(condition) = condition(product.condition()) {
        offer["itemCondition"] = json!(format!("https://schema.org/{condition}Condition"));
    }
    offer
}

/// Whether that many of a product can be bought, by schema.org.
pub(super) fn availability(product: &Product, stock_qty: i32) -> &'static str {
    match (Visibility::of(product), stock_qty) {
        (Visibility::Discontinued | Visibility::Hidden, _) => "https://schema.org/Discontinued",
        (Visibility::ForSale, 1..) => "https://schema.org/InStock",
        (Visibility::ForSale, _) => "https://schema.org/OutOfStock",
    }
}

/// An amount without its currency, such as `12.50`.
pub(super) fn amount(money: &Money) -> String {
    let text = proto::money::display(money);
    text.split_once(' ').map_or(text.as_str(), |(amount, _)| amount).to_owned()
}

fn condition(condition: Condition) -> Option<&'static str> {
    match condition {
        Condition::Unspecified => None,
        Condition::New => Some("New"),
        Condition::Refurbished => Some("Refurbished"),
        Condition::Used => Some("Used"),
    }
}

/// Adds weight and dimensions, of which schema.org calls the length depth.
pub(super) fn add_measures(
    data: &mut Value,
    weight: Option<&Weight>,
    dimensions: Option<&Dimensions>,
) {
    if let Some(Weight { value, unit }) = weight {
        data["weight"] = quantity(*value, unit);
    }
    if let Some(Dimensions { length, width, height, unit }) = dimensions {
        for (name, side) in [("depth", length), ("width", width), ("height", height)] {
            if *side > 0.0 {
                data[name] = quantity(*side, unit);
            }
        }
    }
}

fn quantity(value: f64, unit: &str) -> Value {
    let mut quantity = json!({ "@type": "QuantitativeValue", "value": value, "unitText": unit });
    if let Some(code) = unit_code(unit) {
        quantity["unitCode"] = json!(code);
    }
    quantity
}

/// The common code of a unit (UN/CEFACT recommendation 20).
fn unit_code(unit: &str) -> Option<&'static str> {
    Some(match unit {
        "mg" => "MGM",
        "g" => "GRM",
        "kg" => "KGM",
        "t" => "TNE",
        "oz" => "ONZ",
        "lb" => "LBR",
        "mm" => "MMT",
        "cm" => "CMT",
        "m" => "MTR",
        "in" => "INH",
        "ft" => "FOT",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use product_fields::{LengthUnit, WeightUnit};

    use super::*;

    #[test]
    fn every_unit_has_a_code() {
        let weights = WeightUnit::ALL.iter().map(|unit| unit.symbol());
        let lengths = LengthUnit::ALL.iter().map(|unit| unit.symbol());
        for unit in weights.chain(lengths) {
            assert!(unit_code(unit).is_some(), "{unit}");
        }
    }

    #[test]
    fn a_sale_of_a_used_thing_says_so() {
        let eur = |minor| proto::money::from_minor(minor, "EUR");
        let mut product = Product::default();
        product.set_condition(Condition::Used);
        let end_time = Some(pbjson_types::Timestamp { seconds: 86_400, nanos: 0 });
        let period = SalePeriod { start_time: None, end_time };
        let (price, struck) = (eur(900), eur(1_200));
        let current = CurrentPrice { price: &price, struck: Some(&struck) };
        let offer = of(&product, Some(&period), current, 1);
        assert_eq!(offer["priceSpecification"]["price"], "12.00");
        assert_eq!(offer["itemCondition"], "https://schema.org/UsedCondition");
        assert!(offer["priceValidUntil"].as_str().unwrap().starts_with("1970-01-02"));
    }
}
