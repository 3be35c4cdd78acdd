//! Relaxation: repeats a search without results with weaker requirements.

use super::{
    context::{SearchContext, expand},
    pass::{self, Pass},
};
use crate::index::{
    Result,
    model::{Relaxation, SearchResults, SortKey},
    query::{Alternative, ExpandedWord, ParsedQuery, TermDictionary},
    rank::RankedDoc,
    scan::{RequiredWords, has_document},
    schema::analysis::is_wearer,
};

/// Minimum number of words to find in a query that may be answered in part.
const MIN_WORDS: usize = 3;

/// Number of products below which a sentence also shows similar ones.
const FEW: usize = 10;

/// Ranked matches, before any product is read.
pub(super) struct RankedResults {
    pub(super) pass: Pass,
    pub(super) words: Vec<ExpandedWord>,
    /// Everything but the hits, the total and the facets.
    pub(super) results: SearchResults,
}

/// Ranks the products that have all words or, if there are none, relaxes the search: first more typing errors and
/// synonyms, then fewer words. Words that name the thing or its brand are given up last and, with `keeps_protected`,
/// never.
pub(super) fn rank(
    context: &SearchContext<'_>,
    query: &ParsedQuery,
    keeps_protected: bool,
) -> Result<RankedResults> {
    let mut results = SearchResults::default();
    if query.words.is_empty() {
        let pass = if context.is_browsing() {
            pass::run(context, &[], RequiredWords::All)?
        } else {
            Pass::empty(context)
        };
        return Ok(RankedResults { pass, words: Vec::new(), results });
    }
    let words = expand(context, query, false)?;
    let pass = pass::run(context, &words, RequiredWords::All)?;
    if pass.total > 0 {
        results.corrected = corrected(&words);
        let pass = with_similar(context, query, &words, pass)?;
        return Ok(RankedResults { pass, words, results });
    }
    let words = expand(context, query, true)?;
    let pass = pass::run(context, &words, RequiredWords::All)?;
    results.corrected = corrected(&words);
    if pass.total > 0 {
        let by_synonyms = pass.ranked.first().is_some_and(|best| best.found.typos == 0);
        results.relaxation = if by_synonyms { Relaxation::Synonyms } else { Relaxation::Typos };
        return Ok(RankedResults { pass, words, results });
    }
    // Words that no product has must not count towards the required share.
    let is_known = |word: &&ExpandedWord| !word.alternatives.is_empty();
    let known: Vec<ExpandedWord> = words.iter().filter(is_known).cloned().collect();
    let mut pass = Pass::empty(context);
    for required in stages(context, &known, keeps_protected) {
        pass = pass::run(context, &known, required)?;
        if pass.total > 0 {
            break;
        }
    }
    if pass.total > 0 {
        results.relaxation = Relaxation::Words;
        if let Some(best) = pass.ranked.first() {
            results.dropped = dropped(&context.dictionary, &words, best)?;
        }
    }
    Ok(RankedResults { pass, words: known, results })
}

/// Adds the products that lack some words to the few that have all, unless they lack the thing, its brand, a number, or
/// the wearer. In a sentence all are ranked together, and without numbers even if many have all: its words are not a
/// title's. Otherwise the products with all words stay first.
fn with_similar(
    context: &SearchContext<'_>,
    query: &ParsedQuery,
    words: &[ExpandedWord],
    pass: Pass,
) -> Result<Pass> {
    let names_thing = words.iter().any(|word| word.is_protected && !word.bonuses.is_empty());
    let is_ranked = context.order.first() == Some(&SortKey::Relevance);
    let has_number = words.iter().any(|word| word.source.has_digits);
    let is_enough = pass.total >= FEW && (!query.is_sentence || has_number);
    let is_mixable = query.is_sentence || is_ranked;
    if is_enough || !names_thing || words.len() < MIN_WORDS || !is_mixable {
        return Ok(pass);
    }
    let mut words = words.to_vec();
    for word in &mut words {
        word.is_protected |= word.source.has_digits || is_wearer(&word.source.term);
    }
    let mut similar = pass::run(context, &words, RequiredWords::Protected)?;
    if !query.is_sentence {
        let place = |it: &RankedDoc| (it.segment, it.found.document);
        let whole: Vec<_> = pass.ranked.iter().map(place).collect();
        similar.ranked.retain(|it| !whole.contains(&place(it)));
        similar.ranked = pass.ranked.into_iter().chain(similar.ranked).collect();
    }
    Ok(similar)
}

/// Returns the requirements to try when no product has all words, the strictest first.
fn stages(
    context: &SearchContext<'_>,
    known: &[ExpandedWord],
    keeps_protected: bool,
) -> Vec<RequiredWords> {
    let coverage = RequiredWords::Share(context.index.parameters.coverage);
    let has_protected = known.iter().any(|word| word.is_protected);
    match (has_protected, keeps_protected) {
        (true, true) => vec![RequiredWords::Protected],
        (false, true) => vec![coverage],
        (true, false) => vec![RequiredWords::Protected, coverage, RequiredWords::Share(0.0)],
        (false, false) => vec![coverage, RequiredWords::Share(0.0)],
    }
}

/// Returns the query with corrections in place of mistyped words, if there are any.
fn corrected(words: &[ExpandedWord]) -> Option<String> {
    words.iter().any(|word| word.correction.is_some()).then(|| {
        let words = words.iter();
        let words = words.map(|it| it.correction.as_ref().unwrap_or(&it.source.typed).as_str());
        words.collect::<Vec<_>>().join(" ")
    })
}

/// Returns the words of the query that a product does not have.
fn dropped(
    dictionary: &TermDictionary<'_>,
    words: &[ExpandedWord],
    product: &RankedDoc,
) -> Result<Vec<String>> {
    let mut dropped = Vec::new();
    for word in words {
        let mut has_word = false;
        for alternative in &word.alternatives {
            has_word = has_word || matches(dictionary, alternative, product)?;
        }
        if !has_word {
            dropped.push(word.source.typed.clone());
        }
    }
    Ok(dropped)
}

fn matches(
    dictionary: &TermDictionary<'_>,
    alternative: &Alternative,
    product: &RankedDoc,
) -> Result<bool> {
    let document = product.found.document;
    for term in &alternative.terms {
        let postings = dictionary.postings(product.segment, term)?;
        if !postings.is_some_and(|mut postings| has_document(&mut postings, document)) {
            return Ok(false);
        }
    }
    Ok(true)
}
