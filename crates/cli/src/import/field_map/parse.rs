//! Parser of field maps in TOML. `catctl import --help` has an example.

use anyhow::{Context as _, Result, bail};
use product_fields::TextField;
use toml::{Table, Value as Toml};

use super::{AttributesRule, FieldMap, PriceRule, Rule, Separators, Value, ValueSource};
use crate::spelling;

/// Keys of a map besides the text fields.
const TARGETS: [&str; 11] = [
    "id",
    "external_id",
    "price",
    "stock_qty",
    "category_path",
    "category_ids",
    "image_urls",
    "labels",
    "status",
    "variants",
    "attributes",
];
const TEXT_KEYS: [&str; 3] = ["field", "default", "const"];
const LIST_KEYS: [&str; 4] = ["field", "default", "const", "split"];
const PATH_KEYS: [&str; 5] = ["field", "default", "const", "split", "paths"];

/// Parses a map.
///
/// # Errors
/// A syntax error with its line, an unknown key, or an invalid value.
pub(crate) fn parse(text: &str) -> Result<FieldMap> {
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        let before = error.span().map_or("", |span| &text[..span.start.min(text.len())]);
        let line = before.matches('\n').count() + 1;
        anyhow::anyhow!("line {line}: {}", error.message().replace('\n', ", "))
    })?;
    let mut map = FieldMap::default();
    for (key, value) in &table {
        target(&mut map, key, value).with_context(|| format!("key {key:?}"))?;
    }
    if map.id.is_none() && map.external_id.is_none() {
        bail!("requires `id` or `external_id`: the source field that identifies the product");
    }
    if map.category_path.is_some() && map.category_ids.is_some() {
        bail!("has both `category_path` and `category_ids`; only one of them is allowed");
    }
    if table.len() == 1 {
        bail!("maps no field besides the product's id");
    }
    Ok(map)
}

fn target(map: &mut FieldMap, key: &str, value: &Toml) -> Result<()> {
    match key {
        "id" => map.id = Some(rule(value, &TEXT_KEYS)?),
        "external_id" => map.external_id = Some(rule(value, &TEXT_KEYS)?),
        "price" => map.price = Some(price(value)?),
        "stock_qty" => map.stock_qty = Some(rule(value, &TEXT_KEYS)?),
        "category_path" => map.category_path = Some(rule(value, &PATH_KEYS)?),
        "category_ids" => map.category_ids = Some(rule(value, &LIST_KEYS)?),
        "image_urls" => map.image_urls = Some(rule(value, &LIST_KEYS)?),
        "labels" => map.labels = Some(rule(value, &LIST_KEYS)?),
        "status" => map.status = Some(rule(value, &TEXT_KEYS)?),
        "variants" => map.variants = Some(rule(value, &["field"])?),
        "attributes" => map.attributes = Some(attributes(value)?),
        key => match TextField::named(key) {
            Some(field) => map.texts.set(field, rule(value, &TEXT_KEYS)?),
            None => {
                let texts = TextField::ALL.iter().map(|field| field.name());
                let known: Vec<_> = TARGETS.into_iter().chain(texts).collect();
                bail!("is not a product field; {}", spelling::hint(key, &known));
            }
        },
    }
    Ok(())
}

fn rule(value: &Toml, known: &[&str]) -> Result<Rule> {
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
    let source = match (text(table, "field")?, table.get("const").map(constant).transpose()?) {
        (Some(name), None) => ValueSource::Field { name, default },
        (None, Some(value)) if default.is_none() => ValueSource::Constant(value),
        _ => bail!("requires either `field` (optionally with `default`) or `const`"),
    };
    Ok(Rule { source, separators })
}

fn price(value: &Toml) -> Result<PriceRule> {
    const EXAMPLE: &str = "{ amount = \"price\", currency = \"currency\" }";
    let Toml::Table(table) = value else { bail!("must be a table such as {EXAMPLE}") };
    check_keys(table, &["amount", "minor", "currency"])?;
    let (amount, minor) = match (table.get("amount"), table.get("minor")) {
        (Some(amount), None) => (amount, false),
        (None, Some(minor)) => (minor, true),
        _ => bail!("requires either `amount` (decimal) or `minor` (minor units): {EXAMPLE}"),
    };
    let Some(currency) = table.get("currency") else {
        bail!("requires `currency`: a source field, or {{ const = \"EUR\" }}")
    };
    Ok(PriceRule {
        amount: rule(amount, &TEXT_KEYS).context("`amount` or `minor`")?,
        minor,
        currency: rule(currency, &TEXT_KEYS).context("`currency`")?,
    })
}

fn attributes(value: &Toml) -> Result<AttributesRule> {
    let Toml::Table(table) = value else {
        bail!("must be a table such as {{ from = \"attributes\" }} or {{ rest = true }}")
    };
    check_keys(table, &["from", "also", "rest"])?;
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
    Ok(AttributesRule { from: text(table, "from")?, also, rest })
}

fn also(item: &Toml) -> Result<(String, Rule)> {
    let Toml::Table(table) = item else {
        let rule = rule(item, &TEXT_KEYS).context("`also`")?;
        let name = rule.source().unwrap_or_default().to_owned();
        return Ok((name, rule));
    };
    let mut table = table.clone();
    let name = text(&table, "name").context("`also`")?;
    table.remove("name");
    let rule = rule(&Toml::Table(table), &TEXT_KEYS).context("`also`")?;
    match name.or_else(|| rule.source().map(str::to_owned)) {
        Some(name) => Ok((name, rule)),
        None => bail!("`also`: a `const` requires a `name`"),
    }
}

fn check_keys(table: &Table, known: &[&str]) -> Result<()> {
    match table.keys().find(|key| !known.contains(&key.as_str())) {
        Some(unknown) => bail!("unknown key {unknown:?}; {}", spelling::hint(unknown, known)),
        None => Ok(()),
    }
}

fn text(table: &Table, key: &str) -> Result<Option<String>> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        format!("{:#}", parse(text).unwrap_err())
    }

    #[test]
    fn an_unknown_key_is_reported_with_a_suggestion() {
        let message = error("id = \"id\"\ncategroy_path = \"c\"");
        assert!(message.contains("\"categroy_path\""), "{message}");
        assert!(message.contains("did you mean \"category_path\"?"), "{message}");
        let message = error("id = \"id\"\nbrand = { feild = \"b\" }");
        assert!(message.contains("key \"brand\": unknown key \"feild\""), "{message}");
        assert!(message.contains("did you mean \"field\"?"), "{message}");
    }

    #[test]
    fn missing_and_invalid_keys_are_reported() {
        assert!(error("name = \"n\"").contains("requires `id`"));
        assert!(error("id = \"a\"").contains("no field besides"));
        assert!(error("id = \"a\"\nname = ").starts_with("line 2: "));
        assert!(error("id = \"a\"\nname = 5").contains("must be a source field's name"));
        assert!(error("id = \"a\"\nprice = { minor = \"p\" }").contains("requires `currency`"));
        assert!(error("id = \"a\"\nprice = { currency = \"p\" }").contains("requires either"));
        assert!(error("id = \"a\"\nbrand = { split = \",\", field = \"b\" }").contains("split"));
        assert!(error("id = \"a\"\nlabels = { field = \"b\", split = \"\" }").contains("empty"));
        assert!(error("id = \"a\"\nlabels = { field = \"b\", const = 1 }").contains("either"));
    }

    #[test]
    fn the_map_of_the_real_data_is_well_formed() {
        parse(include_str!("../../../../../examples/icecat.toml")).unwrap();
    }
}
