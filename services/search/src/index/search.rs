//! One search, from what was asked to a page of products.

use super::{
    Error, Index, Result,
    dictionary::Dictionary,
    expand::{Expansion, Meaning},
    facets::{Counted, Counter, Facet, Total},
    highlights::{Highlight, Marker},
    matching::{self, Demand, Match},
    names,
    order::{Best, By, Gathered, Placed},
    reading::{self, Asked},
    rules::{Boosts, Rules},
    scope::{Products, Scope, Verdict},
    settings::Settings,
};
use filter::Filter;
use proto::catalogue::v1::Product;
use std::time::SystemTime;
use tantivy::{
    DocAddress, DocId, DocSet as _, Searcher, TERMINATED, TantivyError, Term,
    schema::IndexRecordOption,
};

/// Products found at once stay below this, in bytes, so that an answer fits in a gRPC message, which
/// clients take up to 4 MiB of.
const MOST_BYTES: usize = 3 * 1024 * 1024;

/// What to find.
#[derive(Clone, Debug)]
pub(crate) struct Search<'a> {
    /// Words; empty finds everything.
    pub(crate) query: &'a str,
    /// Only products in this category or below it.
    pub(crate) category_id: Option<&'a str>,
    /// Only products that match.
    pub(crate) filter: &'a Filter,
    /// What to count.
    pub(crate) facets: &'a [Counted],
    /// The first the most important; empty: by relevance, and then what breaks ties.
    pub(crate) order: &'a [By],
    /// How many of the best to leave out.
    pub(crate) offset: usize,
    /// How many to return then at most, at least 1. Very large products make it fewer.
    pub(crate) limit: usize,
    /// When it is, for what is in force at times only.
    pub(crate) now: SystemTime,
}

/// What was given up to find anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Relaxed {
    #[default]
    Nothing,
    Words,
    Typos,
    Synonyms,
}

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Best first; equal ones by id.
    pub(crate) hits: Vec<Hit>,
    /// How many match in all.
    pub(crate) total: usize,
    /// One for each that was asked for.
    pub(crate) facets: Vec<Facet>,
    /// The query as it was read.
    pub(crate) normalised: String,
    /// The query as it was understood, if words were corrected.
    pub(crate) corrected: Option<String>,
    pub(crate) relaxed: Relaxed,
    /// The words that were given up.
    pub(crate) dropped: Vec<String>,
}

/// A product that was found.
#[derive(Debug)]
pub(crate) struct Hit {
    pub(crate) product: Product,
    pub(crate) score: f32,
    /// It stands where it stands because somebody said so.
    pub(crate) controlled: bool,
    pub(crate) highlights: Vec<Highlight>,
    /// Of the variant that the query named.
    pub(crate) matched_sku: Option<String>,
}

/// One pass over the index.
pub(super) struct Pass {
    pub(super) placed: Vec<Placed>,
    total: usize,
    facets: Vec<Facet>,
}

/// What a search comes to, before any product is read.
pub(super) struct Ranked {
    pub(super) pass: Pass,
    /// What the words were taken to mean.
    pub(super) meanings: Vec<Meaning>,
    /// All but the products.
    pub(super) found: Found,
}

/// What all passes of one search share.
pub(super) struct Run<'a> {
    pub(super) index: &'a Index,
    pub(super) searcher: &'a Searcher,
    pub(super) dictionary: Dictionary<'a>,
    pub(super) search: &'a Search<'a>,
    order: Vec<By>,
    scope: Scope<'a>,
    boosts: Boosts<'a>,
    /// The products that come first, whatever else, where they are.
    pub(super) pins: Vec<DocAddress>,
}

impl Index {
    /// Finds products that have all the words of the query, or, where there are none, most of them.
    ///
    /// # Errors
    /// [`Error::TooManyToRead`]; [`Error::Engine`] or [`Error::Product`] mean that it is damaged.
    pub(crate) fn search(&self, search: &Search<'_>, settings: &Settings) -> Result<Found> {
        let searcher = self.searchers.searcher();
        let rules = settings.read.get_or_init(|| Rules::new(settings, &self.fields.analysis));
        let run = Run::new(self, &searcher, search, settings, rules)?;
        let asked = reading::read(&self.fields.analysis, &rules.stop_words, search.query);
        run.answer(run.rank(&asked, rules)?)
    }
}

