//! What the index found, in the contract's messages.

use super::question::Question;
use crate::index::{Counted, Explanation, Facet, Found, Highlight, Hit, How, Relaxed};
use proto::search::v1 as api;

/// The results of an answer.
pub(super) fn hits(hits: Vec<Hit>) -> Vec<api::SearchHit> {
    let hit = |hit: Hit| api::SearchHit {
        product: Some(hit.product),
        score: hit.score.into(),
        highlights: hit.highlights.into_iter().map(highlight).collect(),
        matched_sku: hit.matched_sku.unwrap_or_default(),
        controlled: hit.controlled,
    };
    hits.into_iter().map(hit).collect()
}

/// Everything of an answer but where it stands in the feed and among pages.
pub(super) fn response(
    found: Found,
    request: &api::SearchRequest,
    question: &Question<'_>,
) -> api::SearchResponse {
    let names = request.facets.iter().zip(&question.facets);
    let facets = names.zip(found.facets);
    let facets = facets.map(|((name, counted), facet)| self::facet(name, counted, facet, question));
    api::SearchResponse {
        results: hits(found.hits),
        total_size: count(found.total),
        facets: facets.collect(),
        corrected_query: found.corrected.unwrap_or_default(),
        relaxed: relaxation(found.relaxed).into(),
        dropped_words: found.dropped,
        ..Default::default()
    }
}

pub(super) fn count(total: usize) -> i32 {
    total.try_into().unwrap_or(i32::MAX)
}

fn highlight(it: Highlight) -> api::Highlight {
    let fragments = it.fragments.into_iter();
    let fragment = |(text, how): (String, Option<How>)| api::Fragment {
        text,
        r#match: how.map_or(api::Match::Unspecified, matched).into(),
    };
    api::Highlight { field: it.field, fragments: fragments.map(fragment).collect() }
}

fn matched(how: How) -> api::Match {
    match how {
        How::Word => api::Match::Word,
        How::Prefix => api::Match::Prefix,
        How::Typo => api::Match::Typo,
        How::Synonym => api::Match::Synonym,
    }
}

fn relaxation(relaxed: Relaxed) -> api::Relaxation {
    match relaxed {
        Relaxed::Nothing => api::Relaxation::Unspecified,
        Relaxed::Words => api::Relaxation::Words,
        Relaxed::Typos => api::Relaxation::Typos,
        Relaxed::Synonyms => api::Relaxation::Synonyms,
    }
}

fn facet(name: &str, counted: &Counted, facet: Facet, question: &Question<'_>) -> api::Facet {
    let values = facet.values.into_iter().map(|value| {
        let selected = counted.is_selected(&value, &question.filter);
        let (from, to) = value.range.map_or((None, None), |(from, to)| (Some(from), to));
        api::FacetValue {
            value: value.value,
            label: value.label,
            count: value.count.try_into().unwrap_or(i64::MAX),
            selected,
            parent: value.parent,
            from,
            to,
        }
    });
    api::Facet { field: name.to_owned(), values: values.collect() }
}

pub(super) fn explanation(it: Explanation) -> api::ExplainHitResponse {
    let words = it.words.into_iter().map(|word| api::WordExplanation {
        word: word.word,
        matched: word.matched,
        r#match: word.how.map_or(api::Match::Unspecified, matched).into(),
        fields: word.fields,
        weight: word.weight.into(),
        contribution: word.score.into(),
    });
    api::ExplainHitResponse {
        matched: it.matched,
        position: it.position.map_or(0, count),
        score: it.score.into(),
        reasons: it.reasons,
        words: words.collect(),
    }
}
