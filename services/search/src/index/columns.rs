//! What can be filtered, counted and sorted by: a column each.
//!
//! A column of texts has a dictionary for each segment, where each text has a number; numbers are in
//! the order of the texts. Tests are therefore made on the dictionary once, and on numbers for each
//! product.

use super::{analysis::fold, terms::shown};
use proto::catalogue::v1::{Attribute, Product, attribute};
use std::{collections::BTreeSet, ops::Range};
use tantivy::{
    TantivyDocument,
    columnar::{StrColumn, TermOrdHit},
    schema::{FAST, Field, SchemaBuilder, TextOptions},
};

pub(super) const NAME: &str = "name";
pub(super) const NAME_ORDER: &str = "name_order";
/// In bytes.
pub(super) const NAME_LENGTH: &str = "name_length";
/// The id's first bytes and those behind them, as numbers in the order of the ids: two ids are
/// rarely the same in both, and numbers can be compared across segments.
pub(super) const ID_PARTS: [&str; 2] = ["id_first", "id_second"];
pub(super) const EXTERNAL_ID: &str = "external_id";
pub(super) const BRAND: &str = "brand";
pub(super) const LABELS: &str = "labels";
/// Of each category and of those above it: see [`category`].
pub(super) const CATEGORIES: &str = "categories";
/// All of a product's [`CATEGORIES`] in one text, with [`BETWEEN`] between them, as many products
/// have the same: one value each is counted faster than several.
pub(super) const CATEGORY_SETS: &str = "category_sets";
/// Of each attribute: see [`entry`].
pub(super) const ATTRIBUTES: &str = "attributes";
pub(super) const CURRENCY: &str = "currency";
/// What it can be bought by.
pub(super) const SKUS: &str = "skus";
pub(super) const GTINS: &str = "gtins";
/// How many variants it has.
pub(super) const VARIANTS: &str = "variants";
pub(super) const VARIANT_STOCK: &str = "variant_stock";
/// In millionths of the currency's unit.
pub(super) const PRICE: &str = "price";
pub(super) const STOCK: &str = "stock";
pub(super) const POPULARITY: &str = "popularity";
/// In microseconds since 1970.
pub(super) const CREATED: &str = "created";
pub(super) const UPDATED: &str = "updated";

/// Names are ordered by their beginnings. In bytes.
const ORDERED_BY: usize = 48;

/// Longer values of attributes cannot be filtered by or counted. In bytes.
pub(super) const LONGEST_VALUE: usize = 1_000;

/// Parts what a text of a column is made of.
pub(super) const PART: char = '\u{1}';
/// Parts the texts that one is made of.
pub(super) const BETWEEN: char = '\u{2}';

#[derive(Clone, Copy)]
pub(super) struct Fields {
    name: Field,
    name_order: Field,
    name_length: Field,
    id_parts: [Field; 2],
    external_id: Field,
    brand: Field,
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
}

impl Fields {
    pub(super) fn add(schema: &mut SchemaBuilder) -> Self {
        let mut text =
            |name: &str| schema.add_text_field(name, TextOptions::default().set_fast("raw"));
        Self {
            name: text(NAME),
            name_order: text(NAME_ORDER),
            external_id: text(EXTERNAL_ID),
            brand: text(BRAND),
            labels: text(LABELS),
            categories: text(CATEGORIES),
            category_sets: text(CATEGORY_SETS),
            attributes: text(ATTRIBUTES),
            currency: text(CURRENCY),
            skus: text(SKUS),
            gtins: text(GTINS),
            variants: schema.add_i64_field(VARIANTS, FAST),
            variant_stock: schema.add_i64_field(VARIANT_STOCK, FAST),
            price: schema.add_i64_field(PRICE, FAST),
            stock: schema.add_i64_field(STOCK, FAST),
            popularity: schema.add_f64_field(POPULARITY, FAST),
            created: schema.add_i64_field(CREATED, FAST),
            updated: schema.add_i64_field(UPDATED, FAST),
            name_length: schema.add_u64_field(NAME_LENGTH, FAST),
            id_parts: ID_PARTS.map(|name| schema.add_u64_field(name, FAST)),
        }
    }

