//! Conversion of the index's results to the contract's messages.

use super::request::SearchInput;
use crate::index::{
    self, Explanation, Facet, FacetField, Highlight, Hit, MatchKind, Relaxation, SearchResults,
    SpanKind, UnderstoodSpan,
};
use proto::search::v1 as api;

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

/// Builds a response, without page token, timing and revision.
pub(super) fn response(
    found: SearchResults,
    request: &api::SearchRequest,
    input: &SearchInput<'_>,
) -> api::SearchResponse {
    let names = request.facets.iter().zip(&input.facets);
    let facets = names.zip(found.facets);
    let facets = facets.map(|((name, field), facet)| self::facet(name, field, facet, input));
    api::SearchResponse {
        results: hits(found.hits),
        total_size: count(found.total),
        facets: facets.collect(),
        corrected_query: found.corrected.unwrap_or_default(),
        relaxed: relaxation(found.relaxation).into(),
        dropped_words: found.dropped,
        understood: found.understood.into_iter().map(span).collect(),
        ..Default::default()
    }
}

fn span(it: UnderstoodSpan) -> api::UnderstoodSpan {
    let kind = match it.kind {
        SpanKind::Price => api::SpanKind::Price,
        SpanKind::Exclusion => api::SpanKind::Exclusion,
        SpanKind::Phrase => api::SpanKind::Phrase,
        SpanKind::Brand => api::SpanKind::Brand,
        SpanKind::Type => api::SpanKind::Type,
        SpanKind::Measure => api::SpanKind::Measure,
        SpanKind::Relation => api::SpanKind::Relation,
        SpanKind::Filler => api::SpanKind::Filler,
        SpanKind::Need => api::SpanKind::Need,
        SpanKind::OwnBrand => api::SpanKind::OwnBrand,
    };
    api::UnderstoodSpan {
        span: it.span,
        kind: kind.into(),
        filter: it.filter,
        confidence: (f64::from(it.confidence) * 100.0).round() / 100.0,
        unmet: it.unmet,
    }
}

pub(super) fn count(total: usize) -> i32 {
    total.try_into().unwrap_or(i32::MAX)
}

fn highlight(it: Highlight) -> api::Highlight {
    api::Highlight { field: it.field, fragments: it.fragments.into_iter().map(fragment).collect() }
}

pub(super) fn fragment((text, kind): index::Fragment) -> api::Fragment {
    api::Fragment { text, r#match: match_kind(kind).into() }
}

fn match_kind(kind: Option<MatchKind>) -> api::Match {
    match kind {
        None => api::Match::Unspecified,
        Some(MatchKind::Word) => api::Match::Word,
        Some(MatchKind::Prefix) => api::Match::Prefix,
        Some(MatchKind::Typo) => api::Match::Typo,
        Some(MatchKind::Synonym) => api::Match::Synonym,
    }
}

fn relaxation(relaxed: Relaxation) -> api::Relaxation {
    match relaxed {
        Relaxation::None => api::Relaxation::Unspecified,
        Relaxation::Words => api::Relaxation::Words,
        Relaxation::Typos => api::Relaxation::Typos,
        Relaxation::Synonyms => api::Relaxation::Synonyms,
    }
}

fn facet(name: &str, field: &FacetField, facet: Facet, input: &SearchInput<'_>) -> api::Facet {
    let values = facet.values.into_iter().map(|value| {
        let selected = field.is_selected(&value, &input.filter);
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
        r#match: match_kind(word.kind).into(),
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
        understood: it.understood.into_iter().map(span).collect(),
    }
}
