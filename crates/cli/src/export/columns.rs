//! Products as the rows of a table that an import reads.

use ::import::{
    FORMULA_SIGNS, LIST_SEPARATOR, PATH_SEPARATOR, column_names, escape, pack_pairs,
    packed_attributes,
};
use anyhow::{Result, bail};
use product_fields::TextField;
use proto::{
    catalogue::v1::{CategoryPath, Product, Variant},
    google::r#type::Money,
    money,
};

use crate::output;

/// Columns that say how many there are.
const STOCK: [&str; 2] = ["stock_qty", "variant_stock_qty"];
/// Columns that every row of a variant has.
const OF_VARIANT: [&str; 5] = ["sku", "gtin", "options", "variant_price", "variant_stock_qty"];

/// The columns of an export.
#[derive(Debug)]
pub(crate) struct Columns(Vec<&'static str>);

impl Columns {
    /// The columns of these names, or without names all but the columns of the stock.
    ///
    /// # Errors
    /// If there is no such column, or none of a product's id.
    pub(crate) fn new(names: &[String], with_stock: bool) -> Result<Self> {
        if names.is_empty() {
            let columns = column_names().filter(|name| with_stock || !STOCK.contains(name));
            return Ok(Self(columns.collect()));
        }
        let mut columns = Vec::new();
        for name in names {
            let known = column_names().find(|known| known == &name.trim());
            match known {
                Some(column) => columns.push(column),
                None => {
                    let known: Vec<_> = column_names().collect();
                    bail!("--columns: {name:?} is not a column; columns are {}", known.join(", "));
                }
            }
        }
        let has_key = columns.iter().any(|name| ["id", "external_id", "sku"].contains(name));
        if !has_key {
            bail!("--columns: without id, external_id or sku the file could not be imported");
        }
        if columns.contains(&"price") != columns.contains(&"currency") {
            bail!("--columns: price and currency require each other");
        }
        if with_stock {
            columns.extend(STOCK.into_iter().filter(|name| !names.iter().any(|n| n == name)));
        }
        Ok(Self(columns))
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.0.iter().map(|name| (*name).to_owned()).collect()
    }

    /// The rows of a product: one, or one for each variant.
    pub(crate) fn rows(&self, product: &Product) -> Vec<Vec<String>> {
        let has_variants = self.0.iter().any(|name| OF_VARIANT.contains(name));
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
                name if OF_VARIANT.contains(&name) => {
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

/// Puts an apostrophe before text that a spreadsheet would read as a formula.
pub(super) fn guarded(text: String) -> String {
    if text.starts_with(FORMULA_SIGNS) { format!("'{text}") } else { text }
}

fn of_product(product: &Product, column: &str) -> String {
    if let Some(field) = TextField::named(column) {
        return field.get(product).clone();
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
        "status" => output::status(product).to_uppercase(),
        "attributes" => packed_attributes(&product.attributes),
        "etag" => product.etag.clone(),
        _ => String::new(),
    }
}

fn of_variant(variant: &Variant, column: &str) -> String {
    match column {
        "sku" => variant.sku.clone(),
        "gtin" => variant.gtin.clone(),
        "options" => {
            let options = variant.option_values.iter();
            pack_pairs(options.map(|option| (option.name.as_str(), option.value.as_str())))
        }
        "variant_price" => amount(variant.price.as_ref()),
        "variant_stock_qty" => variant.stock_qty.to_string(),
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
    price.map(|price| price.currency_code.clone()).unwrap_or_default()
}
