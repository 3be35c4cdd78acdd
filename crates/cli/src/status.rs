//! `catctl status`: whether the server responds, product count, state of the search index.

use std::process::ExitCode;

use anyhow::Result;
use proto::{catalogue::v1::BrowseProductsRequest, search::v1::GetIndexStatusRequest};
use tonic::Code;

use crate::{
    client::Client,
    output::{Output, count, print_line, sanitize, thousands},
};

/// Prints the status. Exit code 1 if search does not respond.
pub(crate) async fn status(client: &Client, output: Output) -> Result<ExitCode> {
    let products = product_count(client, None).await?;
    let request = GetIndexStatusRequest {};
    let index = client.try_call(client.search_admin().get_index_status(request)).await;
    let (search, is_healthy) = match &index {
        Ok(index) => {
            let state = if index.caught_up { "up to date" } else { "catching up" };
            (format!("{} products indexed, {state}", count(index.product_count)), true)
        }
        Err(status) if status.code() == Code::Unimplemented => {
            ("not available on this server".to_owned(), true)
        }
        Err(status) => (client.describe(status), false),
    };
    match output {
        Output::Json => {
            let index = match index {
                Ok(index) => serde_json::to_value(index)?,
                Err(_) => serde_json::json!({ "error": search }),
            };
            let status = serde_json::json!({
                "server": client.url(),
                "productCount": products,
                "index": index,
            });
            print_line(&serde_json::to_string_pretty(&status)?)?;
        }
        Output::Table => {
            print_line(&format!("server   {}", client.url()))?;
            print_line(&format!("products {}", thousands(products)))?;
            print_line(&sanitize(&format!("search   {search}")))?;
        }
    }
    Ok(if is_healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The number of products, in one category or in total.
pub(crate) async fn product_count(client: &Client, category: Option<&str>) -> Result<u64> {
    let category_id = category.unwrap_or_default().to_owned();
    let request =
        BrowseProductsRequest { page_size: 1, category_id, ..BrowseProductsRequest::default() };
    let page = client.call(client.catalogue().browse_products(request)).await?;
    Ok(u64::try_from(page.total_size.unwrap_or_default()).unwrap_or(0))
}
