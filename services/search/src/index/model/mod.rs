//! Vocabulary of the index: parameters, results and settings as plain data. No room below this one,
//! and nothing of tantivy in it.

mod batch;
mod facet;
mod feed_position;
pub(crate) mod parameters;
mod results;
mod search_params;
mod search_settings;
mod understood;

pub(crate) use batch::{Batch, Edit};
pub(crate) use facet::{Facet, FacetField, FacetValue, IN_STOCK, OUT_OF_STOCK};
pub(crate) use feed_position::FeedPosition;
pub(crate) use parameters::{Parameters, Weights};
pub(crate) use results::{
    AppliedChanges, Completion, Explanation, Fragment, Highlight, Hit, MatchKind, Relaxation,
    SearchResults, WordContribution,
};
pub(crate) use search_params::{SearchParams, SortKey};
pub(crate) use search_settings::{Boost, Control, SearchSettings, SynonymGroup};
pub(crate) use understood::{SpanKind, UnderstoodSpan};
