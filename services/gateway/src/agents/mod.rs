//! The agents' door: the catalogue capability of the Universal Commerce Protocol (UCP), over REST and as tools
//! of the Model Context Protocol (MCP).
//!
//! Both answer with the same documents. Texts of products are data: they are stripped of characters that hide or
//! reorder text, sent as plain text in fields of their own, and the tools say that they are not instructions.
//! Profiles of agents are never fetched.

mod catalog;
mod detail;
mod envelope;
mod lookup;
mod mcp;
mod product;
mod profile;
mod request;
mod rest;
mod search;
mod text;
mod tools;

use axum::Router;

use crate::state::AppState;

/// `/.well-known/ucp`, `/ucp/catalog/...` and `/mcp`.
pub(crate) fn router() -> Router<AppState> {
    rest::router().merge(mcp::router())
}
