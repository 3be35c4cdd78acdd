//! The matcher: combines the words' cursors into matches of the query.

use tantivy::DocId;

use super::{
    doc_range::{DocRange, Match},
    postings_cursor::{LengthNorms, TermMatch, WordTerms},
    word_cursor::WordCursor,
};
use crate::index::{
    model::Parameters,
    query::{ExpandedWord, TermDictionary},
};

/// The words of a query that a product must match.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum RequiredWords {
    All,
    /// Words with this share of the query's total weight, from 0 to 1.
    Share(f32),
    /// The words that name the thing or its brand.
    Protected,
}

/// Calls `each` for every match in a range, in document order.
pub(crate) fn for_each_match(
    dictionary: &TermDictionary<'_>,
    range: &DocRange,
    words: &[ExpandedWord],
    terms: &[WordTerms],
    required: RequiredWords,
    parameters: &Parameters,
    each: impl FnMut(Match),
) -> tantivy::Result<()> {
    let norms = LengthNorms::new(dictionary, range.segment, parameters);
    let mut cursors = Vec::with_capacity(words.len());
    // Without a word that all matches have, any cursor may be sought once per document.
    let rarest = match required {
        RequiredWords::All => words.iter().map(|word| word.products).min().unwrap_or(0),
        RequiredWords::Share(_) | RequiredWords::Protected => u64::MAX,
    };
    for (word, terms) in words.iter().zip(terms) {
        let cursor = WordCursor::open(dictionary, range, word, terms, &norms, rarest)?;
        cursors.push(CountedCursor {
            cursor,
            weight: word.weight,
            is_protected: word.is_protected,
        });
    }
    let end = range.documents.end;
    match required {
        RequiredWords::All => match_all(cursors, end, &norms, each),
        RequiredWords::Share(share) => {
            cursors.iter_mut().for_each(|it| it.is_protected = false);
            match_share(cursors, share, end, &norms, parameters, each);
        }
        RequiredWords::Protected => match_share(cursors, 0.0, end, &norms, parameters, each),
    }
    Ok(())
}

/// A word's cursor with the word's weight.
struct CountedCursor {
    cursor: WordCursor,
    weight: f32,
    /// Whether a match must have the word.
    is_protected: bool,
}

fn match_all(
    mut cursors: Vec<CountedCursor>,
    end: DocId,
    norms: &LengthNorms,
    mut each: impl FnMut(Match),
) {
    if let [_] = cursors[..]
        && let Some(only) = cursors.pop()
    {
        only.cursor.for_each(end, norms, |document, found| {
            let (score, typos) = add((0.0, 0), found);
            each(Match { document, score, typos });
        });
        return;
    }
    // The rarest word leads; the others are sought at its matches.
    cursors.sort_by_key(|it| it.cursor.cost());
    let Some((CountedCursor { cursor: first, .. }, others)) = cursors.split_first_mut() else {
        return;
    };
    let mut document = first.document();
    'next: while document < end {
        for other in others.iter_mut() {
            let at = other.cursor.seek(document);
            if at >= end {
                return;
            }
            if at > document {
                document = first.seek(at);
                continue 'next;
            }
        }
        let found = others.iter_mut().map(|other| other.cursor.current(norms));
        let (score, typos) = found.fold(add((0.0, 0), first.current(norms)), add);
        each(Match { document, score, typos });
        document = first.seek(document + 1);
    }
}

fn match_share(
    mut cursors: Vec<CountedCursor>,
    share: f32,
    end: DocId,
    norms: &LengthNorms,
    parameters: &Parameters,
    mut each: impl FnMut(Match),
) {
    let total: f32 = cursors.iter().map(|it| it.weight).sum();
    let required = total * share;
    // The words of least weight that even together do not reach the required weight cannot match by
    // themselves: they are only sought at the matches of the others, which lead.
    cursors.sort_by(|a, b| a.weight.total_cmp(&b.weight));
    let protected = cursors.iter().filter(|it| it.is_protected).count();
    let mut weight_so_far = 0.0;
    let optional = cursors.iter().take_while(|it| {
        weight_so_far += it.weight;
        weight_so_far < required
    });
    let optional = optional.count();
    let (optional, leading) = cursors.split_at_mut(optional);
    loop {
        let document = leading.iter().map(|it| it.cursor.document()).min();
        let Some(document) = document.filter(|it| *it < end) else { return };
        let mut matched = 0.0;
        let mut sum = (0.0, 0);
        let mut missing = protected;
        for CountedCursor { cursor, weight, is_protected } in leading.iter_mut() {
            if cursor.document() == document {
                sum = add(sum, cursor.current(norms));
                matched += *weight;
                missing -= usize::from(*is_protected);
                cursor.seek(document + 1);
            }
        }
        for CountedCursor { cursor, weight, is_protected } in optional.iter_mut() {
            if cursor.seek(document) == document {
                sum = add(sum, cursor.current(norms));
                matched += *weight;
                missing -= usize::from(*is_protected);
            }
        }
        if missing == 0 && matched + f32::EPSILON * total >= required {
            let (score, _) = sum;
            let score = score * (matched / total).powf(parameters.coordination);
            each(Match { document, score, typos: 0 });
        }
    }
}

fn add((score, typos): (f32, u8), found: TermMatch) -> (f32, u8) {
    (score + found.score, typos.saturating_add(u8::from(found.typo)))
}
