//! `catctl get`, `list` and `search`: reads of products.

use anyhow::Result;
use proto::catalogue::v1::{
    BatchGetProductsRequest, GetProductRequest, ListProductsRequest, SearchRequest,
};

use crate::{
    client::Client,
    exit::Kind,
    listing::ProductList,
    output::{Output, count, print_line},
    show::show,
};

/// Maximum number of ids in one BatchGetProducts request.
const GET_BATCH: usize = 500;
/// Maximum page size of search results.
const PAGE: i32 = 100;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl get 1399                  one product with all its fields
  catctl get 1399 kettle --json    several, one per line
  catctl get 1399 --revision 4     an earlier revision; `catctl revisions 1399` lists them")]
pub(crate) struct Get {
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// Show the product at this revision
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..))]
    revision: Option<i64>,
    /// Show the product even if it is deleted
    #[arg(long)]
    show_deleted: bool,
    /// Show what items cost the shop; requires a key with the scope read:costs
    #[arg(long)]
    with_costs: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl list -n 20
  catctl list --filter 'brand = \"Acme\" AND price < 20 AND category:\"garden\"'
  catctl list --filter 'status = DRAFT' --json | jq -r .id")]
pub(crate) struct List {
    /// Only products in this category or its descendants
    #[arg(long, short, value_name = "ID", default_value = "", hide_default_value = true)]
    category: String,
    /// Only products that match, such as 'stock_qty = 0'
    #[arg(long, value_name = "FILTER", default_value = "", hide_default_value = true)]
    filter: String,
    /// Include deleted products
    #[arg(long)]
    show_deleted: bool,
    /// Maximum number of products; all when omitted
    #[arg(long, short = 'n', value_parser = clap::value_parser!(i32).range(1..))]
    limit: Option<i32>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Search {
    #[arg(required = true)]
    words: Vec<String>,
    /// Only products in this category or its descendants
    #[arg(long, short, value_name = "ID", default_value = "", hide_default_value = true)]
    category: String,
    /// Maximum number of products
    #[arg(long, short = 'n', default_value_t = 20, value_parser = clap::value_parser!(i32).range(1..))]
    limit: i32,
}

/// Shows one product with all its fields, or several as a list.
pub(crate) async fn get(args: Get, client: &Client, output: Output) -> Result<()> {
    let Get { ids, revision, show_deleted, with_costs } = args;
    if let [id] = ids.as_slice() {
        let request = GetProductRequest {
            product_id: id.clone(),
            revision: revision.unwrap_or_default(),
            show_deleted,
            show_costs: with_costs,
            ..Default::default()
        };
        let product = client.call(client.catalogue().get_product(request)).await?;
        return show(&product, output);
    }
    if revision.is_some() || show_deleted || with_costs {
        let message = "--revision, --show-deleted and --with-costs require a single id";
        return Err(Kind::Usage.error(message));
    }
    let mut list = ProductList::new(output);
    let mut missing = Vec::new();
    for ids in ids.chunks(GET_BATCH) {
        let request = BatchGetProductsRequest { product_ids: ids.to_vec(), ..Default::default() };
        let response = client.call(client.catalogue().batch_get_products(request)).await?;
        for product in &response.products {
            list.add(product)?;
        }
        missing.extend(response.missing_ids);
    }
    list.finish()?;
    if !missing.is_empty() {
        let message = format!("products not found: {}", missing.join(", "));
        return Err(Kind::NotFound.error(message));
    }
    Ok(())
}

/// Lists products as they stream in.
pub(crate) async fn list(args: List, client: &Client, output: Output) -> Result<()> {
    let List { category, filter, show_deleted, limit } = args;
    let request = ListProductsRequest {
        page_size: limit.unwrap_or(0),
        category_id: category,
        filter,
        show_deleted,
        ..Default::default()
    };
    let mut products = client.call(client.catalogue().list_products(request)).await?;
    let mut list = ProductList::new(output);
    loop {
        match products.message().await {
            Ok(Some(product)) => list.add(&product)?,
            Ok(None) => return Ok(list.finish()?),
            Err(status) => {
                list.finish()?;
                return Err(client.to_error(&status));
            }
        }
    }
}

/// Searches, following pages up to the limit.
pub(crate) async fn search(args: Search, client: &Client, output: Output) -> Result<()> {
    let Search { words, category, limit } = args;
    let mut request =
        SearchRequest { query: words.join(" "), category_id: category, ..SearchRequest::default() };
    let mut list = ProductList::new(output);
    let mut shown = 0;
    let total = loop {
        request.page_size = (limit - shown).min(PAGE);
        let response = client.call(client.catalogue().search_products(request.clone())).await?;
        let products = response.results.iter().filter_map(|hit| hit.product.as_ref());
        for product in products.take(usize::try_from(limit - shown).unwrap_or(0)) {
            list.add(product)?;
            shown += 1;
        }
        request.page_token = response.next_page_token;
        if request.page_token.is_empty() || shown >= limit || response.results.is_empty() {
            break response.total_size;
        }
    };
    list.finish()?;
    if output == Output::Table {
        print_line(&format!("{} of {} products", count(shown), count(total)))?;
    }
    Ok(())
}
