//! Evaluation of filters on products. The `filter` crate defines the language, `product_fields` the
//! fields.

use filter::{Filter, Lookup, Term, Value as FilterValue};
use product_fields::{CONDITIONS, FilterField, price_value, weight_value};
use time::OffsetDateTime;

use super::{Condition, Details, Micros, Product, Status, Tree, Value};

/// Whether the product matches the filter. The store compiles filters to SQL, which must agree.
pub(crate) fn matches(filter: &Filter, product: &Product, tree: &Tree) -> bool {
    filter.matches(&Record { product, tree })
}

/// Whether a change of a product's field, given by its name in [`Change`](super::Change), can
/// change whether the product matches.
pub(crate) fn depends_on(filter: &Filter, changed: &str) -> bool {
    let any = |filters: &[Filter]| filters.iter().any(|filter| depends_on(filter, changed));
    match filter {
        Filter::And(filters) | Filter::Or(filters) => any(filters),
        Filter::Not(filter) => depends_on(filter, changed),
        Filter::Term(term) => term_depends_on(term, changed),
    }
}

fn term_depends_on(term: &Term, changed: &str) -> bool {
    match FilterField::named(term.field) {
        None | Some(FilterField::Id | FilterField::CreatedAt | FilterField::CreateTime) => false,
        // Every change sets them.
        Some(FilterField::Revision | FilterField::UpdateTime) => true,
        Some(FilterField::Category) => matches!(changed, "category_ids" | "category_paths"),
        Some(FilterField::Currency) => changed == "price",
        Some(FilterField::StockQty | FilterField::VariantStockQty) => {
            matches!(changed, "stock_qty" | "variants")
        }
        Some(FilterField::OnSale) => {
            matches!(changed, "price" | "compare_at_price" | "variants")
        }
        Some(FilterField::Weight) => matches!(changed, "weight" | "variants"),
        Some(FilterField::Sku | FilterField::Gtin | FilterField::VariantSku) => {
            changed == "variants"
        }
        Some(
            FilterField::Text(_)
            | FilterField::ExternalId
            | FilterField::Labels
            | FilterField::Attributes
            | FilterField::Price
            | FilterField::Status
            | FilterField::Condition
            | FilterField::DeleteTime,
        ) => changed == term.field,
    }
}

/// A product as filters see it.
struct Record<'a> {
    product: &'a Product,
    tree: &'a Tree,
}

impl Lookup for Record<'_> {
    fn values(
        &self,
        field: &'static str,
        key: Option<&str>,
        visit: &mut dyn FnMut(FilterValue<'_>),
    ) {
        let Product { id, details, .. } = self.product;
        let mut text = |text: &str| visit(FilterValue::Text(text));
        match FilterField::named(field) {
            // The schema has no other fields.
            None => {}
            Some(FilterField::Text(field)) => text(details.text(field)),
            Some(FilterField::Id) => text(id.as_str()),
            Some(FilterField::ExternalId) => details.external_id.iter().for_each(|id| text(id)),
            Some(FilterField::Labels) => details.labels.iter().for_each(|label| text(label)),
            Some(FilterField::Category) => {
                let categories = details.category_ids.iter().flat_map(|id| self.tree.path(id));
                categories.for_each(|category| text(category.id.as_str()));
            }
            Some(FilterField::Attributes) => {
                let attribute = details.attributes.iter().find(|it| Some(it.name.as_str()) == key);
                attribute.into_iter().for_each(|it| visit(filter_value(&it.value)));
            }
            Some(FilterField::Price) => {
                let prices = details.price.iter();
                let values = prices.filter_map(|it| price_value(it.minor, &it.currency));
                values.for_each(|value| visit(FilterValue::Decimal(value)));
            }
            Some(FilterField::Currency) => {
                details.price.iter().for_each(|price| text(&price.currency));
            }
            Some(FilterField::StockQty) => visit(FilterValue::Integer(details.stock_qty.into())),
            Some(FilterField::OnSale) => visit(FilterValue::Flag(details.is_on_sale())),
            Some(FilterField::Weight) => {
                let weight = details.milligrams().and_then(weight_value);
                weight.into_iter().for_each(|weight| visit(FilterValue::Decimal(weight)));
            }
            Some(FilterField::Condition) => {
                details.condition.iter().for_each(|it| text(CONDITIONS[*it as usize - 1]));
            }
            Some(FilterField::Status) => text(status_name(details.status)),
            Some(FilterField::Sku) if details.variants.is_empty() => text(id.as_str()),
            Some(FilterField::Sku | FilterField::VariantSku) => {
                details.variants.iter().for_each(|variant| text(variant.sku.as_str()));
            }
            Some(FilterField::Gtin) => {
                details.variants.iter().for_each(|variant| text(&variant.gtin));
            }
            Some(FilterField::VariantStockQty) => variant_stock(details, visit),
            Some(FilterField::Revision) => visit(FilterValue::Integer(self.product.revision)),
            Some(FilterField::CreatedAt | FilterField::CreateTime) => {
                instant(self.product.created_at, visit);
            }
            Some(FilterField::UpdateTime) => instant(self.product.updated_at, visit),
            Some(FilterField::DeleteTime) => {
                self.product.deleted_at.iter().for_each(|at| instant(*at, visit));
            }
        }
    }
}

fn variant_stock(details: &Details, visit: &mut dyn FnMut(FilterValue<'_>)) {
    for variant in &details.variants {
        visit(FilterValue::Integer(variant.stock_qty.into()));
    }
}

/// The status with this name in the contract.
pub(crate) fn status_named(name: &str) -> Option<Status> {
    [Status::Draft, Status::Active, Status::Archived]
        .into_iter()
        .find(|it| status_name(*it) == name)
}

/// The condition with this name in the contract.
pub(crate) fn condition_named(name: &str) -> Option<Condition> {
    [Condition::New, Condition::Refurbished, Condition::Used]
        .into_iter()
        .find(|it| CONDITIONS[*it as usize - 1] == name)
}

fn status_name(status: Status) -> &'static str {
    match status {
        Status::Draft => "DRAFT",
        Status::Active => "ACTIVE",
        Status::Archived => "ARCHIVED",
    }
}

fn filter_value(value: &Value) -> FilterValue<'_> {
    match value {
        Value::Text(text) => FilterValue::Text(text),
        Value::Number(number) => FilterValue::Number(*number),
        Value::Flag(flag) => FilterValue::Flag(*flag),
    }
}

fn instant(at: Micros, visit: &mut dyn FnMut(FilterValue<'_>)) {
    let instant = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at) * 1_000);
    instant.into_iter().for_each(|instant| visit(FilterValue::Timestamp(instant)));
}
