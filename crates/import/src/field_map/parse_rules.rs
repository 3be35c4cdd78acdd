//! Parser of the rules of a field map.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use toml::{Table, Value as Toml};

use super::{
    AttributesRule, ImageRule, OfferRules, OptionRule, PackedRule, PriceRule, Rule, ValueSource,
    VariantRule,
    parse_offer::{OFFER_KEYS, offer},
};
use crate::{convert::Separators, spelling, value::Value};

pub(super) const TEXT_KEYS: [&str; 4] = ["field", "default", "const", "values"];
pub(super) const LIST_KEYS: [&str; 4] = ["field", "default", "const", "split"];
pub(super) const PATH_KEYS: [&str; 5] = ["field", "default", "const", "split", "paths"];
const IMAGE_KEYS: [&str; 6] = ["field", "default", "const", "split", "alt", "position"];

pub(super) fn rule(value: &Toml, known: &[&str]) -> Result<Rule> {
    let table = match value {
        Toml::String(field) => return Ok(Rule::field(field)),
        Toml::Table(table) => table,
        _ => bail!("must be a source field's name or a table such as {{ field = \"name\" }}"),
    };
    check_keys(table, known)?;
    let separators = Separators {
        items: separator(table, "split")?,
        paths: separator(table, "paths")?,
        escaped: false,
    };
    let default = table.get("default").map(constant).transpose()?;
    let source = match (fields(table)?, table.get("const").map(constant).transpose()?) {
        (Some(names), None) => ValueSource::Field { names, default },
        (None, Some(value)) if default.is_none() => ValueSource::Constant(value),
        _ => bail!("requires either `field` (optionally with `default`) or `const`"),
    };
    Ok(Rule { source, separators, words: words(table)? })
}

pub(super) fn price(value: &Toml) -> Result<PriceRule> {
    const EXAMPLE: &str = "{ amount = \"price\", currency = \"currency\" }";
    if let Toml::String(field) = value {
        return Ok(PriceRule { amount: Rule::field(field), minor: false, currency: None });
    }
    let Toml::Table(table) = value else {
        bail!("must be a source field or a table such as {EXAMPLE}")
    };
    check_keys(table, &["amount", "minor", "currency"])?;
    let (amount, minor) = match (table.get("amount"), table.get("minor")) {
        (Some(amount), None) => (amount, false),
        (None, Some(minor)) => (minor, true),
        _ => bail!("requires either `amount` (decimal) or `minor` (minor units): {EXAMPLE}"),
    };
    let currency = table.get("currency").map(|currency| rule(currency, &TEXT_KEYS));
    Ok(PriceRule {
        amount: rule(amount, &TEXT_KEYS).context("`amount` or `minor`")?,
        minor,
        currency: currency.transpose().context("`currency`")?,
    })
}

pub(super) fn attributes(value: &Toml) -> Result<AttributesRule> {
    let Toml::Table(table) = value else {
        bail!("must be a table such as {{ from = \"attributes\" }} or {{ rest = true }}")
    };
    check_keys(table, &["from", "also", "packed", "rest"])?;
    let also = match table.get("also") {
        None => Vec::new(),
        Some(Toml::Array(items)) => items.iter().map(also).collect::<Result<_>>()?,
        Some(_) => bail!("`also` must be a list of source fields"),
    };
    let rest = match table.get("rest") {
        None => false,
        Some(Toml::Boolean(rest)) => *rest,
        Some(_) => bail!("`rest` must be true or false"),
    };
    let packed = match table.get("packed") {
        None => Vec::new(),
        Some(Toml::Array(items)) => items.iter().map(packed).collect::<Result<_>>()?,
        Some(_) => bail!("`packed` must be a list of tables"),
    };
    Ok(AttributesRule { from: text(table, "from")?, also, packed, exported: None, rest })
}

fn also(item: &Toml) -> Result<(String, Rule)> {
    let Toml::Table(table) = item else {
        let rule = rule(item, &TEXT_KEYS).context("`also`")?;
        let name = rule.sources().first().cloned().unwrap_or_default();
        return Ok((name, rule));
    };
    let mut table = table.clone();
    let name = text(&table, "name").context("`also`")?;
    table.remove("name");
    let rule = rule(&Toml::Table(table), &TEXT_KEYS).context("`also`")?;
    match name.or_else(|| rule.sources().first().cloned()) {
        Some(name) => Ok((name, rule)),
        None => bail!("`also`: a `const` requires a `name`"),
    }
}

