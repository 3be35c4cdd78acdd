//! Products as WooCommerce imports them: variations are rows of their own, which name their parent.

use anyhow::{Result, ensure};
use import::OfferColumn;
use product_fields::{LengthUnit, WeightUnit};
use proto::catalogue::v1::{Product, Variant, product::Status};

use super::{
    columns::{amount, path},
    html,
    no_place::NoPlace,
    own_offer::OwnOffer,
    row::Row,
};

pub(super) const COLUMNS: [&str; 26] = [
    "Type",
    "SKU",
    "Name",
    "Published",
    "Description",
    "In stock?",
    "Sale price",
    "Date sale price starts",
    "Date sale price ends",
    "Tax class",
    "Weight (kg)",
    "Length (cm)",
    "Width (cm)",
    "Height (cm)",
    "Regular price",
    "Categories",
    "Tags",
    "Images",
    "Parent",
    "GTIN, UPC, EAN, or ISBN",
    "Attribute 1 name",
    "Attribute 1 value(s)",
    "Attribute 2 name",
    "Attribute 2 value(s)",
    "Attribute 3 name",
    "Attribute 3 value(s)",
];
const MAX_OPTIONS: usize = 3;

/// The rows of a product.
///
/// # Errors
/// If it has more options than a row has columns for.
pub(super) fn rows(product: &Product) -> Result<Vec<Vec<String>>> {
    let mut rows = vec![parent(product)];
    for variant in &product.variants {
        rows.push(variation(product, variant)?);
    }
    Ok(rows)
}

fn parent(product: &Product) -> Vec<String> {
    let mut row = Row::new(&COLUMNS);
    row.set("Type", if product.variants.is_empty() { "simple" } else { "variable" });
    row.set("SKU", &product.id);
    row.set("Name", &product.name);
    row.set(
        "Published",
        match product.status() {
            Status::Active | Status::Unspecified => "1",
            Status::Draft => "-1",
            Status::Archived => "0",
        },
    );
    row.set("Description", html::from_text(&product.description));
    row.set("In stock?", if product.stock_qty > 0 { "1" } else { "0" });
    set_offer(&mut row, &OwnOffer::of(product, None));
    row.set("Tax class", &product.tax_class);
    let paths: Vec<String> = product.category_paths.iter().map(path).collect();
    row.set("Categories", paths.join(", "));
    row.set("Tags", product.labels.join(", "));
    row.set("Images", product.image_urls.join(", "));
    for (number, name) in (1..).zip(option_names(product)) {
        row.set(&format!("Attribute {number} name"), name);
        let values = product.variants.iter().flat_map(|variant| &variant.option_values);
        let mut values: Vec<&str> = values
            .filter(|option| option.name == name)
            .map(|option| option.value.as_str())
            .collect();
        values.sort_unstable();
        values.dedup();
        row.set(&format!("Attribute {number} value(s)"), values.join(", "));
    }
    row.into_cells()
}

/// Sets prices, weight and dimensions.
fn set_offer(row: &mut Row, own: &OwnOffer) {
    let (regular, sale) = own.regular_and_sale();
    row.set("Regular price", amount(regular));
    row.set("Sale price", amount(sale));
    if sale.is_some() {
        row.set("Date sale price starts", OfferColumn::SaleStart.cell(&own.offer));
        row.set("Date sale price ends", OfferColumn::SaleEnd.cell(&own.offer));
    }
    row.set("Weight (kg)", own.weight_in(WeightUnit::Kilogram));
    let unit = LengthUnit::Centimetre;
    row.set("Length (cm)", own.side_in(unit, |size| size.length));
    row.set("Width (cm)", own.side_in(unit, |size| size.width));
    row.set("Height (cm)", own.side_in(unit, |size| size.height));
}

/// The names of a product's options, in the order of its variants.
fn option_names(product: &Product) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for option in product.variants.iter().flat_map(|variant| &variant.option_values) {
        if !names.contains(&option.name.as_str()) {
            names.push(&option.name);
        }
    }
    names
}

fn variation(product: &Product, variant: &Variant) -> Result<Vec<String>> {
    ensure!(
        variant.option_values.len() <= MAX_OPTIONS,
        NoPlace(format!("variant {} has more than {MAX_OPTIONS} options", variant.sku))
    );
    let mut row = Row::new(&COLUMNS);
    row.set("Type", "variation");
    row.set("SKU", &variant.sku);
    row.set("Parent", &product.id);
    row.set("Published", "1");
    row.set("In stock?", if variant.stock_qty > 0 { "1" } else { "0" });
    set_offer(&mut row, &OwnOffer::of(product, Some(variant)));
    row.set("Images", &variant.media_url);
    row.set("GTIN, UPC, EAN, or ISBN", &variant.gtin);
    for (number, option) in (1..).zip(&variant.option_values) {
        row.set(&format!("Attribute {number} name"), &option.name);
        row.set(&format!("Attribute {number} value(s)"), &option.value);
    }
    Ok(row.into_cells())
}
