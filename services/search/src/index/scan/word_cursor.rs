//! A cursor over the documents that match a word in any of its alternatives.

use tantivy::{DocId, TERMINATED, postings::SegmentPostings};

use super::{
    dense_matches::DenseMatches,
    doc_range::DocRange,
    postings_cursor::{LengthNorms, PostingsCursor, TermMatch, WordTerms, has_document},
};
use crate::index::query::{ExpandedWord, TermDictionary};

/// Maximum number of alternatives that are sought one by one. More are read ahead as a whole,
/// unless another word is so rare that seeking costs less.
const MAX_LAZY_ALTERNATIVES: usize = 6;

/// Cost of seeking in one alternative's postings, relative to reading one posting.
const SEEK_COST: u64 = 8;

/// Density above which matches read ahead go into a [`DenseMatches`] instead of being sorted: one
/// in this number of documents of the segment.
const DENSE: u64 = 32;

/// Density above which even a few alternatives are read ahead instead of being sought one by one.
const DENSE_FOR_SEEKING: u64 = 12;

/// The cursor, by how it gets at the matches.
pub(crate) enum WordCursor {
    /// Seeks in each alternative's postings.
    Lazy { alternatives: Vec<PostingsCursor>, bonuses: BonusPostings, weight: f32, document: DocId },
    /// All matches, read ahead and sorted, for words with few of them.
    Sorted { matches: Vec<(DocId, TermMatch)>, at: usize },
    /// All matches, read ahead into a table.
    Dense { matches: DenseMatches, document: DocId, bonuses: BonusPostings },
}

/// The documents that get a bonus, the highest first.
pub(crate) struct BonusPostings(Vec<(SegmentPostings, f32)>);

impl WordCursor {
    /// Opens a cursor. `rarest` is the estimated number of matches of the query's rarest word,
    /// which bounds how often this cursor is sought.
    pub(crate) fn open(
        dictionary: &TermDictionary<'_>,
        range: &DocRange,
        word: &ExpandedWord,
        terms: &WordTerms,
        norms: &LengthNorms,
        rarest: u64,
    ) -> tantivy::Result<Self> {
        let DocRange { segment, documents } = range;
        let (segment, first) = (*segment, documents.start);
        let mut alternatives = Vec::with_capacity(word.alternatives.len());
        for (alternative, terms) in word.alternatives.iter().zip(&terms.alternatives) {
            let Some(terms) = terms else { continue };
            let terms = terms.iter().map(|term| dictionary.postings_from(segment, term));
            let terms = terms.collect::<tantivy::Result<Vec<_>>>()?;
            alternatives.push(PostingsCursor::open(terms, alternative, first));
        }
        let weight = word.weight;
        let mut bonuses = Vec::with_capacity(terms.bonuses.len());
        for (term, share) in &terms.bonuses {
            bonuses.push((dictionary.postings_from(segment, term)?, weight * share));
        }
        bonuses.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        let mut bonuses = BonusPostings(bonuses);
        let reading: u64 = alternatives.iter().map(PostingsCursor::cost).sum();
        let seeking = rarest.saturating_mul(alternatives.len() as u64).saturating_mul(SEEK_COST);
        // Costs are of the whole segment, as is the size.
        let size = u64::from(dictionary.segments[segment].reader.max_doc());
        let are_few =
            alternatives.len() <= MAX_LAZY_ALTERNATIVES && reading < size / DENSE_FOR_SEEKING;
        if alternatives.len() <= 1 || are_few || seeking < reading {
            let document = alternatives.iter().map(PostingsCursor::document).min();
            let document = document.unwrap_or(TERMINATED);
            return Ok(Self::Lazy { alternatives, bonuses, weight, document });
        }
        if reading > size / DENSE {
            let matches = DenseMatches::read(alternatives, weight, norms, documents);
            let document = matches.seek(first);
            return Ok(Self::Dense { matches, document, bonuses });
        }
        let mut matches = read_sorted(alternatives, weight, norms, documents.end);
        for (document, found) in &mut matches {
            found.score += bonuses.bonus(*document);
        }
        Ok(Self::Sorted { matches, at: 0 })
    }

