//! `catctl create`, `delete`, `undelete` and `revert`: writes of a single product.

use anyhow::{Result, anyhow};
use proto::catalogue::v1::{
    CreateProductRequest, DeleteProductRequest, Product, RevertProductRequest,
    UndeleteProductRequest,
};

use crate::{
    client::Client,
    output::{Output, print_value},
    show::show,
    write_args::WriteArgs,
};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  catctl create \"Blue mug\" --price 4.50 --currency EUR --stock 12"
)]
pub(crate) struct Create {
    name: String,
    /// Generated when omitted
    #[arg(long)]
    id: Option<String>,
    #[arg(long)]
    brand: Option<String>,
    #[arg(long)]
    description: Option<String>,
    /// Decimal amount
    #[arg(long, allow_hyphen_values = true)]
    price: Option<String>,
    /// ISO 4217 code
    #[arg(long, default_value = "EUR")]
    currency: String,
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i32).range(0..))]
    stock: i32,
    /// Category of the product; can be repeated
    #[arg(long, short, value_name = "ID")]
    category: Vec<String>,
    #[command(flatten)]
    write: WriteArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl delete 1399           catctl undelete 1399 restores it within 30 days
  catctl delete 1399 --purge   permanently, with its history; its id and SKUs can be reused")]
pub(crate) struct Delete {
    id: String,
    /// Delete permanently, with its history; also a product that is already deleted
    #[arg(long)]
    purge: bool,
    /// Only if this is the product's current etag (see `catctl get ID --json`)
    #[arg(long, default_value = "", hide_default_value = true)]
    etag: String,
    #[command(flatten)]
    write: WriteArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "catctl list --show-deleted includes deleted products.")]
pub(crate) struct Undelete {
    id: String,
    /// Only if this is the product's current etag
    #[arg(long, default_value = "", hide_default_value = true)]
    etag: String,
    #[command(flatten)]
    write: WriteArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  catctl revisions 1399           list its revisions
  catctl get 1399 --revision 4    show one of them
  catctl revert 1399 --revision 4

The stock stays as it is. A revert is a new revision, and can be reverted itself.")]
pub(crate) struct Revert {
    id: String,
    /// Revision to restore
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..))]
    revision: i64,
    /// Only if this is the product's current etag
    #[arg(long, default_value = "", hide_default_value = true)]
    etag: String,
    #[command(flatten)]
    write: WriteArgs,
}

pub(crate) async fn create(args: Create, client: &Client, output: Output) -> Result<()> {
    let price = args.price.map(|price| import::parse_price(&price, &args.currency)).transpose();
    let price = price.map_err(|message| anyhow!("--price {message}"))?.flatten();
    let product = Product {
        id: args.id.unwrap_or_default(),
        name: args.name,
        brand: args.brand.unwrap_or_default(),
        description: args.description.unwrap_or_default(),
        price,
        stock_qty: args.stock,
        category_ids: args.category,
        ..Product::default()
    };
    let request = CreateProductRequest {
        product: Some(product),
        request_id: args.write.request_id(),
        validate_only: args.write.validate_only,
    };
    let call = || async { client.catalogue().create_product(request.clone()).await };
    let product = client.write(&request.request_id, call).await?;
    args.write.warn_if_not_applied();
    show(&product, output)
}

pub(crate) async fn delete(args: Delete, client: &Client, output: Output) -> Result<()> {
    let request = DeleteProductRequest {
        product_id: args.id,
        etag: args.etag,
        request_id: args.write.request_id(),
        validate_only: args.write.validate_only,
        purge: args.purge,
        ..DeleteProductRequest::default()
    };
    let call = || async { client.catalogue().delete_product(request.clone()).await };
    let product = client.write(&request.request_id, call).await?;
    args.write.warn_if_not_applied();
    let done = if args.purge { "purged" } else { "deleted" };
    Ok(print_value(output, &product, || format!("{done} {}: {}", product.id, product.name))?)
}

pub(crate) async fn undelete(args: Undelete, client: &Client, output: Output) -> Result<()> {
    let request = UndeleteProductRequest {
        product_id: args.id,
        etag: args.etag,
        request_id: args.write.request_id(),
        validate_only: args.write.validate_only,
    };
    let call = || async { client.catalogue().undelete_product(request.clone()).await };
    let product = client.write(&request.request_id, call).await?;
    args.write.warn_if_not_applied();
    Ok(print_value(output, &product, || format!("undeleted {}: {}", product.id, product.name))?)
}

pub(crate) async fn revert(args: Revert, client: &Client, output: Output) -> Result<()> {
    let request = RevertProductRequest {
        product_id: args.id,
        revision: args.revision,
        etag: args.etag,
        request_id: args.write.request_id(),
        validate_only: args.write.validate_only,
    };
    let call = || async { client.catalogue().revert_product(request.clone()).await };
    let product = client.write(&request.request_id, call).await?;
    args.write.warn_if_not_applied();
    show(&product, output)
}
