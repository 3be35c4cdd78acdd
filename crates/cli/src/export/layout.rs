//! The columns of a table: the native ones, or another system's.

use anyhow::Result;
use proto::catalogue::v1::Product;

use super::{
    columns::Columns, google_merchant, openai, shop::Shop, shopify, target::Format, woocommerce,
};

/// A system whose columns an export can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum System {
    Shopify,
    Woocommerce,
    /// The feed of Google Merchant Center
    GoogleMerchant,
    /// OpenAI's product feed, for ChatGPT
    Openai,
    /// The product feed of the Agentic Commerce Protocol, as a folder
    Acp,
}

impl System {
    /// Its formats, the usual one first.
    pub(super) fn formats(self) -> &'static [Format] {
        match self {
            Self::Shopify | Self::Woocommerce => &[Format::Csv, Format::Xlsx],
            Self::GoogleMerchant => &[Format::Csv, Format::Xlsx, Format::Xml],
            Self::Openai => &[Format::Jsonl, Format::Csv],
            Self::Acp => &[Format::Jsonl],
        }
    }
}

/// The columns of an export.
pub(super) enum Layout {
    Own(Columns),
    Of(System, Box<Shop>),
}

impl Layout {
    pub(super) fn header(&self) -> Vec<String> {
        let names: &[&str] = match self {
            Self::Own(columns) => return columns.names(),
            Self::Of(System::Shopify, _) => &shopify::COLUMNS,
            Self::Of(System::Woocommerce, _) => &woocommerce::COLUMNS,
            Self::Of(System::GoogleMerchant, _) => &google_merchant::COLUMNS,
            Self::Of(System::Openai, _) => &openai::COLUMNS,
            // Not a table.
            Self::Of(System::Acp, _) => &[],
        };
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    /// Whether a column has costs.
    pub(super) fn has_costs(&self) -> bool {
        matches!(self, Self::Own(columns) if columns.has_costs())
    }

    /// The rows of a product.
    ///
    /// # Errors
    /// The system has no place for the product.
    pub(super) fn rows(&self, product: &Product) -> Result<Vec<Vec<String>>> {
        match self {
            Self::Own(columns) => Ok(columns.rows(product)),
            Self::Of(System::Shopify, _) => shopify::rows(product),
            Self::Of(System::Woocommerce, _) => woocommerce::rows(product),
            Self::Of(System::GoogleMerchant, _) => Ok(google_merchant::rows(product)),
            Self::Of(System::Openai, shop) => Ok(openai::rows(product, shop)),
            Self::Of(System::Acp, _) => Ok(Vec::new()),
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
            Self::Of(System::GoogleMerchant, _) => b'\t',
            _ => b',',
        }
    }
}
