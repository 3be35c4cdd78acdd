//! Columns: the fields that products are filtered, counted and sorted by.
//!
//! A text column has a dictionary in each segment, with an ordinal for each text in the order of
//! the texts. Tests are therefore evaluated once on the dictionary, and by ordinal for each
//! product.

use super::{analysis::fold, terms::attribute_text};
use product_fields::{TextField, is_on_sale, shipping_weight};
use proto::catalogue::v1::{Attribute, Product, attribute, product::Condition};
use std::{collections::BTreeSet, ops::Range};
use tantivy::{
    TantivyDocument,
    columnar::{StrColumn, TermOrdHit},
    schema::{FAST, Field, SchemaBuilder, TextOptions},
};

pub(crate) const NAME_ORDER: &str = "name_order";
/// Size in bytes.
pub(crate) const NAME_LENGTH: &str = "name_length";
/// The first 8 bytes of the id and the 8 bytes after them, as integers in the order of the ids.
/// They decide most comparisons, and unlike ordinals they can be compared across segments.
pub(crate) const ID_PARTS: [&str; 2] = ["id_first", "id_second"];
pub(crate) const EXTERNAL_ID: &str = "external_id";
pub(crate) const LABELS: &str = "labels";
/// The categories and their ancestors; parsed by [`parse_category`].
pub(crate) const CATEGORIES: &str = "categories";
/// All of a product's [`CATEGORIES`] in one text, separated by [`SET_SEPARATOR`]. Many products
/// have the same set, and one value each is counted faster than several.
pub(crate) const CATEGORY_SETS: &str = "category_sets";
/// The attributes; see [`attribute_entry`].
pub(crate) const ATTRIBUTES: &str = "attributes";
pub(crate) const CURRENCY: &str = "currency";
/// SKUs of the variants, or the product's id if it has none.
pub(crate) const SKUS: &str = "skus";
pub(crate) const GTINS: &str = "gtins";
/// Number of variants.
pub(crate) const VARIANTS: &str = "variants";
pub(crate) const VARIANT_STOCK: &str = "variant_stock";
/// In millionths of the currency's unit.
pub(crate) const PRICE: &str = "price";
pub(crate) const STOCK: &str = "stock";
/// 1 if the product or one of its variants is on sale, otherwise 0.
pub(crate) const ON_SALE: &str = "on_sale";
/// In thousandths of a milligram, as [`PRICE`] is in millionths.
pub(crate) const WEIGHT: &str = "weight";
/// The name of the condition.
pub(crate) const CONDITION: &str = "condition";
pub(crate) const POPULARITY: &str = "popularity";
/// In microseconds since 1970.
pub(crate) const CREATED: &str = "created";
pub(crate) const UPDATED: &str = "updated";

/// Size of the prefix that names are sorted by, in bytes.
const SORT_PREFIX_BYTES: usize = 48;

/// Maximum size of an attribute's value in the column, in bytes. Longer values are not filterable
/// or counted.
pub(crate) const MAX_VALUE_BYTES: usize = 1_000;

/// Separates the parts of a column's text.
pub(crate) const PART_SEPARATOR: char = '\u{1}';
/// Separates the texts of a set.
pub(crate) const SET_SEPARATOR: char = '\u{2}';

#[derive(Clone, Copy)]
pub(crate) struct ColumnFields {
    /// The text fields in the order of [`TextField::ALL`], except those without a column.
    texts: [Option<Field>; TextField::COUNT],
    name_order: Field,
    name_length: Field,
    id_parts: [Field; 2],
    external_id: Field,
    labels: Field,
    categories: Field,
    category_sets: Field,
    attributes: Field,
    currency: Field,
    skus: Field,
    gtins: Field,
    variants: Field,
    variant_stock: Field,
    price: Field,
    stock: Field,
    popularity: Field,
    created: Field,
    updated: Field,
    on_sale: Field,
    weight: Field,
    condition: Field,
}

