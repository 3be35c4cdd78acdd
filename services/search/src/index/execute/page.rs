//! The page of results: reads and highlights the products of the requested page.

use tantivy::DocAddress;

use super::{context::SearchContext, relax::RankedResults};
use crate::index::{
    Result,
    model::{Hit, SearchParams, SearchResults},
    present::Highlighter,
};

/// Maximum size of a page's products, in encoded bytes. Keeps the response below the 4 MiB that
/// gRPC clients accept by default.
const MAX_PAGE_BYTES: usize = 3 * 1024 * 1024;

pub(super) fn page(context: &SearchContext<'_>, ranked: RankedResults) -> Result<SearchResults> {
    let RankedResults { pass, words, results } = ranked;
    let highlighter = Highlighter::new(&context.index.fields.analysis, &words);
    let SearchParams { offset, limit, .. } = *context.params;
    let pins = context.pins.iter().map(|address| (*address, 0.0, true));
    let is_boosted = !context.boosts.is_empty();
    let others = pass.ranked.iter().map(|it| {
        let address = DocAddress::new(it.segment as u32, it.found.document);
        (address, it.found.score, is_boosted)
    });
    let mut hits = Vec::with_capacity(limit);
    let mut bytes = 0;
    for (address, score, controlled) in pins.chain(others).skip(offset).take(limit) {
        let (product, size) = context.products.read(address)?;
        bytes += size;
        if bytes > MAX_PAGE_BYTES && !hits.is_empty() {
            break;
        }
        let highlights = highlighter.highlights(&product);
        let matched_sku = highlighter.matched_sku(&product);
        hits.push(Hit { product, score, controlled, highlights, matched_sku });
    }
    let total = pass.total + context.pins.len();
    Ok(SearchResults { hits, total, facets: pass.facets, ..results })
}
