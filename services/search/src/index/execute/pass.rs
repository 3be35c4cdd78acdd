//! A pass: scans the whole index once and merges the results of its ranges.

use std::collections::{BTreeMap, btree_map::Entry};

use super::{
    context::SearchContext,
    range_scan::{RangeScan, ScanResult, SegmentReaders},
};
use crate::index::{
    Result,
    model::{Facet, FacetField, SortKey},
    present::{FacetCounter, FacetTotals},
    query::{ExpandedWord, TermDictionary},
    rank::{MergedTopK, RERANK_LIMIT, RankedDoc, Rerank, SharedThreshold},
    scan::{DocRange, RequiredWords},
};

/// Estimated number of matches from which several threads scan the index in ranges.
const PARALLEL_FROM: u64 = 8_192;

/// Documents of a range: enough that setting up its scan costs little in comparison.
const RANGE_DOCUMENTS: u32 = 16_384;

/// The result of a pass.
#[derive(Default)]
pub(super) struct Pass {
    /// The best matches in order, at least as many as the page needs.
    pub(super) ranked: Vec<RankedDoc>,
    /// Number of matches, without pinned ones.
    pub(super) total: usize,
    pub(super) facets: Vec<Facet>,
}

impl Pass {
    /// Returns the result of a pass without matches.
    pub(super) fn empty(context: &SearchContext<'_>) -> Self {
        let facets = context.params.facets.iter().map(|_| Facet::default());
        Self { facets: facets.collect(), ..Self::default() }
    }
}

/// Finds the products that match the required words.
pub(super) fn run(
    context: &SearchContext<'_>,
    words: &[ExpandedWord],
    required: RequiredWords,
) -> Result<Pass> {
    let is_impossible =
        required == RequiredWords::All && words.iter().any(|word| word.alternatives.is_empty());
    if is_impossible {
        return Ok(Pass::empty(context));
    }
    let by_relevance = context.order.first() == Some(&SortKey::Relevance);
    let page = context.params.offset + context.params.limit;
    let limit = if by_relevance { page.max(RERANK_LIMIT) } else { page };
    let threshold = SharedThreshold::default();
    let results = scan(context, words, required, limit, &threshold)?;

    let mut merged = MergedTopK::default();
    let mut counters: BTreeMap<usize, Vec<FacetCounter>> = BTreeMap::new();
    let mut total = 0;
    for result in results {
        total += result.total;
        result.best.merge_into(result.segment, &mut merged);
        match counters.entry(result.segment) {
            Entry::Vacant(first) => drop(first.insert(result.counters)),
            Entry::Occupied(mut before) => {
                let both = before.get_mut().iter_mut().zip(result.counters);
                both.for_each(|(before, after)| before.merge(after));
            }
        }
    }
    let facets = facets(&context.dictionary, context.params.facets, counters)?;
    let (mut ranked, sorter) = merged.into_sorted(limit)?;
    if by_relevance && !words.is_empty() {
        let (dictionary, parameters) = (&context.dictionary, context.index.parameters);
        let order = &context.order;
        let rerank = Rerank { dictionary, words, phrases: context.phrases, parameters, order };
        let best = rerank.by_proximity(&mut ranked)?;
        sorter.sort(best)?;
    }
    Ok(Pass { ranked, total, facets })
}

fn scan<'r>(
    context: &'r SearchContext<'_>,
    words: &[ExpandedWord],
    required: RequiredWords,
    limit: usize,
    threshold: &'r SharedThreshold,
) -> Result<Vec<ScanResult<'r>>> {
    let segments = 0..context.dictionary.segments.len();
    let readers = segments.map(|segment| SegmentReaders::open(context, segment, words));
    let readers = readers.collect::<Result<Vec<_>>>()?;
    let ranges = ranges(context, words, required);
    let scan_range = |range: DocRange| {
        let readers = &readers[range.segment];
        RangeScan::new(context, readers, range, limit, threshold)?.run(readers, words, required)
    };
    if ranges.len() <= readers.len() {
        return ranges.into_iter().map(scan_range).collect();
    }
    let executor = context.index.executor;
    executor.map(|range| Ok(scan_range(range)), ranges.into_iter())?.into_iter().collect()
}

/// Returns the ranges to scan: whole segments if few products match, otherwise parts of them.
fn ranges(
    context: &SearchContext<'_>,
    words: &[ExpandedWord],
    required: RequiredWords,
) -> Vec<DocRange> {
    let products = words.iter().map(|word| word.products);
    let matching = match required {
        RequiredWords::All => products.min(),
        RequiredWords::Share(_) | RequiredWords::Protected => Some(products.sum()),
    };
    // Without words every product matches, but the lowest ids are found without a scan.
    let all = if context.is_by_id_alone() { 0 } else { context.dictionary.products };
    let matching = matching.unwrap_or(all);
    let size = if matching < PARALLEL_FROM { u32::MAX } else { RANGE_DOCUMENTS };
    let mut ranges = Vec::new();
    for (segment, it) in context.dictionary.segments.iter().enumerate() {
        let end = it.reader.max_doc();
        let mut from = 0;
        while from < end {
            let to = end.min(from.saturating_add(size));
            ranges.push(DocRange { segment, documents: from..to });
            from = to;
        }
    }
    ranges
}

/// Sums up the facet counts of all segments.
fn facets(
    dictionary: &TermDictionary<'_>,
    fields: &[FacetField],
    counters: BTreeMap<usize, Vec<FacetCounter>>,
) -> Result<Vec<Facet>> {
    let mut totals: Vec<_> = fields.iter().map(|_| FacetTotals::default()).collect();
    for (segment, counters) in counters {
        let reader = dictionary.segments[segment].reader;
        for ((counter, totals), field) in counters.into_iter().zip(&mut totals).zip(fields) {
            counter.add_to(field, reader, totals)?;
        }
    }
    Ok(totals.into_iter().zip(fields).map(|(totals, field)| totals.into_facet(field)).collect())
}
