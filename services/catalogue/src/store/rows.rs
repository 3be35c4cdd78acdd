//! Between rows and products.

use sea_orm::{ActiveValue::Set, FromQueryResult, Value};

use super::{
    bulk::{self, Kind},
    entity::variant,
    stored::{
        StoredAttribute, StoredMedia, StoredVariant, json, json_attributes, options, parse,
        parse_list, to_list,
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

/// A product as it is written. Its categories and variants are written apart; the row carries a copy
/// of its category ids and the number of its variants, which [`super::engine::category_ids`] reads.
pub(super) struct ProductRow<'a>(pub(super) &'a Product);

impl bulk::Row<21> for ProductRow<'_> {
    /// The id first.
    const COLUMNS: [(&'static str, Kind); 21] = [
        ("id", Kind::Text),
        ("external_id", Kind::OptionalText),
        ("name", Kind::Text),
        ("description", Kind::Text),
        ("brand", Kind::Text),
        ("price_minor", Kind::OptionalBigInteger),
        ("currency", Kind::OptionalText),
        ("stock_qty", Kind::Integer),
        ("image_urls", Kind::Text),
        ("attributes", Kind::Text),
        ("labels", Kind::Text),
        ("revision", Kind::BigInteger),
        ("content_revision", Kind::BigInteger),
        ("created_at", Kind::BigInteger),
        ("updated_at", Kind::BigInteger),
        ("status", Kind::Integer),
        ("deleted_at", Kind::OptionalBigInteger),
        ("created_by", Kind::Text),
        ("category_list", Kind::OptionalText),
        ("variant_count", Kind::Integer),
        ("links_revision", Kind::BigInteger),
    ];

    fn values(&self) -> Result<[Value; 21]> {
        let Product { id, details, .. } = self.0;
        let price = details.price.as_ref();
        Ok([
            id.as_str().into(),
            details.external_id.as_deref().into(),
            details.name.as_str().into(),
            details.description.as_str().into(),
            details.brand.as_str().into(),
            price.map(|price| price.minor).into(),
            price.map(|price| price.currency.as_str()).into(),
            details.stock_qty.into(),
            json(&to_list::<StoredMedia, _>(&details.media)?)?.into(),
            json_attributes(&details.attributes)?.into(),
            json(&details.labels)?.into(),
            self.0.revision.into(),
            self.0.content_revision.into(),
            self.0.created_at.into(),
            self.0.updated_at.into(),
            (details.status as i32).into(),
            self.0.deleted_at.into(),
            self.0.created_by.as_str().into(),
            category_list(&details.category_ids).into(),
            count(&details.variants).into(),
            self.0.content_revision.into(),
        ])
    }
}

/// The ids separated by blanks; None if there are none.
fn category_list(ids: &[CategoryId]) -> Option<String> {
    let mut ids = ids.iter().map(CategoryId::as_str);
    let first = ids.next()?.to_owned();
    Some(ids.fold(first, |list, id| list + " " + id))
}

fn count(variants: &[Variant]) -> i32 {
    i32::try_from(variants.len()).expect("the number of a product's variants is bounded")
}

/// That a product is in a category.
pub(super) struct MembershipRow<'a> {
    product_id: &'a str,
    category_id: &'a str,
    position: i32,
}

impl MembershipRow<'_> {
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

impl bulk::Row<3> for MembershipRow<'_> {
    const COLUMNS: [(&'static str, Kind); 3] =
        [("product_id", Kind::Text), ("category_id", Kind::Text), ("position", Kind::Integer)];

    fn values(&self) -> Result<[Value; 3]> {
        Ok([self.product_id.into(), self.category_id.into(), self.position.into()])
    }
}

/// A change that is not in the feed yet.
pub(super) struct ChangeRow<'a> {
    /// As [`super::order::transaction`] gives it.
    pub(super) xid: i64,
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
    /// A change that `actor` makes by the request of this id.
    pub(super) fn new(change: &'a Change, xid: i64, actor: &'a str, request_id: &'a str) -> Self {
        let (product_id, category_id) = match &change.subject {
            Subject::Product(id) => (id.as_str(), None),
            Subject::Category(id) => ("", Some(id.as_str())),
        };
        let (op, changed_fields, changed_at) =
            (change.op as i32, &change.changed_fields, change.at);
        Self { xid, product_id, category_id, op, changed_fields, changed_at, actor, request_id }
    }
}

impl bulk::Row<8> for ChangeRow<'_> {
    const COLUMNS: [(&'static str, Kind); 8] = [
        ("xid", Kind::BigInteger),
        ("product_id", Kind::Text),
        ("category_id", Kind::OptionalText),
        ("op", Kind::Integer),
        ("changed_fields", Kind::Text),
        ("changed_at", Kind::BigInteger),
        ("actor", Kind::Text),
        ("request_id", Kind::Text),
    ];

    fn values(&self) -> Result<[Value; 8]> {
        Ok([
            self.xid.into(),
            self.product_id.into(),
            self.category_id.into(),
            self.op.into(),
            json(self.changed_fields)?.into(),
            self.changed_at.into(),
            self.actor.into(),
            self.request_id.into(),
        ])
    }
}

pub(super) fn status(number: impl Into<i64>) -> Result<Status> {
    let number = number.into();
    let all = [Status::Draft, Status::Active, Status::Archived];
    let status = all.into_iter().find(|status| *status as i64 == number);
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