impl<'a> Run<'a> {
    pub(super) fn new(
        index: &'a Index,
        searcher: &'a Searcher,
        search: &'a Search<'a>,
        settings: &'a Settings,
        rules: &'a Rules,
    ) -> Result<Self> {
        let mut order = search.order.to_vec();
        if order.is_empty() && !search.query.trim().is_empty() {
            order.push(By::Relevance);
        }
        order.extend(settings.tie_breakers.iter().map(|it| By::from(*it)));
        order.push(By::Id);
        let (pins, boosts) = rules.in_force(search, &index.fields.analysis, settings);
        let mut run = Self {
            index,
            searcher,
            dictionary: Dictionary::open(searcher, &index.fields)?,
            search,
            order,
            scope: Scope::new(search.filter, search.facets),
            boosts,
            pins: Vec::new(),
        };
        for id in pins {
            if let Some(address) = run.find(id)?
                && run.is_in_scope(address)?
            {
                run.pins.push(address);
            }
        }
        Ok(run)
    }

    /// Ranks what has all words; else, with more leniency, what has all or most of them.
    pub(super) fn rank(&self, asked: &Asked, rules: &Rules) -> Result<Ranked> {
        let mut found = Found { normalised: asked.normalised(), ..Found::default() };
        if asked.words.is_empty() {
            let is_browsing = self.search.query.trim().is_empty();
            let pass = if is_browsing { self.pass(&[], Demand::All)? } else { self.nothing() };
            return Ok(Ranked { pass, meanings: Vec::new(), found });
        }
        let meanings = self.meanings(asked, rules, false)?;
        let pass = self.pass(&meanings, Demand::All)?;
        if pass.total > 0 {
            found.corrected = corrected(&meanings);
            return Ok(Ranked { pass, meanings, found });
        }
        // More typing errors, and synonyms both ways.
        let meanings = self.meanings(asked, rules, true)?;
        let pass = self.pass(&meanings, Demand::All)?;
        found.corrected = corrected(&meanings);
        if pass.total > 0 {
            let synonyms = pass.placed.first().is_some_and(|best| best.found.typos == 0);
            found.relaxed = if synonyms { Relaxed::Synonyms } else { Relaxed::Typos };
            return Ok(Ranked { pass, meanings, found });
        }
        // Words that no product has say nothing of which to prefer.
        let known: Vec<Meaning> =
            meanings.iter().filter(|it| !it.alternatives.is_empty()).cloned().collect();
        let mut pass = self.nothing();
        for part in [self.index.parameters.coverage, 0.0] {
            pass = self.pass(&known, Demand::Most(part))?;
            if pass.total > 0 {
                break;
            }
        }
        if pass.total > 0 {
            found.relaxed = Relaxed::Words;
            found.dropped = self.dropped(&meanings, &pass)?;
        }
        Ok(Ranked { pass, meanings: known, found })
    }

    pub(super) fn meanings(
        &self,
        asked: &Asked,
        rules: &Rules,
        relaxed: bool,
    ) -> Result<Vec<Meaning>> {
        let vocabulary = self.index.vocabularies.of(self.searcher)?;
        let expansion = Expansion {
            analysis: &self.index.fields.analysis,
            dictionary: &self.dictionary,
            vocabulary: &vocabulary,
            parameters: &self.index.parameters,
            rules,
            relaxed,
        };
        Ok(expansion.of(asked)?)
    }

    fn nothing(&self) -> Pass {
        let facets = self.search.facets.iter().map(|_| Facet::default());
        Pass { placed: Vec::new(), total: 0, facets: facets.collect() }
    }

    /// Goes over all products that match.
    fn pass(&self, meanings: &[Meaning], demand: Demand) -> Result<Pass> {
        let by_relevance = self.order.first() == Some(&By::Relevance);
        let page = self.search.offset + self.search.limit;
        let most = if by_relevance { page.max(names::LOOKED_AT) } else { page };
        let mut totals: Vec<Total> = self.search.facets.iter().map(|_| Total::default()).collect();
        let mut gathered = Gathered::default();
        let mut total = 0;
        let impossible =
            demand == Demand::All && meanings.iter().any(|it| it.alternatives.is_empty());
        for segment in 0..self.dictionary.segments.len() {
            if impossible {
                break;
            }
            let mut part = Part::new(self, segment, most)?;
            if self.search.query.trim().is_empty() {
                part.everything();
            } else {
                let parameters = &self.index.parameters;
                matching::run(&self.dictionary, segment, meanings, demand, parameters, |found| {
                    part.add(found);
                })?;
            }
            total += part.finish(&mut gathered, &mut totals)?;
        }
        let (mut placed, texts) = gathered.in_order(most)?;
        if by_relevance && !meanings.is_empty() {
            let coarse = self.order.len() > 2;
            let parameters = &self.index.parameters;
            let best = names::look_at(&self.dictionary, meanings, parameters, coarse, &mut placed)?;
            texts.sort(best)?;
        }
        let facets = totals.into_iter().zip(self.search.facets);
        let facets = facets.map(|(total, counted)| total.finish(counted)).collect();
        Ok(Pass { placed, total, facets })
    }

