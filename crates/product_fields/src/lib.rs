//! The fields of a product, listed once for the services and the command-line client.
//!
//! - [`TextField`]: the plain text fields, with access to them in the contract's message
//! - [`OfferField`]: the fields that products and variants have alike, as [`OfferMessage`]
//! - [`CurrentPrice`]: what one costs at a time, in and out of a sale
//! - [`WeightUnit`], [`LengthUnit`]: the units of weights and dimensions
//! - [`FilterField`]: the fields that filters can test, and [`FILTER_SCHEMA`]
//! - [`parse_filter`]: filters of products, within a limit of their cost
//! - [`is_id`], [`is_sku`], [`is_gtin`]: the rules for ids, SKUs and barcodes
//!
//! A new plain text field needs one row in `text_field.rs`, and from then on is filtered, searched,
//! imported, exported and shown. A new filter field of another kind needs one row in
//! `filter_field.rs`: each place that evaluates filters matches on [`FilterField`] exhaustively, so
//! that it does not compile without the field.

mod filter_cost;
mod filter_field;
mod gtin;
mod id;
mod measure;
mod offer_field;
mod sale;
mod text_field;

pub use filter_cost::{FilterRefusal, MAX_FILTER_COST, filter_cost, parse_filter};
pub use filter_field::{
    CONDITIONS, FILTER_FIELDS, FILTER_SCHEMA, FilterField, price_value, shipping_weight,
    weight_value,
};
pub use gtin::is_gtin;
pub use id::{ID_RULE, MAX_ID_LENGTH, SKU_RULE, is_id, is_id_letter, is_sku, is_sku_letter};
pub use measure::{LENGTH_UNIT_RULE, LengthUnit, WEIGHT_UNIT_RULE, WeightUnit};
pub use offer_field::{OfferField, OfferMessage};
pub use sale::{CurrentPrice, display_price, is_on_sale};
pub use text_field::TextField;

/// Returns the JSON name of a field of the contract, or of a path of fields (proto3 JSON mapping):
/// `product.external_id` is `product.externalId`.
#[must_use]
pub fn json_name(field: &str) -> String {
    let mut name = String::with_capacity(field.len());
    let mut upper = false;
    for char in field.chars() {
        match char {
            '_' => upper = true,
            _ if upper => {
                name.extend(char.to_uppercase());
                upper = false;
            }
            _ => name.push(char),
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_names_are_in_camel_case() {
        for (name, json) in [("name", "name"), ("stock_qty", "stockQty"), ("a_b_c", "aBC")] {
            assert_eq!(json_name(name), json);
        }
    }
}
