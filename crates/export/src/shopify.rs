//! Products as Shopify imports them: a row for each variant, and further ones for further pictures.

use anyhow::{Result, ensure};
use product_fields::{OfferMessage, WeightUnit};
use proto::catalogue::v1::{Product, Variant, product::Status};

use super::{
    columns::{amount, path},
    html,
    no_place::NoPlace,
    own_offer::OwnOffer,
    row::Row,
};

pub(super) const COLUMNS: [&str; 28] = [
    "Handle",
    "Title",
    "Body (HTML)",
    "Vendor",
    "Product Category",
    "Tags",
    "Published",
    "Option1 Name",
    "Option1 Value",
    "Option2 Name",
    "Option2 Value",
    "Option3 Name",
    "Option3 Value",
    "Variant SKU",
    "Variant Price",
    "Variant Compare At Price",
    "Variant Grams",
    "Variant Weight Unit",
    "Variant Tax Code",
    "Cost per item",
    "Variant Barcode",
    "Image Src",
    "Image Position",
    "Image Alt Text",
    "Variant Image",
    "SEO Title",
    "SEO Description",
    "Status",
];
const MAX_OPTIONS: usize = 3;

/// The rows of a product.
///
/// # Errors
/// If it has more options than Shopify.
pub(super) fn rows(product: &Product) -> Result<Vec<Vec<String>>> {
    let alone = [alone(product)];
    let variants = if product.variants.is_empty() { &alone[..] } else { &product.variants };
    let count = variants.len().max(product.media.len());
    let mut rows = Vec::with_capacity(count);
    for index in 0..count {
        let mut row = Row::new(&COLUMNS);
        row.set("Handle", &product.id);
        if index == 0 {
            set_product(&mut row, product);
        }
        if let Some(variant) = variants.get(index) {
            set_variant(&mut row, product, variant, index == 0)?;
        }
        if let Some(picture) = product.media.get(index) {
            row.set("Image Src", &picture.url);
            row.set("Image Position", (index + 1).to_string());
            row.set("Image Alt Text", &picture.alt);
        }
        rows.push(row.into_cells());
    }
    Ok(rows)
}

/// The one variant of a product without variants.
pub(super) fn alone(product: &Product) -> Variant {
    let mut alone =
        Variant { sku: product.id.clone(), price: product.price.clone(), ..Variant::default() };
    OfferMessage::of_product(product).put_variant(&mut alone);
    alone
}

fn set_product(row: &mut Row, product: &Product) {
    row.set("Title", &product.name);
    row.set("Body (HTML)", html::from_text(&product.description));
    row.set("Vendor", &product.brand);
    row.set("SEO Title", &product.seo_title);
    row.set("SEO Description", &product.seo_description);
    row.set("Product Category", product.category_paths.first().map(path).unwrap_or_default());
    row.set("Tags", product.labels.join(", "));
    let is_live = product.status() == Status::Active;
    row.set("Published", if is_live { "true" } else { "false" });
    row.set(
        "Status",
        match product.status() {
            Status::Draft => "draft",
            Status::Archived => "archived",
            Status::Active | Status::Unspecified => "active",
        },
    );
}

fn set_variant(row: &mut Row, product: &Product, variant: &Variant, is_first: bool) -> Result<()> {
    ensure!(
        variant.option_values.len() <= MAX_OPTIONS,
        NoPlace(format!("variant {} has more than {MAX_OPTIONS} options", variant.sku))
    );
    for (number, option) in (1..).zip(&variant.option_values) {
        if is_first {
            row.set(&format!("Option{number} Name"), &option.name);
        }
        row.set(&format!("Option{number} Value"), &option.value);
    }
    if variant.option_values.is_empty() {
        row.set("Option1 Name", "Title");
        row.set("Option1 Value", "Default Title");
    }
    row.set("Variant SKU", &variant.sku);
    let own = OwnOffer::of(product, Some(variant));
    row.set("Variant Price", amount(own.price.as_ref()));
    row.set("Variant Compare At Price", amount(own.offer.compare_at_price.as_ref()));
    row.set("Variant Grams", own.weight_in(WeightUnit::Gram));
    if own.offer.weight.is_some() {
        row.set("Variant Weight Unit", "g");
    }
    // The file has one currency.
    let own_currency = own.price.as_ref().map(|price| &price.currency_code);
    let cost = own.cost.as_ref().filter(|cost| Some(&cost.currency_code) == own_currency);
    row.set("Cost per item", amount(cost));
    row.set("Variant Image", &variant.media_url);
    row.set("Variant Tax Code", &product.tax_class);
    row.set("Variant Barcode", &variant.gtin);
    Ok(())
}
