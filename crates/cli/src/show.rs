//! Prints one product with all its fields.

use anyhow::Result;
use product_fields::{OfferField, OfferMessage, TextField};
use proto::catalogue::v1::Product;

use crate::{
    listing::{render, table},
    output::{
        Output, attribute_value, condition, costs, format_time, offer_value, price, print_line,
        sanitize, status, variant_value,
    },
};

pub(crate) fn show(product: &Product, output: Output) -> Result<()> {
    if output == Output::Json {
        return Ok(print_line(&serde_json::to_string_pretty(product)?)?);
    }
    let mut table = table();
    let mut row = |name: &str, value: &str| {
        if !value.is_empty() {
            table.add_row([sanitize(name), sanitize(value)]);
        }
    };
    let paths: Vec<String> =
        product.category_paths.iter().map(|path| path.names.join(" > ")).collect();
    let time = |time: Option<&pbjson_types::Timestamp>| {
        time.map(|time| format!("{} UTC", format_time(time))).unwrap_or_default()
    };
    row("id", &product.id);
    row("external id", &product.external_id);
    row("name", &product.name);
    row("status", status(product));
    row("deleted", &time(product.delete_time.as_ref()));
    row("brand", &product.brand);
    row("price", &price(product));
    row("stock", &product.stock_qty.to_string());
    let offer = OfferMessage::of_product(product);
    for field in OfferField::ALL {
        let value = offer_value(*field, &offer).unwrap_or_default();
        row(&field.name().replace('_', " "), &value);
    }
    row("condition", &condition(product));
    for (sku, cost) in costs(product) {
        row(format!("cost {sku}").trim_end(), &cost);
    }
    for variant in &product.variants {
        row(&format!("variant {}", variant.sku), &variant_value(variant));
    }
    for (path, id) in paths.iter().zip(&product.category_ids) {
        row("category", &format!("{path}  ({id})"));
    }
    row("labels", &product.labels.join(", "));
    for field in TextField::ALL.iter().filter(|field| field.is_minor()) {
        row(&field.name().replace('_', " "), field.get(product));
    }
    row("description", &product.description);
    for url in &product.image_urls {
        row("image", url);
    }
    for attribute in &product.attributes {
        row(&attribute.name, &attribute_value(attribute));
    }
    row("revision", &product.revision.to_string());
    row("changed", &time(product.update_time.as_ref()));
    Ok(print_line(&render(table))?)
}
