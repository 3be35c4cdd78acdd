//! One search, from what was asked to a page of products.

use super::{
    Index, Result,
    dictionary::Dictionary,
    expand::{Expansion, Meaning},
    facets::{Counted, Counter, Facet, Total},
    highlights::{Highlight, Marker},
    matching::{self, Demand, Stretch},
    names,
    order::{Bound, By, Gathered, Placed},
    part::{Done, Opened, Part},
    reading::{self, Asked},
    rules::{Boosts, Rules},
    scope::{Products, Scope, Verdict},
    settings::Settings,
};
use filter::Filter;
use proto::catalogue::v1::Product;
use std::{
    collections::{BTreeMap, btree_map::Entry},
    time::SystemTime,
};
use tantivy::{
    DocAddress, DocSet as _, Searcher, TERMINATED, TantivyError, Term, schema::IndexRecordOption,
};

/// Products found at once stay below this, in bytes, so that an answer fits in a gRPC message, which
/// clients take up to 4 MiB of.
const MOST_BYTES: usize = 3 * 1024 * 1024;

/// Where so many products may match, several threads look at them, a stretch of the index each.
const MANY: u64 = 8_192;
/// So many products are a stretch: enough that beginning one costs little beside it.
const STRETCH: u32 = 16_384;

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
    pub(super) order: Vec<By>,
    pub(super) scope: Scope<'a>,
    pub(super) boosts: Boosts<'a>,
    pub(super) products: Products<'a>,
    /// The products that come first, whatever else, where they are.
    pub(super) pins: Vec<DocAddress>,
}

impl Index {
    /// Finds products that have all the words of the query, or, where there are none, most of them.
    ///
    /// # Errors
    /// [`TooManyToRead`](super::Error::TooManyToRead); [`Engine`](super::Error::Engine) or
    /// [`Product`](super::Error::Product) mean that it is damaged.
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
            products: Products::new(searcher, index.fields.product),
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
        let impossible =
            demand == Demand::All && meanings.iter().any(|it| it.alternatives.is_empty());
        let stretches = if impossible { Vec::new() } else { self.stretches(meanings, demand) };
        let bound = Bound::default();
        let segments = 0..if impossible { 0 } else { self.dictionary.segments.len() };
        let opened = segments.map(|segment| Opened::new(self, segment, meanings));
        let opened = opened.collect::<Result<Vec<_>>>()?;
        let go_over = |stretch: Stretch| {
            let opened = &opened[stretch.segment];
            let mut part = Part::new(self, opened, stretch, most, &bound)?;
            if self.search.query.trim().is_empty() {
                part.everything()?;
            } else {
                let (at, terms) = (part.stretch.clone(), &opened.terms);
                let (dictionary, parameters) = (&self.dictionary, &self.index.parameters);
                matching::run(dictionary, &at, meanings, terms, demand, parameters, |found| {
                    part.add(found);
                })?;
            }
            part.finish()
        };
        let parts: Vec<Result<Done<'_>>> = match stretches.len() > self.dictionary.segments.len() {
            true => self.index.readers.map(|it| Ok(go_over(it)), stretches.into_iter())?,
            false => stretches.into_iter().map(go_over).collect(),
        };
        let mut gathered = Gathered::default();
        let mut counters: BTreeMap<usize, Vec<Counter>> = BTreeMap::new();
        let mut total = 0;
        for part in parts {
            let part = part?;
            total += part.total;
            part.best.finish(part.segment, &mut gathered);
            match counters.entry(part.segment) {
                Entry::Vacant(first) => drop(first.insert(part.counters)),
                Entry::Occupied(mut before) => {
                    let both = before.get_mut().iter_mut().zip(part.counters);
                    both.for_each(|(before, after)| before.merge(after));
                }
            }
        }
        let mut totals: Vec<Total> = self.search.facets.iter().map(|_| Total::default()).collect();
        for (segment, counters) in counters {
            let reader = self.dictionary.segments[segment].reader;
            let each = counters.into_iter().zip(&mut totals).zip(self.search.facets);
            for ((counter, total), counted) in each {
                counter.finish(counted, reader, total)?;
            }
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

    /// What of the index is gone over at once: whole segments where few products match, else
    /// stretches of them side by side.
    fn stretches(&self, meanings: &[Meaning], demand: Demand) -> Vec<Stretch> {
        let products = meanings.iter().map(|meaning| meaning.products);
        let matching = match demand {
            Demand::All => products.min(),
            Demand::Most(_) => Some(products.sum()),
        };
        // Without words every product matches; those with the lowest ids are found without looking.
        let everything = if self.is_by_id_alone() { 0 } else { self.dictionary.products };
        let matching = matching.unwrap_or(everything);
        let size = if matching < MANY { u32::MAX } else { STRETCH };
        let mut stretches = Vec::new();
        for (segment, it) in self.dictionary.segments.iter().enumerate() {
            let end = it.reader.max_doc();
            let mut from = 0;
            while from < end {
                let to = end.min(from.saturating_add(size));
                stretches.push(Stretch { segment, documents: from..to });
                from = to;
            }
        }
        stretches
    }

    /// Whether the page is one of all products, with nothing to tell them apart but their ids.
    pub(super) fn is_by_id_alone(&self) -> bool {
        self.search.query.trim().is_empty()
            && self.order == [By::Id]
            && self.search.category_id.is_none()
            && self.search.facets.is_empty()
            && self.scope.is_everything()
            && self.boosts.is_empty()
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
            let (product, size) = self.products.read(address)?;
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
        Ok(within.judge(address, &self.products)? == Verdict::In)
    }

    /// What controls multiply a product's score by.
    pub(super) fn boost(&self, address: DocAddress) -> Result<f32> {
        let reader = self.dictionary.segments[address.segment_ord as usize].reader;
        self.boosts.within(reader)?.factor(address, &self.products)
    }

    /// The products of the category that is searched, in a segment.
    pub(super) fn category(
        &self,
        segment: usize,
    ) -> Result<Option<tantivy::postings::SegmentPostings>> {
        let Some(id) = self.search.category_id else { return Ok(None) };
        let field = self.index.fields.category_ids;
        let index = self.dictionary.segments[segment].reader.inverted_index(field)?;
        let term = Term::from_field_text(field, id);
        let postings =
            index.read_postings(&term, IndexRecordOption::Basic).map_err(TantivyError::from)?;
        Ok(Some(postings.unwrap_or_else(tantivy::postings::SegmentPostings::empty)))
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
