//! Parser of the rules of a field map.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use toml::{Table, Value as Toml};

use super::{AttributesRule, ImageRule, PackedRule, PriceRule, Rule, ValueSource};
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