    /// The words of the query that the best product does not have.
    fn dropped(&self, meanings: &[Meaning], pass: &Pass) -> Result<Vec<String>> {
        let Some(best) = pass.placed.first() else { return Ok(Vec::new()) };
        let mut dropped = Vec::new();
        for meaning in meanings {
            let mut has = false;
            for alternative in &meaning.alternatives {
                let mut all = true;
                for term in &alternative.terms {
                    let postings = self.dictionary.postings(best.segment, term)?;
                    all = all
                        && postings.is_some_and(|mut it| {
                            let document = best.found.document;
                            it.doc() <= document && it.seek(document) == document
                        });
                }
                has = has || all;
            }
            if !has {
                dropped.push(meaning.asked.typed.clone());
            }
        }
        Ok(dropped)
    }

    /// Reads the page's products.
    pub(super) fn answer(&self, ranked: Ranked) -> Result<Found> {
        let Ranked { pass, meanings, found } = ranked;
        let marker = Marker::new(&self.index.fields.analysis, &meanings);
        let products = Products::new(self.searcher, self.index.fields.product);
        let Search { offset, limit, .. } = *self.search;
        let pins = self.pins.iter().map(|address| (*address, 0.0, true));
        let boosted = !self.boosts.is_empty();
        let others = pass.placed.iter().map(|it| {
            let address = DocAddress::new(it.segment as u32, it.found.document);
            (address, it.found.score, boosted)
        });
        let mut hits = Vec::with_capacity(limit);
        let mut bytes = 0;
        for (address, score, controlled) in pins.chain(others).skip(offset).take(limit) {
            let (product, size) = products.read(address)?;
            bytes += size;
            if bytes > MOST_BYTES && !hits.is_empty() {
                break;
            }
            let highlights = marker.highlights(&product);
            let matched_sku = marker.sku(&product);
            hits.push(Hit { product, score, controlled, highlights, matched_sku });
        }
        let total = pass.total + self.pins.len();
        Ok(Found { hits, total, facets: pass.facets, ..found })
    }

    /// Where a product is.
    pub(super) fn find(&self, id: &str) -> Result<Option<DocAddress>> {
        let field = self.index.fields.id;
        let term = Term::from_field_text(field, id);
        for (number, segment) in self.searcher.segment_readers().iter().enumerate() {
            let index = segment.inverted_index(field)?;
            let postings = index.read_postings(&term, IndexRecordOption::Basic);
            let Some(mut postings) = postings.map_err(TantivyError::from)? else { continue };
            while postings.doc() != TERMINATED {
                if !segment.is_deleted(postings.doc()) {
                    return Ok(Some(DocAddress::new(number as u32, postings.doc())));
                }
                postings.advance();
            }
        }
        Ok(None)
    }

    /// Whether a product is in the category and matches the filter.
    pub(super) fn is_in_scope(&self, address: DocAddress) -> Result<bool> {
        let segment = address.segment_ord as usize;
        if let Some(mut category) = self.category(segment)? {
            let document = address.doc_id;
            if category.doc() < document {
                category.seek(document);
            }
            if category.doc() != document {
                return Ok(false);
            }
        }
        let within = self.scope.within(self.dictionary.segments[segment].reader)?;
        let products = Products::new(self.searcher, self.index.fields.product);
        Ok(within.judge(address, &products)? == Verdict::In)
    }

    /// What controls multiply a product's score by.
    pub(super) fn boost(&self, address: DocAddress) -> Result<f32> {
        let reader = self.dictionary.segments[address.segment_ord as usize].reader;
        let products = Products::new(self.searcher, self.index.fields.product);
        self.boosts.within(reader)?.factor(address, &products)
    }

