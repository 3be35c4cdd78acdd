//! Between rows and products.

use sea_orm::{ActiveValue::Set, FromQueryResult};

use super::{
    entity::{product, variant},
    stored::{
        StoredAttribute, StoredMedia, StoredVariant, json, options, parse, parse_list, store_list,
    },
};
use crate::domain::{
    CategoryId, Details, Error, Price, Product, ProductId, Result, Status, Variant,
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
    status: i32,
    deleted_at: Option<i64>,
    created_by: String,
    category_ids: Option<String>,
    variants: Option<String>,
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
                media: parse_list::<StoredMedia, _>(&row.image_urls)?,
                category_ids: category_ids.map(|id| CategoryId::known(id.to_owned())).collect(),
                attributes: parse_list::<StoredAttribute, _>(&row.attributes)?,
                labels: parse(&row.labels)?,
                external_id: row.external_id,
                variants: match row.variants.as_deref() {
                    None | Some("[]") => Vec::new(),
                    Some(variants) => parse_list::<StoredVariant, _>(variants)?,
                },
                status: status(row.status)?,
            },
            revision: row.revision,
            content_revision: row.content_revision,
            created_at: row.created_at,
            updated_at: row.updated_at,
            deleted_at: row.deleted_at,
            created_by: row.created_by,
        })
    }
}

impl TryFrom<&Product> for product::ActiveModel {
    type Error = Error;

    fn try_from(product: &Product) -> Result<Self> {
        let details = &product.details;
        Ok(Self {
            id: Set(product.id.as_str().to_owned()),
            external_id: Set(details.external_id.clone()),
            name: Set(details.name.clone()),
            description: Set(details.description.clone()),
            brand: Set(details.brand.clone()),
            price_minor: Set(details.price.as_ref().map(|price| price.minor)),
            currency: Set(details.price.as_ref().map(|price| price.currency.clone())),
            stock_qty: Set(details.stock_qty),
            image_urls: Set(store_list::<StoredMedia, _>(&details.media)?),
            attributes: Set(store_list::<StoredAttribute, _>(&details.attributes)?),
            labels: Set(json(&details.labels)?),
            revision: Set(product.revision),
            content_revision: Set(product.content_revision),
            created_at: Set(product.created_at),
            updated_at: Set(product.updated_at),
            status: Set(details.status as i32),
            deleted_at: Set(product.deleted_at),
            created_by: Set(product.created_by.clone()),
        })
    }
}

pub(super) fn status(number: i32) -> Result<Status> {
    let all = [Status::Draft, Status::Active, Status::Archived];
    let status = all.into_iter().find(|status| *status as i32 == number);
    status.ok_or_else(|| Error::Store(format!("a product of status {number}").into()))
}

/// A product's variant at its place.
pub(super) fn variant(
    product: &ProductId,
    position: i32,
    variant: &Variant,
) -> Result<variant::ActiveModel> {
    Ok(variant::ActiveModel {
        sku: Set(variant.sku.as_str().to_owned()),
        product_id: Set(product.as_str().to_owned()),
        position: Set(position),
        gtin: Set(variant.gtin.clone()),
        option_values: Set(json(&options(variant))?),
        price_minor: Set(variant.price.as_ref().map(|price| price.minor)),
        currency: Set(variant.price.as_ref().map(|price| price.currency.clone())),
        stock_qty: Set(variant.stock_qty),
    })
}
