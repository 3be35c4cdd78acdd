//! The columns of a table: the native ones, or another system's.

use anyhow::{Result, bail};
use proto::catalogue::v1::Product;

use super::{
    columns::Columns, format::Format, google_merchant, openai, shop::Shop, shopify, woocommerce,
};

/// A system whose columns an export can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum System {
    /// Products of Shopify.
    Shopify,
    /// Products of WooCommerce.
    Woocommerce,
    /// The feed of Google Merchant Center
    GoogleMerchant,
    /// OpenAI's product feed, for ChatGPT
    Openai,
    /// The product feed of the Agentic Commerce Protocol, as a folder
    Acp,
}

/// The columns of an export.
#[derive(Debug)]
pub enum Layout {
    /// The native columns.
    Own(Columns),
    /// The columns of another system, or its feed of a shop.
    Of(System, Box<Shop>),
}

impl Layout {
    /// The format of a file in this layout: the wanted one, or the usual one.
    ///
    /// # Errors
    /// If the layout has no such format.
    pub fn format(&self, wanted: Option<Format>) -> Result<Format> {
        let formats: &[Format] = match self {
            Self::Own(_) => &[Format::Jsonl, Format::Csv, Format::Xlsx],
            Self::Of(System::Shopify | System::Woocommerce, _) => &[Format::Csv, Format::Xlsx],
            Self::Of(System::GoogleMerchant, _) => &[Format::Csv, Format::Xlsx, Format::Xml],
            Self::Of(System::Openai, _) => &[Format::Jsonl, Format::Csv],
            Self::Of(System::Acp, _) => &[Format::Jsonl],
        };
        let format = wanted.unwrap_or(formats[0]);
        if !formats.contains(&format) {
            let names: Vec<_> = formats.iter().map(|format| format.name()).collect();
            let of =
                if matches!(self, Self::Own(_)) { "the native columns" } else { "this system" };
            bail!("{} is no format of {of}: choose {}", format.name(), names.join(" or "));
        }
        Ok(format)
    }

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
    pub fn has_costs(&self) -> bool {
        matches!(self, Self::Own(columns) if columns.has_costs())
    }

    /// Whether it has no place for some products.
    pub fn may_lack_place(&self) -> bool {
        matches!(self, Self::Of(System::Shopify | System::Woocommerce, _))
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
            Self::Of(System::GoogleMerchant, shop) => {
                let rows = google_merchant::rows(product, shop).into_iter();
                Ok(rows.map(|row| row.cells).collect())
            }
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
