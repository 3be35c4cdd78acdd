//! The context of one search: the index's state, the parameters, and what the settings make of
//! them.

use tantivy::{
    DocAddress, Executor, Searcher, Term, postings::SegmentPostings, schema::IndexRecordOption,
};

use crate::index::{
    Result,
    model::{Parameters, SearchParams, SortKey},
    query::{CompiledSettings, TermDictionary, VocabularyCache},
    scan::{Boosts, FilterOutcome, ProductReader, SearchFilter, has_document},
    schema::Fields,
};

/// The parts of an index that a search reads, as of one commit.
#[derive(Clone, Copy)]
pub(crate) struct IndexView<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) fields: &'a Fields,
    pub(crate) parameters: &'a Parameters,
    pub(crate) vocabularies: &'a VocabularyCache,
    /// Threads that scan ranges of the index in parallel.
    pub(crate) executor: &'a Executor,
}

/// State shared by all passes of one search.
pub(crate) struct SearchContext<'a> {
    pub(super) index: IndexView<'a>,
    pub(super) dictionary: TermDictionary<'a>,
    pub(super) params: &'a SearchParams<'a>,
    pub(super) settings: &'a CompiledSettings,
    /// The requested order, the tie-breakers, and the id.
    pub(super) order: Vec<SortKey>,
    pub(super) filter: SearchFilter<'a>,
    pub(super) boosts: Boosts<'a>,
    pub(super) products: ProductReader<'a>,
    /// Pinned products that pass the filter, in order.
    pub(super) pins: Vec<DocAddress>,
}

impl<'a> SearchContext<'a> {
    pub(crate) fn new(
        index: IndexView<'a>,
        params: &'a SearchParams<'a>,
        settings: &'a CompiledSettings,
    ) -> Result<Self> {
        let mut order = params.order.to_vec();
        if order.is_empty() && !params.query.trim().is_empty() {
            order.push(SortKey::Relevance);
        }
        order.extend(&settings.source().tie_breakers);
        order.push(SortKey::Id);
        let (pins, boosts) = settings.in_force(params, &index.fields.analysis);
        let mut context = Self {
            index,
            dictionary: TermDictionary::open(index.searcher, index.fields)?,
            params,
            settings,
            order,
            filter: SearchFilter::new(params.filter, params.facets),
            boosts: Boosts::new(&boosts),
            products: ProductReader::new(index.searcher, index.fields.product),
            pins: Vec::new(),
        };
        for id in pins {
            if let Some(address) = index.fields.find(index.searcher, id)?
                && context.is_in_scope(address)?
            {
                context.pins.push(address);
            }
        }
        Ok(context)
    }

    /// Whether the query is empty, so that every product in scope matches.
    pub(super) fn is_browsing(&self) -> bool {
        self.params.query.trim().is_empty()
    }

    /// Whether all products match and are sorted only by id.
    pub(super) fn is_by_id_alone(&self) -> bool {
        self.is_browsing()
            && self.order == [SortKey::Id]
            && self.params.category_id.is_none()
            && self.params.facets.is_empty()
            && self.filter.is_empty()
            && self.boosts.is_empty()
    }

    /// Whether a product is in the category and passes the filter.
    pub(super) fn is_in_scope(&self, address: DocAddress) -> Result<bool> {
        let segment = address.segment_ord as usize;
        if let Some(mut category) = self.category(segment)?
            && !has_document(&mut category, address.doc_id)
        {
            return Ok(false);
        }
        let filter = self.filter.open(self.dictionary.segments[segment].reader)?;
        Ok(filter.test(address, &self.products)? == FilterOutcome::Pass)
    }

    /// Returns the factor that boosts give to a product's score.
    pub(super) fn boost(&self, address: DocAddress) -> Result<f32> {
        let reader = self.dictionary.segments[address.segment_ord as usize].reader;
        self.boosts.open(reader)?.factor(address, &self.products)
    }

    /// Returns the products of the requested category in a segment; none if there is no
    /// restriction.
    pub(super) fn category(&self, segment: usize) -> Result<Option<SegmentPostings>> {
        let Some(id) = self.params.category_id else { return Ok(None) };
        let field = self.index.fields.category_ids;
        let index = self.dictionary.segments[segment].reader.inverted_index(field)?;
        let term = Term::from_field_text(field, id);
        let postings = index.read_postings(&term, IndexRecordOption::Basic)?;
        Ok(Some(postings.unwrap_or_else(SegmentPostings::empty)))
    }
}
