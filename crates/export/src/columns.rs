//! Products as the rows of a table that an import reads.

use anyhow::{Result, bail};
use import::{
    LIST_SEPARATOR, OfferColumn, PATH_SEPARATOR, column_names, escape, is_formula, pack_pairs,
    packed_attributes,
};
use product_fields::{OfferMessage, TextField};
use proto::{
    catalogue::v1::{
        CategoryPath, Product, Variant,
        product::{Condition, Status},
    },
    google::r#type::Money,
    money,
};

/// Columns that say how many there are.
const STOCK: [&str; 2] = ["stock_qty", "variant_stock_qty"];
/// Columns that every row of a variant has.
const OF_VARIANT: [&str; 6] =
    ["sku", "gtin", "options", "variant_price", "variant_stock_qty", "variant_image"];
/// The cost of an item, for callers that may see it.
pub(crate) const COST: &str = "cost";

/// The columns of an export.
#[derive(Debug)]
pub struct Columns(Vec<&'static str>);

impl Columns {
    /// The columns of these names, or without names all but the columns of the stock and of costs.
    ///
    /// # Errors
    /// If there is no such column, one is named twice, or none is of a product's id.
    pub fn new(names: &[String], with_stock: bool, with_costs: bool) -> Result<Self> {
        if names.is_empty() {
            let columns = column_names().filter(|name| with_stock || !STOCK.contains(name));
            return Ok(Self(columns.filter(|name| with_costs || *name != COST).collect()));
        }
        let mut columns = Vec::new();
        for name in names {
            let known = column_names().find(|known| known == &name.trim());
            match known {
                Some(column) if columns.contains(&column) => {
                    bail!("{column} is named twice; name each column once")
                }
                Some(column) => columns.push(column),
                None => {
                    let known: Vec<_> = column_names().collect();
                    bail!("{name:?} is not a column; columns are {}", known.join(", "));
                }
            }
        }
        let has_key = columns.iter().any(|name| ["id", "external_id", "sku"].contains(name));
        if !has_key {
            bail!("without id, external_id or sku the file could not be imported");
        }
        if columns.contains(&"price") != columns.contains(&"currency") {
            bail!("price and currency require each other");
        }
        if with_costs && !columns.contains(&COST) {
            columns.push(COST);
        }
        if columns.contains(&COST) && !columns.contains(&"currency") {
            bail!("cost requires currency");
        }
        if with_stock {
            let others: Vec<_> = STOCK.into_iter().filter(|name| !columns.contains(name)).collect();
            columns.extend(others);
        }
        Ok(Self(columns))
    }

    /// Whether a column has costs.
    pub(crate) fn has_costs(&self) -> bool {
        self.0.contains(&COST)
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.0.iter().map(|name| (*name).to_owned()).collect()
    }

    /// The rows of a product: one, or one for each variant.
    pub(crate) fn rows(&self, product: &Product) -> Vec<Vec<String>> {
        let has_variants = self.0.iter().any(|name| is_of_variant(name) || *name == COST);
        let first = self.row(product, product.variants.first(), true);
        let others = product.variants.iter().skip(1).filter(|_| has_variants);
        let others = others.map(|variant| self.row(product, Some(variant), false));
        std::iter::once(first).chain(others).collect()
    }

    fn row(&self, product: &Product, variant: Option<&Variant>, is_first: bool) -> Vec<String> {
        let cell = |name: &&'static str| {
            let text = match *name {
                "id" => product.id.clone(),
                "currency" => currency(product, variant),
                COST => cost(product, variant),
                name if is_of_variant(name) => {
                    variant.map(|variant| of_variant(variant, name)).unwrap_or_default()
                }
                name if is_first => of_product(product, name),
                _ => String::new(),
            };
            guarded(text)
        };
        self.0.iter().map(cell).collect()
    }
}

/// Whether a column is that of a variant.
fn is_of_variant(name: &str) -> bool {
    OF_VARIANT.contains(&name) || OfferColumn::ALL.iter().any(|it| it.variant_name() == name)
}

/// The cost of a variant, or of a product without variants: with its currency if that is not the row's.
fn cost(product: &Product, variant: Option<&Variant>) -> String {
    let sku = variant.map_or("", |variant| variant.sku.as_str());
    let cost = product.costs.iter().find(|cost| cost.sku == sku);
    let Some(cost) = cost.and_then(|cost| cost.amount.as_ref()) else { return String::new() };
    match cost.currency_code == currency(product, variant) {
        true => amount(Some(cost)),
        false => money::display(cost),
    }
}

fn condition(product: &Product) -> String {
    match product.condition() {
        Condition::Unspecified => String::new(),
        condition => condition.as_str_name().to_owned(),
    }
}

