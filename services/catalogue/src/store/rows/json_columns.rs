//! Lists stored as JSON in text columns. A form may gain members, but rows written in earlier forms
//! stay readable.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{
    json::{damaged, json, parse},
    offer::{offer_column, offer_of},
};
use crate::domain::{Attribute, Error, Media, OptionValue, Price, Result, Sku, Value, Variant};

/// The stored form of an attribute. Its number is parsed by the standard library, which restores
/// exactly the written value: an import compares values to detect unchanged products.
#[derive(Serialize, Deserialize)]
pub(in crate::store) struct StoredAttribute {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    number: Option<Box<RawValue>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    flag: Option<bool>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    unit: String,
}

/// [`StoredAttribute`] for writing, without copies: an import writes millions.
#[derive(Serialize)]
struct WrittenAttribute<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flag: Option<bool>,
    #[serde(skip_serializing_if = "str::is_empty")]
    unit: &'a str,
}

/// The stored form of a picture; most consist of a URL alone.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(in crate::store) enum StoredMedia {
    Url(String),
    Described {
        url: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        alt: String,
        #[serde(default, skip_serializing_if = "is_zero")]
        width: i32,
        #[serde(default, skip_serializing_if = "is_zero")]
        height: i32,
    },
}

/// The form of a variant in the history and in the `variants` column of [`crate::store::engine`]:
/// SKU, GTIN, option values, price, currency, stock, the JSON of its offer, URL of its picture.
#[derive(Serialize, Deserialize)]
pub(in crate::store) struct StoredVariant(
    String,
    String,
    Vec<(String, String)>,
    Option<i64>,
    Option<String>,
    i32,
    #[serde(default)] Option<String>,
    #[serde(default)] String,
);

impl TryFrom<&Attribute> for StoredAttribute {
    type Error = Error;

    fn try_from(attribute: &Attribute) -> Result<Self> {
        let (mut text, mut number, mut flag) = (None, None, None);
        match &attribute.value {
            Value::Text(value) => text = Some(value.clone()),
            Value::Number(value) => {
                number = Some(RawValue::from_string(json(value)?).map_err(damaged)?)
            }
            Value::Flag(value) => flag = Some(*value),
        }
        Ok(Self { name: attribute.name.clone(), text, number, flag, unit: attribute.unit.clone() })
    }
}

impl<'a> From<&'a Attribute> for WrittenAttribute<'a> {
    fn from(attribute: &'a Attribute) -> Self {
        let Attribute { name, value, unit } = attribute;
        let (mut text, mut number, mut flag) = (None, None, None);
        match value {
            Value::Text(value) => text = Some(value.as_str()),
            Value::Number(value) => number = Some(*value),
            Value::Flag(value) => flag = Some(*value),
        }
        Self { name, text, number, flag, unit }
    }
}

impl TryFrom<StoredAttribute> for Attribute {
    type Error = Error;

    fn try_from(stored: StoredAttribute) -> Result<Self> {
        let value = match (stored.number, stored.flag) {
            (Some(number), _) => Value::Number(
                number.get().parse().map_err(|error| Error::Damaged(Box::new(error)))?,
            ),
            (None, Some(flag)) => Value::Flag(flag),
            (None, None) => Value::Text(stored.text.unwrap_or_default()),
        };
        Ok(Self { name: stored.name, value, unit: stored.unit })
    }
}

impl TryFrom<&Media> for StoredMedia {
    type Error = Error;

    fn try_from(media: &Media) -> Result<Self> {
        let Media { url, alt, width, height } = media.clone();
        Ok(if alt.is_empty() && (width, height) == (0, 0) {
            Self::Url(url)
        } else {
            Self::Described { url, alt, width, height }
        })
    }
}

impl TryFrom<StoredMedia> for Media {
    type Error = Error;

    fn try_from(stored: StoredMedia) -> Result<Self> {
        Ok(match stored {
            StoredMedia::Url(url) => Self { url, ..Default::default() },
            StoredMedia::Described { url, alt, width, height } => Self { url, alt, width, height },
        })
    }
}

impl TryFrom<&Variant> for StoredVariant {
    type Error = Error;

