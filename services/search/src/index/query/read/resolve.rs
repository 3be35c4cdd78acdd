//! The kinds of parts, in the order in which they are tried.

use super::{
    Part, PartWords, Reader,
    brand_aliases::{brand_of_alias, is_company_word},
    chunks::Chunk,
    exclusion::exclusion,
    filler::is_filler,
    members::members,
    needs,
    price::price_bound,
};
use crate::index::{
    model::SpanKind,
    query::{lexicon::Lexicon, parse::WordRole},
    schema::analysis::{brand_term, is_product_noun, joined, measure_term},
};

/// Maximum number of chunks in a brand's name.
const MAX_BRAND_WORDS: usize = 4;

/// Minimum number of letters of a brand's name that is cut off, or written as several words and mistyped.
const MIN_PART: usize = 7;

/// Words before a relation's object, longest first.
const RELATIONS: [&str; 9] = [
    "that works with",
    "compatible with",
    "suitable for",
    "works with",
    "fits in",
    "to fit",
    "made for",
    "fits",
    "for",
];

/// Words that introduce a feature or a function of a thing, directly after its noun.
const CLAUSES: [&str; 10] =
    ["at", "from", "in", "on", "so", "that", "to", "where", "which", "with"];

impl Part {
    fn new(length: usize, kind: SpanKind, confidence: f32, words: PartWords) -> Self {
        Self { length, kind, filter: String::new(), confidence, unmet: false, words }
    }
}

/// A quoted text of several words. A mark after a number means inches.
pub(super) fn phrase(chunks: &[Chunk]) -> Option<Part> {
    let text = &chunks.first()?.text;
    let inner = text.strip_prefix(['"', '“', '„'])?.strip_suffix(['"', '”', '“'])?.trim();
    let is_phrase = inner.split_whitespace().count() > 1;
    is_phrase.then(|| Part::new(1, SpanKind::Phrase, 1.0, PartWords::Phrase(inner.to_owned())))
}

pub(super) fn price(chunks: &[Chunk], lexicon: &Lexicon) -> Option<Part> {
    let bound = price_bound(chunks)?;
    let (filter, is_known) = bound.filter(&lexicon.currencies());
    let mut part = Part::new(bound.length, SpanKind::Price, bound.confidence(), PartWords::None);
    part.filter = filter;
    part.unmet = !is_known;
    Some(part)
}

pub(super) fn filler(chunks: &[Chunk], at: usize) -> Option<Part> {
    let length = chunks[at..].iter().take_while(|it| is_filler(&it.text, chunks.len())).count();
    (length > 0).then(|| Part::new(length, SpanKind::Filler, 0.7, PartWords::None))
}