    /// The products of the category that is searched, in a segment.
    fn category(&self, segment: usize) -> Result<Option<tantivy::postings::SegmentPostings>> {
        let Some(id) = self.search.category_id else { return Ok(None) };
        let field = self.index.fields.category_ids;
        let index = self.dictionary.segments[segment].reader.inverted_index(field)?;
        let term = Term::from_field_text(field, id);
        let postings =
            index.read_postings(&term, IndexRecordOption::Basic).map_err(TantivyError::from)?;
        Ok(Some(postings.unwrap_or_else(tantivy::postings::SegmentPostings::empty)))
    }
}

/// A pass over one segment.
struct Part<'r, 'a> {
    run: &'r Run<'a>,
    segment: usize,
    within: Option<super::scope::Within<'a>>,
    category: Option<tantivy::postings::SegmentPostings>,
    products: Products<'r>,
    boosts: super::rules::BoostsWithin<'a>,
    pins: Vec<DocId>,
    counters: Vec<Counter>,
    best: Best,
    total: usize,
    failed: Option<Error>,
}

impl<'r, 'a> Part<'r, 'a> {
    fn new(run: &'r Run<'a>, segment: usize, most: usize) -> Result<Self> {
        let reader = run.dictionary.segments[segment].reader;
        let within = match run.scope.is_everything() {
            true => None,
            false => Some(run.scope.within(reader)?),
        };
        let mut counters = Vec::with_capacity(run.search.facets.len());
        for counted in run.search.facets {
            counters.push(Counter::new(counted, reader)?);
        }
        let mut pins: Vec<DocId> = run
            .pins
            .iter()
            .filter(|pin| pin.segment_ord as usize == segment)
            .map(|pin| pin.doc_id)
            .collect();
        pins.sort_unstable();
        Ok(Self {
            run,
            segment,
            within,
            category: run.category(segment)?,
            products: Products::new(run.searcher, run.index.fields.product),
            boosts: run.boosts.within(reader)?,
            pins,
            counters,
            best: Best::new(&run.order, reader, most)?,
            total: 0,
            failed: None,
        })
    }

    /// Adds every product of the segment: where nothing tells them apart but their order, without
    /// asking each of them what it is.
    fn everything(&mut self) {
        let is_plain = self.within.is_none()
            && self.category.is_none()
            && self.counters.is_empty()
            && self.run.boosts.is_empty();
        let segment = &self.run.dictionary.segments[self.segment];
        for document in 0..segment.reader.max_doc() {
            let found = Match { document, score: 0.0, typos: 0 };
            if !is_plain {
                self.add(found);
            } else if segment.is_alive(document)
                && !super::order::is_among(&self.pins, document)
            {
                self.total += 1;
                self.best.add(found);
            }
        }
    }

    fn add(&mut self, found: Match) {
        if self.failed.is_none() {
            self.failed = self.try_add(found).err();
        }
    }

    fn try_add(&mut self, mut found: Match) -> Result<()> {
        let document = found.document;
        if !self.run.dictionary.segments[self.segment].is_alive(document) {
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
        let address = DocAddress::new(self.segment as u32, document);
        let verdict = match &self.within {
            None => Verdict::In,
            Some(within) => within.judge(address, &self.products)?,
        };
        match verdict {
            Verdict::Out => return Ok(()),
            Verdict::But(counted) => {
                self.counters[counted].add(document);
                return Ok(());
            }
            Verdict::In => self.counters.iter_mut().for_each(|it| it.add(document)),
        }
        if super::order::is_among(&self.pins, document) {
            return Ok(());
        }
        self.total += 1;
        found.score *= self.boosts.factor(address, &self.products)?;
        self.best.add(found);
        Ok(())
    }

    fn finish(self, gathered: &mut Gathered, totals: &mut [Total]) -> Result<usize> {
        if let Some(failed) = self.failed {
            return Err(failed);
        }
        let reader = self.run.dictionary.segments[self.segment].reader;
        for ((counter, total), counted) in
            self.counters.into_iter().zip(totals).zip(self.run.search.facets)
        {
            counter.finish(counted, reader, total)?;
        }
        self.best.finish(self.segment, gathered);
        Ok(self.total)
    }
}

/// The query with its mistyped words corrected, if any were.
fn corrected(meanings: &[Meaning]) -> Option<String> {
    meanings.iter().any(|it| it.correction.is_some()).then(|| {
        let words = meanings.iter();
        let words = words.map(|it| it.correction.as_ref().unwrap_or(&it.asked.typed).as_str());
        words.collect::<Vec<_>>().join(" ")
    })
}
