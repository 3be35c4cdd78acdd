//! Rows of `product_revisions`: an undo log with the replaced values as JSON.

use product_fields::TextField;
use sea_orm::Value;
use serde::{Deserialize, Serialize};

use super::{
    insert,
    json::{json, parse},
    json_columns::{StoredAttribute, StoredMedia, StoredVariant, from_list, to_list},
    offer::{StoredCost, StoredOffer},
    product::{condition, status},
};
use crate::{
    domain::{
        CategoryId, Details, Error, Field, Mask, Offer, Price, ProductId, Result, Revision,
        RevisionKind, Sku,
    },
    store::{engine::ColumnKind, schema::entity::revision},
};

/// The replaced values; `changed_fields` lists the members that are meaningful.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Before {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    brand: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<(i64, String)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stock_qty: Option<i32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    media: Vec<StoredMedia>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    category_ids: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attributes: Vec<StoredAttribute>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    labels: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    variants: Vec<StoredVariant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offer: Option<StoredOffer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_class: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seo_title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seo_description: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    costs: Vec<StoredCost>,
    /// The stock of variants that were not replaced.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    variant_stock: Vec<(String, i32)>,
    /// Microseconds since the Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    delete_time: Option<i64>,
}

/// A row of `product_revisions`.
pub(in crate::store) struct RevisionRow<'a> {
    pub(in crate::store) revision: &'a Revision,
    pub(in crate::store) actor: &'a str,
    pub(in crate::store) request_id: &'a str,
}

impl insert::Row<8> for RevisionRow<'_> {
    const COLUMNS: [(&'static str, ColumnKind); 8] = [
        ("product_id", ColumnKind::Text),
        ("revision", ColumnKind::BigInteger),
        ("op", ColumnKind::Integer),
        ("changed_fields", ColumnKind::Text),
        ("before", ColumnKind::Text),
        ("actor", ColumnKind::Text),
        ("request_id", ColumnKind::Text),
        ("changed_at", ColumnKind::BigInteger),
    ];

    fn values(&self) -> Result<[Value; 8]> {
        let Self { revision, actor, request_id } = *self;
        let names: Vec<&str> = match revision.kind {
            RevisionKind::Deleted | RevisionKind::Undeleted => vec!["delete_time"],
            RevisionKind::Created | RevisionKind::Updated | RevisionKind::Stock => {
                revision.changed.fields().map(Field::name).collect()
            }
        };
        Ok([
            revision.product_id.as_str().into(),
            revision.revision.into(),
            (revision.kind as i32).into(),
            json(&names)?.into(),
            json(&before(revision)?)?.into(),
            actor.into(),
            request_id.into(),
            revision.at.into(),
        ])
    }
}

fn before(revision: &Revision) -> Result<Before> {
    // Lists of unchanged fields are empty, and so left out of the JSON.
    let old = &revision.before;
    let has = |field| revision.changed.has(field);
    let text = |field, text: &String| has(Field::Text(field)).then(|| text.clone());
    let stock = revision.variant_stock.iter();
    Ok(Before {
        name: text(TextField::Name, &old.name),
        description: text(TextField::Description, &old.description),
        brand: text(TextField::Brand, &old.brand),
        price: old.price.as_ref().map(|price| (price.minor, price.currency.clone())),
        stock_qty: has(Field::StockQty).then_some(old.stock_qty),
        media: to_list(&old.media)?,
        category_ids: old.category_ids.iter().map(ToString::to_string).collect(),
        attributes: to_list(&old.attributes)?,
        labels: old.labels.clone(),
        external_id: old.external_id.clone(),
        variants: to_list(&old.variants)?,
        status: has(Field::Status).then_some(old.status as i32),
        offer: (old.offer != Offer::default()).then(|| StoredOffer::from(&old.offer)),
        condition: old.condition.map(|condition| condition as i32),
        tax_class: text(TextField::TaxClass, &old.tax_class),
        seo_title: text(TextField::SeoTitle, &old.seo_title),
        seo_description: text(TextField::SeoDescription, &old.seo_description),
        costs: to_list(&old.costs)?,
        variant_stock: stock.map(|(sku, count)| (sku.to_string(), *count)).collect(),
        delete_time: revision.deleted_at,
    })
}

impl TryFrom<revision::Model> for Revision {
    type Error = Error;

    fn try_from(row: revision::Model) -> Result<Self> {
        use RevisionKind::{Deleted, Stock, Undeleted, Updated};
        let kinds = [Updated, Deleted, Undeleted, Stock];
        let kind = kinds.into_iter().find(|kind| *kind as i32 == row.op);
        let kind =
            kind.ok_or_else(|| Error::Damaged(format!("a revision of {}", row.op).into()))?;
        let names: Vec<String> = parse(&row.changed_fields)?;
        let fields = names.iter().filter_map(|name| Field::named(name));
        let before: Before = parse(&row.before)?;
        let stock = before.variant_stock.into_iter();
        Ok(Self {
            product_id: ProductId::known(row.product_id),
            revision: row.revision,
            kind,
            changed: fields.fold(Mask::default(), Mask::with),
            before: Details {
                name: before.name.unwrap_or_default(),
                description: before.description.unwrap_or_default(),
                brand: before.brand.unwrap_or_default(),
                price: before.price.map(|(minor, currency)| Price { minor, currency }),
                stock_qty: before.stock_qty.unwrap_or_default(),
                media: from_list(before.media)?,
                category_ids: before.category_ids.into_iter().map(CategoryId::known).collect(),
                attributes: from_list(before.attributes)?,
                labels: before.labels,
                external_id: before.external_id,
                variants: from_list(before.variants)?,
                status: before.status.map(status).transpose()?.unwrap_or_default(),
                offer: before.offer.map(Offer::try_from).transpose()?.unwrap_or_default(),
                condition: condition(before.condition.unwrap_or_default())?,
                tax_class: before.tax_class.unwrap_or_default(),
                seo_title: before.seo_title.unwrap_or_default(),
                seo_description: before.seo_description.unwrap_or_default(),
                costs: from_list(before.costs)?,
            },
            variant_stock: stock.map(|(sku, count)| (Sku::known(sku), count)).collect(),
            deleted_at: before.delete_time,
            at: row.changed_at,
            actor: row.actor,
            request_id: row.request_id,
        })
    }
}
