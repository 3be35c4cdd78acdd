//! Rows of `products`, `product_variants` and `product_categories`.

use sea_orm::{FromQueryResult, Value};

use super::{
    insert,
    json::{json, parse},
    json_columns::{
        StoredAttribute, StoredMedia, StoredVariant, json_attributes, options, parse_list, to_list,
    },
    offer::{StoredCost, offer_column, offer_of},
};
use crate::{
    domain::{
        CategoryId, Condition, Cost, Details, Error, Price, Product, ProductId, Result, Status,
        Variant,
    },
    store::engine::ColumnKind,
};

/// A product with its categories and variants, as selected by `products::read::select`.
#[derive(Debug, FromQueryResult)]
pub(in crate::store) struct Row {
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
    offer: Option<String>,
    condition: i32,
    tax_class: String,
    seo_title: String,
    seo_description: String,
    costs: Option<String>,
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
                offer: offer_of(row.offer.as_deref())?,
                condition: condition(row.condition)?,
                tax_class: row.tax_class,
                seo_title: row.seo_title,
                seo_description: row.seo_description,
                costs: match row.costs.as_deref() {
                    None => Vec::new(),
                    Some(costs) => parse_list::<StoredCost, _>(costs)?,
                },
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

/// A row of `products` to be inserted. The links to categories and variants have tables of their
/// own; the row holds a copy of the category ids and the number of variants, for
/// [`crate::store::engine::category_ids`].
pub(in crate::store) struct ProductRow<'a>(pub(in crate::store) &'a Product);

/// Number of columns of a [`ProductRow`].
pub(in crate::store) const PRODUCT_COLUMNS: usize = 29;

impl insert::Row<PRODUCT_COLUMNS> for ProductRow<'_> {
    /// The id is the first column, which `products::save` relies on.
    const COLUMNS: [(&'static str, ColumnKind); PRODUCT_COLUMNS] = [
        ("id", ColumnKind::Text),
        ("external_id", ColumnKind::OptionalText),
        ("name", ColumnKind::Text),
        ("description", ColumnKind::Text),
        ("brand", ColumnKind::Text),
        ("price_minor", ColumnKind::OptionalBigInteger),
        ("currency", ColumnKind::OptionalText),
        ("stock_qty", ColumnKind::Integer),
        ("image_urls", ColumnKind::Text),
        ("attributes", ColumnKind::Text),
        ("labels", ColumnKind::Text),
        ("revision", ColumnKind::BigInteger),
        ("content_revision", ColumnKind::BigInteger),
        ("created_at", ColumnKind::BigInteger),
        ("updated_at", ColumnKind::BigInteger),
        ("status", ColumnKind::Integer),
        ("deleted_at", ColumnKind::OptionalBigInteger),
        ("created_by", ColumnKind::Text),
        ("offer", ColumnKind::OptionalText),
        ("condition", ColumnKind::Integer),
        ("tax_class", ColumnKind::Text),
        ("seo_title", ColumnKind::Text),
        ("seo_description", ColumnKind::Text),
        ("costs", ColumnKind::OptionalText),
        ("on_sale", ColumnKind::Integer),
        ("weight_mg", ColumnKind::OptionalBigInteger),
        ("category_list", ColumnKind::OptionalText),
        ("variant_count", ColumnKind::Integer),
        ("links_revision", ColumnKind::BigInteger),
    ];

    fn values(&self) -> Result<[Value; PRODUCT_COLUMNS]> {
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
            offer_column(&details.offer)?.into(),
            details.condition.map_or(0, |condition| condition as i32).into(),
            details.tax_class.as_str().into(),
            details.seo_title.as_str().into(),
            details.seo_description.as_str().into(),
            costs_column(&details.costs)?.into(),
            i32::from(details.is_on_sale()).into(),
            details.milligrams().into(),
            category_list(&details.category_ids).into(),
            variant_count(&details.variants).into(),
            self.0.content_revision.into(),
        ])
    }
}

fn costs_column(costs: &[Cost]) -> Result<Option<String>> {
    if costs.is_empty() {
        return Ok(None);
    }
    json(&to_list::<StoredCost, _>(costs)?).map(Some)
}

