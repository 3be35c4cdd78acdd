//! Parser of field maps in TOML. `catctl import --help` has an example.

use anyhow::{Context as _, Result, bail};
use product_fields::TextField;
use toml::{Table, Value as Toml};

use super::{
    FieldMap,
    parse_offer::{OFFER_KEYS, offer},
    parse_rules::{LIST_KEYS, PATH_KEYS, TEXT_KEYS, attributes, images, price, rule},
    parse_variant::variant,
};
use crate::{spelling, values::number::Decimal};

/// Keys of a map besides the text fields.
const TARGETS: [&str; 16] = [
    "id",
    "external_id",
    "price",
    "stock_qty",
    "category_path",
    "category_ids",
    "image_urls",
    "labels",
    "status",
    "condition",
    "cost",
    "variants",
    "variant",
    "attributes",
    "locale",
    "alias",
];
const SETTINGS: [&str; 11] = [
    "decimal",
    "currency",
    "blank",
    "html",
    "cut",
    "encoding",
    "delimiter",
    "header_line",
    "records",
    "quotes",
    "recognise",
];

/// Parses a map.
///
/// # Errors
/// A syntax error with its line, an unknown key, or an invalid value.
pub fn parse(text: &str) -> Result<FieldMap> {
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        let before = error.span().map_or("", |span| &text[..span.start.min(text.len())]);
        let line = before.matches('\n').count() + 1;
        anyhow::anyhow!("line {line}: {}", error.message().replace('\n', ", "))
    })?;
    let mut map = FieldMap::default();
    for (key, value) in &table {
        target(&mut map, key, value).with_context(|| format!("key {key:?}"))?;
    }
    if map.id.is_none() && map.external_id.is_none() && map.variant.is_empty() {
        bail!("requires `id` or `external_id`: the source field that identifies the product");
    }
    if map.category_path.is_some() && map.category_ids.is_some() {
        bail!("has both `category_path` and `category_ids`; only one of them is allowed");
    }
    if table.keys().filter(|key| !SETTINGS.contains(&key.as_str())).count() == 1
        && !table.contains_key("variant")
    {
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
        "image_urls" => map.images = images(value)?,
        "labels" => map.labels = Some(rule(value, &LIST_KEYS)?),
        "status" => map.status = Some(rule(value, &TEXT_KEYS)?),
        "condition" => map.condition = Some(rule(value, &TEXT_KEYS)?),
        "cost" => map.cost = Some(price(value)?),
        key if OFFER_KEYS.contains(&key) => offer(&mut map.offer, key, value)?,
        "variants" => map.variants = Some(rule(value, &["field"])?),
        "variant" => map.variant = variant(value)?,
        "attributes" => map.attributes = Some(attributes(value)?),
        "alias" => map.alias = Some(rule(value, &["field"])?),
        "locale" => map.locale = Some(rule(value, &["field"])?),
        key if SETTINGS.contains(&key) => setting(map, key, value)?,
        key => match TextField::named(key) {
            Some(field) => map.texts.set(field, rule(value, &TEXT_KEYS)?),
            None => {
                let texts = TextField::ALL.iter().map(|field| field.name());
                let targets = TARGETS.into_iter().chain(OFFER_KEYS);
                let known: Vec<_> = targets.chain(texts).chain(SETTINGS).collect();
                bail!("is not a product field; {}", spelling::hint(key, &known));
            }
        },
    }
    Ok(())
}

/// Reads a statement of the map about the file.
fn setting(map: &mut FieldMap, key: &str, value: &Toml) -> Result<()> {
    let settings = &mut map.settings;
    let text = || value.as_str().map(str::to_owned).context("must be text");
    match key {
        "decimal" => {
            settings.decimal = Some(match text()?.as_str() {
                "," | "comma" => Decimal::Comma,
                "." | "dot" => Decimal::Dot,
                _ => bail!("must be \",\" or \".\""),
            });
        }
        "currency" => {
            let code = text()?;
            if !proto::money::is_currency(&code) {
                bail!("must be an ISO 4217 code such as EUR");
            }
            settings.currency = Some(code);
        }
        "blank" => {
            let words = value.as_array().context("must be a list of words")?;
            let word = |word: &Toml| word.as_str().map(str::to_lowercase);
            let words: Option<Vec<String>> = words.iter().map(word).collect();
            settings.blank = Some(words.context("must be a list of words")?);
        }
        "html" => {
            settings.keep_html = Some(match text()?.as_str() {
                "text" => false,
                "keep" => true,
                _ => bail!("must be \"text\" or \"keep\""),
            });
        }
        "cut" => settings.cut = Some(value.as_bool().context("must be true or false")?),
        "encoding" => settings.encoding = Some(text()?),
        "delimiter" => {
            let text = text()?;
            let mut letters = text.chars();
            match (letters.next(), letters.next()) {
                (Some(letter), None) if letter.is_ascii() => settings.delimiter = Some(letter),
                _ => bail!("must be one letter such as \";\""),
            }
        }
        "header_line" => {
            settings.header_line = Some(value.as_integer().context("must be a number")?);
        }
        "records" => settings.records = Some(text()?),
        "quotes" => {
            settings.no_quotes = Some(match text()?.as_str() {
                "none" => true,
                "double" => false,
                _ => bail!("must be \"double\" or \"none\""),
            });
        }
        // Read where shipped maps are chosen.
        _ => {}
    }
    Ok(())
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
        assert!(error("id = \"a\"\nprice = 5").contains("must be"));
        assert!(error("id = \"a\"\ndecimal = \"x\"").contains("must be"));
        assert!(error("id = \"a\"\nprice = { currency = \"p\" }").contains("requires either"));
        assert!(error("id = \"a\"\nbrand = { split = \",\", field = \"b\" }").contains("split"));
        assert!(error("id = \"a\"\nlabels = { field = \"b\", split = \"\" }").contains("empty"));
        assert!(error("id = \"a\"\nlabels = { field = \"b\", const = 1 }").contains("either"));
    }

    #[test]
    fn the_map_of_the_real_data_is_well_formed() {
        parse(include_str!("../../../../examples/icecat.toml")).unwrap();
    }
}
