//! Tables with product fields as columns, which need no field map.

use anyhow::{Result, bail};
use product_fields::TextField;

use crate::{
    convert::Separators,
    field_map::{AttributesRule, FieldMap, ImageRule, OptionRule, PriceRule, Rule},
    names::normalize,
    offer_cells::OfferColumn,
    spelling,
};

/// Columns of the native CSV format besides the text fields and the ids, in the order in which an
/// export writes them.
const COLUMNS: [&str; 16] = [
    "price",
    "currency",
    "stock_qty",
    "category",
    "image_urls",
    "image_alts",
    "labels",
    "status",
    "condition",
    "attributes",
    "sku",
    "gtin",
    "options",
    "variant_price",
    "variant_stock_qty",
    "variant_image",
];

/// Columns of the native CSV format, in the order in which an export writes them.
pub fn column_names() -> impl Iterator<Item = &'static str> {
    let texts = TextField::ALL.iter().map(|field| field.name());
    let own = OfferColumn::ALL.iter().map(|column| column.name());
    let of_variants = OfferColumn::ALL.iter().map(|column| column.variant_name());
    let all = ["id", "external_id"].into_iter().chain(texts).chain(COLUMNS);
    all.chain(own).chain(of_variants).chain(["cost", "etag"])
}

/// Columns of rejects files, which an import ignores.
pub const REJECT_COLUMNS: [&str; 3] = ["reject_line", "reject_reason", "reject_message"];

/// Separates list items in a CSV cell; escaped by a backslash.
pub const LIST_SEPARATOR: char = '|';
/// Separates the names of a category path in a CSV cell; escaped by a backslash.
pub const PATH_SEPARATOR: char = '>';

/// Names that people give to columns, normalized, and the columns that they mean.
const ALIASES: [(&str, &str); 9] = [
    ("title", "name"),
    ("stock", "stockqty"),
    ("quantity", "stockqty"),
    ("qty", "stockqty"),
    ("inventory", "stockqty"),
    ("ean", "gtin"),
    ("upc", "gtin"),
    ("barcode", "gtin"),
    ("tags", "labels"),
];

/// Builds the field map for a header of [`column_names`] or common names for them, in any order, case and punctuation.
///
/// # Errors
/// An unknown column, no id, or a currency without price.
pub(crate) fn columns(header: &[String]) -> Result<FieldMap> {
    let mut map = FieldMap::default();
    let mut unknown = Vec::new();
    let (mut amount, mut currency) = (None, None);
    let mut attributes = AttributesRule::default();
    let mut alts = None;
    let names: Vec<String> = header.iter().map(|column| normalize(column)).collect();
    for (column, name) in header.iter().zip(&names) {
        let rule = Rule::field(column);
        match meant(name, &names) {
            "id" => map.id = Some(rule),
            "externalid" => map.external_id = Some(rule),
            "etag" => map.etag = Some(rule),
            "price" => amount = Some(rule),
            "currency" => currency = Some(rule),
            "stockqty" => map.stock_qty = Some(rule),
            "category" => {
                map.category_path = Some(list(column, Some(LIST_SEPARATOR), PATH_SEPARATOR));
            }
            "imageurls" => {
                let urls = list(column, None, LIST_SEPARATOR);
                map.images.push(ImageRule { urls, alts: None, position: None });
            }
            "imagealts" => alts = Some(list(column, None, LIST_SEPARATOR)),
            "labels" => map.labels = Some(list(column, None, LIST_SEPARATOR)),
            "status" => map.status = Some(rule),
            "condition" => map.condition = Some(rule),
            "cost" => map.cost = Some(PriceRule { amount: rule, minor: false, currency: None }),
            "attributes" => attributes.exported = Some(column.clone()),
            name if set_variant(&mut map, name, &rule) || set_offer(&mut map, name, &rule) => {}
            name => match TextField::ALL.iter().find(|field| normalize(field.name()) == name) {
                Some(field) => map.texts.set(*field, rule),
                None => unknown.push(column.as_str()),
            },
        }
    }
    refuse_unknown(&unknown)?;
    let by_variant = map.variant.sku.is_some() || map.variant.gtin.is_some();
    if map.id.is_none() && map.external_id.is_none() && !by_variant {
        bail!("the header has no column `id` or `external_id`; other formats require --map FILE");
    }
    if amount.is_none() && currency.is_some() {
        bail!("the column `currency` requires a column `price`");
    }
    map.price = amount.map(|amount| PriceRule { amount, minor: false, currency });
    set_by_variant(&mut map);
    if let Some(images) = map.images.first_mut() {
        images.alts = alts;
    }
    if attributes.exported.is_some() {
        map.attributes = Some(attributes);
    }
    Ok(map)
}

