//! Filters: which products a search covers, regardless of its words.
//!
//! A filter is compiled for each segment. A test of a text becomes the set of the matching ordinals
//! of the column's dictionary, a test of a number a range of the column's values. Only descriptions
//! have no column: they are read from the stored product, last and within a limit.

mod numbers;
mod texts;

use filter::{Filter, Lookup, Term, Value};
use proto::catalogue::v1::Product;
use tantivy::{DocAddress, DocId, SegmentReader};

use super::product_reader::ProductReader;
use crate::index::{
    Result,
    model::FacetField,
    schema::{ID, REVISION, columns},
};
use numbers::NumberTest;
use texts::TextTest;

/// A search's filter. Terms that test a facet's field are kept apart, because a facet counts the
/// products that match all terms but its own: a selected value does not hide the other values.
#[derive(Debug, Default)]
pub(crate) struct SearchFilter<'a> {
    common: Vec<&'a Filter>,
    /// Terms that test a facet's field, by the facet's position.
    by_facet: Vec<(usize, Vec<&'a Filter>)>,
}

/// A filter compiled for a segment.
pub(crate) struct SegmentFilter<'a> {
    common: Vec<Test<'a>>,
    by_facet: Vec<(usize, Vec<Test<'a>>)>,
}

/// Whether a product passes a filter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum FilterOutcome {
    Pass,
    /// It fails only the terms on this facet's field, so that only this facet counts it.
    OnlyForFacet(usize),
    Fail,
}

