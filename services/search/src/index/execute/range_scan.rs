//! The scan of one range: collects its matches, facet counts and best documents.

use tantivy::{
    DocAddress, DocId, DocSet as _, SegmentReader, TERMINATED, postings::SegmentPostings,
    schema::IndexRecordOption,
};

use super::context::SearchContext;
use crate::index::{
    Error, Result,
    present::FacetCounter,
    query::ExpandedWord,
    rank::{SharedThreshold, SortColumns, TopK},
    scan::{
        DocRange, FilterOutcome, LengthNorms, Match, RequiredWords, SegmentBoosts, SegmentFilter,
        WordCursor, WordTerms, for_each_match, has_document,
    },
};

/// The readers of one segment, opened once and cloned for each of its ranges.
pub(super) struct SegmentReaders {
    terms: Vec<WordTerms>,
    /// Of the excluded words.
    excluded: Vec<Vec<WordTerms>>,
    counters: Vec<FacetCounter>,
    order: SortColumns,
}

/// A scan in progress.
pub(super) struct RangeScan<'r, 'a> {
    context: &'r SearchContext<'a>,
    range: DocRange,
    filter: Option<SegmentFilter<'a>>,
    excluded: Vec<Vec<WordCursor>>,
    /// Products that are known not to have an excluded value.
    known_without: Vec<SegmentPostings>,
    category: Option<SegmentPostings>,
    boosts: SegmentBoosts<'a>,
    /// Pinned documents in the range, sorted.
    pins: Vec<DocId>,
    counters: Vec<FacetCounter>,
    best: TopK<'r>,
    limit: usize,
    total: usize,
    failed: Option<Error>,
}

/// The result of a scan.
pub(super) struct ScanResult<'t> {
    pub(super) segment: usize,
    pub(super) best: TopK<'t>,
    pub(super) counters: Vec<FacetCounter>,
    /// Number of matches, without pinned ones.
    pub(super) total: usize,
}

impl SegmentReaders {
    pub(super) fn open(
        context: &SearchContext<'_>,
        segment: usize,
        words: &[ExpandedWord],
    ) -> Result<Self> {
        let dictionary = &context.dictionary;
        let terms = words.iter().map(|it| WordTerms::look_up(dictionary, segment, it));
        let terms = terms.collect::<tantivy::Result<_>>()?;
        let reader = dictionary.segments[segment].reader;
        let mut counters = Vec::with_capacity(context.params.facets.len());
        for field in context.params.facets {
            counters.push(FacetCounter::new(field, reader)?);
        }
        let look_up = |words: &Vec<ExpandedWord>| {
            let terms = words.iter().map(|it| WordTerms::look_up(dictionary, segment, it));
            terms.collect::<tantivy::Result<Vec<_>>>()
        };
        let excluded = context.excluded.iter().map(look_up).collect::<tantivy::Result<_>>()?;
        Ok(Self { terms, excluded, counters, order: SortColumns::open(&context.order, reader)? })
    }
}

impl<'r, 'a> RangeScan<'r, 'a> {
    pub(super) fn new(
        context: &'r SearchContext<'a>,
        readers: &SegmentReaders,
        range: DocRange,
        limit: usize,
        threshold: &'r SharedThreshold,
    ) -> Result<Self> {
        let segment = range.segment;
        let reader = context.dictionary.segments[segment].reader;
        let filter =
            if context.filter.is_empty() { None } else { Some(context.filter.open(reader)?) };
        let pins = context.pins.iter().filter(|pin| pin.segment_ord as usize == segment);
        let pins = pins.map(|pin| pin.doc_id).filter(|pin| range.documents.contains(pin));
        let mut pins: Vec<DocId> = pins.collect();
        pins.sort_unstable();
        Ok(Self {
            context,
            excluded: open_excluded(context, readers, &range)?,
            known_without: open_terms(context, segment, &context.known_without)?,
            range,
            filter,
            category: context.category(segment)?,
            boosts: context.boosts.open(reader)?,
            pins,
            counters: readers.counters.clone(),
            best: TopK::new(readers.order.clone(), limit, threshold),
            limit,
            total: 0,
            failed: None,
        })
    }

