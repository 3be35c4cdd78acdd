//! The columns of a table: the native ones, or another system's.

use anyhow::Result;
use proto::catalogue::v1::Product;

use super::{columns::Columns, google_merchant, shopify, woocommerce};

/// A system whose columns an export can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum System {
    /// Products of Shopify.
    Shopify,
    /// Products of WooCommerce.
    Woocommerce,
    /// The feed of Google Merchant Center.
    GoogleMerchant,
}

/// The columns of an export.
#[derive(Debug)]
pub enum Layout {
    /// The native columns.
    Own(Columns),
    /// The columns of another system.
    Of(System),
}

impl Layout {
    pub(super) fn header(&self) -> Vec<String> {
        let names: &[&str] = match self {
            Self::Own(columns) => return columns.names(),
            Self::Of(System::Shopify) => &shopify::COLUMNS,
            Self::Of(System::Woocommerce) => &woocommerce::COLUMNS,
            Self::Of(System::GoogleMerchant) => &google_merchant::COLUMNS,
        };
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    /// Whether a column has costs.
    pub fn has_costs(&self) -> bool {
        matches!(self, Self::Own(columns) if columns.has_costs())
    }

    /// The rows of a product.
    ///
    /// # Errors
    /// The system has no place for the product.
    pub(super) fn rows(&self, product: &Product) -> Result<Vec<Vec<String>>> {
        match self {
            Self::Own(columns) => Ok(columns.rows(product)),
            Self::Of(System::Shopify) => shopify::rows(product),
            Self::Of(System::Woocommerce) => woocommerce::rows(product),
            Self::Of(System::GoogleMerchant) => Ok(google_merchant::rows(product)),
        }
    }

    /// Whether a column has numbers, which a spreadsheet can calculate with.
    pub(super) fn is_number(&self, column: &str) -> bool {
        const NUMBERS: [&str; 13] = [
            "price",
            "stock_qty",
            "variant_price",
            "variant_stock_qty",
            "compare_at_price",
            "variant_compare_at_price",
            "cost",
            "Variant Compare At Price",
            "Variant Grams",
            "Cost per item",
            "Sale price",
            "Variant Price",
            "Regular price",
        ];
        NUMBERS.contains(&column)
    }

    pub(super) fn delimiter(&self) -> u8 {
        match self {
            Self::Of(System::GoogleMerchant) => b'\t',
            _ => b',',
        }
    }
}
