//! `catctl feed check`: what products lack for a destination, and how many of them.

use std::process::ExitCode;

use anyhow::Result;
use export::{Shop, feed_fields, is_for_sale};
use proto::catalogue::v1::{ExportProductsRequest, Product};
use serde_json::{Map, Value, json};

use crate::{
    client::Client,
    output::{Output, print_line, thousands},
};

/// Exit code if products lack what is required.
const INCOMPLETE: u8 = 2;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl feed check --for openai --shop-url https://shop.example --seller Kiln --country DE
  catctl feed check --for google-merchant --filter 'brand = \"Acme\"' --json

Only products for sale are checked. The exit code is 2 if some lack what the destination requires.")]
pub(crate) struct Args {
    /// The destination
    #[arg(long = "for", value_name = "DEST")]
    destination: Destination,
    /// Only products in this category or its descendants
    #[arg(long, short, value_name = "ID", default_value = "", hide_default_value = true)]
    category: String,
    /// Only products that match, such as 'stock_qty > 0'
    #[arg(long, value_name = "FILTER", default_value = "", hide_default_value = true)]
    filter: String,
    #[command(flatten)]
    shop: Shop,
}

/// A destination of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Destination {
    /// Google Merchant Center
    GoogleMerchant,
    /// ChatGPT, by OpenAI's product feed
    Openai,
    /// Agents that speak the Agentic Commerce Protocol
    Acp,
}

impl Destination {
    /// The fields that it requires, and those that it recommends.
    fn fields(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::GoogleMerchant => (
                &["id", "title", "description", "link", "image_link", "availability", "price"],
                &["brand", "gtin", "condition", "product_type"],
            ),
            Self::Openai => (
                &[
                    "item_id",
                    "title",
                    "description",
                    "url",
                    "brand",
                    "image_url",
                    "price",
                    "availability",
                    "seller_name",
                    "seller_url",
                    "store_country",
                    "target_countries",
                ],
                &["gtin", "condition", "product_category"],
            ),
            Self::Acp => (
                &["id", "title"],
                &["price", "url", "product.description", "product.media", "barcodes", "categories"],
            ),
        }
    }

    /// The fields of each item of a product.
    fn items(self, product: &Product, shop: &Shop) -> Vec<Map<String, Value>> {
        match self {
            Self::GoogleMerchant => feed_fields::google_merchant(product, shop),
            Self::Openai => feed_fields::openai(product, shop),
            Self::Acp => feed_fields::acp(product, shop),
        }
    }
}

/// A field, and the products that lack it.
struct Gap {
    field: &'static str,
    is_required: bool,
    count: u64,
    /// The id of the first.
    example: String,
}

/// The products that were checked.
struct Report {
    gaps: Vec<Gap>,
    products: u64,
    /// Products that lack a required field.
    incomplete: u64,
}

impl Report {
    fn new(destination: Destination) -> Self {
        let (required, recommended) = destination.fields();
        let gap = |is_required| {
            move |field: &&'static str| Gap { field, is_required, count: 0, example: String::new() }
        };
        let gaps = required.iter().map(gap(true)).chain(recommended.iter().map(gap(false)));
        Self { gaps: gaps.collect(), products: 0, incomplete: 0 }
    }

    /// Checks a product, by the fields of its items.
    fn add(&mut self, product_id: &str, items: &[Map<String, Value>]) {
        self.products += 1;
        let mut is_incomplete = false;
        for gap in &mut self.gaps {
            if items.iter().all(|item| item.contains_key(gap.field)) {
                continue;
            }
            is_incomplete |= gap.is_required;
            gap.count += 1;
            if gap.example.is_empty() {
                product_id.clone_into(&mut gap.example);
            }
        }
        self.incomplete += u64::from(is_incomplete);
    }

    fn print(&self, output: Output) -> Result<()> {
        for gap in self.gaps.iter().filter(|gap| gap.count > 0) {
            let needed = if gap.is_required { "required" } else { "recommended" };
            let line = match output {
                Output::Json => {
                    let Gap { field, count, example, .. } = gap;
                    json!({ "field": field, "needed": needed, "missing": count, "example": example })
                        .to_string()
                }
                Output::Table => format!(
                    "{:<20} {needed:<12} missing in {:>9}, such as {}",
                    gap.field,
                    thousands(gap.count),
                    gap.example
                ),
            };
            print_line(&line)?;
        }
        if output == Output::Table {
            let (all, bad) = (thousands(self.products), thousands(self.incomplete));
            print_line(&format!("{all} products for sale, {bad} lack what is required"))?;
        }
        Ok(())
    }
}

pub(super) async fn run(args: Args, client: &Client, output: Output) -> Result<ExitCode> {
    let request = ExportProductsRequest {
        category_id: args.category,
        filter: args.filter,
        ..Default::default()
    };
    let mut batches = client.call(client.transfer().export_products(request)).await?;
    let mut report = Report::new(args.destination);
    while let Some(batch) = batches.message().await.map_err(|status| client.to_error(&status))? {
        for product in batch.products.iter().filter(|product| is_for_sale(product)) {
            report.add(&product.id, &args.destination.items(product, &args.shop));
        }
    }
    report.print(output)?;
    Ok(ExitCode::from(if report.incomplete > 0 { INCOMPLETE } else { 0 }))
}

#[cfg(test)]
mod tests {
    use proto::{
        catalogue::v1::{Variant, product},
        money,
    };

    use super::*;

    #[test]
    fn a_product_lacks_what_one_of_its_variants_lacks() {
        let variant =
            |sku: &str, price| Variant { sku: sku.to_owned(), price, ..Variant::default() };
        let variants =
            vec![variant("a", Some(money::from_minor(1_250, "EUR"))), variant("b", None)];
        let product = Product {
            id: "mug".to_owned(),
            status: product::Status::Active.into(),
            variants,
            ..Product::default()
        };
        let shop = Shop { url: Some("https://shop.example".to_owned()), ..Shop::default() };
        for destination in [Destination::GoogleMerchant, Destination::Openai, Destination::Acp] {
            let mut report = Report::new(destination);
            report.add("mug", &destination.items(&product, &shop));
            let missing =
                |field: &str| report.gaps.iter().find(|it| it.field == field).unwrap().count;
            assert_eq!(missing("price"), 1, "{destination:?}");
            let link = if destination == Destination::GoogleMerchant { "link" } else { "url" };
            assert_eq!(missing(link), 0, "{destination:?}");
        }
    }
}
