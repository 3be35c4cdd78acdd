//! The result of query expansion.

use super::parse::QueryWord;
use crate::index::model::MatchKind;

/// A word of the query with all terms that match it.
#[derive(Clone, Debug)]
pub(crate) struct ExpandedWord {
    pub(crate) source: QueryWord,
    /// The word's own term first. Empty if no product has any of them.
    pub(crate) alternatives: Vec<Alternative>,
    /// Inverse document frequency.
    pub(crate) weight: f32,
    /// Product-kind terms that the word names. At most one word of a query has any.
    pub(crate) kinds: Vec<String>,
    /// Estimated number of matching products.
    pub(crate) products: u64,
    /// The likeliest correction of an unknown word, as written in the catalogue.
    pub(crate) correction: Option<String>,
}

/// One way to match a word.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Alternative {
    /// Required terms; mostly one.
    pub(crate) terms: Vec<String>,
    pub(crate) kind: MatchKind,
    /// Score relative to an exact match, which has 1.
    pub(crate) factor: f32,
}