    fn try_from(variant: &Variant) -> Result<Self> {
        let price = variant.price.as_ref();
        let options = options(variant);
        Ok(Self(
            variant.sku.as_str().to_owned(),
            variant.gtin.clone(),
            options.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            price.map(|price| price.minor),
            price.map(|price| price.currency.clone()),
            variant.stock_qty,
            offer_column(&variant.offer)?,
            variant.media_url.clone(),
        ))
    }
}

impl TryFrom<StoredVariant> for Variant {
    type Error = Error;

    fn try_from(stored: StoredVariant) -> Result<Self> {
        let StoredVariant(sku, gtin, options, minor, currency, stock_qty, offer, media_url) =
            stored;
        let option = |(name, value)| OptionValue { name, value };
        Ok(Self {
            sku: Sku::known(sku),
            gtin,
            option_values: options.into_iter().map(option).collect(),
            price: minor.zip(currency).map(|(minor, currency)| Price { minor, currency }),
            stock_qty,
            offer: offer_of(offer.as_deref())?,
            media_url,
        })
    }
}

/// The JSON of attributes.
pub(in crate::store) fn json_attributes(attributes: &[Attribute]) -> Result<String> {
    json(&attributes.iter().map(WrittenAttribute::from).collect::<Vec<_>>())
}

/// The stored form of a variant's options: pairs of name and value.
pub(in crate::store) fn options(variant: &Variant) -> Vec<(&str, &str)> {
    let options = variant.option_values.iter();
    options.map(|option| (option.name.as_str(), option.value.as_str())).collect()
}

/// Parses a JSON list and converts its items.
pub(in crate::store) fn parse_list<S, T>(stored: &str) -> Result<Vec<T>>
where
    S: for<'de> Deserialize<'de>,
    T: TryFrom<S, Error = Error>,
{
    from_list(parse::<Vec<S>>(stored)?)
}

/// Converts items to their stored forms.
pub(in crate::store) fn to_list<'a, S, T>(items: &'a [T]) -> Result<Vec<S>>
where
    S: TryFrom<&'a T, Error = Error>,
{
    items.iter().map(S::try_from).collect()
}

/// Converts items from their stored forms.
pub(in crate::store) fn from_list<S, T>(items: Vec<S>) -> Result<Vec<T>>
where
    T: TryFrom<S, Error = Error>,
{
    items.into_iter().map(T::try_from).collect()
}

fn is_zero(number: &i32) -> bool {
    *number == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_of_an_earlier_form_is_readable() {
        let stored = r#"[["a","",[["size","M"]],null,null,3]]"#;
        let variants = parse_list::<StoredVariant, Variant>(stored).unwrap();
        assert_eq!((variants[0].stock_qty, variants[0].media_url.as_str()), (3, ""));
    }

    #[test]
    fn attributes_are_restored_exactly() {
        let values = [
            Value::Number(0.1 + 0.2),
            Value::Number(f64::MIN_POSITIVE),
            Value::Number(-1.797_693_134_862_315_7e308),
            Value::Number(122.416_294_033_786_58),
            Value::Number(56.0),
            Value::Text("a \"quoted\" é".to_owned()),
            Value::Text(String::new()),
            Value::Flag(false),
        ];
        for value in values {
            let attribute = Attribute { name: "n".to_owned(), value, unit: "kg".to_owned() };
            let attributes = [attribute];
            let stored = json_attributes(&attributes).unwrap();
            let owned = json(&to_list::<StoredAttribute, _>(&attributes).unwrap()).unwrap();
            assert_eq!(stored, owned, "both forms have the same JSON");
            assert_eq!(
                parse_list::<StoredAttribute, Attribute>(&stored).unwrap(),
                attributes,
                "{stored}"
            );
        }
    }

    #[test]
    fn a_picture_without_a_description_is_stored_as_its_url() {
        let plain = Media { url: "/a.svg".to_owned(), ..Default::default() };
        let described = Media { alt: "A mug".to_owned(), width: 3, ..plain.clone() };
        let media = [plain, described];
        let stored = json(&to_list::<StoredMedia, _>(&media).unwrap()).unwrap();
        assert_eq!(stored, r#"["/a.svg",{"url":"/a.svg","alt":"A mug","width":3}]"#);
        assert_eq!(parse_list::<StoredMedia, Media>(&stored).unwrap(), media);
    }
}
