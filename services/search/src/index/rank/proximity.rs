//! Second-phase ranking of the best matches by the words' positions in the product's name.
//!
//! The scan knows only that a product has a word. For the few hundred products that may come first,
//! the positions are read: whether all words are in the name, and whether they are adjacent.

use tantivy::{DocId, DocSet, TERMINATED, postings::Postings as _};

use super::{
    sort_columns::{is_coarse, relevance},
    top_k::{RankedDoc, SortValue},
};
use crate::index::{
    model::{MatchKind, Parameters, SortKey},
    query::{ExpandedWord, TermDictionary},
};

/// Number of matches that are reranked.
pub(crate) const RERANK_LIMIT: usize = 200;

/// Maximum distance of two words that counts as adjacent.
const MAX_DISTANCE: u32 = 3;

/// Inputs of the second phase.
pub(crate) struct Rerank<'a> {
    pub(crate) dictionary: &'a TermDictionary<'a>,
    pub(crate) words: &'a [ExpandedWord],
    /// Normalised words that should be side by side.
    pub(crate) phrases: &'a [Vec<String>],
    pub(crate) parameters: &'a Parameters,
    pub(crate) order: &'a [SortKey],
}

impl Rerank<'_> {
    /// Rescores the first [`RERANK_LIMIT`] matches, given best first and sorted by relevance. Returns
    /// them for sorting; the others keep their ranks.
    pub(crate) fn by_proximity<'r>(
        &self,
        ranked: &'r mut [RankedDoc],
    ) -> tantivy::Result<&'r mut [RankedDoc]> {
        let Self { dictionary, words, phrases, parameters, order } = *self;
        let limit = ranked.len().min(RERANK_LIMIT);
        let ranked = &mut ranked[..limit];
        let coarse = is_coarse(order);
        let total: f32 = words.iter().map(|word| word.weight).sum();
        for segment in 0..dictionary.segments.len() {
            let mut here: Vec<(DocId, usize)> = Vec::new();
            for (at, it) in ranked.iter().enumerate().filter(|(_, it)| it.segment == segment) {
                here.push((it.found.document, at));
            }
            if here.is_empty() {
                continue;
            }
            here.sort_unstable();
            let documents: Vec<DocId> = here.iter().map(|(document, _)| *document).collect();
            let mut positions = Vec::with_capacity(words.len());
            for word in words {
                positions.push(name_positions(dictionary, segment, word, &documents)?);
            }
            for (row, (_, at)) in here.iter().enumerate() {
                let of_words: Vec<&[u32]> = positions.iter().map(|it| it[row].as_slice()).collect();
                let found = &mut ranked[*at].found;
                found.score *= proximity_factor(&of_words, words, total, parameters);
                let said =
                    phrases.iter().filter(|phrase| has_phrase(phrase, words, &of_words)).count();
                found.score *= 1.0 + parameters.phrase * said as f32;
                ranked[*at].values[0] = SortValue::Number(relevance(*found, coarse));
            }
        }
        Ok(ranked)
    }
}

/// Whether a name has the words of a phrase side by side.
fn has_phrase(phrase: &[String], words: &[ExpandedWord], positions: &[&[u32]]) -> bool {
    let of_word = |term: &String| {
        let at = words.iter().position(|word| word.source.term == *term);
        at.map_or(&[][..], |at| positions[at])
    };
    let Some((first, others)) = phrase.split_first() else { return false };
    of_word(first).iter().any(|start| {
        let follows = |(at, word)| of_word(word).contains(&(start + 1 + at as u32));
        others.iter().enumerate().all(follows)
    })
}

/// Returns the factor for the score of a product whose name has the words at these positions.
fn proximity_factor(
    positions: &[&[u32]],
    words: &[ExpandedWord],
    total: f32,
    it: &Parameters,
) -> f32 {
    let weights = words.iter().map(|word| word.weight);
    let in_name: f32 = weights.zip(positions).filter(|(_, at)| !at.is_empty()).map(|it| it.0).sum();
    let mut together = 0.0;
    let mut pairs = 0.0;
    for pair in positions.windows(2) {
        pairs += 1.0;
        // Words in reverse order count as twice as far apart.
        let distances = pair[0].iter().flat_map(|a| {
            pair[1].iter().map(move |b| if b > a { b - a } else { 2 * (a - b).max(1) })
        });
        if let Some(distance @ 1..=MAX_DISTANCE) = distances.min() {
            together += 1.0 / distance as f32;
        }
    }
    let together = if pairs > 0.0 { together / pairs } else { 0.0 };
    1.0 + it.in_name * in_name / total.max(f32::MIN_POSITIVE) + it.side_by_side * together
}

/// Returns a word's positions in the names of some documents, which must be sorted.
fn name_positions(
    dictionary: &TermDictionary<'_>,
    segment: usize,
    word: &ExpandedWord,
    documents: &[DocId],
) -> tantivy::Result<Vec<Vec<u32>>> {
    let mut found = vec![Vec::new(); documents.len()];
    let mut positions = Vec::new();
    for alternative in &word.alternatives {
        let [term] = alternative.terms.as_slice() else { continue };
        let Some(mut postings) = dictionary.name_postings(segment, term)? else { continue };
        for (row, document) in documents.iter().enumerate() {
            if postings.doc() < *document {
                postings.seek(*document);
            }
            if postings.doc() == TERMINATED {
                break;
            }
            let is_better = found[row].is_empty() || alternative.kind != MatchKind::Typo;
            if postings.doc() == *document && is_better {
                postings.positions(&mut positions);
                found[row].extend_from_slice(&positions);
            }
        }
    }
    Ok(found)
}
