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
    /// Terms of products that get a bonus, as a share of the weight; the best one counts. They stand for the kind of
    /// thing or the brand that the word names.
    pub(crate) bonuses: Vec<(String, f32)>,
    /// Whether the word names the thing that the query is for.
    pub(crate) names_thing: bool,
    /// Whether the word names the thing or its brand, so that it is never given up.
    pub(crate) is_protected: bool,
    /// Estimated number of matching products.
    pub(crate) products: u64,
    /// The likeliest correction of an unknown word, as written in the catalogue.
    pub(crate) correction: Option<String>,
}

impl Alternative {
    /// Whether it means the word itself: not only like it, mistyped or begun with it.
    pub(crate) fn is_equal(&self) -> bool {
        self.kind == MatchKind::Synonym || self.kind == MatchKind::Word && self.factor >= 0.9
    }
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
