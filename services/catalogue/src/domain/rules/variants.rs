//! Rules for variants.

use std::collections::HashMap;

use product_fields::is_gtin;

use super::{MAX_VARIANTS, check_count, check_text, check_unique, offer};
use crate::domain::{Details, OptionValue, Variant, Violations};

const MAX_OPTIONS: usize = 10;
const MAX_OPTION_NAME: usize = 100;
const MAX_OPTION_VALUE: usize = 200;

/// Adds the violations of variants, except for SKUs and prices, which are checked when they are
/// parsed.
pub(super) fn check(variants: &[Variant], violations: &mut Violations) {
    for (index, variant) in variants.iter().enumerate() {
        // Field names are formatted only for violations, because imports check millions of
        // variants.
        let mut found = Violations::default();
        check_one(variant, &mut found);
        for (field, description) in found.iter() {
            violations.add(format!("variants[{index}].{field}"), description);
        }
    }
    let field = |index| format!("variants[{index}].sku");
    check_unique(variants.iter().map(|variant| variant.sku.as_str()), field, violations);
}

/// Adds the violations of all variants of a product together.
pub(super) fn check_together(variants: &[Variant], violations: &mut Violations) {
    check_count("variants", variants.len(), MAX_VARIANTS, violations);
    check_choices(variants, violations);
}

/// Checks that the total stock is within its range.
pub(super) fn check_total_stock(variants: &[Variant], violations: &mut Violations) {
    let stock: i64 = variants.iter().map(|variant| i64::from(variant.stock_qty)).sum();
    if stock > i64::from(i32::MAX) {
        violations.add("variants", format!("must be at most {} in stock together", i32::MAX));
    }
}

fn check_one(variant: &Variant, found: &mut Violations) {
    if !variant.gtin.is_empty() && !is_gtin(&variant.gtin) {
        found.add("gtin", "must be 8, 12, 13 or 14 digits, the last one the right check digit");
    }
    if variant.stock_qty < 0 {
        found.add("stock_qty", "must not be negative");
    }
    offer::check(&variant.offer, found);
    check_count("option_values", variant.option_values.len(), MAX_OPTIONS, found);
    for (index, OptionValue { name, value }) in variant.option_values.iter().enumerate() {
        for (part, text, max) in
            [("name", name, MAX_OPTION_NAME), ("value", value, MAX_OPTION_VALUE)]
        {
            if text.trim().is_empty() {
                found.add(format!("option_values[{index}].{part}"), "is required");
            } else if text.len() > max || text.contains('\0') {
                check_text(&format!("option_values[{index}].{part}"), text, max, found);
            }
        }
    }
    let names = variant.option_values.iter().map(|option| option.name.as_str());
    check_unique(names, |index| format!("option_values[{index}].name"), found);
}

/// Checks that the option values identify a variant.
fn check_choices(variants: &[Variant], violations: &mut Violations) {
    let mut seen: HashMap<Vec<&OptionValue>, usize> = HashMap::with_capacity(variants.len());
    for (index, variant) in variants.iter().enumerate() {
        let mut choice: Vec<&OptionValue> = variant.option_values.iter().collect();
        choice.sort_unstable();
        let first = *seen.entry(choice).or_insert(index);
        if first != index {
            let field = format!("variants[{index}].option_values");
            violations.add(field, format!("are those of variants[{first}], too"));
        }
    }
}

/// Checks that all prices of a product have the same currency.
pub(super) fn check_currencies(details: &Details, violations: &mut Violations) {
    let prices = details.variants.iter().enumerate();
    let prices = prices.filter_map(|(index, variant)| Some((index, variant.price.as_ref()?)));
    let mut currency = details.price.as_ref().map(|price| price.currency.as_str());
    for (index, price) in prices {
        let expected = *currency.get_or_insert(&price.currency);
        if price.currency != expected {
            let field = format!("variants[{index}].price.currency_code");
            violations.add(field, format!("must be {expected}, the product's currency"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Offer, Price, Sku};

    fn variant(sku: &str, options: &[(&str, &str)]) -> Variant {
        let option = |(name, value): &(&str, &str)| OptionValue {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
        };
        Variant {
            sku: Sku::parse(sku).unwrap(),
            gtin: String::new(),
            option_values: options.iter().map(option).collect(),
            price: None,
            stock_qty: 0,
            offer: Offer::default(),
            media_url: String::new(),
        }
    }

    fn refused(variants: &[Variant]) -> Vec<String> {
        let mut violations = Violations::default();
        check(variants, &mut violations);
        check_together(variants, &mut violations);
        violations.iter().map(|(field, _)| field.to_owned()).collect()
    }

    #[test]
    fn a_choice_leads_to_one_variant() {
        let red = [("colour", "red"), ("size", "M")];
        let same = [("size", "M"), ("colour", "red")];
        let fine = [variant("a", &red), variant("b", &[("colour", "red")]), variant("c", &[])];
        assert_eq!(refused(&fine), [""; 0]);
        assert_eq!(
            refused(&[variant("a", &red), variant("a", &same)]),
            ["variants[1].sku", "variants[1].option_values"]
        );
        assert_eq!(refused(&[variant("a", &[]), variant("b", &[])]), ["variants[1].option_values"]);
    }

    #[test]
    fn every_limit_of_a_variant_is_named() {
        let long = "x".repeat(201);
        let options = [("size", ""), ("size", long.as_str()), ("a\0", "b")];
        let broken = Variant { gtin: "1".to_owned(), stock_qty: -1, ..variant("a", &options) };
        let fields = [
            "gtin",
            "stock_qty",
            "option_values[0].value",
            "option_values[1].value",
            "option_values[2].name",
            "option_values[1].name",
        ];
        let expected: Vec<_> = fields.iter().map(|field| format!("variants[0].{field}")).collect();
        assert_eq!(refused(&[broken]), expected);
        let names: Vec<String> = (0..11).map(|number| number.to_string()).collect();
        let options: Vec<_> = names.iter().map(|name| (name.as_str(), "x")).collect();
        assert_eq!(refused(&[variant("a", &options)]), ["variants[0].option_values"]);
        let full = |sku: &str| Variant { stock_qty: i32::MAX, ..variant(sku, &[("sku", sku)]) };
        let mut violations = Violations::default();
        check_total_stock(&[full("a"), full("b")], &mut violations);
        assert_eq!(violations.iter().map(|(field, _)| field).collect::<Vec<_>>(), ["variants"]);
    }

    #[test]
    fn a_product_has_one_currency() {
        let price = |currency: &str| Some(Price { minor: 1, currency: currency.to_owned() });
        let priced = |sku: &str, currency| Variant { price: price(currency), ..variant(sku, &[]) };
        let check = |price: Option<Price>, variants: Vec<Variant>| {
            let details = Details { price, variants, ..Default::default() };
            let mut violations = Violations::default();
            check_currencies(&details, &mut violations);
            violations.iter().map(|(field, _)| field.to_owned()).collect::<Vec<_>>()
        };
        let field = |index: usize| format!("variants[{index}].price.currency_code");
        assert_eq!(check(price("EUR"), vec![variant("a", &[]), priced("b", "EUR")]), [""; 0]);
        assert_eq!(check(price("EUR"), vec![priced("a", "USD")]), [field(0)]);
        assert_eq!(check(None, vec![priced("a", "USD"), priced("b", "EUR")]), [field(1)]);
    }
}
