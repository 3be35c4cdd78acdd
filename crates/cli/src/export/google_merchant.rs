//! Products as Google Merchant Center takes them: a row for each variant.

use proto::{
    catalogue::v1::{Product, Variant},
    google::r#type::Money,
    money,
};

use super::{columns::path, row::Row, shopify::alone};

pub(super) const COLUMNS: [&str; 15] = [
    "id",
    "item_group_id",
    "title",
    "description",
    "image_link",
    "additional_image_link",
    "availability",
    "price",
    "brand",
    "gtin",
    "product_type",
    "color",
    "size",
    "material",
    "pattern",
];
/// Our usual names of the options that have columns.
const OPTIONS: [(&str, &str); 5] = [
    ("colour", "color"),
    ("color", "color"),
    ("size", "size"),
    ("material", "material"),
    ("pattern", "pattern"),
];

/// The rows of a product.
pub(super) fn rows(product: &Product) -> Vec<Vec<String>> {
    if product.variants.is_empty() {
        return vec![row(product, &alone(product), product.stock_qty)];
    }
    product.variants.iter().map(|variant| row(product, variant, variant.stock_qty)).collect()
}

fn row(product: &Product, variant: &Variant, stock_qty: i32) -> Vec<String> {
    let mut row = Row::new(&COLUMNS);
    row.set("id", &variant.sku);
    if !product.variants.is_empty() {
        row.set("item_group_id", &product.id);
    }
    row.set("title", &product.name);
    row.set("description", &product.description);
    let mut pictures = product.image_urls.iter();
    row.set("image_link", pictures.next().cloned().unwrap_or_default());
    let others: Vec<&str> = pictures.map(String::as_str).collect();
    row.set("additional_image_link", others.join(","));
    row.set("availability", if stock_qty > 0 { "in_stock" } else { "out_of_stock" });
    let price = variant.price.as_ref().or(product.price.as_ref());
    row.set("price", price.map(|price: &Money| money::display(price)).unwrap_or_default());
    row.set("brand", &product.brand);
    row.set("gtin", &variant.gtin);
    row.set("product_type", product.category_paths.first().map(path).unwrap_or_default());
    for option in &variant.option_values {
        let name = option.name.to_lowercase();
        if let Some((_, column)) = OPTIONS.iter().find(|(known, _)| *known == name) {
            row.set(column, &option.value);
        }
    }
    row.into_cells()
}
