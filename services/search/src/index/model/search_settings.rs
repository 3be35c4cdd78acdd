//! Search settings of merchandisers and operators, independent of the engine.

use std::{collections::BTreeSet, time::SystemTime};

use filter::Filter;

use super::SortKey;

/// Synonyms, stop words, tie-breakers and controls.
#[derive(Clone, Debug, Default)]
pub(crate) struct SearchSettings {
    pub(crate) synonyms: Vec<SynonymGroup>,
    /// Words ignored in queries; none: the default stop words of the index's language.
    pub(crate) stop_words: Option<BTreeSet<String>>,
    /// Sort keys for hits of equal relevance, most significant first.
    pub(crate) tie_breakers: Vec<SortKey>,
    pub(crate) controls: Vec<Control>,
}

/// Words with the same meaning.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SynonymGroup {
    /// Empty: all `words` are synonyms of each other. Otherwise one-way: a query for this word (or
    /// words) matches `words` too, but not the reverse.
    pub(crate) input: String,
    pub(crate) words: Vec<String>,
}

/// Pins and boosts for certain queries.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Control {
    pub(crate) id: String,
    /// Applies to queries equal to one of these. If this and `contains` are empty, to every query.
    pub(crate) queries: Vec<String>,
    /// Applies to queries that contain one of these as whole words.
    pub(crate) contains: Vec<String>,
    /// Applies only to searches in this category.
    pub(crate) category_id: Option<String>,
    /// Ids of the products ranked first, in this order.
    pub(crate) pins: Vec<String>,
    pub(crate) boosts: Vec<Boost>,
    /// Start of the period in which it applies, inclusive.
    pub(crate) start: Option<SystemTime>,
    /// End of that period, exclusive.
    pub(crate) end: Option<SystemTime>,
    pub(crate) disabled: bool,
}

/// A factor for the scores of some products.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Boost {
    /// Selects the products; made by [`parse_filter`](product_fields::parse_filter).
    pub(crate) filter: Filter,
    /// Above 1 promotes, below 1 demotes.
    pub(crate) factor: f32,
}
