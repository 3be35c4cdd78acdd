//! Boosts: factors for the scores of the products that match a control's filter.

use tantivy::{DocAddress, SegmentReader};

use super::{
    filters::{FilterOutcome, SearchFilter, SegmentFilter},
    product_reader::ProductReader,
};
use crate::index::{Result, model::Boost};

/// The boosts in force for a search.
pub(crate) struct Boosts<'a>(Vec<(SearchFilter<'a>, f32)>);

/// The same, opened for a segment.
pub(crate) struct SegmentBoosts<'a>(Vec<(SegmentFilter<'a>, f32)>);

impl<'a> Boosts<'a> {
    pub(crate) fn new(boosts: &[&'a Boost]) -> Self {
        let boosts = boosts.iter().map(|it| (SearchFilter::new(&it.filter, &[]), it.factor));
        Self(boosts.collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn open(&self, segment: &SegmentReader) -> tantivy::Result<SegmentBoosts<'a>> {
        let mut opened = Vec::with_capacity(self.0.len());
        for (filter, factor) in &self.0 {
            opened.push((filter.open(segment)?, *factor));
        }
        Ok(SegmentBoosts(opened))
    }
}

impl SegmentBoosts<'_> {
    /// Returns the product of all factors that apply to a product.
    pub(crate) fn factor(&self, address: DocAddress, products: &ProductReader<'_>) -> Result<f32> {
        let mut total = 1.0;
        for (filter, factor) in &self.0 {
            if filter.test(address, products)? == FilterOutcome::Pass {
                total *= factor;
            }
        }
        Ok(total)
    }
}