    /// Scans the range for documents that match the words or, without a query, for all documents.
    pub(super) fn run(
        mut self,
        readers: &SegmentReaders,
        words: &[ExpandedWord],
        required: RequiredWords,
    ) -> Result<ScanResult<'r>> {
        if self.context.is_browsing() {
            self.add_all()?;
        } else {
            let context = self.context;
            let (range, parameters) = (self.range.clone(), context.index.parameters);
            let (dictionary, terms) = (&context.dictionary, &readers.terms);
            let add = |found| self.add(found);
            for_each_match(dictionary, &range, words, terms, required, parameters, add)?;
        }
        let Self { range, best, mut counters, total, failed, .. } = self;
        match failed {
            Some(failed) => Err(failed),
            None => {
                counters.iter_mut().for_each(FacetCounter::flush);
                Ok(ScanResult { segment: range.segment, best, counters, total })
            }
        }
    }

    fn add_all(&mut self) -> Result<()> {
        let is_whole_segment = self.range.documents.len() == self.reader().max_doc() as usize;
        if is_whole_segment && self.context.is_by_id_alone() {
            return self.add_lowest_ids();
        }
        for document in self.range.documents.clone() {
            self.add(Match { document, score: 0.0, typos: 0 });
        }
        Ok(())
    }

    /// Adds the documents with the lowest ids, found by the dictionary of ids, and only counts the
    /// others.
    fn add_lowest_ids(&mut self) -> Result<()> {
        let reader = self.reader();
        self.total = reader.num_docs() as usize - self.pins.len();
        let ids = reader.inverted_index(self.context.index.fields.id)?;
        let mut terms = ids.terms().stream()?;
        let mut missing = self.limit;
        while missing > 0 && terms.advance() {
            let postings = ids.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic);
            let mut postings = postings?;
            // A changed product's earlier documents are still listed, as deleted ones.
            while postings.doc() != TERMINATED {
                let document = postings.doc();
                if !reader.is_deleted(document) && !self.is_pinned(document) {
                    self.best.add(Match { document, score: 0.0, typos: 0 });
                    missing = missing.saturating_sub(1);
                }
                postings.advance();
            }
        }
        Ok(())
    }

    /// Adds a match. After an error it does nothing: the matcher's callback cannot stop the scan.
    fn add(&mut self, found: Match) {
        if self.failed.is_none() {
            self.failed = self.try_add(found).err();
        }
    }

    fn try_add(&mut self, mut found: Match) -> Result<()> {
        let document = found.document;
        if self.reader().is_deleted(document) {
            return Ok(());
        }
        if let Some(category) = &mut self.category
            && !has_document(category, document)
        {
            return Ok(());
        }
        let has = |word: &mut WordCursor| word.seek(document) == document;
        if self.excluded.iter_mut().any(|words| words.iter_mut().all(has)) {
            return Ok(());
        }
        let address = DocAddress::new(self.range.segment as u32, document);
        let outcome = match &self.filter {
            None => FilterOutcome::Pass,
            Some(filter) => filter.test(address, &self.context.products)?,
        };
        match outcome {
            FilterOutcome::Fail => return Ok(()),
            FilterOutcome::OnlyForFacet(facet) => {
                self.counters[facet].add(document);
                return Ok(());
            }
            FilterOutcome::Pass => self.counters.iter_mut().for_each(|it| it.add(document)),
        }
        if self.is_pinned(document) {
            return Ok(());
        }
        self.total += 1;
        if self.known_without.iter_mut().any(|postings| has_document(postings, document)) {
            found.score *= self.context.index.parameters.known_without;
        }
        found.score *= self.boosts.factor(address, &self.context.products)?;
        self.best.add(found);
        Ok(())
    }

    fn is_pinned(&self, document: DocId) -> bool {
        !self.pins.is_empty() && self.pins.binary_search(&document).is_ok()
    }

    fn reader(&self) -> &'a SegmentReader {
        self.context.dictionary.segments[self.range.segment].reader
    }
}

/// Opens cursors over the products that have the excluded words.
fn open_excluded(
    context: &SearchContext<'_>,
    readers: &SegmentReaders,
    range: &DocRange,
) -> Result<Vec<Vec<WordCursor>>> {
    let dictionary = &context.dictionary;
    let mut all = Vec::with_capacity(context.excluded.len());
    for (words, terms) in context.excluded.iter().zip(&readers.excluded) {
        let norms = LengthNorms::new(dictionary, range.segment, context.index.parameters);
        let open = |(word, terms)| WordCursor::open(dictionary, range, word, terms, &norms, 0);
        all.push(words.iter().zip(terms).map(open).collect::<tantivy::Result<Vec<_>>>()?);
    }
    Ok(all)
}

/// Opens the postings of the terms that a segment has.
fn open_terms(
    context: &SearchContext<'_>,
    segment: usize,
    terms: &[String],
) -> Result<Vec<SegmentPostings>> {
    let postings =
        terms.iter().filter_map(|term| context.dictionary.postings(segment, term).transpose());
    Ok(postings.collect::<tantivy::Result<_>>()?)
}
