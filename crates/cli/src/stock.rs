//! `catctl stock`: how many there are.

use anyhow::{Result, bail};
use proto::catalogue::v1::{
    AdjustStockRequest, GetStockRequest, GetStockResponse, SetStockRequest, StockLevel,
};

use crate::{
    caller::Write,
    edit::note,
    output::{Output, answer, clean, print_line},
    server::Server,
};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl stock 1399                      how many there are, and how many are reserved
  catctl stock 1399 +10                  ten came in
  catctl stock 1399 -3                   three were sold; never below zero
  catctl stock --sku mug-blue --delta -1 one of a variant
  catctl stock 1399 --set 40             forty were counted
  catctl stock 1399 --set 40 --expected 38   but only if 38 were known of

A product with variants has its stock in them: name the sku. What is reserved is taken off already.")]
pub(crate) struct Args {
    /// The product
    #[arg(required_unless_present = "sku")]
    id: Option<String>,
    /// How many to add, or with a minus to take away; short for --delta
    #[arg(value_name = "DELTA", allow_hyphen_values = true, conflicts_with_all = ["delta", "set"])]
    amount: Option<i32>,
    /// The variant; enough by itself, since a sku is unique
    #[arg(long)]
    sku: Option<String>,
    /// How many to add, or with a minus to take away
    #[arg(long, value_name = "N", allow_hyphen_values = true, conflicts_with = "set")]
    delta: Option<i32>,
    /// How many there are
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(0..))]
    set: Option<i32>,
    /// Set only if this many are known of now
    #[arg(long, value_name = "N", requires = "set", allow_hyphen_values = true)]
    expected: Option<i32>,
    #[command(flatten)]
    write: Write,
}

/// Shows a stock, or changes it and shows what it is then.
pub(crate) async fn run(args: Args, server: &Server, output: Output) -> Result<()> {
    let product_id = args.id.clone().unwrap_or_default();
    let sku = args.sku.clone().unwrap_or_default();
    let request_id = args.write.request_id();
    let validate_only = args.write.validate_only;
    let level = match (args.amount.or(args.delta), args.set) {
        (None, None) if validate_only => bail!("--validate-only goes with --set or --delta"),
        (None, None) => return get(product_id, sku, server, output).await,
        (Some(delta), _) => {
            let request = AdjustStockRequest { product_id, delta, sku, request_id, validate_only };
            let call = || async { server.stock().adjust_stock(request.clone()).await };
            server.write(&request.request_id, call).await?
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
            let call = || async { server.stock().set_stock(request.clone()).await };
            server.write(&request.request_id, call).await?
        }
    };
    note(&args.write);
    Ok(answer(output, &level, || line(&level))?)
}

async fn get(product_id: String, sku: String, server: &Server, output: Output) -> Result<()> {
    let request = GetStockRequest { product_id, sku, ..Default::default() };
    let stock = server.ask(server.stock().get_stock(request)).await?;
    if output == Output::Json {
        return Ok(print_line(&serde_json::to_string_pretty(&stock)?)?);
    }
    let GetStockResponse { total, variants } = stock;
    for level in total.iter().chain(&variants) {
        print_line(&clean(&line(level)))?;
    }
    Ok(())
}

fn line(level: &StockLevel) -> String {
    let StockLevel { product_id, stock_qty, sku, reserved_qty, .. } = level;
    let name = if sku.is_empty() { product_id.clone() } else { format!("{product_id} {sku}") };
    match reserved_qty {
        0 => format!("{name}: {stock_qty} in stock"),
        reserved => format!("{name}: {stock_qty} in stock, {reserved} more reserved"),
    }
}