impl Reader<'_> {
    /// Words before an object: the thing that a product must fit, have or do.
    pub(super) fn relation(&self, chunks: &[Chunk], at: usize) -> Option<Part> {
        let (before, rest) = chunks.split_at(at);
        let names_thing = |it: &Chunk| is_product_noun(&self.analysis.normalise(&it.text));
        let follows_thing = before.last().is_some_and(names_thing);
        let length = RELATIONS.iter().find_map(|words| {
            let length = words.split(' ').count();
            let is_here = rest.len() > length
                && words.split(' ').zip(rest).all(|(word, chunk)| word == chunk.text);
            is_here.then_some(length)
        });
        let is_clause = follows_thing && rest.len() > 1 && CLAUSES.contains(&rest[0].text.as_str());
        let length = length.or(is_clause.then_some(1)).filter(|_| !before.is_empty())?;
        let object = PartWords::Are(String::new(), WordRole::Object);
        Some(Part::new(length, SpanKind::Relation, 0.9, object))
    }

    /// The lack of a thing, where there is a word for it: a mouse without a cable is a wireless one.
    pub(super) fn lack(&self, chunks: &[Chunk]) -> Option<Part> {
        let text = |at: usize| chunks.get(at).map_or("", |it| it.text.as_str());
        if !matches!(text(0), "without" | "no" | "w/o") {
            return None;
        }
        let thing = 1 + usize::from(matches!(text(1), "a" | "an" | "any" | "the"));
        let word = needs::word_for_lack(&self.analysis.normalise(text(thing)), self.is_known)?;
        let words = PartWords::Are(word, WordRole::Plain);
        Some(Part::new(thing + 1, SpanKind::Need, 0.7, words))
    }

    pub(super) fn exclusion(&self, chunks: &[Chunk], at: usize) -> Option<Part> {
        let rest = &chunks[at..];
        let found = exclusion(rest)?;
        let (length, text) = match found.own {
            Some(text) => (found.length, text),
            None => {
                let words = self.excluded_words(chunks, at, &rest[found.operator..found.length]);
                let length = found.operator + words;
                (length, texts(&rest[found.operator..length]))
            }
        };
        // A title with these words means them: `no ID brand` excludes nothing.
        if found.operator > 0 && self.is_literal(&texts(&rest[..length]), 0) {
            return None;
        }
        let text = text.trim_matches(['"', '“', '”']).to_owned();
        let brand = self.brand_name(&joined(&text));
        let members = members(&text).iter().map(|it| (*it).to_owned());
        let excluded = PartWords::Excluded(members.chain([text]).collect());
        let mut part = Part::new(length, SpanKind::Exclusion, 0.95, excluded);
        if let Some(brand) = brand {
            part.filter = format!("NOT brand = {}", quoted(&brand));
        }
        Some(part)
    }

    /// Returns how many of these words an operator excludes: a brand; else one if the thing that is wanted comes
    /// only after them; else all.
    fn excluded_words(&self, chunks: &[Chunk], at: usize, words: &[Chunk]) -> usize {
        let brand = (1..=words.len())
            .rev()
            .find(|length| self.brand_name(&name(&words[..*length])).is_some());
        let is_noun = |it: &Chunk| is_product_noun(&self.analysis.normalise(&it.text));
        let is_named_before = chunks[..at].iter().any(is_noun);
        let is_named_after = words.last().is_some_and(is_noun);
        match brand {
            Some(length) => length,
            None if !is_named_before && is_named_after && words.len() > 1 => words.len() - 1,
            None => words.len(),
        }
    }

    /// `genuine` and the like beside a brand: only its own products.
    pub(super) fn own_brand(&self, chunks: &[Chunk], at: usize) -> Option<Part> {
        if !matches!(chunks[at].text.as_str(), "genuine" | "original" | "oem") {
            return None;
        }
        let brands = (0..chunks.len()).filter_map(|from| self.brand_at(&chunks[from..]));
        let (_, brand) = brands.max_by_key(|(length, _)| *length)?;
        let mut part = Part::new(1, SpanKind::OwnBrand, 0.9, PartWords::None);
        part.filter = format!("brand = {}", quoted(&brand));
        Some(part)
    }

    pub(super) fn brand(&self, all: &[Chunk], at: usize) -> Option<Part> {
        let chunks = &all[at..];
        let (length, brand) = self.brand_at(chunks).or_else(|| self.likely_brand(chunks))?;
        let typed = name(&chunks[..length]);
        // `3 m` and `cable 3m` are measures.
        if (length > 1 || at > 0) && measure_term(&typed).is_some() {
            return None;
        }
        let after = chunks[length..].iter().take_while(|it| is_company_word(&it.text)).count();
        // The catalogue's own words find it, unless it is known by another name.
        let is_known = || (self.is_known)(&self.analysis.normalise(&typed));
        let may_be_unfinished = chunks.len() == 1;
        let is_part = length == 1 && joined(&brand).starts_with(&typed);
        let is_same = typed == joined(&brand) || is_part && (may_be_unfinished || is_known());
        let words = if is_same && length == 1 { texts(&chunks[..1]) } else { brand.clone() };
        let role = WordRole::Brand(brand_term(&brand));
        let confidence = if is_same { 0.95 } else { 0.85 };
        Some(Part::new(length + after, SpanKind::Brand, confidence, PartWords::Are(words, role)))
    }

    /// Returns the longest brand that these chunks begin with, and its number of chunks.
    fn brand_at(&self, chunks: &[Chunk]) -> Option<(usize, String)> {
        (1..=MAX_BRAND_WORDS.min(chunks.len())).rev().find_map(|length| {
            let words = &chunks[..length];
            let is_name = words[..length - 1].iter().all(|it| !it.ends_clause)
                && words.iter().all(|it| !it.text.starts_with(['-', '"', '“']));
            is_name.then(|| self.brand_name(&name(words))).flatten().map(|brand| (length, brand))
        })
    }

    fn brand_name(&self, name: &str) -> Option<String> {
        let known = |name: &str| self.lexicon.brand(name).map(str::to_owned);
        known(name)
            .or_else(|| (self.alias)(name).and_then(|brand| known(&joined(&brand))))
            .or_else(|| brand_of_alias(name).and_then(|brand| known(&joined(brand))))
    }

    /// Returns the brand that begins with these chunks, or that they are mistyped from.
    fn likely_brand(&self, chunks: &[Chunk]) -> Option<(usize, String)> {
        if let Some(two) = chunks.get(..2).and_then(|two| self.likely_brand_of_two(two)) {
            return Some((2, two.to_owned()));
        }
        let word = joined(&chunks.first()?.text);
        if let Some(brand) = self.lexicon.brand_beginning(&word) {
            return Some((1, brand.to_owned()));
        }
        let is_plain = chunks[0].text.chars().all(char::is_alphabetic);
        let may_go_on = chunks.len() == 1 && (self.is_beginning)(&word);
        if !is_plain || may_go_on || (self.is_known)(&self.analysis.normalise(&word)) {
            return None;
        }
        self.lexicon.mistyped_brand(&word).map(|brand| (1, brand.to_owned()))
    }

    /// The same of two chunks that no title has side by side: `trip lite`, `cooler mast`.
    fn likely_brand_of_two(&self, chunks: &[Chunk]) -> Option<&str> {
        let is_plain = |it: &Chunk| it.text.len() > 2 && it.text.chars().all(char::is_alphabetic);
        let typed = name(chunks);
        if typed.len() < MIN_PART || !chunks.iter().all(is_plain) || chunks[0].ends_clause {
            return None;
        }
        let found = self.lexicon.brand_with_prefix(&typed, chunks[0].text.len());
        let found = found.or_else(|| self.lexicon.mistyped_brand(&typed))?;
        let has_two = found.contains([' ', '-']);
        (has_two && !self.is_literal(&texts(chunks), 0)).then_some(found)
    }
}

fn texts(chunks: &[Chunk]) -> String {
    chunks.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(" ")
}

fn name(chunks: &[Chunk]) -> String {
    chunks.iter().map(|it| joined(&it.text)).collect()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('*', "\\*"))
}
