//! A second look at the best: how the words stand in the product's name.
//!
//! The first pass knows that a word is there, not where. Of the few hundred products that may come
//! up first, the name is looked at: all words in it, side by side, at its beginning.

use super::{
    dictionary::Dictionary,
    expand::{How, Meaning},
    order::{Key, Placed, relevance},
    parameters::Parameters,
};
use tantivy::{DocId, DocSet, TERMINATED, postings::Postings as _};

/// So many products are looked at again.
pub(super) const LOOKED_AT: usize = 200;

/// Words further apart than this are not together.
const APART: u32 = 3;

/// Scores the first [`LOOKED_AT`] products again and returns them, to be put in their new order: the
/// others stay where they are. All must be of the same search, best first.
pub(super) fn look_at<'p>(
    dictionary: &Dictionary<'_>,
    meanings: &[Meaning],
    parameters: &Parameters,
    coarse: bool,
    placed: &'p mut [Placed],
) -> tantivy::Result<&'p mut [Placed]> {
    let looked_at = placed.len().min(LOOKED_AT);
    let placed = &mut placed[..looked_at];
    let total: f32 = meanings.iter().map(|meaning| meaning.weight).sum();
    for segment in 0..dictionary.segments.len() {
        let mut here: Vec<(DocId, usize)> = Vec::new();
        for (at, it) in placed.iter().enumerate().filter(|(_, it)| it.segment == segment) {
            here.push((it.found.document, at));
        }
        if here.is_empty() {
            continue;
        }
        here.sort_unstable();
        let documents: Vec<DocId> = here.iter().map(|(document, _)| *document).collect();
        // The places of each word in each name.
        let mut places = Vec::with_capacity(meanings.len());
        for meaning in meanings {
            places.push(self::places(dictionary, segment, meaning, &documents)?);
        }
        for (row, (_, at)) in here.iter().enumerate() {
            let words: Vec<&[u32]> = places.iter().map(|it| it[row].as_slice()).collect();
            let found = &mut placed[*at].found;
            found.score *= worth(&words, meanings, total, parameters);
            placed[*at].keys[0] = Key::Number(relevance(found.score, found.typos, coarse));
        }
    }
    Ok(placed)
}

/// What the score is multiplied by.
fn worth(places: &[&[u32]], meanings: &[Meaning], total: f32, it: &Parameters) -> f32 {
    let weights = || meanings.iter().map(|meaning| meaning.weight);
    let there = |words: &[u32]| !words.is_empty();
    let in_name: f32 = weights().zip(places).filter(|(_, at)| there(at)).map(|it| it.0).sum();
    let mut together = 0.0;
    let mut pairs = 0.0;
    for pair in places.windows(2) {
        pairs += 1.0;
        let nearest = pair[0].iter().flat_map(|a| {
            pair[1].iter().map(move |b| if b > a { b - a } else { 2 * (a - b).max(1) })
        });
        if let Some(distance @ 1..=APART) = nearest.min() {
            together += 1.0 / distance as f32;
        }
    }
    let together = if pairs > 0.0 { together / pairs } else { 0.0 };
    1.0 + it.in_name * in_name / total.max(f32::MIN_POSITIVE) + it.side_by_side * together
}

/// Where a word stands in the names of products, which are in order.
fn places(
    dictionary: &Dictionary<'_>,
    segment: usize,
    meaning: &Meaning,
    documents: &[DocId],
) -> tantivy::Result<Vec<Vec<u32>>> {
    let mut places = vec![Vec::new(); documents.len()];
    let mut positions = Vec::new();
    for alternative in &meaning.alternatives {
        let [term] = alternative.terms.as_slice() else { continue };
        let Some(mut postings) = dictionary.in_names(segment, term)? else { continue };
        for (row, document) in documents.iter().enumerate() {
            if postings.doc() < *document {
                postings.seek(*document);
            }
            if postings.doc() == TERMINATED {
                break;
            }
            let better = places[row].is_empty() || alternative.how != How::Typo;
            if postings.doc() == *document && better {
                postings.positions(&mut positions);
                places[row].extend_from_slice(&positions);
            }
        }
    }
    Ok(places)
}
