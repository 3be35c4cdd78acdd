//! What products can be filtered by. What a filter means in general is the `filter` crate's.

use filter::{Decimal, Filter, Kind, Lookup, Schema, Value as Given};
use time::OffsetDateTime;

use super::{Micros, Price, Product, Status, Tree, Value};

/// The fields, in the order people read them in.
pub(crate) const FIELDS: &[(&str, Kind)] = &[
    ("id", Kind::Id),
    ("external_id", Kind::Text),
    ("name", Kind::Text),
    ("description", Kind::Text),
    ("brand", Kind::Text),
    ("labels", Kind::List),
    ("category", Kind::Category),
    ("attributes", Kind::Map),
    ("price", Kind::Decimal),
    ("currency", Kind::Id),
    ("stock_qty", Kind::Integer),
    ("status", Kind::Enum(&["DRAFT", "ACTIVE", "ARCHIVED"])),
    ("sku", Kind::Text),
    ("gtin", Kind::Id),
    ("variants.sku", Kind::Text),
    ("variants.stock_qty", Kind::Integer),
    ("revision", Kind::Integer),
    ("created_at", Kind::Timestamp),
    ("create_time", Kind::Timestamp),
    ("update_time", Kind::Timestamp),
    ("delete_time", Kind::Timestamp),
];

/// What filters are checked against.
pub(crate) static SCHEMA: Schema = Schema::new(FIELDS);

/// Whether the product matches. The store asks the same of its rows, and must come to the same.
pub(crate) fn matches(filter: &Filter, product: &Product, tree: &Tree) -> bool {
    filter.matches(&Record { product, tree })
}

/// Whether a change of this field of a product, by its name in a change, can make it match or not.
pub(crate) fn depends_on(filter: &Filter, changed: &str) -> bool {
    let any = |filters: &[Filter]| filters.iter().any(|filter| depends_on(filter, changed));
    match filter {
        Filter::And(filters) | Filter::Or(filters) => any(filters),
        Filter::Not(filter) => depends_on(filter, changed),
        Filter::Term(term) => match term.field {
            "id" | "created_at" | "create_time" => false,
            // They change with everything.
            "revision" | "update_time" => true,
            "category" => matches!(changed, "category_ids" | "category_paths"),
            "currency" => changed == "price",
            "stock_qty" | "variants.stock_qty" => matches!(changed, "stock_qty" | "variants"),
            "sku" | "gtin" | "variants.sku" => changed == "variants",
            field => changed == field,
        },
    }
}

struct Record<'a> {
    product: &'a Product,
    tree: &'a Tree,
}

impl Lookup for Record<'_> {
    fn values(&self, field: &'static str, key: Option<&str>, visit: &mut dyn FnMut(Given<'_>)) {
        let Product { id, details, .. } = self.product;
        let mut text = |text: &str| visit(Given::Text(text));
        match field {
            "id" => text(id.as_str()),
            "external_id" => details.external_id.iter().for_each(|id| text(id)),
            "name" => text(&details.name),
            "description" => text(&details.description),
            "brand" => text(&details.brand),
            "labels" => details.labels.iter().for_each(|label| text(label)),
            "category" => {
                let categories = details.category_ids.iter().flat_map(|id| self.tree.path(id));
                categories.for_each(|category| text(category.id.as_str()));
            }
            "attributes" => {
                let attribute = details.attributes.iter().find(|it| Some(it.name.as_str()) == key);
                attribute.into_iter().for_each(|attribute| visit(given(&attribute.value)));
            }
            "price" => {
                details.price.iter().filter_map(amount).for_each(|it| visit(Given::Decimal(it)))
            }
            "currency" => details.price.iter().for_each(|price| text(&price.currency)),
            "stock_qty" => visit(Given::Integer(details.stock_qty.into())),
            "status" => text(status_name(details.status)),
            // What it is bought by.
            "sku" if details.variants.is_empty() => text(id.as_str()),
            "sku" | "variants.sku" => details.variants.iter().for_each(|it| text(it.sku.as_str())),
            "gtin" => details.variants.iter().for_each(|it| text(&it.gtin)),
            "variants.stock_qty" => {
                details.variants.iter().for_each(|it| visit(Given::Integer(it.stock_qty.into())));
            }
            "revision" => visit(Given::Integer(self.product.revision)),
            "created_at" | "create_time" => instant(self.product.created_at, visit),
            "update_time" => instant(self.product.updated_at, visit),
            "delete_time" => {
                self.product.deleted_at.iter().for_each(|at| instant(*at, visit));
            }
            // Every field has its line here: a test asks for each.
            _ => {}
        }
    }
}

/// The status of that name in the contract.
pub(crate) fn status_named(name: &str) -> Option<Status> {
    [Status::Draft, Status::Active, Status::Archived]
        .into_iter()
        .find(|it| status_name(*it) == name)
}

fn status_name(status: Status) -> &'static str {
    match status {
        Status::Draft => "DRAFT",
        Status::Active => "ACTIVE",
        Status::Archived => "ARCHIVED",
    }
}

fn given(value: &Value) -> Given<'_> {
    match value {
        Value::Text(text) => Given::Text(text),
        Value::Number(number) => Given::Number(*number),
        Value::Flag(flag) => Given::Flag(*flag),
    }
}

/// The price in the units that people name it in. No currency has more than 18 decimals.
fn amount(price: &Price) -> Option<Decimal> {
    let decimals = proto::money::decimals(&price.currency);
    Decimal::new(price.minor, u8::try_from(decimals).ok()?)
}

fn instant(at: Micros, visit: &mut dyn FnMut(Given<'_>)) {
    let instant = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at) * 1_000);
    instant.into_iter().for_each(|instant| visit(Given::Timestamp(instant)));
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUIDE: &str = include_str!("../../../../docs/filter.md");

    /// The rows of the tables that begin with these words, without what code is marked with.
    fn rows(header: &str) -> Vec<Vec<String>> {
        let rows = GUIDE.lines().skip_while(|line| !line.starts_with(header)).skip(2);
        let cells = |row: &str| {
            row.split('|').map(|cell| cell.replace('`', "").trim().to_owned()).collect()
        };
        rows.take_while(|line| line.starts_with('|')).map(cells).collect()
    }

    #[test]
    fn the_guide_has_every_field_and_its_kind() {
        let kind = |kind: &Kind| match kind {
            Kind::Enum(_) => "enum".to_owned(),
            kind => format!("{kind:?}").to_lowercase(),
        };
        let fields = FIELDS.iter().map(|(name, it)| ((*name).to_owned(), kind(it)));
        let rows = rows("| field | kind |");
        let written = rows.iter().map(|row| (row[1].clone(), row[2].clone()));
        assert_eq!(written.collect::<Vec<_>>(), fields.collect::<Vec<_>>());
    }

    #[test]
    fn the_guide_has_filters_that_work() {
        let blocks = GUIDE.split("```filter\n").skip(1);
        let examples = blocks.flat_map(|block| block.split("```").next().unwrap_or("").lines());
        let examples: Vec<_> = examples.collect();
        assert!(examples.len() > 5, "there are examples");
        for example in examples {
            assert!(SCHEMA.parse(example).is_ok_and(|it| !it.is_everything()), "{example}");
        }
    }
}
