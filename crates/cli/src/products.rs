//! `catctl get`, `list` and `search`.

use anyhow::{Result, bail};
use proto::catalogue::v1::{
    BatchGetProductsRequest, GetProductRequest, ListProductsRequest, SearchRequest,
};

use crate::{
    output::{Output, Products, print_line, thousands},
    server::Server,
    show::show,
};

/// How many products one call is asked for.
const BATCH: usize = 500;
/// The largest page of search results.
const PAGE: i32 = 100;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl get 1399                  one product in full
  catctl get 1399 kettle --json    several, one a line
  catctl get 1399 --revision 4     as it was then; `catctl revisions 1399` lists them")]
pub(crate) struct Get {
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// The product as it was at this revision
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..))]
    revision: Option<i64>,
    /// Also if it is deleted
    #[arg(long)]
    show_deleted: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl list -n 20
  catctl list --filter 'brand = \"Acme\" AND price < 20 AND category:\"garden\"'
  catctl list --filter 'status = DRAFT' --json | jq -r .id")]
pub(crate) struct List {
    /// Only this category and what is below it
    #[arg(long, short, value_name = "ID", default_value = "", hide_default_value = true)]
    category: String,
    /// Only products that match, such as 'stock_qty = 0'
    #[arg(long, value_name = "FILTER", default_value = "", hide_default_value = true)]
    filter: String,
    /// Deleted ones, too
    #[arg(long)]
    show_deleted: bool,
    /// How many at most; without it, all
    #[arg(long, short = 'n', value_parser = clap::value_parser!(i32).range(1..))]
    limit: Option<i32>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Search {
    #[arg(required = true)]
    words: Vec<String>,
    /// Only this category and what is below it
    #[arg(long, short, value_name = "ID", default_value = "", hide_default_value = true)]
    category: String,
    /// How many at most
    #[arg(long, short = 'n', default_value_t = 20, value_parser = clap::value_parser!(i32).range(1..))]
    limit: i32,
}

/// Shows products by their ids: one in full, several as a list.
pub(crate) async fn get(args: Get, server: &Server, output: Output) -> Result<()> {
    let Get { ids, revision, show_deleted } = args;
    if let [id] = ids.as_slice() {
        let request = GetProductRequest {
            product_id: id.clone(),
            revision: revision.unwrap_or_default(),
            show_deleted,
            ..Default::default()
        };
        let product = server.ask(server.catalogue().get_product(request)).await?;
        return show(&product, output);
    }
    if revision.is_some() || show_deleted {
        bail!("--revision and --show-deleted go with a single id");
    }
    let mut list = Products::new(output);
    let mut missing = Vec::new();
    for ids in ids.chunks(BATCH) {
        let request = BatchGetProductsRequest { product_ids: ids.to_vec(), ..Default::default() };
        let answer = server.ask(server.catalogue().batch_get_products(request)).await?;
        for product in &answer.products {
            list.add(product)?;
        }
        missing.extend(answer.missing_ids);
    }
    list.finish()?;
    if !missing.is_empty() {
        bail!("no such product: {}", missing.join(", "));
    }
    Ok(())
}

/// Lists products as they stream in.
pub(crate) async fn list(args: List, server: &Server, output: Output) -> Result<()> {
    let List { category, filter, show_deleted, limit } = args;
    let request = ListProductsRequest {
        page_size: limit.unwrap_or(0),
        category_id: category,
        filter,
        show_deleted,
        ..Default::default()
    };
    let mut products = server.ask(server.catalogue().list_products(request)).await?;
    let mut list = Products::new(output);
    loop {
        match products.message().await {
            Ok(Some(product)) => list.add(&product)?,
            Ok(None) => return Ok(list.finish()?),
            Err(status) => {
                list.finish()?;
                return Err(server.explain(&status));
            }
        }
    }
}

/// Finds products by words.
pub(crate) async fn search(args: Search, server: &Server, output: Output) -> Result<()> {
    let Search { words, category, limit } = args;
    let mut request =
        SearchRequest { query: words.join(" "), category_id: category, ..SearchRequest::default() };
    let mut list = Products::new(output);
    let mut shown = 0;
    let total = loop {
        request.page_size = (limit - shown).min(PAGE);
        let answer = server.ask(server.catalogue().search_products(request.clone())).await?;
        let products = answer.results.iter().filter_map(|hit| hit.product.as_ref());
        for product in products.take(usize::try_from(limit - shown).unwrap_or(0)) {
            list.add(product)?;
            shown += 1;
        }
        request.page_token = answer.next_page_token;
        if request.page_token.is_empty() || shown >= limit || answer.results.is_empty() {
            break answer.total_size;
        }
    };
    list.finish()?;
    if output == Output::Table {
        let number = |number: i32| thousands(u64::try_from(number).unwrap_or(0));
        print_line(&format!("{} of {} products", number(shown), number(total)))?;
    }
    Ok(())
}