impl ColumnFields {
    pub(crate) fn add(schema: &mut SchemaBuilder) -> Self {
        let mut text =
            |name: &str| schema.add_text_field(name, TextOptions::default().set_fast("raw"));
        // The order of these calls is part of the index format.
        let name = text(TextField::Name.name());
        let (name_order, external_id) = (text(NAME_ORDER), text(EXTERNAL_ID));
        let texts = std::array::from_fn(|at| match TextField::ALL[at] {
            TextField::Name => Some(name),
            field => has_column(field).then(|| text(field.name())),
        });
        Self {
            name_order,
            external_id,
            texts,
            labels: text(LABELS),
            categories: text(CATEGORIES),
            category_sets: text(CATEGORY_SETS),
            attributes: text(ATTRIBUTES),
            currency: text(CURRENCY),
            skus: text(SKUS),
            gtins: text(GTINS),
            condition: text(CONDITION),
            variants: schema.add_i64_field(VARIANTS, FAST),
            variant_stock: schema.add_i64_field(VARIANT_STOCK, FAST),
            price: schema.add_i64_field(PRICE, FAST),
            stock: schema.add_i64_field(STOCK, FAST),
            popularity: schema.add_f64_field(POPULARITY, FAST),
            created: schema.add_i64_field(CREATED, FAST),
            updated: schema.add_i64_field(UPDATED, FAST),
            on_sale: schema.add_i64_field(ON_SALE, FAST),
            weight: schema.add_i64_field(WEIGHT, FAST),
            name_length: schema.add_u64_field(NAME_LENGTH, FAST),
            id_parts: ID_PARTS.map(|name| schema.add_u64_field(name, FAST)),
        }
    }

    pub(crate) fn fill(&self, product: &Product, document: &mut TantivyDocument) {
        let categories = categories(product);
        let set: Vec<&str> = categories.iter().map(String::as_str).collect();
        document.add_text(self.category_sets, set.join(&SET_SEPARATOR.to_string()));
        document.add_u64(self.name_length, product.name.len() as u64);
        for (field, part) in self.id_parts.into_iter().zip(id_parts(&product.id)) {
            document.add_u64(field, part);
        }
        let mut text = |field, text: &str| {
            if !text.is_empty() {
                document.add_text(field, text);
            }
        };
        for (field, column) in TextField::ALL.iter().zip(self.texts) {
            if let Some(column) = column {
                text(column, field.get(product));
            }
        }
        let order = fold(&product.name);
        text(self.name_order, &order[..order.floor_char_boundary(SORT_PREFIX_BYTES)]);
        text(self.external_id, &product.external_id);
        product.labels.iter().for_each(|label| text(self.labels, label));
        categories.iter().for_each(|it| text(self.categories, it));
        product
            .attributes
            .iter()
            .filter_map(attribute_entry)
            .for_each(|it| text(self.attributes, &it));
        if product.variants.is_empty() {
            text(self.skus, &product.id);
        }
        for variant in &product.variants {
            text(self.skus, &variant.sku);
            text(self.gtins, &variant.gtin);
        }
        if product.condition() != Condition::Unspecified {
            text(self.condition, product.condition().as_str_name());
        }
        if let Some(price) = &product.price {
            text(self.currency, &price.currency_code);
            document.add_i64(self.price, micros(price.units, price.nanos));
        }
        document.add_i64(self.on_sale, is_on_sale(product).into());
        if let Some(milligrams) = shipping_weight(product) {
            document.add_i64(self.weight, milligrams.saturating_mul(1_000));
        }
        document.add_i64(self.variants, product.variants.len() as i64);
        for variant in &product.variants {
            document.add_i64(self.variant_stock, variant.stock_qty.into());
        }
        document.add_i64(self.stock, product.stock_qty.into());
        let popularity = product.attributes.iter().find(|it| it.name == POPULARITY);
        if let Some(attribute::Value::Number(number)) = popularity.and_then(|it| it.value.as_ref())
        {
            document.add_f64(self.popularity, *number);
        }
        self.fill_times(product, document);
    }

    fn fill_times(&self, product: &Product, document: &mut TantivyDocument) {
        let times = [(self.created, &product.created_at), (self.updated, &product.update_time)];
        for (field, time) in times {
            if let Some(at) = time {
                document.add_i64(field, micros(at.seconds, at.nanos));
            }
        }
    }
}

