//! Execution: runs a search through its phases (read, scan, rank, relax, present). The only room
//! that knows all phases.

mod context;
mod explain;
mod page;
mod pass;
mod range_scan;
mod relax;
mod understand;

pub(crate) use context::IndexView;
pub(crate) use explain::explain;
pub(crate) use understand::read;

use super::{
    Result,
    model::{SearchParams, SearchResults},
    query::CompiledSettings,
};

/// Runs a search: products that have all words of the query or, if there are none, most of them.
///
/// # Errors
/// [`TooManyToRead`](super::Error::TooManyToRead); other errors mean that the index is damaged.
pub(crate) fn search(
    view: IndexView<'_>,
    params: &SearchParams<'_>,
    settings: &CompiledSettings,
) -> Result<SearchResults> {
    understand::with_ranked(view, params, settings, page::page)
}
