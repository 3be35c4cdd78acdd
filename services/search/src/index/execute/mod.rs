//! Execution: runs a search through its phases (read, scan, rank, relax, present). The only room
//! that knows all phases.

mod context;
mod explain;
mod page;
mod pass;
mod range_scan;
mod relax;

pub(crate) use context::{IndexView, SearchContext};
pub(crate) use explain::explain;

use super::{
    Result,
    model::{SearchParams, SearchResults},
    query::{CompiledSettings, ParsedQuery},
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
    let context = SearchContext::new(view, params, settings)?;
    let query = ParsedQuery::parse(&view.fields.analysis, &settings.stop_words, params.query);
    page::page(&context, relax::rank(&context, &query)?)
}
