//! Between rows and products.

use sea_orm::{ActiveValue::Set, FromQueryResult};
use serde::Serialize;

use super::{
    bulk::Kind,
    entity::variant,
    stored::{
        StoredAttribute, StoredMedia, StoredVariant, json, options, parse, parse_list, to_list,
    },
};
use crate::domain::{
    CategoryId, Change, Details, Error, Price, Product, ProductId, Result, Status, Subject, Variant,
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

/// A product as it is written, by the names of its columns.
#[derive(Serialize)]
pub(super) struct ProductRow<'a> {
    id: &'a str,
    external_id: Option<&'a str>,
    name: &'a str,
    description: &'a str,
    brand: &'a str,
    price_minor: Option<i64>,
    currency: Option<&'a str>,
    stock_qty: i32,
    image_urls: Vec<StoredMedia>,
    attributes: Vec<StoredAttribute>,
    labels: &'a [String],
    revision: i64,
    content_revision: i64,
    created_at: i64,
    updated_at: i64,
    status: i32,
    deleted_at: Option<i64>,
    created_by: &'a str,
}

impl ProductRow<'_> {
    /// The id first.
    pub(super) const COLUMNS: [(&'static str, Kind); 18] = [
        ("id", Kind::Text),
        ("external_id", Kind::Text),
        ("name", Kind::Text),
        ("description", Kind::Text),
        ("brand", Kind::Text),
        ("price_minor", Kind::BigInteger),
        ("currency", Kind::Text),
        ("stock_qty", Kind::Integer),
        ("image_urls", Kind::Json),
        ("attributes", Kind::Json),
        ("labels", Kind::Json),
        ("revision", Kind::BigInteger),
        ("content_revision", Kind::BigInteger),
        ("created_at", Kind::BigInteger),
        ("updated_at", Kind::BigInteger),
        ("status", Kind::Integer),
        ("deleted_at", Kind::BigInteger),
        ("created_by", Kind::Text),
    ];
}

impl<'a> TryFrom<&'a Product> for ProductRow<'a> {
    type Error = Error;

    fn try_from(product: &'a Product) -> Result<Self> {
        let details = &product.details;
        Ok(Self {
            id: product.id.as_str(),
            external_id: details.external_id.as_deref(),
            name: &details.name,
            description: &details.description,
            brand: &details.brand,
            price_minor: details.price.as_ref().map(|price| price.minor),
            currency: details.price.as_ref().map(|price| price.currency.as_str()),
            stock_qty: details.stock_qty,
            image_urls: to_list(&details.media)?,
            attributes: to_list(&details.attributes)?,
            labels: &details.labels,
            revision: product.revision,
            content_revision: product.content_revision,
            created_at: product.created_at,
            updated_at: product.updated_at,
            status: details.status as i32,
            deleted_at: product.deleted_at,
            created_by: &product.created_by,
        })
    }
}

/// That a product is in a category.
#[derive(Serialize)]
pub(super) struct MembershipRow<'a> {
    product_id: &'a str,
    category_id: &'a str,
    position: i32,
}

impl MembershipRow<'_> {
    pub(super) const COLUMNS: [(&'static str, Kind); 3] =
        [("product_id", Kind::Text), ("category_id", Kind::Text), ("position", Kind::Integer)];

    /// One for each of the product's categories.
    pub(super) fn of(product: &Product) -> impl Iterator<Item = MembershipRow<'_>> {
        let product_id = product.id.as_str();
        (0..).zip(&product.details.category_ids).map(move |(position, category_id)| MembershipRow {
            product_id,
            category_id: category_id.as_str(),
            position,
        })
    }
}

/// A change that is not in the feed yet.
#[derive(Serialize)]
pub(super) struct ChangeRow<'a> {
    /// Empty for a change of a category.
    pub(super) product_id: &'a str,
    pub(super) category_id: Option<&'a str>,
    pub(super) op: i32,
    pub(super) changed_fields: &'a [String],
    pub(super) changed_at: i64,
    actor: &'a str,
    request_id: &'a str,
}

impl<'a> ChangeRow<'a> {
    pub(super) const COLUMNS: [(&'static str, Kind); 7] = [
        ("product_id", Kind::Text),
        ("category_id", Kind::Text),
        ("op", Kind::Integer),
        ("changed_fields", Kind::Json),
        ("changed_at", Kind::BigInteger),
        ("actor", Kind::Text),
        ("request_id", Kind::Text),
    ];

    /// A change that `actor` makes by the request of this id.
    pub(super) fn new(change: &'a Change, actor: &'a str, request_id: &'a str) -> Self {
        let (product_id, category_id) = match &change.subject {
            Subject::Product(id) => (id.as_str(), None),
            Subject::Category(id) => ("", Some(id.as_str())),
        };
        let (op, changed_fields, changed_at) =
            (change.op as i32, &change.changed_fields, change.at);
        Self { product_id, category_id, op, changed_fields, changed_at, actor, request_id }
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
