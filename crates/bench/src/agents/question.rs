//! The ways in which an agent asks for the stock of a product.

use anyhow::{Result, ensure};
use http::Method;
use proto::catalogue::v1::Product;
use serde_json::{Value, json};
use testkit::HttpClient;

/// An operation and its binding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    RestProduct,
    RestLookup,
    RestSearch,
    McpProduct,
    McpLookup,
    McpSearch,
}

impl Question {
    pub(super) const ALL: [Self; 6] = [
        Self::RestProduct,
        Self::RestLookup,
        Self::McpProduct,
        Self::McpLookup,
        Self::RestSearch,
        Self::McpSearch,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::RestProduct => "REST product",
            Self::RestLookup => "REST lookup",
            Self::RestSearch => "REST search",
            Self::McpProduct => "MCP get_product",
            Self::McpLookup => "MCP lookup_catalog",
            Self::McpSearch => "MCP search_catalog",
        }
    }

    /// Whether the answer is from an index.
    pub(super) fn is_search(self) -> bool {
        matches!(self, Self::RestSearch | Self::McpSearch)
    }

    /// Asks, and returns the stock in the answer; `None` if the product is not in it.
    ///
    /// # Errors
    /// The request fails.
    pub(super) async fn stock(self, agent: &HttpClient, product: &Product) -> Result<Option<i64>> {
        let question = match self {
            Self::RestProduct | Self::McpProduct => json!({ "id": product.id }),
            Self::RestLookup | Self::McpLookup => json!({ "ids": [product.id] }),
            Self::RestSearch | Self::McpSearch => {
                json!({ "query": product.name, "pagination": { "limit": 100 } })
            }
        };
        let answer = match self {
            Self::RestProduct => rest(agent, "product", &question).await?,
            Self::RestLookup => rest(agent, "lookup", &question).await?,
            Self::RestSearch => rest(agent, "search", &question).await?,
            Self::McpProduct => mcp(agent, "get_product", &question).await?,
            Self::McpLookup => mcp(agent, "lookup_catalog", &question).await?,
            Self::McpSearch => mcp(agent, "search_catalog", &question).await?,
        };
        let listed = answer["products"].as_array().into_iter().flatten();
        let mut found = listed.chain(answer.get("product"));
        let found = found.find(|found| found["id"] == product.id.as_str());
        Ok(found.and_then(|found| found["variants"][0]["metadata"]["stock_qty"].as_i64()))
    }
}

async fn rest(agent: &HttpClient, operation: &str, question: &Value) -> Result<Value> {
    let path = format!("/ucp/catalog/{operation}");
    let headers = [("ucp-agent", "profile=\"https://agent.example/profile\"")];
    post(agent, &path, &headers, question).await
}

async fn mcp(agent: &HttpClient, tool: &str, question: &Value) -> Result<Value> {
    let profile = json!({ "ucp-agent": { "profile": "https://agent.example/profile" } });
    let params = json!({ "name": tool, "arguments": { "meta": profile, "catalog": question } });
    let message = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
    let headers =
        [("accept", "application/json, text/event-stream"), ("mcp-protocol-version", "2025-06-18")];
    let mut answer = post(agent, "/mcp", &headers, &message).await?;
    ensure!(answer["result"].is_object(), "{tool}: {answer}");
    Ok(answer["result"]["structuredContent"].take())
}

async fn post(
    agent: &HttpClient,
    path: &str,
    headers: &[(&str, &str)],
    body: &Value,
) -> Result<Value> {
    let response = agent.send(Method::POST, path, headers, body.to_string()).await?;
    ensure!(response.status.is_success(), "{path}: {} {}", response.status, response.text());
    Ok(response.json())
}