/// The ids separated by spaces; None if there are none.
fn category_list(ids: &[CategoryId]) -> Option<String> {
    let mut ids = ids.iter().map(CategoryId::as_str);
    let first = ids.next()?.to_owned();
    Some(ids.fold(first, |list, id| list + " " + id))
}

fn variant_count(variants: &[Variant]) -> i32 {
    i32::try_from(variants.len()).expect("the number of a product's variants is bounded")
}

/// A row of `product_categories`.
pub(in crate::store) struct MembershipRow<'a> {
    product_id: &'a str,
    category_id: &'a str,
    position: i32,
}

impl MembershipRow<'_> {
    /// The rows of a product, one for each of its categories.
    pub(in crate::store) fn of(product: &Product) -> impl Iterator<Item = MembershipRow<'_>> {
        let product_id = product.id.as_str();
        (0..).zip(&product.details.category_ids).map(move |(position, category_id)| MembershipRow {
            product_id,
            category_id: category_id.as_str(),
            position,
        })
    }
}

impl insert::Row<3> for MembershipRow<'_> {
    const COLUMNS: [(&'static str, ColumnKind); 3] = [
        ("product_id", ColumnKind::Text),
        ("category_id", ColumnKind::Text),
        ("position", ColumnKind::Integer),
    ];

    fn values(&self) -> Result<[Value; 3]> {
        Ok([self.product_id.into(), self.category_id.into(), self.position.into()])
    }
}

/// The status with this number.
///
/// # Errors
/// No status has it.
pub(in crate::store) fn status(number: impl Into<i64>) -> Result<Status> {
    let number = number.into();
    let all = [Status::Draft, Status::Active, Status::Archived];
    let status = all.into_iter().find(|status| *status as i64 == number);
    status.ok_or_else(|| Error::Damaged(format!("a product of status {number}").into()))
}

/// The condition with this number; 0 is none.
///
/// # Errors
/// No condition has it.
pub(in crate::store) fn condition(number: impl Into<i64>) -> Result<Option<Condition>> {
    let number = number.into();
    if number == 0 {
        return Ok(None);
    }
    let all = [Condition::New, Condition::Refurbished, Condition::Used];
    let condition = all.into_iter().find(|condition| *condition as i64 == number);
    let damaged = || Error::Damaged(format!("a product of condition {number}").into());
    condition.ok_or_else(damaged).map(Some)
}

/// A row of `product_variants`.
pub(in crate::store) struct VariantRow<'a> {
    product_id: &'a str,
    position: i32,
    variant: &'a Variant,
}

impl VariantRow<'_> {
    /// The rows of a product, one for each of its variants.
    pub(in crate::store) fn of(product: &Product) -> impl Iterator<Item = VariantRow<'_>> {
        let product_id = product.id.as_str();
        let numbered = (0..).zip(&product.details.variants);
        numbered.map(move |(position, variant)| VariantRow { product_id, position, variant })
    }
}

impl insert::Row<10> for VariantRow<'_> {
    const COLUMNS: [(&'static str, ColumnKind); 10] = [
        ("sku", ColumnKind::Text),
        ("product_id", ColumnKind::Text),
        ("position", ColumnKind::Integer),
        ("gtin", ColumnKind::Text),
        ("option_values", ColumnKind::Text),
        ("price_minor", ColumnKind::OptionalBigInteger),
        ("currency", ColumnKind::OptionalText),
        ("stock_qty", ColumnKind::Integer),
        ("offer", ColumnKind::OptionalText),
        ("media_url", ColumnKind::Text),
    ];

    fn values(&self) -> Result<[Value; 10]> {
        let Self { product_id, position, variant } = *self;
        let price = variant.price.as_ref();
        Ok([
            variant.sku.as_str().into(),
            product_id.into(),
            position.into(),
            variant.gtin.as_str().into(),
            json(&options(variant))?.into(),
            price.map(|price| price.minor).into(),
            price.map(|price| price.currency.clone()).into(),
            variant.stock_qty.into(),
            offer_column(&variant.offer)?.into(),
            variant.media_url.as_str().into(),
        ])
    }
}
