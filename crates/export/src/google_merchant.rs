//! Products as Google Merchant Center takes them: a row for each variant.

use import::OfferColumn;
use proto::{
    catalogue::v1::{Product, Variant, product::Condition},
    google::r#type::Money,
    money,
};

use super::{columns::path, own_offer::OwnOffer, row::Row, shopify::alone};

pub(super) const COLUMNS: [&str; 23] = [
    "id",
    "item_group_id",
    "title",
    "description",
    "image_link",
    "additional_image_link",
    "availability",
    "price",
    "sale_price",
    "sale_price_effective_date",
    "cost_of_goods_sold",
    "condition",
    "shipping_weight",
    "product_length",
    "product_width",
    "product_height",
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

/// Sets prices, weight and dimensions.
fn set_offer(row: &mut Row, own: &OwnOffer) {
    let price = |price: Option<&Money>| price.map(money::display).unwrap_or_default();
    let (regular, sale) = own.regular_and_sale();
    row.set("price", price(regular));
    row.set("sale_price", price(sale));
    row.set("cost_of_goods_sold", price(own.cost.as_ref()));
    let [start, end] =
        [OfferColumn::SaleStart, OfferColumn::SaleEnd].map(|column| column.cell(&own.offer));
    // Google takes no period without both of its ends.
    if sale.is_some() && !start.is_empty() && !end.is_empty() {
        row.set("sale_price_effective_date", format!("{start}/{end}"));
    }
    for (column, cell) in [
        ("shipping_weight", OfferColumn::Weight),
        ("product_length", OfferColumn::Length),
        ("product_width", OfferColumn::Width),
        ("product_height", OfferColumn::Height),
    ] {
        row.set(column, cell.cell(&own.offer));
    }
}

fn row(product: &Product, variant: &Variant, stock_qty: i32) -> Vec<String> {
    let mut row = Row::new(&COLUMNS);
    row.set("id", &variant.sku);
    if !product.variants.is_empty() {
        row.set("item_group_id", &product.id);
    }
    row.set("title", &product.name);
    row.set("description", &product.description);
    let own = Some(&variant.media_url).filter(|url| !url.is_empty());
    let main = own.or(product.image_urls.first());
    let pictures = product.image_urls.iter().filter(|url| Some(*url) != main);
    row.set("image_link", main.cloned().unwrap_or_default());
    let others: Vec<&str> = pictures.map(String::as_str).collect();
    row.set("additional_image_link", others.join(","));
    row.set("availability", if stock_qty > 0 { "in_stock" } else { "out_of_stock" });
    set_offer(&mut row, &OwnOffer::of(product, Some(variant)));
    row.set("condition", condition(product));
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

/// The condition in lower case, as all feeds have it; empty if unspecified.
pub(super) fn condition(product: &Product) -> String {
    match product.condition() {
        Condition::Unspecified => String::new(),
        condition => condition.as_str_name().to_lowercase(),
    }
}
