//! The search index: products in, queries in, products out. Only this folder uses tantivy.
//!
//! An [`Index`] answers queries; its only [`Writer`] changes it, one [`Batch`] per commit. A commit
//! carries the [`FeedPosition`] that it brings the index to, so that the two agree after any crash.
//!
//! The code is in rooms by phase, listed from the bottom up. A room imports only from those above
//! it in this list:
//!
//! - `model`: parameters, results and settings as plain data
//! - `schema`: an index document's fields, text analysis
//! - `query`: from the text of a query to the terms that match each word
//! - `scan`: matching documents and their scores
//! - `rank`: sort keys, the best matches, reranking
//! - `present`: facets and highlights
//! - `suggest`: completions of unfinished queries
//! - `execute`: one search through all phases, explanations
//! - `storage`, `damage_check`: the files, verified when they are opened and while the index is in use
//! - `writer`, `handle`, `engine`: the index as the service sees it
//!
//! `error` is a leaf that every room may use.

mod damage_check;
mod engine;
mod error;
mod execute;
mod handle;
pub(crate) mod model;
mod present;
mod query;
mod rank;
mod scan;
mod schema;
mod storage;
mod suggest;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use damage_check::Verified;
pub(crate) use engine::{Engine, EngineWriter};
pub(crate) use error::{Error, Result};
pub(crate) use handle::Index;
pub(crate) use model::*;
pub(crate) use query::{CompiledSettings, default_stop_words};
pub(crate) use schema::{VERSION, analysis::fold};
pub(crate) use writer::Writer;
