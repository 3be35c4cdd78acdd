//! `catctl status`: the catalogue from above.

use std::process::ExitCode;

use anyhow::Result;
use proto::{catalogue::v1::BrowseProductsRequest, search::v1::GetIndexStatusRequest};
use tonic::Code;

use crate::{
    output::{Output, clean, print_line, thousands},
    server::Server,
};

/// Says how the server is. Exit code 1 if a part of it does not answer.
pub(crate) async fn status(server: &Server, output: Output) -> Result<ExitCode> {
    let products = product_count(server, None).await?;
    let request = GetIndexStatusRequest {};
    let index = server.try_ask(server.search_admin().get_index_status(request)).await;
    let (found, well) = match &index {
        Ok(index) => {
            let state = if index.caught_up { "up to date" } else { "catching up" };
            let count = thousands(u64::try_from(index.product_count).unwrap_or(0));
            (format!("{count} products can be found, {state}"), true)
        }
        Err(status) if status.code() == Code::Unimplemented => {
            ("not offered by this server".to_owned(), true)
        }
        Err(status) => (server.describe(status), false),
    };
    match output {
        Output::Json => {
            let index = match index {
                Ok(index) => serde_json::to_value(index)?,
                Err(_) => serde_json::json!({ "error": found }),
            };
            let status = serde_json::json!({
                "server": server.url(),
                "productCount": products,
                "index": index,
            });
            print_line(&serde_json::to_string_pretty(&status)?)?;
        }
        Output::Table => {
            print_line(&format!("server   {}", server.url()))?;
            print_line(&format!("products {}", thousands(products)))?;
            print_line(&clean(&format!("search   {found}")))?;
        }
    }
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// How many products there are, in a category or in all.
pub(crate) async fn product_count(server: &Server, category: Option<&str>) -> Result<u64> {
    let category_id = category.unwrap_or_default().to_owned();
    let request =
        BrowseProductsRequest { page_size: 1, category_id, ..BrowseProductsRequest::default() };
    let page = server.ask(server.catalogue().browse_products(request)).await?;
    Ok(u64::try_from(page.total_size).unwrap_or(0))
}
