//! Parser of the rules for the variant that a row is.

use anyhow::{Context as _, Result, bail};
use toml::Value as Toml;

use super::{
    OfferRules, OptionRule, Rule, VariantRule,
    parse_offer::{OFFER_KEYS, offer},
    parse_rules::{LIST_KEYS, TEXT_KEYS, check_keys, price, rule, text},
};

/// The rule for the variant that a row is.
pub(super) fn variant(value: &Toml) -> Result<VariantRule> {
    let Toml::Table(table) = value else {
        bail!("must be a table such as {{ sku = \"sku\", gtin = \"ean\" }}")
    };
    const KEYS: [&str; 8] =
        ["sku", "gtin", "price", "stock_qty", "options", "unless", "cost", "media_url"];
    let known: Vec<&str> = KEYS.into_iter().chain(OFFER_KEYS).collect();
    check_keys(table, &known)?;
    let mut offers = OfferRules::default();
    for (key, value) in table.iter().filter(|(key, _)| OFFER_KEYS.contains(&key.as_str())) {
        offer(&mut offers, key, value).with_context(|| format!("`{key}`"))?;
    }
    let part = |key: &str| {
        let part = table.get(key).map(|part| rule(part, &TEXT_KEYS));
        part.transpose().with_context(|| format!("`{key}`"))
    };
    let options = match table.get("options") {
        None => Vec::new(),
        Some(Toml::Array(items)) => {
            items.iter().map(option).collect::<Result<_>>().context("`options`")?
        }
        Some(_) => bail!("`options` must be a list of tables"),
    };
    Ok(VariantRule {
        sku: part("sku")?,
        gtin: part("gtin")?,
        price: table.get("price").map(price).transpose().context("`price`")?,
        stock_qty: part("stock_qty")?,
        offer: offers,
        cost: table.get("cost").map(price).transpose().context("`cost`")?,
        media_url: table.get("media_url").map(|url| rule(url, &LIST_KEYS)).transpose()?,
        options,
        unless: table.get("unless").map(unless).transpose()?,
    })
}

fn unless(item: &Toml) -> Result<(Rule, String)> {
    let Toml::Table(table) = item else {
        bail!("`unless` must be a table such as {{ field = \"Type\", is = \"variable\" }}")
    };
    check_keys(table, &["field", "is"])?;
    let field = text(table, "field")?.context("`unless` requires `field`")?;
    Ok((Rule::field(field), text(table, "is")?.context("`unless` requires `is`")?))
}

fn option(item: &Toml) -> Result<OptionRule> {
    const EXAMPLE: &str = "{ name = \"Size\", field = \"size\" } or \
        { name_field = \"Option1 Name\", field = \"Option1 Value\" }";
    let Toml::Table(table) = item else { bail!("must be a table such as {EXAMPLE}") };
    check_keys(table, &["name", "name_field", "field"])?;
    let value = Rule::field(text(table, "field")?.context("requires `field`")?);
    match (text(table, "name")?, text(table, "name_field")?) {
        (Some(name), None) => Ok(OptionRule::Named(name, value)),
        (None, Some(name)) => Ok(OptionRule::Pair(Rule::field(name), value)),
        _ => bail!("requires either `name` or `name_field`: {EXAMPLE}"),
    }
}
