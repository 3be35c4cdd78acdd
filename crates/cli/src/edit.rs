//! `catctl create`, `delete`, `undelete` and `revert`: one product, changed.

use anyhow::{Result, bail};
use proto::catalogue::v1::{
    CreateProductRequest, DeleteProductRequest, Product, RevertProductRequest,
    UndeleteProductRequest,
};

use crate::{
    caller::Write,
    import,
    output::{Output, answer, warn},
    server::Server,
    show::show,
};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  catctl create \"Blue mug\" --price 4.50 --currency EUR --stock 12"
)]
pub(crate) struct Create {
    name: String,
    /// Without one it is given one
    #[arg(long)]
    id: Option<String>,
    #[arg(long)]
    brand: Option<String>,
    #[arg(long)]
    description: Option<String>,
    /// A decimal amount
    #[arg(long, allow_hyphen_values = true)]
    price: Option<String>,
    /// ISO 4217
    #[arg(long, default_value = "EUR")]
    currency: String,
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i32).range(0..))]
    stock: i32,
    /// The id of a category it is in; may be given several times
    #[arg(long, short, value_name = "ID")]
    category: Vec<String>,
    #[command(flatten)]
    write: Write,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl delete 1399           it can be brought back for 30 days: catctl undelete 1399
  catctl delete 1399 --purge   for good, with its history; its id and skus are free again")]
pub(crate) struct Delete {
    id: String,
    /// Delete for good and at once, with its history; also one that is already deleted
    #[arg(long)]
    purge: bool,
    /// Only if this is the product's etag now (`catctl get ID --json` shows it)
    #[arg(long, default_value = "", hide_default_value = true)]
    etag: String,
    #[command(flatten)]
    write: Write,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Deleted products are shown by: catctl list --show-deleted")]
pub(crate) struct Undelete {
    id: String,
    /// Only if this is the product's etag now
    #[arg(long, default_value = "", hide_default_value = true)]
    etag: String,
    #[command(flatten)]
    write: Write,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  catctl revisions 1399           who changed what, and when
  catctl get 1399 --revision 4    what it was
  catctl revert 1399 --revision 4

The stock stays as it is, and the way back is in the history, too.")]
pub(crate) struct Revert {
    id: String,
    /// The revision whose content it is to have again
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..))]
    revision: i64,
    /// Only if this is the product's etag now
    #[arg(long, default_value = "", hide_default_value = true)]
    etag: String,
    #[command(flatten)]
    write: Write,
}

/// Creates a product and shows it.
pub(crate) async fn create(args: Create, server: &Server, output: Output) -> Result<()> {
    let price = match &args.price {
        None => None,
        Some(price) => match import::price(price, &args.currency) {
            Ok(price) => price,
            Err(message) => bail!("--price {message}"),
        },
    };
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
    let call = || async { server.catalogue().create_product(request.clone()).await };
    let product = server.write(&request.request_id, call).await?;
    note(&args.write);
    show(&product, output)
}

/// Deletes a product and shows what it was.
pub(crate) async fn delete(args: Delete, server: &Server, output: Output) -> Result<()> {
    let request = DeleteProductRequest {
        product_id: args.id,
        etag: args.etag,
        request_id: args.write.request_id(),
        validate_only: args.write.validate_only,
        purge: args.purge,
    };
    let call = || async { server.catalogue().delete_product(request.clone()).await };
    let product = server.write(&request.request_id, call).await?;
    note(&args.write);
    let done = if args.purge { "deleted for good" } else { "deleted" };
    Ok(answer(output, &product, || format!("{done} {}: {}", product.id, product.name))?)
}

/// Brings a product back.
pub(crate) async fn undelete(args: Undelete, server: &Server, output: Output) -> Result<()> {
    let request = UndeleteProductRequest {
        product_id: args.id,
        etag: args.etag,
        request_id: args.write.request_id(),
        validate_only: args.write.validate_only,
    };
    let call = || async { server.catalogue().undelete_product(request.clone()).await };
    let product = server.write(&request.request_id, call).await?;
    note(&args.write);
    Ok(answer(output, &product, || format!("undeleted {}: {}", product.id, product.name))?)
}

/// Gives a product the content it had, and shows it.
pub(crate) async fn revert(args: Revert, server: &Server, output: Output) -> Result<()> {
    let request = RevertProductRequest {
        product_id: args.id,
        revision: args.revision,
        etag: args.etag,
        request_id: args.write.request_id(),
        validate_only: args.write.validate_only,
    };
    let call = || async { server.catalogue().revert_product(request.clone()).await };
    let product = server.write(&request.request_id, call).await?;
    note(&args.write);
    show(&product, output)
}

/// Says that what follows has not happened.
pub(crate) fn note(write: &Write) {
    if write.validate_only {
        warn("only checked, nothing has changed; it would be:");
    }
}