    pub(super) fn fill(&self, product: &Product, document: &mut TantivyDocument) {
        let categories = categories(product);
        let set: Vec<&str> = categories.iter().map(String::as_str).collect();
        document.add_text(self.category_sets, set.join(&BETWEEN.to_string()));
        document.add_u64(self.name_length, product.name.len() as u64);
        for (field, part) in self.id_parts.into_iter().zip(id_parts(&product.id)) {
            document.add_u64(field, part);
        }
        let mut text = |field, text: &str| {
            if !text.is_empty() {
                document.add_text(field, text);
            }
        };
        text(self.name, &product.name);
        let order = fold(&product.name);
        text(self.name_order, &order[..order.floor_char_boundary(ORDERED_BY)]);
        text(self.external_id, &product.external_id);
        text(self.brand, &product.brand);
        product.labels.iter().for_each(|label| text(self.labels, label));
        categories.iter().for_each(|it| text(self.categories, it));
        product.attributes.iter().filter_map(entry).for_each(|it| text(self.attributes, &it));
        if product.variants.is_empty() {
            text(self.skus, &product.id);
        }
        for variant in &product.variants {
            text(self.skus, &variant.sku);
            text(self.gtins, &variant.gtin);
        }
        if let Some(price) = &product.price {
            text(self.currency, &price.currency_code);
            document.add_i64(self.price, micros(price.units, price.nanos));
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
        if let Some(at) = &product.created_at {
            document.add_i64(self.created, micros(at.seconds, at.nanos));
        }
        if let Some(at) = &product.update_time {
            document.add_i64(self.updated, micros(at.seconds, at.nanos));
        }
    }
}

/// The bytes of an id as [`ID_PARTS`] has them.
fn id_parts(id: &str) -> [u64; 2] {
    let mut parts = [[0; 8]; 2];
    for (part, bytes) in parts.iter_mut().zip(id.as_bytes().chunks(8)) {
        part[..bytes.len()].copy_from_slice(bytes);
    }
    parts.map(u64::from_be_bytes)
}

/// The numbers of a column's texts that begin so.
pub(super) fn numbers_of(column: &StrColumn, beginning: &str) -> tantivy::Result<Range<u64>> {
    // Every text that begins so comes before this one.
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

/// A category as a column has it: its id, that of the one above it, and its name.
#[derive(Debug, PartialEq)]
pub(super) struct Category<'a> {
    pub(super) id: &'a str,
    pub(super) parent: &'a str,
    pub(super) name: &'a str,
}

/// Reads a text of [`CATEGORIES`].
pub(super) fn category(text: &str) -> Category<'_> {
    let mut parts = text.splitn(3, PART);
    let mut next = || parts.next().unwrap_or_default();
    Category { id: next(), parent: next(), name: next() }
}

fn categories(product: &Product) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut known = BTreeSet::new();
    for path in &product.category_paths {
        let mut parent = "";
        for (id, name) in path.ids.iter().zip(&path.names) {
            found.insert(format!("{id}{PART}{parent}{PART}{name}"));
            known.insert(id);
            parent = id;
        }
    }
    let others = product.category_ids.iter().filter(|id| !known.contains(id));
    found.extend(others.map(|id| format!("{id}{PART}{PART}{id}")));
    found
}

/// What kind of value an attribute has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Text,
    Number,
    Flag,
}

/// Returns an attribute as a column has it: its name, its kind, its value.
fn entry(attribute: &Attribute) -> Option<String> {
    let kind = match attribute.value.as_ref()? {
        attribute::Value::Text(_) => 't',
        attribute::Value::Number(_) => 'n',
        attribute::Value::Flag(_) => 'f',
    };
    let value = match attribute.value.as_ref()? {
        attribute::Value::Number(number) => number.to_string(),
        _ => shown(attribute),
    };
    let fits = value.len() <= LONGEST_VALUE && !value.is_empty();
    fits.then(|| format!("{}{kind}{value}", beginning(&attribute.name)))
}

/// What every entry of an attribute begins with.
pub(super) fn beginning(name: &str) -> String {
    format!("{name}{PART}")
}

/// Reads what follows an entry's [`beginning`].
pub(super) fn value(rest: &str) -> (Kind, &str) {
    let kind = match rest.as_bytes().first() {
        Some(b'n') => Kind::Number,
        Some(b'f') => Kind::Flag,
        _ => Kind::Text,
    };
    (kind, rest.get(1..).unwrap_or_default())
}
