//! The context of one search: the index's state, the parameters, and the effects of the settings on them.

use tantivy::{
    DocAddress, Executor, Searcher, Term, postings::SegmentPostings, schema::IndexRecordOption,
};

use crate::index::{
    Result,
    model::{MatchKind, Parameters, SearchParams, SortKey},
    query::{
        Alternative, CompiledSettings, ExpandedWord, Expander, LexiconCache, ParsedQuery, Reading,
        TermDictionary, VocabularyCache,
    },
    scan::{Boosts, FilterOutcome, ProductReader, SearchFilter, has_document},
    schema::{Fields, analysis::attribute_term},
};

/// Maximum number of attributes that an excluded value is taken to belong to: the ones with most products for each
/// value. An attribute that is different for each product, as its model is, does not decide about this value.
const MAX_ATTRIBUTES: usize = 8;

/// Minimum number of products for each different value of such an attribute, unless it has as few values as a flag.
const MIN_PRODUCTS: u64 = 5;

/// The parts of an index that a search reads, as of one commit.
#[derive(Clone, Copy)]
pub(crate) struct IndexView<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) fields: &'a Fields,
    pub(crate) parameters: &'a Parameters,
    pub(crate) vocabularies: &'a VocabularyCache,
    pub(crate) lexicons: &'a LexiconCache,
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
    /// Words of which a product must not have all, for each exclusion.
    pub(super) excluded: Vec<Vec<ExpandedWord>>,
    /// Terms of the products that are known not to have an excluded value, as far as they do not have it.
    pub(super) known_without: Vec<String>,
    /// Normalised words that should be side by side.
    pub(super) phrases: &'a [Vec<String>],
    /// Whether there are no words to find, so that every product in scope matches.
    pub(super) is_browsing: bool,
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
        reading: &'a Reading,
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
            excluded: Vec::new(),
            known_without: Vec::new(),
            phrases: &reading.phrases,
            is_browsing: params.query.trim().is_empty() || reading.is_words_free(),
            boosts: Boosts::new(&boosts),
            products: ProductReader::new(index.searcher, index.fields.product),
            pins: Vec::new(),
        };
        context.exclude(reading)?;
        for id in pins {
            if let Some(address) = index.fields.find(index.searcher, id)?
                && context.is_in_scope(address)?
            {
                context.pins.push(address);
            }
        }
        Ok(context)
    }

    /// Expands the excluded words. Similar words and possible corrections are not excluded.
    fn exclude(&mut self, reading: &Reading) -> Result<()> {
        for (_, excluded) in &reading.excluded {
            let mut words = expand(self, excluded, false)?;
            for word in &mut words {
                word.alternatives.retain(Alternative::is_equal);
            }
            let typed: Vec<&str> = excluded.words.iter().map(|word| word.typed.as_str()).collect();
            let synonyms = words.iter().flat_map(|word| &word.alternatives);
            let synonyms = synonyms.filter(|it| it.kind == MatchKind::Synonym);
            let mut values: Vec<String> = synonyms.map(|it| it.terms.join(" ")).collect();
            values.push(typed.join(" "));
            if words.iter().all(|word| !word.alternatives.is_empty()) {
                self.excluded.push(words);
            }
            for value in values {
                self.know_without(&value)?;
            }
        }
        Ok(())
    }

    /// Adds the terms of products that have a value of the attributes that an excluded value belongs to.
    fn know_without(&mut self, value: &str) -> Result<()> {
        let lexicon = self.index.lexicons.of(self.index.searcher)?;
        let mut found = Vec::new();
        for (name, values) in lexicon.attributes(value) {
            let term = attribute_term(name);
            let products = self.dictionary.frequency(&term)? / u64::from(values.max(1));
            if values <= 2 || products >= MIN_PRODUCTS {
                found.push((products, term));
            }
        }
        found.sort_unstable_by(|a, b| b.cmp(a));
        self.known_without.extend(found.into_iter().take(MAX_ATTRIBUTES).map(|(_, term)| term));
        Ok(())
    }

    /// Whether the query is empty, so that every product in scope matches.
    pub(super) fn is_browsing(&self) -> bool {
        self.is_browsing
    }

    /// Whether all products match and are sorted only by id.
    pub(super) fn is_by_id_alone(&self) -> bool {
        self.is_browsing()
            && self.order == [SortKey::Id]
            && self.params.category_id.is_none()
            && self.params.facets.is_empty()
            && self.filter.is_empty()
            && self.excluded.is_empty()
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

/// Expands the words of a query.
pub(super) fn expand(
    context: &SearchContext<'_>,
    query: &ParsedQuery,
    relaxed: bool,
) -> Result<Vec<ExpandedWord>> {
    let vocabulary = context.index.vocabularies.of(context.index.searcher)?;
    let expander = Expander {
        analysis: &context.index.fields.analysis,
        dictionary: &context.dictionary,
        vocabulary: &vocabulary,
        parameters: context.index.parameters,
        settings: context.settings,
        relaxed,
    };
    Ok(expander.expand(query)?)
}
