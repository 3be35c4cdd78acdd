//! Rules for what products and variants have alike besides their price, and for costs.

use std::collections::HashSet;

use product_fields::OfferField;

use super::{check_count, check_unique};
use crate::domain::{
    Cost, Details, Field, Mask, Offer, Price, SalePeriod, Violations, details::is_sku_of,
};

/// Prices in other currencies of one product or variant.
const MAX_CURRENCY_PRICES: usize = 50;

/// Adds the violations of a field by itself.
pub(super) fn check_field(field: OfferField, offer: &Offer, violations: &mut Violations) {
    match field {
        // Checked when they are parsed.
        OfferField::CompareAtPrice | OfferField::Weight | OfferField::Dimensions => {}
        OfferField::SalePeriod => {
            if let Some(SalePeriod { start: Some(start), end: Some(end) }) = offer.sale_period
                && end <= start
            {
                violations.add("sale_period.end_time", "must be later than start_time");
            }
        }
        OfferField::CurrencyPrices => {
            let prices = &offer.currency_prices;
            check_count("currency_prices", prices.len(), MAX_CURRENCY_PRICES, violations);
            let currencies = prices.iter().map(|each| each.price.currency.as_str());
            let field = |index| format!("currency_prices[{index}].price.currency_code");
            check_unique(currencies, field, violations);
        }
    }
}

/// Adds the violations of all fields of a variant's offer, each by itself.
pub(super) fn check(offer: &Offer, violations: &mut Violations) {
    OfferField::ALL.iter().for_each(|field| check_field(*field, offer, violations));
}

/// Adds the violations of costs by themselves.
pub(super) fn check_costs(costs: &[Cost], violations: &mut Violations) {
    check_count("costs", costs.len(), super::MAX_VARIANTS, violations);
    let mut seen = HashSet::new();
    for (index, cost) in costs.iter().enumerate() {
        if !seen.insert(cost.sku.as_ref()) {
            violations.add(format!("costs[{index}].sku"), "is a duplicate");
        }
    }
}

/// Adds the violations of references between the fields of `mask`.
pub(super) fn check_references(details: &Details, mask: Mask, violations: &mut Violations) {
    let has_variants = mask.has(Field::Variants);
    if has_variants && mask.has(Field::Media) {
        for (index, variant) in details.variants.iter().enumerate() {
            let url = &variant.media_url;
            if !url.is_empty() && !details.media.iter().any(|media| media.url == *url) {
                let rule = "must be the URL of one of the product's media";
                violations.add(format!("variants[{index}].media_url"), rule);
            }
        }
    }
    if has_variants && mask.has(Field::Costs) {
        for (index, cost) in details.costs.iter().enumerate() {
            if !is_sku_of(cost.sku.as_ref(), &details.variants) {
                let rule = match details.variants.is_empty() {
                    true => "must be empty: the product has no variants",
                    false => "must be the sku of one of the product's variants",
                };
                violations.add(format!("costs[{index}].sku"), rule);
            }
        }
    }
}

/// Adds the violations of the currencies of a product's prices.
pub(super) fn check_currencies(details: &Details, violations: &mut Violations) {
    let prices =
        details.price.iter().chain(details.variants.iter().filter_map(|it| it.price.as_ref()));
    let currency = prices.map(|price| price.currency.as_str()).next();
    check_offer(&details.offer, currency, "", violations);
    for (index, variant) in details.variants.iter().enumerate() {
        if variant.offer != Offer::default() {
            let prefix = format!("variants[{index}].");
            check_offer(&variant.offer, currency, &prefix, violations);
        }
    }
}

/// The price to compare with has the product's currency, and the prices in others do not.
fn check_offer(offer: &Offer, currency: Option<&str>, prefix: &str, violations: &mut Violations) {
    let compared = offer.compare_at_price.as_ref().map(|price| price.currency.as_str());
    let Some(own) = currency.or(compared) else { return };
    if compared.is_some_and(|compared| compared != own) {
        let field = format!("{prefix}compare_at_price.currency_code");
        violations.add(field, format!("must be {own}, the product's currency"));
    }
    let is_own = |Price { currency, .. }: &Price| currency == own;
    for (index, _) in
        offer.currency_prices.iter().enumerate().filter(|(_, each)| is_own(&each.price))
    {
        let field = format!("{prefix}currency_prices[{index}].price.currency_code");
        violations.add(field, format!("is the product's currency, {own}; set price"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{CurrencyPrice, Media, Sku, Variant};

    fn price(minor: i64, currency: &str) -> Price {
        Price { minor, currency: currency.to_owned() }
    }

    fn fields(check: impl FnOnce(&mut Violations)) -> Vec<String> {
        let mut violations = Violations::default();
        check(&mut violations);
        violations.iter().map(|(field, _)| field.to_owned()).collect()
    }

    fn variant(sku: &str, media_url: &str) -> Variant {
        Variant {
            sku: Sku::parse(sku).unwrap(),
            gtin: String::new(),
            option_values: Vec::new(),
            price: None,
            stock_qty: 0,
            offer: Offer::default(),
            media_url: media_url.to_owned(),
        }
    }

    #[test]
    fn an_offer_is_refused_with_the_place() {
        let dollars = CurrencyPrice { price: price(1, "USD"), compare_at: None };
        let offer = Offer {
            sale_period: Some(SalePeriod { start: Some(2), end: Some(2) }),
            currency_prices: vec![dollars.clone(), dollars],
            ..Offer::default()
        };
        assert_eq!(
            fields(|violations| check(&offer, violations)),
            ["sale_period.end_time", "currency_prices[1].price.currency_code"]
        );
    }

    #[test]
    fn currencies_pictures_and_costs_fit_the_product() {
        let euros = CurrencyPrice { price: price(1, "EUR"), compare_at: None };
        let details = Details {
            price: Some(price(1, "EUR")),
            offer: Offer {
                compare_at_price: Some(price(2, "USD")),
                currency_prices: vec![euros],
                ..Offer::default()
            },
            media: vec![Media { url: "/a".to_owned(), ..Media::default() }],
            variants: vec![variant("a", "/a"), variant("b", "/b")],
            costs: vec![
                Cost { sku: Some(Sku::parse("a").unwrap()), amount: price(1, "EUR") },
                Cost { sku: None, amount: price(1, "EUR") },
            ],
            ..Details::default()
        };
        assert_eq!(
            fields(|violations| {
                check_currencies(&details, violations);
                check_references(&details, Mask::all(), violations);
            }),
            [
                "compare_at_price.currency_code",
                "currency_prices[0].price.currency_code",
                "variants[1].media_url",
                "costs[1].sku"
            ]
        );
        let twice = [details.costs[1].clone(), details.costs[1].clone()];
        assert_eq!(fields(|violations| check_costs(&twice, violations)), ["costs[1].sku"]);
    }
}
