//! One pass over a stretch of the index: which products match, how many, and the best of them.

use super::{
    Error, Result,
    cursor::Terms,
    expand::Meaning,
    facets::Counter,
    matching::{Match, Stretch},
    order::{Best, Bound, Sources, is_among},
    rules::BoostsWithin,
    scope::{Verdict, Within},
    search::Run,
};
use tantivy::{
    DocAddress, DocId, DocSet as _, SegmentReader, TERMINATED, TantivyError,
    postings::SegmentPostings, schema::IndexRecordOption,
};

/// What passes over the stretches of one segment begin with: its columns, opened once, and where it
/// has the words.
pub(super) struct Opened {
    pub(super) terms: Vec<Terms>,
    counters: Vec<Counter>,
    order: Sources,
}

/// A pass over one stretch of the index.
pub(super) struct Part<'r, 'a> {
    run: &'r Run<'a>,
    pub(super) stretch: Stretch,
    within: Option<Within<'a>>,
    category: Option<SegmentPostings>,
    boosts: BoostsWithin<'a>,
    pins: Vec<DocId>,
    counters: Vec<Counter>,
    best: Best<'r>,
    /// Products that can be on the page.
    most: usize,
    total: usize,
    failed: Option<Error>,
}

/// What a pass over a stretch came to.
pub(super) struct Done<'b> {
    pub(super) segment: usize,
    pub(super) best: Best<'b>,
    pub(super) counters: Vec<Counter>,
    pub(super) total: usize,
}

impl Opened {
    pub(super) fn new(run: &Run<'_>, segment: usize, meanings: &[Meaning]) -> Result<Self> {
        let dictionary = &run.dictionary;
        let terms = meanings.iter().map(|it| Terms::look_up(dictionary, segment, it));
        let terms = terms.collect::<tantivy::Result<_>>()?;
        let reader = dictionary.segments[segment].reader;
        let mut counters = Vec::with_capacity(run.search.facets.len());
        for counted in run.search.facets {
            counters.push(Counter::new(counted, reader)?);
        }
        Ok(Self { terms, counters, order: Sources::open(&run.order, reader)? })
    }
}

impl<'r, 'a> Part<'r, 'a> {
    pub(super) fn new(
        run: &'r Run<'a>,
        opened: &Opened,
        stretch: Stretch,
        most: usize,
        bound: &'r Bound,
    ) -> Result<Self> {
        let segment = stretch.segment;
        let reader = run.dictionary.segments[segment].reader;
        let within = match run.scope.is_everything() {
            true => None,
            false => Some(run.scope.within(reader)?),
        };
        let mut pins: Vec<DocId> = run
            .pins
            .iter()
            .filter(|pin| pin.segment_ord as usize == segment)
            .map(|pin| pin.doc_id)
            .filter(|pin| stretch.documents.contains(pin))
            .collect();
        pins.sort_unstable();
        Ok(Self {
            run,
            stretch,
            within,
            category: run.category(segment)?,
            boosts: run.boosts.within(reader)?,
            pins,
            counters: opened.counters.clone(),
            best: Best::new(opened.order.clone(), most, bound),
            most,
            total: 0,
            failed: None,
        })
    }

    /// Adds every product of the segment.
    pub(super) fn everything(&mut self) -> Result<()> {
        let is_whole = self.stretch.documents.len() == self.reader().max_doc() as usize;
        if is_whole && self.run.is_by_id_alone() {
            return self.first_ids();
        }
        for document in self.stretch.documents.clone() {
            self.add(Match { document, score: 0.0, typos: 0 });
        }
        Ok(())
    }

    /// Adds the products with the lowest ids, which the dictionary of ids leads to, and only counts
    /// the others.
    fn first_ids(&mut self) -> Result<()> {
        let reader = self.reader();
        self.total = reader.num_docs() as usize - self.pins.len();
        let ids = reader.inverted_index(self.run.index.fields.id)?;
        let mut terms = ids.terms().stream().map_err(TantivyError::from)?;
        let mut missing = self.most;
        while missing > 0 && terms.advance() {
            let postings = ids.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic);
            let mut postings = postings.map_err(TantivyError::from)?;
            // What was changed since is there again, deleted.
            while postings.doc() != TERMINATED {
                let document = postings.doc();
                if !reader.is_deleted(document) && !is_among(&self.pins, document) {
                    self.best.add(Match { document, score: 0.0, typos: 0 });
                    missing = missing.saturating_sub(1);
                }
                postings.advance();
            }
        }
        Ok(())
    }

    pub(super) fn add(&mut self, found: Match) {
        if self.failed.is_none() {
            self.failed = self.try_add(found).err();
        }
    }

    fn try_add(&mut self, mut found: Match) -> Result<()> {
        let document = found.document;
        if !self.run.dictionary.segments[self.stretch.segment].is_alive(document) {
            return Ok(());
        }
        if let Some(category) = &mut self.category {
            if category.doc() < document {
                category.seek(document);
            }
            if category.doc() != document {
                return Ok(());
            }
        }
        let address = DocAddress::new(self.stretch.segment as u32, document);
        let verdict = match &self.within {
            None => Verdict::In,
            Some(within) => within.judge(address, &self.run.products)?,
        };
        match verdict {
            Verdict::Out => return Ok(()),
            Verdict::But(counted) => {
                self.counters[counted].add(document);
                return Ok(());
            }
            Verdict::In => self.counters.iter_mut().for_each(|it| it.add(document)),
        }
        if is_among(&self.pins, document) {
            return Ok(());
        }
        self.total += 1;
        found.score *= self.boosts.factor(address, &self.run.products)?;
        self.best.add(found);
        Ok(())
    }

    fn reader(&self) -> &'a SegmentReader {
        self.run.dictionary.segments[self.stretch.segment].reader
    }

    pub(super) fn finish(self) -> Result<Done<'r>> {
        let Self { stretch, best, mut counters, total, failed, .. } = self;
        match failed {
            Some(failed) => Err(failed),
            None => {
                counters.iter_mut().for_each(Counter::flush);
                Ok(Done { segment: stretch.segment, best, counters, total })
            }
        }
    }
}
