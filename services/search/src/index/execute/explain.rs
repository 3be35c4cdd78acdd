//! Explanations: why a product has its rank.

use proto::catalogue::v1::Product;
use tantivy::DocAddress;

use super::{
    context::{IndexView, SearchContext},
    relax::RankedResults,
    understand,
};
use crate::index::{
    Result,
    model::{Explanation, MatchKind, Relaxation, SearchParams, SearchResults, WordContribution},
    present::Highlighter,
    query::{CompiledSettings, ExpandedWord},
    scan::{DocRange, LengthNorms, WordCursor, WordTerms},
};

/// Explains a product's rank among the first `params.limit`. Returns `None` if it is not in the
/// index.
///
/// # Errors
/// As for a search.
pub(crate) fn explain(
    view: IndexView<'_>,
    params: &SearchParams<'_>,
    product_id: &str,
    settings: &CompiledSettings,
) -> Result<Option<Explanation>> {
    let Some(address) = view.fields.find(view.searcher, product_id)? else { return Ok(None) };
    let explained = |context: &SearchContext<'_>, ranked| explain_ranked(context, ranked, address);
    understand::with_ranked(view, params, settings, explained).map(Some)
}

fn explain_ranked(
    context: &SearchContext<'_>,
    ranked: RankedResults,
    address: DocAddress,
) -> Result<Explanation> {
    let RankedResults { pass, words, results } = ranked;
    let pinned = context.pins.iter().position(|pin| *pin == address);
    let ranked = pass
        .ranked
        .iter()
        .position(|it| DocAddress::new(it.segment as u32, it.found.document) == address);
    let position = pinned.or(ranked.map(|at| at + context.pins.len())).map(|at| at + 1);
    let (product, _) = context.products.read(address)?;
    let mut explanation = Explanation {
        position,
        matched: position.is_some(),
        score: ranked.map_or(0.0, |at| pass.ranked[at].found.score),
        ..Explanation::default()
    };
    for word in &words {
        explanation.words.push(contribution(context, address, word, &product)?);
    }
    let reasons = &mut explanation.reasons;
    if let Some(at) = pinned {
        reasons.push(format!("A control pins it to place {}.", at + 1));
    }
    if !context.is_in_scope(address)? {
        reasons.push("It is not in the category, or the filter does not match it.".to_owned());
    }
    reasons.extend(query_reasons(&results));
    reasons.extend(word_reason(&explanation.words));
    let factor = context.boost(address)?;
    if factor != 1.0 {
        reasons.push(format!("A control multiplies its score by {factor}."));
    }
    let sum: f32 = explanation.words.iter().map(|word| word.score).sum();
    if ranked.is_some() && sum > 0.0 {
        let times = explanation.score / sum / factor;
        reasons.push(format!(
            "Its words add up to {sum:.3}; how they stand in its name, and how many of them it \
             has, multiply that by {times:.2}."
        ));
    }
    explanation.understood = results.understood;
    Ok(explanation)
}

/// Returns the reasons that concern the query as a whole.
fn query_reasons(results: &SearchResults) -> Vec<String> {
    let relaxation = match results.relaxation {
        Relaxation::None => None,
        Relaxation::Words => Some(format!(
            "No product has all words, so these were given up: {}.",
            results.dropped.join(", ")
        )),
        Relaxation::Typos => Some("Nothing was found without more typing errors.".to_owned()),
        Relaxation::Synonyms => Some("Nothing was found without related words.".to_owned()),
    };
    let corrected = results.corrected.iter();
    let corrected = corrected.map(|corrected| format!("The query was read as \"{corrected}\"."));
    relaxation.into_iter().chain(corrected).collect()
}

fn word_reason(words: &[WordContribution]) -> Option<String> {
    let missing = words.iter().filter(|word| word.kind.is_none());
    let missing: Vec<_> = missing.map(|word| word.word.as_str()).collect();
    match missing.len() {
        0 if words.is_empty() => None,
        0 => Some("It has every word of the query.".to_owned()),
        _ => Some(format!("It does not have: {}.", missing.join(", "))),
    }
}

fn contribution(
    context: &SearchContext<'_>,
    address: DocAddress,
    word: &ExpandedWord,
    product: &Product,
) -> Result<WordContribution> {
    let segment = address.segment_ord as usize;
    let dictionary = &context.dictionary;
    let norms = LengthNorms::new(dictionary, segment, context.index.parameters);
    let mut contribution = WordContribution {
        word: word.source.typed.clone(),
        weight: word.weight,
        ..WordContribution::default()
    };
    let range = DocRange { segment, documents: address.doc_id..address.doc_id + 1 };
    let terms = WordTerms::look_up(dictionary, segment, word)?;
    let mut cursor = WordCursor::open(dictionary, &range, word, &terms, &norms, 0)?;
    if cursor.seek(address.doc_id) != address.doc_id {
        return Ok(contribution);
    }
    contribution.score = cursor.score(&norms);
    let only = std::slice::from_ref(word);
    let highlights = Highlighter::new(&context.index.fields.analysis, only).highlights(product);
    let matched = highlights.iter().flat_map(|it| &it.fragments);
    let matched = matched.filter_map(|(text, kind)| kind.map(|kind| (kind, text.clone())));
    let mut matched: Vec<_> = matched.collect();
    matched.sort();
    matched.dedup();
    // A match without a highlight is a code or a part of a longer word, matched as it is.
    contribution.kind = Some(matched.first().map_or(MatchKind::Word, |(kind, _)| *kind));
    contribution.matched = matched.into_iter().map(|(_, text)| text).collect();
    contribution.fields = highlights.into_iter().map(|it| it.field).collect();
    contribution.fields.dedup();
    Ok(contribution)
}