/// Puts an apostrophe before text that a spreadsheet would read as a formula.
pub(super) fn guarded(text: String) -> String {
    if is_formula(&text) { format!("'{text}") } else { text }
}

/// The text of a cell, for formats that are not opened as spreadsheets.
pub(super) fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_formula(text)).unwrap_or(cell)
}

fn of_product(product: &Product, column: &str) -> String {
    if let Some(field) = TextField::named(column) {
        return field.get(product).clone();
    }
    if let Some(own) = OfferColumn::ALL.iter().find(|it| it.name() == column) {
        return own.cell(&OfferMessage::of_product(product));
    }
    let list = |items: &mut dyn Iterator<Item = &String>| -> String {
        let items: Vec<_> = items.map(|item| escape(item, &[LIST_SEPARATOR])).collect();
        items.join(&LIST_SEPARATOR.to_string())
    };
    match column {
        "external_id" => product.external_id.clone(),
        "price" => amount(product.price.as_ref()),
        // The stock of a product with variants is the sum of theirs.
        "stock_qty" if product.variants.is_empty() => product.stock_qty.to_string(),
        "category" => category(product),
        "image_urls" => list(&mut product.image_urls.iter()),
        "image_alts" if product.media.iter().any(|media| !media.alt.is_empty()) => {
            list(&mut product.media.iter().map(|media| &media.alt))
        }
        "labels" => list(&mut product.labels.iter()),
        "status" => status(product).to_owned(),
        "condition" => condition(product),
        "attributes" => packed_attributes(&product.attributes),
        "etag" => product.etag.clone(),
        _ => String::new(),
    }
}

fn status(product: &Product) -> &'static str {
    match product.status() {
        Status::Unspecified => "",
        Status::Draft => "DRAFT",
        Status::Active => "ACTIVE",
        Status::Archived => "ARCHIVED",
    }
}

fn of_variant(variant: &Variant, column: &str) -> String {
    if let Some(own) = OfferColumn::ALL.iter().find(|it| it.variant_name() == column) {
        return own.cell(&OfferMessage::of_variant(variant));
    }
    match column {
        "sku" => variant.sku.clone(),
        "gtin" => variant.gtin.clone(),
        "options" => {
            let options = variant.option_values.iter();
            pack_pairs(options.map(|option| (option.name.as_str(), option.value.as_str())))
        }
        "variant_price" => amount(variant.price.as_ref()),
        "variant_stock_qty" => variant.stock_qty.to_string(),
        "variant_image" => variant.media_url.clone(),
        _ => String::new(),
    }
}

fn category(product: &Product) -> String {
    let separators = [LIST_SEPARATOR, PATH_SEPARATOR];
    let paths = product.category_paths.iter().map(|path| {
        let names = path.names.iter().map(|name| escape(name, &separators));
        names.collect::<Vec<_>>().join(&format!(" {PATH_SEPARATOR} "))
    });
    paths.collect::<Vec<_>>().join(&LIST_SEPARATOR.to_string())
}

/// A price without its currency.
pub(super) fn amount(price: Option<&Money>) -> String {
    let text = price.map(money::display).unwrap_or_default();
    text.split_once(' ').map(|(amount, _)| amount.to_owned()).unwrap_or_default()
}

/// A category path as other systems write it.
pub(super) fn path(path: &CategoryPath) -> String {
    path.names.join(" > ")
}

/// The currency of the prices in a row.
fn currency(product: &Product, variant: Option<&Variant>) -> String {
    let price = product.price.as_ref();
    let price = price.or_else(|| variant.and_then(|variant| variant.price.as_ref()));
    let price = price.or(product.compare_at_price.as_ref());
    let price = price.or_else(|| variant.and_then(|variant| variant.compare_at_price.as_ref()));
    let cost = product.costs.first().and_then(|cost| cost.amount.as_ref());
    let price = price.or(cost);
    price.map(|price| price.currency_code.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_stands_once() {
        let columns = |names: &[&str], with_stock: bool| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            Columns::new(&names, with_stock, false)
        };
        assert_eq!(columns(&["id", " stock_qty"], true).unwrap().names().len(), 3);
        for names in [["id", "name", "name"], ["id", "name", " name"]] {
            let error = columns(&names, false).unwrap_err().to_string();
            assert!(error.starts_with("name is named twice"), "{error}");
        }
    }

    #[test]
    fn formulas_are_guarded_behind_blanks_too() {
        for text in ["=1+1", " =1+1", "\n\u{a0}@x", "\tx", " 's", "''"] {
            let cell = guarded(text.to_owned());
            assert_eq!(cell, format!("'{text}"));
            assert_eq!(unguarded(&cell), text);
        }
        for text in ["", " ", "1-1", " x=1"] {
            assert_eq!(guarded(text.to_owned()), text);
            assert_eq!(unguarded(text), text);
        }
    }
}