/// A filter expression compiled for a segment.
enum Test<'a> {
    Always,
    Never,
    All(Vec<Test<'a>>),
    Any(Vec<Test<'a>>),
    Not(Box<Test<'a>>),
    Text(TextTest),
    Number(NumberTest),
    /// Needs the stored product.
    Stored(&'a Filter),
}

impl<'a> SearchFilter<'a> {
    pub(crate) fn new(filter: &'a Filter, facets: &[FacetField]) -> Self {
        let terms = match filter {
            Filter::And(all) => all.iter().collect(),
            other => vec![other],
        };
        let mut split = Self::default();
        for term in terms {
            match facets.iter().position(|facet| tests_only(term, facet)) {
                None => split.common.push(term),
                Some(at) => match split.by_facet.iter_mut().find(|(facet, _)| *facet == at) {
                    Some((_, terms)) => terms.push(term),
                    None => split.by_facet.push((at, vec![term])),
                },
            }
        }
        split
    }

    /// Whether every product passes.
    pub(crate) fn is_empty(&self) -> bool {
        self.common.is_empty() && self.by_facet.is_empty()
    }

    /// Compiles the filter for a segment.
    pub(crate) fn open(&self, segment: &SegmentReader) -> tantivy::Result<SegmentFilter<'a>> {
        let mut by_facet = Vec::with_capacity(self.by_facet.len());
        for (at, terms) in &self.by_facet {
            by_facet.push((*at, Test::each(terms.iter().copied(), segment)?));
        }
        Ok(SegmentFilter { common: Test::each(self.common.iter().copied(), segment)?, by_facet })
    }
}

/// Whether all terms of a filter test the facet's field.
fn tests_only(filter: &Filter, facet: &FacetField) -> bool {
    match filter {
        Filter::And(all) | Filter::Or(all) => all.iter().all(|filter| tests_only(filter, facet)),
        Filter::Not(inner) => tests_only(inner, facet),
        Filter::Term(term) => facet.is_tested_by(term),
    }
}

impl SegmentFilter<'_> {
    pub(crate) fn test(
        &self,
        address: DocAddress,
        products: &ProductReader<'_>,
    ) -> Result<FilterOutcome> {
        for test in &self.common {
            if !test.passes(address, products)? {
                return Ok(FilterOutcome::Fail);
            }
        }
        let mut failed = None;
        for (at, tests) in &self.by_facet {
            let mut passes = true;
            for test in tests {
                passes = passes && test.passes(address, products)?;
            }
            if !passes && failed.replace(*at).is_some() {
                return Ok(FilterOutcome::Fail);
            }
        }
        Ok(failed.map_or(FilterOutcome::Pass, FilterOutcome::OnlyForFacet))
    }
}

impl<'a> Test<'a> {
    /// Compiles several filters, cheapest first.
    fn each(
        filters: impl Iterator<Item = &'a Filter>,
        segment: &SegmentReader,
    ) -> tantivy::Result<Vec<Self>> {
        let tests = filters.map(|filter| Self::new(filter, segment));
        let mut tests = tests.collect::<tantivy::Result<Vec<_>>>()?;
        tests.sort_by_key(Self::cost);
        Ok(tests)
    }

    fn new(filter: &'a Filter, segment: &SegmentReader) -> tantivy::Result<Self> {
        Ok(match filter {
            Filter::And(all) => Self::All(Self::each(all.iter(), segment)?),
            Filter::Or(any) => Self::Any(Self::each(any.iter(), segment)?),
            Filter::Not(inner) => Self::Not(Box::new(Self::new(inner, segment)?)),
            Filter::Term(term) => Self::term(filter, term, segment)?,
        })
    }

    fn term(filter: &'a Filter, term: &Term, segment: &SegmentReader) -> tantivy::Result<Self> {
        let texts = |column| Ok(Self::Text(TextTest::new(column, filter, term, segment)?));
        let numbers = |column| Ok(Self::Number(NumberTest::new(column, &term.test, segment)?));
        let has_variants = || {
            let at_least_one = filter::Test::Integer(filter::Order::GreaterOrEqual, 1);
            Ok::<_, tantivy::TantivyError>(Self::Number(NumberTest::new(
                columns::VARIANTS,
                &at_least_one,
                segment,
            )?))
        };
        match term.field {
            "id" => texts(ID),
            "external_id" => texts(columns::EXTERNAL_ID),
            "name" => texts(columns::NAME),
            "brand" => texts(columns::BRAND),
            "labels" => texts(columns::LABELS),
            "category" => texts(columns::CATEGORIES),
            "attributes" => texts(columns::ATTRIBUTES),
            "currency" => texts(columns::CURRENCY),
            "sku" => texts(columns::SKUS),
            "gtin" => texts(columns::GTINS),
            "variants.sku" => {
                let sku = Self::Text(TextTest::new(columns::SKUS, filter, term, segment)?);
                Ok(Self::All(vec![has_variants()?, sku]))
            }
            "price" => numbers(columns::PRICE),
            "stock_qty" => numbers(columns::STOCK),
            "variants.stock_qty" => numbers(columns::VARIANT_STOCK),
            "revision" => numbers(REVISION),
            "created_at" | "create_time" => numbers(columns::CREATED),
            "update_time" => numbers(columns::UPDATED),
            // Only active products are indexed.
            "status" if filter.matches(&AnyIndexed) => Ok(Self::Always),
            "status" | "delete_time" => Ok(Self::Never),
            _ => Ok(Self::Stored(filter)),
        }
    }

    /// Relative cost of one evaluation.
    fn cost(&self) -> u32 {
        match self {
            Self::Always | Self::Never => 0,
            Self::Number(_) => 1,
            Self::Text(_) => 2,
            Self::Not(inner) => inner.cost(),
            Self::All(tests) | Self::Any(tests) => tests.iter().map(Self::cost).sum(),
            Self::Stored(_) => 10_000,
        }
    }

    fn passes(&self, address: DocAddress, products: &ProductReader<'_>) -> Result<bool> {
        let document: DocId = address.doc_id;
        Ok(match self {
            Self::Always => true,
            Self::Never => false,
            Self::All(tests) => {
                for test in tests {
                    if !test.passes(address, products)? {
                        return Ok(false);
                    }
                }
                true
            }
            Self::Any(tests) => {
                for test in tests {
                    if test.passes(address, products)? {
                        return Ok(true);
                    }
                }
                false
            }
            Self::Not(inner) => !inner.passes(address, products)?,
            Self::Text(texts) => texts.passes(document),
            Self::Number(numbers) => numbers.passes(document),
            Self::Stored(filter) => {
                filter.matches(&StoredProduct(&products.read_for_filter(address)?))
            }
        })
    }
}

/// The status that all indexed products have.
struct AnyIndexed;

impl Lookup for AnyIndexed {
    fn values(&self, _: &'static str, _: Option<&str>, visit: &mut dyn FnMut(Value<'_>)) {
        visit(Value::Text("ACTIVE"));
    }
}

/// The fields of a stored product that have no column.
struct StoredProduct<'a>(&'a Product);

impl Lookup for StoredProduct<'_> {
    fn values(&self, field: &'static str, _: Option<&str>, visit: &mut dyn FnMut(Value<'_>)) {
        if field == "description" {
            visit(Value::Text(&self.0.description));
        }
    }
}
