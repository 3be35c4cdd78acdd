//! The results of the index's operations: search, explain, suggest and commit.

use std::ops::Range;

use proto::catalogue::v1::Product;

use super::{Facet, UnderstoodSpan};

/// How a word of a product matches a word of the query. Ordered from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MatchKind {
    /// The same word, possibly inflected.
    Word,
    /// The query's word is a prefix of it.
    Prefix,
    /// A synonym.
    Synonym,
    /// The same word but for typing errors.
    Typo,
}

/// The requirement that was relaxed because nothing matched otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Relaxation {
    #[default]
    None,
    /// Not all words of the query are required.
    Words,
    /// More typing errors are accepted.
    Typos,
    /// One-way synonyms apply in both directions.
    Synonyms,
}

/// A page of results.
#[derive(Debug, Default)]
pub(crate) struct SearchResults {
    /// Best first; ties are broken by id.
    pub(crate) hits: Vec<Hit>,
    /// Number of matches on all pages.
    pub(crate) total: usize,
    /// Parallel to the requested facets.
    pub(crate) facets: Vec<Facet>,
    /// The query's words without stop words, case and accents: equal for equivalent queries.
    pub(crate) normalised: String,
    /// The query with its typing errors corrected, if there were any.
    pub(crate) corrected: Option<String>,
    pub(crate) relaxation: Relaxation,
    /// Words of the query that the best hit does not have.
    pub(crate) dropped: Vec<String>,
    /// The parts of the query that were understood as more than words.
    pub(crate) understood: Vec<UnderstoodSpan>,
}

/// A product on the page.
#[derive(Debug)]
pub(crate) struct Hit {
    pub(crate) product: Product,
    pub(crate) score: f32,
    /// Whether a pin or a boost may have changed its rank.
    pub(crate) controlled: bool,
    pub(crate) highlights: Vec<Highlight>,
    /// The SKU of the variant that the query names.
    pub(crate) matched_sku: Option<String>,
}

/// A text of a product, split where it matches the query.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Highlight {
    /// The field's name, as in a filter.
    pub(crate) field: String,
    pub(crate) fragments: Vec<Fragment>,
}

/// A part of a text; the kind of match, unless the part lies between matches.
pub(crate) type Fragment = (String, Option<MatchKind>);

/// Why a product has its rank.
#[derive(Debug, Default)]
pub(crate) struct Explanation {
    /// Rank from 1; none if the product is not among the results.
    pub(crate) position: Option<usize>,
    pub(crate) matched: bool,
    pub(crate) score: f32,
    /// English sentences for merchandisers.
    pub(crate) reasons: Vec<String>,
    pub(crate) words: Vec<WordContribution>,
    pub(crate) understood: Vec<UnderstoodSpan>,
}

/// The share of one word of the query in a product's score.
#[derive(Debug, Default)]
pub(crate) struct WordContribution {
    pub(crate) word: String,
    /// The product's words that match it.
    pub(crate) matched: Vec<String>,
    pub(crate) kind: Option<MatchKind>,
    pub(crate) fields: Vec<String>,
    /// The word's inverse document frequency: the upper bound of an exact match's score.
    pub(crate) weight: f32,
    pub(crate) score: f32,
}

/// A name that completes an unfinished query.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Completion {
    pub(crate) text: String,
    /// The id of the named product or category.
    pub(crate) id: String,
    /// Matched parts of `text` as byte ranges, in order.
    pub(crate) matches: Vec<(Range<usize>, MatchKind)>,
}

/// Counts of a commit's changes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct AppliedChanges {
    /// Products written or removed.
    pub(crate) changed: u64,
    /// Products skipped because the index had the same revision or a later one.
    pub(crate) repeated: u64,
}