pub(super) fn check_keys(table: &Table, known: &[&str]) -> Result<()> {
    match table.keys().find(|key| !known.contains(&key.as_str())) {
        Some(unknown) => bail!("unknown key {unknown:?}; {}", spelling::hint(unknown, known)),
        None => Ok(()),
    }
}

pub(super) fn text(table: &Table, key: &str) -> Result<Option<String>> {
    match table.get(key) {
        None => Ok(None),
        Some(Toml::String(text)) => Ok(Some(text.clone())),
        Some(_) => bail!("`{key}` must be text"),
    }
}

fn separator(table: &Table, key: &str) -> Result<Option<String>> {
    match text(table, key)? {
        Some(separator) if separator.is_empty() => bail!("`{key}` must not be empty"),
        separator => Ok(separator),
    }
}

fn constant(value: &Toml) -> Result<Value> {
    Ok(match value {
        Toml::String(text) => Value::Text(text.clone()),
        Toml::Integer(number) => Value::Number((*number).into()),
        Toml::Float(number) => match serde_json::Number::from_f64(*number) {
            Some(number) => Value::Number(number),
            None => bail!("{number} is not a JSON number"),
        },
        Toml::Boolean(flag) => Value::Flag(*flag),
        Toml::Array(items) => Value::List(items.iter().map(constant).collect::<Result<_>>()?),
        Toml::Datetime(time) => Value::Text(time.to_string()),
        Toml::Table(_) => bail!("a table cannot be a constant"),
    })
}

/// Rules for pictures: one, or a list of them.
pub(super) fn images(value: &Toml) -> Result<Vec<ImageRule>> {
    match value {
        Toml::Array(items) => items.iter().map(image).collect(),
        value => Ok(vec![image(value)?]),
    }
}

fn image(value: &Toml) -> Result<ImageRule> {
    let urls = rule(value, &IMAGE_KEYS)?;
    let part = |key: &str| {
        let part = value.as_table().and_then(|table| table.get(key));
        part.map(|part| rule(part, &LIST_KEYS)).transpose().with_context(|| format!("`{key}`"))
    };
    let mut alts = part("alt")?;
    if let Some(alts) = &mut alts {
        let separators = &mut alts.separators;
        separators.items = separators.items.take().or_else(|| urls.separators.items.clone());
    }
    Ok(ImageRule { urls, alts, position: part("position")? })
}

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

fn packed(item: &Toml) -> Result<PackedRule> {
    let Toml::Table(table) = item else {
        bail!(
            "`packed` must be a list of tables such as {{ field = \"f\", items = \",\", pair = \"=\" }}"
        )
    };
    check_keys(table, &["field", "items", "pair"])?;
    Ok(PackedRule {
        field: text(table, "field")?.context("`packed` requires `field`")?,
        items: separator(table, "items")?.unwrap_or_else(|| ",".to_owned()),
        pair: separator(table, "pair")?.unwrap_or_else(|| "=".to_owned()),
    })
}

/// The words of the source that stand for others.
fn words(table: &Table) -> Result<BTreeMap<String, Value>> {
    let words = match table.get("values") {
        None => return Ok(BTreeMap::new()),
        Some(Toml::Table(words)) => words.iter(),
        Some(_) => bail!("`values` must be a table such as {{ \"2\" = \"DRAFT\" }}"),
    };
    words.map(|(word, value)| Ok((word.to_lowercase(), constant(value)?))).collect()
}

/// One source field or several.
fn fields(table: &Table) -> Result<Option<Vec<String>>> {
    match table.get("field") {
        Some(Toml::Array(items)) => {
            let name = |item: &Toml| item.as_str().map(str::to_owned);
            let names: Option<Vec<String>> = items.iter().map(name).collect();
            let names = names.filter(|names| !names.is_empty());
            names.map(Some).context("`field` must be a source field or a list of them")
        }
        _ => Ok(text(table, "field")?.map(|name| vec![name])),
    }
}
