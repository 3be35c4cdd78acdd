//! Parser of the rules for what products and variants have besides their price.

use anyhow::{Context as _, Result, bail};
use toml::{Table, Value as Toml};

use super::{
    MeasureRule, OfferRules, PriceRule, Rule,
    parse_rules::{TEXT_KEYS, check_keys, price, rule, text},
};
use crate::value::Value;

/// The keys, of a map and of its table `variant`.
pub(super) const OFFER_KEYS: [&str; 10] = [
    "compare_at_price",
    "sale_price",
    "sale_start",
    "sale_end",
    "sale_period",
    "currency_prices",
    "weight",
    "length",
    "width",
    "height",
];

const MEASURE_KEYS: [&str; 5] = ["field", "default", "const", "unit", "unit_field"];

/// Parses the rule of a key.
pub(super) fn offer(rules: &mut OfferRules, key: &str, value: &Toml) -> Result<()> {
    match key {
        "compare_at_price" => rules.compare_at_price = Some(price(value)?),
        "sale_price" => rules.sale_price = Some(price(value)?),
        "sale_start" => rules.sale_start = Some(rule(value, &TEXT_KEYS)?),
        "sale_end" => rules.sale_end = Some(rule(value, &TEXT_KEYS)?),
        "sale_period" => rules.sale_period = Some(rule(value, &TEXT_KEYS)?),
        "currency_prices" => match value {
            Toml::Array(items) => {
                rules.prices_in = items.iter().map(price_in).collect::<Result<_>>()?;
            }
            value => rules.currency_prices = Some(rule(value, &TEXT_KEYS)?),
        },
        "weight" => rules.weight = measures(value)?,
        "length" => rules.length = measures(value)?,
        "width" => rules.width = measures(value)?,
        _ => rules.height = measures(value)?,
    }
    Ok(())
}

fn price_in(value: &Toml) -> Result<PriceRule> {
    let rule = price(value)?;
    if rule.currency.is_none() {
        bail!(
            "requires a currency each, such as \
             {{ amount = \"Price USD\", currency = {{ const = \"USD\" }} }}"
        );
    }
    Ok(rule)
}

/// One source, or several of which the first that is not blank counts.
fn measures(value: &Toml) -> Result<Vec<MeasureRule>> {
    match value {
        Toml::Array(items) => items.iter().map(measure).collect(),
        value => Ok(vec![measure(value)?]),
    }
}

fn measure(value: &Toml) -> Result<MeasureRule> {
    let Toml::Table(table) = value else {
        return Ok(MeasureRule { value: rule(value, &TEXT_KEYS)?, unit: None });
    };
    check_keys(table, &MEASURE_KEYS)?;
    let unit = match (text(table, "unit")?, text(table, "unit_field")?) {
        (Some(_), Some(_)) => {
            bail!("has both `unit` and `unit_field`; only one of them is allowed")
        }
        (Some(unit), None) => Some(constant(&unit)),
        (None, Some(field)) => Some(Rule::field(field)),
        (None, None) => None,
    };
    let is_value = |(key, _): &(&String, &Toml)| !key.starts_with("unit");
    let rest = table.iter().filter(is_value).map(|(key, value)| (key.clone(), value.clone()));
    let rest = Toml::Table(rest.collect::<Table>());
    Ok(MeasureRule { value: rule(&rest, &MEASURE_KEYS).context("the value")?, unit })
}

fn constant(text: &str) -> Rule {
    let source = super::ValueSource::Constant(Value::from(text));
    Rule { source, ..Rule::field("") }
}