/// Whether a text field has a column, named like the field. Descriptions are too long for one, and texts for
/// search engines are seldom asked for.
pub(crate) fn has_column(field: TextField) -> bool {
    match field {
        TextField::Name | TextField::Brand | TextField::TaxClass => true,
        TextField::Description | TextField::SeoTitle | TextField::SeoDescription => false,
    }
}

/// Returns the [`ID_PARTS`] of an id.
fn id_parts(id: &str) -> [u64; 2] {
    let mut parts = [[0; 8]; 2];
    for (part, bytes) in parts.iter_mut().zip(id.as_bytes().chunks(8)) {
        part[..bytes.len()].copy_from_slice(bytes);
    }
    parts.map(u64::from_be_bytes)
}

/// Returns the ordinals of the texts that start with a prefix.
pub(crate) fn ordinals_with_prefix(
    column: &StrColumn,
    beginning: &str,
) -> tantivy::Result<Range<u64>> {
    let mut after = beginning.as_bytes().to_vec();
    after.push(u8::MAX);
    let first = |text: &[u8]| {
        Ok::<_, std::io::Error>(match column.dictionary().term_ord_or_next(text)? {
            TermOrdHit::Exact(at) | TermOrdHit::Next(at) => at,
        })
    };
    let last = column.num_terms() as u64;
    let (from, to) = (first(beginning.as_bytes())?.min(last), first(&after)?.min(last));
    Ok(from..to.max(from))
}

fn micros(units: i64, nanos: i32) -> i64 {
    units.saturating_mul(1_000_000).saturating_add(i64::from(nanos) / 1_000)
}

/// A category as stored in the column.
#[derive(Debug, PartialEq)]
pub(crate) struct CategoryEntry<'a> {
    pub(crate) id: &'a str,
    pub(crate) parent: &'a str,
    pub(crate) name: &'a str,
}

/// Parses a text of [`CATEGORIES`].
pub(crate) fn parse_category(text: &str) -> CategoryEntry<'_> {
    let mut parts = text.splitn(3, PART_SEPARATOR);
    let mut next = || parts.next().unwrap_or_default();
    CategoryEntry { id: next(), parent: next(), name: next() }
}

fn categories(product: &Product) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut known = BTreeSet::new();
    for path in &product.category_paths {
        let mut parent = "";
        for (id, name) in path.ids.iter().zip(&path.names) {
            found.insert(format!("{id}{PART_SEPARATOR}{parent}{PART_SEPARATOR}{name}"));
            known.insert(id);
            parent = id;
        }
    }
    let others = product.category_ids.iter().filter(|id| !known.contains(id));
    found.extend(others.map(|id| format!("{id}{PART_SEPARATOR}{PART_SEPARATOR}{id}")));
    found
}

/// The type of an attribute's value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum AttributeKind {
    Text,
    Number,
    Flag,
}

/// Returns the column's text for an attribute: its name, type and value.
fn attribute_entry(attribute: &Attribute) -> Option<String> {
    let kind = match attribute.value.as_ref()? {
        attribute::Value::Text(_) => 't',
        attribute::Value::Number(_) => 'n',
        attribute::Value::Flag(_) => 'f',
    };
    let value = match attribute.value.as_ref()? {
        attribute::Value::Number(number) => number.to_string(),
        _ => attribute_text(attribute),
    };
    let fits = value.len() <= MAX_VALUE_BYTES && !value.is_empty();
    fits.then(|| format!("{}{kind}{value}", attribute_prefix(&attribute.name)))
}

/// Returns the prefix that all entries of an attribute share.
pub(crate) fn attribute_prefix(name: &str) -> String {
    format!("{name}{PART_SEPARATOR}")
}

/// Parses the part of an entry after its [`attribute_prefix`].
pub(crate) fn parse_attribute_value(rest: &str) -> (AttributeKind, &str) {
    let kind = match rest.as_bytes().first() {
        Some(b'n') => AttributeKind::Number,
        Some(b'f') => AttributeKind::Flag,
        _ => AttributeKind::Text,
    };
    (kind, rest.get(1..).unwrap_or_default())
}
