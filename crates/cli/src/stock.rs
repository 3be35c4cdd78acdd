//! `catctl stock`: shows, adjusts or sets the stock of a product or variant.

use anyhow::Result;
use proto::catalogue::v1::{
    AdjustStockRequest, GetStockRequest, GetStockResponse, SetStockRequest, StockLevel,
};

use crate::{
    client::Client,
    exit::Kind,
    output::{Output, print_line, print_value, sanitize},
    write_args::WriteArgs,
};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl stock 1399                      show what is available, reserved and on hand
  catctl stock 1399 +10                  add ten
  catctl stock 1399 -3                   remove three; fails if that were below zero
  catctl stock --sku mug-blue --delta -1 remove one of a variant
  catctl stock 1399 --set 40             set the stock, such as after counting
  catctl stock 1399 --set 40 --expected 38   only if it is 38 now

The stock of a product with variants is kept per variant: give the SKU. Reserved items are not
included in the stock.")]
pub(crate) struct Args {
    /// Product id
    #[arg(required_unless_present = "sku")]
    id: Option<String>,
    /// Number of items to add, or to remove if negative; same as --delta
    #[arg(value_name = "DELTA", allow_hyphen_values = true, conflicts_with_all = ["delta", "set"])]
    amount: Option<i32>,
    /// SKU of the variant; needs no product id, because SKUs are unique
    #[arg(long)]
    sku: Option<String>,
    /// Number of items to add, or to remove if negative
    #[arg(long, value_name = "N", allow_hyphen_values = true, conflicts_with = "set")]
    delta: Option<i32>,
    /// New stock
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(0..))]
    set: Option<i32>,
    /// Set only if the current stock is this
    #[arg(long, value_name = "N", requires = "set", allow_hyphen_values = true)]
    expected: Option<i32>,
    #[command(flatten)]
    write: WriteArgs,
}

/// Shows the stock, or changes it and shows the result.
pub(crate) async fn run(args: Args, client: &Client, output: Output) -> Result<()> {
    let product_id = args.id.clone().unwrap_or_default();
    let sku = args.sku.clone().unwrap_or_default();
    let request_id = args.write.request_id();
    let validate_only = args.write.validate_only;
    let level = match (args.amount.or(args.delta), args.set) {
        (None, None) if validate_only => {
            return Err(Kind::Usage.error("--validate-only requires --set or --delta"));
        }
        (None, None) => return get(product_id, sku, client, output).await,
        (Some(delta), _) => {
            let request = AdjustStockRequest { product_id, delta, sku, request_id, validate_only };
            let call = || async { client.stock().adjust_stock(request.clone()).await };
            client.write(&request.request_id, call).await?
        }
        (None, Some(stock_qty)) => {
            let expected_qty = args.expected;
            let request = SetStockRequest {
                product_id,
                sku,
                stock_qty,
                expected_qty,
                request_id,
                validate_only,
            };
            let call = || async { client.stock().set_stock(request.clone()).await };
            client.write(&request.request_id, call).await?
        }
    };
    args.write.warn_if_not_applied();
    Ok(print_value(output, &level, || level_line(&level))?)
}

async fn get(product_id: String, sku: String, client: &Client, output: Output) -> Result<()> {
    let request = GetStockRequest { product_id, sku, ..Default::default() };
    let stock = client.call(client.stock().get_stock(request)).await?;
    if output == Output::Json {
        return Ok(print_line(&serde_json::to_string_pretty(&stock)?)?);
    }
    let GetStockResponse { total, variants } = stock;
    for level in total.iter().chain(&variants) {
        print_line(&sanitize(&level_line(level)))?;
    }
    Ok(())
}

fn level_line(level: &StockLevel) -> String {
    let StockLevel { product_id, stock_qty, sku, reserved_qty, on_hand_qty, .. } = level;
    let name = if sku.is_empty() { product_id.clone() } else { format!("{product_id} {sku}") };
    match (reserved_qty, on_hand_qty) {
        (None | Some(0), _) => format!("{name}: {stock_qty} in stock"),
        (Some(reserved), None) => format!("{name}: {stock_qty} in stock, {reserved} more reserved"),
        (Some(reserved), Some(on_hand)) => {
            format!("{name}: {stock_qty} in stock, {reserved} more reserved: {on_hand} on hand")
        }
    }
}