/// The column that a name means, unless another one of the header means it too.
fn meant<'a>(name: &'a str, header: &[String]) -> &'a str {
    let column_of = |name: &str| ALIASES.iter().find(|(alias, _)| *alias == name).map(|it| it.1);
    let Some(column) = column_of(name) else { return name };
    let means = |other: &&String| *other == column || column_of(other) == Some(column);
    if header.iter().filter(means).count() > 1 { name } else { column }
}

/// Sets the rule of a column of variants; returns whether it is one.
fn set_variant(map: &mut FieldMap, name: &str, rule: &Rule) -> bool {
    let rule = rule.clone();
    match name {
        "sku" => map.variant.sku = Some(rule),
        "gtin" => map.variant.gtin = Some(rule),
        "options" => map.variant.options.push(OptionRule::Packed(rule)),
        "variantprice" => {
            map.variant.price = Some(PriceRule { amount: rule, minor: false, currency: None });
        }
        "variantstockqty" => map.variant.stock_qty = Some(rule),
        "variantimage" => map.variant.media_url = Some(rule),
        _ => return false,
    }
    true
}

/// Sets the rule of a column of a product or its variants; returns whether it is one.
fn set_offer(map: &mut FieldMap, name: &str, rule: &Rule) -> bool {
    for column in OfferColumn::ALL {
        if normalize(column.name()) == name {
            map.offer.set(*column, rule.clone());
            return true;
        }
        if normalize(column.variant_name()) == name {
            map.variant.offer.set(*column, rule.clone());
            return true;
        }
    }
    false
}

fn list(column: &str, paths: Option<char>, items: char) -> Rule {
    let separators = Separators {
        items: Some(items.to_string()),
        paths: paths.map(String::from),
        escaped: true,
    };
    Rule { separators, ..Rule::field(column) }
}

fn refuse_unknown(unknown: &[&str]) -> Result<()> {
    let [first, ..] = unknown else { return Ok(()) };
    let hint = spelling::hint(first, &column_names().collect::<Vec<_>>());
    bail!(
        "columns that are not product fields: {}; {hint} Map columns to fields with --map FILE \
         (example in `catctl import --help`)",
        unknown.join(", ")
    );
}

/// Without an id, a row is of a variant, and so is its price.
fn set_by_variant(map: &mut FieldMap) {
    if map.id.is_none() && map.external_id.is_none() && map.variant.price.is_none() {
        map.variant.price = map.price.take();
        map.variant.stock_qty = map.variant.stock_qty.take().or(map.stock_qty.take());
        if map.variant.offer.is_empty() {
            map.variant.offer = std::mem::take(&mut map.offer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Record, Value};

    fn header(names: &str) -> Vec<String> {
        names.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn native_columns_need_no_map() {
        let names = header("id,Name,price,currency,Stock Qty,category,image_urls");
        let texts = header(r"7,Mug,4.50,eur,,Kitchen > Mugs|Gifts \> All,/a.svg|/b.svg");
        let map = columns(&names).unwrap();
        let mut record = Record::default();
        for (name, text) in names.iter().zip(texts) {
            record.push(name.clone(), Value::Text(text));
        }
        let (product, mask) = map.apply(&record).unwrap().into_masked();
        assert_eq!(mask, ["name", "price", "image_urls", "category_paths"]);
        assert_eq!(product.price.unwrap().currency_code, "EUR");
        assert_eq!(product.category_paths[1].names, ["Gifts > All"]);
    }

    #[test]
    fn common_names_mean_columns_unless_these_are_there() {
        let map = columns(&header("SKU,Price,Stock")).unwrap();
        assert!(map.variant.stock_qty.is_some() && map.variant.price.is_some());
        assert!(columns(&header("id,title,ean")).unwrap().variant.gtin.is_some());
        for ambiguous in ["id,name,title", "sku,stock,quantity", "sku,stock_qty,stock"] {
            let message = columns(&header(ambiguous)).unwrap_err().to_string();
            assert!(message.contains("not product fields"), "{ambiguous}: {message}");
        }
    }

    #[test]
    fn an_unknown_column_requires_a_map() {
        let message = columns(&header("id,titel,colour")).unwrap_err().to_string();
        assert!(message.contains("titel, colour") && message.contains("--map"), "{message}");
        assert!(columns(&header("id,currency")).unwrap_err().to_string().contains("price"));
        assert!(columns(&header("name")).unwrap_err().to_string().contains("`id`"));
    }
}
