//! Filters: which products a search covers, regardless of its words.
//!
//! A filter is compiled for each segment. A test of a text becomes the set of the matching ordinals
//! of the column's dictionary, a test of a number a range of the column's values. Only descriptions
//! have no column: they are read from the stored product, last and within a limit.

mod numbers;
mod texts;

use filter::{Filter, Lookup, Term, Value};
use product_fields::{FilterField, TextField};
use proto::catalogue::v1::Product;
use tantivy::{DocAddress, DocId, SegmentReader, TantivyError};

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
            Ok::<_, TantivyError>(Self::Number(NumberTest::new(
                columns::VARIANTS,
                &at_least_one,
                segment,
            )?))
        };
        let Some(field) = FilterField::named(term.field) else {
            return Err(TantivyError::SchemaError(format!("no column for {}", term.field)));
        };
        match field {
            FilterField::Text(text) if columns::has_column(text) => texts(text.name()),
            FilterField::Text(_) => Ok(Self::Stored(filter)),
            FilterField::Id => texts(ID),
            FilterField::ExternalId => texts(columns::EXTERNAL_ID),
            FilterField::Labels => texts(columns::LABELS),
            FilterField::Category => texts(columns::CATEGORIES),
            FilterField::Attributes => texts(columns::ATTRIBUTES),
            FilterField::Currency => texts(columns::CURRENCY),
            FilterField::Sku => texts(columns::SKUS),
            FilterField::Gtin => texts(columns::GTINS),
            FilterField::VariantSku => {
                let sku = Self::Text(TextTest::new(columns::SKUS, filter, term, segment)?);
                Ok(Self::All(vec![has_variants()?, sku]))
            }
            FilterField::Price => numbers(columns::PRICE),
            FilterField::StockQty => numbers(columns::STOCK),
            FilterField::OnSale => numbers(columns::ON_SALE),
            FilterField::Weight => numbers(columns::WEIGHT),
            FilterField::Condition => texts(columns::CONDITION),
            FilterField::VariantStockQty => numbers(columns::VARIANT_STOCK),
            FilterField::Revision => numbers(REVISION),
            FilterField::CreatedAt | FilterField::CreateTime => numbers(columns::CREATED),
            FilterField::UpdateTime => numbers(columns::UPDATED),
            // Only active products are indexed.
            FilterField::Status if filter.matches(&AnyIndexed) => Ok(Self::Always),
            FilterField::Status | FilterField::DeleteTime => Ok(Self::Never),
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

/// The text fields of a stored product, for fields without a column.
struct StoredProduct<'a>(&'a Product);

impl Lookup for StoredProduct<'_> {
    fn values(&self, field: &'static str, _: Option<&str>, visit: &mut dyn FnMut(Value<'_>)) {
        if let Some(text) = TextField::named(field) {
            visit(Value::Text(text.get(self.0)));
        }
    }
}
