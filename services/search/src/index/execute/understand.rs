//! Understanding: reads the query, searches with its constraints and, where they leave nothing, without them.

use filter::Filter;

use super::{
    context::{IndexView, SearchContext},
    relax::{self, RankedResults},
};
use crate::index::{
    Result,
    model::{SearchParams, SortKey, SpanKind, UnderstoodSpan},
    query::{
        CompiledSettings, ExpandedWord, ParsedQuery, Reader, Reading, TermDictionary, WordRole,
    },
    schema::analysis::near_measures,
};

/// Searches, and passes the ranked matches to `finish` with the context they were found in.
pub(super) fn with_ranked<T>(
    view: IndexView<'_>,
    params: &SearchParams<'_>,
    settings: &CompiledSettings,
    finish: impl FnOnce(&SearchContext<'_>, RankedResults) -> Result<T>,
) -> Result<T> {
    let reading = read(view, params, settings)?;
    let literal = ParsedQuery::parse(&view.fields.analysis, &settings.stop_words, params.query);
    let describe = |mut ranked: RankedResults, reading: &Reading, is_met: bool| {
        ranked.results.understood = understood(&ranked.words, reading, is_met);
        ranked.results.normalised = literal.normalised();
        ranked
    };
    if reading.is_constrained() {
        let filter = combined(params.filter, &reading);
        let params = SearchParams { filter: &filter, ..params.clone() };
        // Where everything mentions a brand that is not wanted, only its own products are left out.
        let own_only = without_mentions(&reading);
        for reading in std::iter::once(&reading).chain(&own_only) {
            let context = SearchContext::new(view, &params, settings, reading)?;
            let ranked = relax::rank(&context, &reading.query, true)?;
            if ranked.pass.total + context.pins.len() > 0 {
                return finish(&context, describe(ranked, reading, true));
            }
        }
    }
    let order = nearest_order(params, &reading);
    let params = SearchParams { order: &order, ..params.clone() };
    let unmet = Reading { filters: Vec::new(), excluded: Vec::new(), ..reading.clone() };
    let context = SearchContext::new(view, &params, settings, &unmet)?;
    let ranked = relax::rank(&context, &unmet.query, false)?;
    finish(&context, describe(ranked, &reading, !reading.is_constrained()))
}

/// Reads the query of a search.
pub(crate) fn read(
    view: IndexView<'_>,
    params: &SearchParams<'_>,
    settings: &CompiledSettings,
) -> Result<Reading> {
    let dictionary = TermDictionary::open(view.searcher, view.fields)?;
    let lexicon = view.lexicons.of(view.searcher)?;
    let vocabulary = view.vocabularies.of(view.searcher)?;
    // A damaged index fails again where the words are looked up.
    let reader = Reader {
        analysis: &view.fields.analysis,
        stop_words: &settings.stop_words,
        lexicon: &lexicon,
        as_words: params.as_words,
        is_known: &|word| dictionary.frequency(word).is_ok_and(|products| products > 0),
        is_beginning: &|word| !vocabulary.with_prefix(word, 1).is_empty(),
        is_title: &|words, gap| dictionary.is_title(words, gap).unwrap_or_default(),
        alias: &|name| settings.alias(name),
    };
    Ok(reader.read(params.query))
}

/// Returns the request's filter and the query's.
fn combined(filter: &Filter, reading: &Reading) -> Filter {
    let mut all: Vec<Filter> = match filter {
        Filter::And(all) => all.clone(),
        other => vec![other.clone()],
    };
    all.extend(reading.filters.iter().map(|(_, filter)| filter.clone()));
    Filter::And(all)
}

/// Returns the reading that excludes a brand's own products but not the ones that mention it, if it excludes any.
fn without_mentions(reading: &Reading) -> Option<Reading> {
    let is_brand = |at: &usize| reading.filters.iter().any(|(span, _)| span == at);
    let (brands, excluded): (Vec<_>, Vec<_>) =
        reading.excluded.iter().cloned().partition(|(at, _)| is_brand(at));
    (!brands.is_empty()).then(|| Reading { excluded, ..reading.clone() })
}

/// Returns the order of the products nearest to a bound of the price that nothing meets.
fn nearest_order(params: &SearchParams<'_>, reading: &Reading) -> Vec<SortKey> {
    let bound = reading
        .filters
        .iter()
        .map(|(at, _)| &reading.spans[*at])
        .find(|span| span.kind == SpanKind::Price);
    match bound {
        Some(bound) if params.order.is_empty() => {
            let is_ceiling = bound.filter.contains("<=");
            vec![if is_ceiling { SortKey::Price } else { SortKey::PriceDescending }]
        }
        _ => params.order.to_vec(),
    }
}

/// Returns the parts that were understood, with the words that turned out to name a thing or a size.
fn understood(words: &[ExpandedWord], reading: &Reading, is_met: bool) -> Vec<UnderstoodSpan> {
    let mut spans = reading.spans.clone();
    if !is_met {
        for (at, _) in &reading.filters {
            spans[*at].unmet = true;
        }
        for (at, _) in &reading.excluded {
            spans[*at].unmet = true;
        }
    }
    for word in words.iter().filter(|word| word.source.role == WordRole::Plain) {
        let typed = &word.source.typed;
        let kind = if word.names_thing {
            SpanKind::Type
        } else if !near_measures(typed).is_empty() {
            SpanKind::Measure
        } else {
            continue;
        };
        let confidence = if word.correction.is_some() { 0.6 } else { 0.8 };
        spans.push(UnderstoodSpan {
            span: typed.clone(),
            kind,
            filter: String::new(),
            confidence,
            unmet: false,
        });
    }
    spans
}