    pub(crate) fn document(&self) -> DocId {
        match self {
            Self::Lazy { document, .. } | Self::Dense { document, .. } => *document,
            Self::Sorted { matches, at } => matches.get(*at).map_or(TERMINATED, |it| it.0),
        }
    }

    /// Returns an upper bound of the number of matches.
    pub(super) fn cost(&self) -> u64 {
        match self {
            Self::Lazy { alternatives, .. } => alternatives.iter().map(PostingsCursor::cost).sum(),
            Self::Sorted { matches, .. } => matches.len() as u64,
            Self::Dense { matches, .. } => matches.count(),
        }
    }

    /// Advances to the first match at or after `target`.
    pub(crate) fn seek(&mut self, target: DocId) -> DocId {
        match self {
            Self::Lazy { alternatives, document, .. } => {
                if *document < target {
                    let sought = alternatives.iter_mut().map(|it| it.seek(target)).min();
                    *document = sought.unwrap_or(TERMINATED);
                }
            }
            Self::Sorted { matches, at } => {
                gallop(matches, at, |(document, _)| *document < target);
            }
            Self::Dense { matches, document, .. } => {
                if *document < target {
                    *document = matches.seek(target);
                }
            }
        }
        self.document()
    }

    /// Calls `each` for every remaining match before `end`.
    pub(super) fn for_each(
        mut self,
        end: DocId,
        norms: &LengthNorms,
        mut each: impl FnMut(DocId, TermMatch),
    ) {
        let mut document = self.document();
        while document < end {
            each(document, self.current(norms));
            document = self.seek(document + 1);
        }
    }

    /// Returns the score of the current document.
    pub(crate) fn score(&mut self, norms: &LengthNorms) -> f32 {
        self.current(norms).score
    }

    /// Returns the match of the current document.
    pub(super) fn current(&mut self, norms: &LengthNorms) -> TermMatch {
        match self {
            Self::Lazy { alternatives, bonuses, weight, document } => {
                let here = alternatives.iter_mut().filter(|it| it.document() == *document);
                let found = here.map(|it| it.current(*weight, norms));
                let mut found = found.reduce(TermMatch::better).unwrap_or_default();
                found.score += bonuses.bonus(*document);
                found
            }
            Self::Sorted { matches, at } => {
                matches.get(*at).map_or_else(TermMatch::default, |it| it.1)
            }
            Self::Dense { matches, document, bonuses } => {
                let mut found = matches.get(*document);
                found.score += bonuses.bonus(*document);
                found
            }
        }
    }
}

impl BonusPostings {
    /// Returns a document's bonus. Documents must be given in ascending order.
    fn bonus(&mut self, document: DocId) -> f32 {
        let mut all = self.0.iter_mut();
        let found =
            all.find_map(|(postings, bonus)| has_document(postings, document).then_some(*bonus));
        found.unwrap_or_default()
    }
}

/// Reads the best match of each document, sorted by document.
fn read_sorted(
    alternatives: Vec<PostingsCursor>,
    weight: f32,
    norms: &LengthNorms,
    end: DocId,
) -> Vec<(DocId, TermMatch)> {
    let mut matches: Vec<(DocId, TermMatch)> = Vec::new();
    for alternative in alternatives {
        alternative.for_each(weight, norms, end, |document, it| matches.push((document, it)));
    }
    matches.sort_unstable_by_key(|(document, _)| *document);
    matches.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 = kept.1.better(next.1);
        }
        same
    });
    matches
}

/// Advances `at` to the first item that is not before the target, by exponential search.
fn gallop<T>(items: &[T], at: &mut usize, is_before: impl Fn(&T) -> bool) {
    let mut step = 1;
    while items.get(*at + step).is_some_and(&is_before) {
        *at += step;
        step *= 2;
    }
    let end = items.len().min(*at + step + 1);
    *at += items[*at..end].partition_point(is_before);
}
