//! Between rows and products.

use sea_orm::{ActiveValue::Set, FromQueryResult};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::entity::product;
use crate::domain::{
    Attribute, CategoryId, Details, Error, Price, Product, ProductId, Result, Value,
};

/// A product with its categories, as one statement reads it.
#[derive(Debug, FromQueryResult)]
pub(super) struct Row {
    id: String,
    external_id: Option<String>,
    name: String,
    description: String,
    brand: String,
    price_minor: Option<i64>,
    currency: Option<String>,
    stock_qty: i32,
    image_urls: String,
    attributes: String,
    labels: String,
    revision: i64,
    content_revision: i64,
    created_at: i64,
    updated_at: i64,
    category_ids: Option<String>,
}

/// How an attribute is kept. A number is parsed by the standard library, which returns exactly
/// what was written: an import must be able to tell that nothing has changed.
#[derive(Serialize, Deserialize)]
struct StoredAttribute {
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

impl TryFrom<Row> for Product {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let price = row.price_minor.zip(row.currency);
        let category_ids = row.category_ids.unwrap_or_default();
        let category_ids = category_ids.split_ascii_whitespace();
        Ok(Self {
            id: ProductId::known(row.id),
            details: Details {
                name: row.name,
                description: row.description,
                brand: row.brand,
                price: price.map(|(minor, currency)| Price { minor, currency }),
                stock_qty: row.stock_qty,
                image_urls: parse(&row.image_urls)?,
                category_ids: category_ids.map(|id| CategoryId::known(id.to_owned())).collect(),
                attributes: attributes(&row.attributes)?,
                labels: parse(&row.labels)?,
                external_id: row.external_id,
            },
            revision: row.revision,
            content_revision: row.content_revision,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

impl TryFrom<&Product> for product::ActiveModel {
    type Error = Error;

    fn try_from(product: &Product) -> Result<Self> {
        let details = &product.details;
        let attributes: Vec<_> =
            details.attributes.iter().map(StoredAttribute::try_from).collect::<Result<_>>()?;
        Ok(Self {
            id: Set(product.id.as_str().to_owned()),
            external_id: Set(details.external_id.clone()),
            name: Set(details.name.clone()),
            description: Set(details.description.clone()),
            brand: Set(details.brand.clone()),
            price_minor: Set(details.price.as_ref().map(|price| price.minor)),
            currency: Set(details.price.as_ref().map(|price| price.currency.clone())),
            stock_qty: Set(details.stock_qty),
            image_urls: Set(json(&details.image_urls)?),
            attributes: Set(json(&attributes)?),
            labels: Set(json(&details.labels)?),
            revision: Set(product.revision),
            content_revision: Set(product.content_revision),
            created_at: Set(product.created_at),
            updated_at: Set(product.updated_at),
        })
    }
}

impl TryFrom<&Attribute> for StoredAttribute {
    type Error = Error;

    fn try_from(attribute: &Attribute) -> Result<Self> {
        let (mut text, mut number, mut flag) = (None, None, None);
        match &attribute.value {
            Value::Text(value) => text = Some(value.clone()),
            Value::Number(value) => {
                number = Some(RawValue::from_string(json(value)?).map_err(broken)?)
            }
            Value::Flag(value) => flag = Some(*value),
        }
        Ok(Self { name: attribute.name.clone(), text, number, flag, unit: attribute.unit.clone() })
    }
}

impl TryFrom<StoredAttribute> for Attribute {
    type Error = Error;

    fn try_from(stored: StoredAttribute) -> Result<Self> {
        let value = match (stored.number, stored.flag) {
            (Some(number), _) => {
                Value::Number(number.get().parse().map_err(|error| Error::Store(Box::new(error)))?)
            }
            (None, Some(flag)) => Value::Flag(flag),
            (None, None) => Value::Text(stored.text.unwrap_or_default()),
        };
        Ok(Self { name: stored.name, value, unit: stored.unit })
    }
}

fn attributes(stored: &str) -> Result<Vec<Attribute>> {
    parse::<Vec<StoredAttribute>>(stored)?.into_iter().map(Attribute::try_from).collect()
}

pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(broken)
}

pub(super) fn parse<T: for<'de> Deserialize<'de>>(stored: &str) -> Result<T> {
    serde_json::from_str(stored).map_err(broken)
}

fn broken(error: serde_json::Error) -> Error {
    Error::Store(Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_come_back_exactly() {
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
            let stored = json(&[StoredAttribute::try_from(&attribute).unwrap()]).unwrap();
            assert_eq!(attributes(&stored).unwrap(), [attribute], "{stored}");
        }
    }
}
