//! One product in full.

use anyhow::Result;
use proto::catalogue::v1::Product;

use crate::{
    diff::{attribute_value, status, variant_value},
    output::{Output, clean, moment, price, print_line, table, text},
};

/// Writes a product with all that is known of it.
pub(crate) fn show(product: &Product, output: Output) -> Result<()> {
    if output == Output::Json {
        return Ok(print_line(&serde_json::to_string_pretty(product)?)?);
    }
    let mut table = table();
    let mut row = |name: &str, value: &str| {
        if !value.is_empty() {
            table.add_row([clean(name), clean(value)]);
        }
    };
    let paths: Vec<String> =
        product.category_paths.iter().map(|path| path.names.join(" > ")).collect();
    let time = |time: Option<&pbjson_types::Timestamp>| {
        time.map(|time| format!("{} UTC", moment(time))).unwrap_or_default()
    };
    row("id", &product.id);
    row("external id", &product.external_id);
    row("name", &product.name);
    row("status", status(product));
    row("deleted", &time(product.delete_time.as_ref()));
    row("brand", &product.brand);
    row("price", &price(product));
    row("stock", &product.stock_qty.to_string());
    for variant in &product.variants {
        row(&format!("variant {}", variant.sku), &variant_value(variant));
    }
    for (path, id) in paths.iter().zip(&product.category_ids) {
        row("category", &format!("{path}  ({id})"));
    }
    row("labels", &product.labels.join(", "));
    row("description", &product.description);
    for url in &product.image_urls {
        row("image", url);
    }
    for attribute in &product.attributes {
        row(&attribute.name, &attribute_value(attribute));
    }
    row("revision", &product.revision.to_string());
    row("changed", &time(product.update_time.as_ref()));
    Ok(print_line(&text(table))?)
}
