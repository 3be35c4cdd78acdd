//! Reading: the meanings of a query's parts, before any word is looked up.
//!
//! A query is cut at white space and read from left to right. Constraints (prices, exclusions, quotes), brands by any
//! of their names, relations and filler become spans; the rest are words, as ever. A query that some title contains is
//! taken literally: `under desk tray` bounds no price.

mod brand_aliases;
mod chunks;
mod exclusion;
mod filler;
mod members;
mod needs;
mod price;
mod resolve;

use std::collections::BTreeSet;

use filter::Filter;

use super::{
    lexicon::Lexicon,
    parse::{ParsedQuery, WordRole},
};
use crate::index::{
    model::{SpanKind, UnderstoodSpan},
    schema::analysis::Analysis,
};
use chunks::{Chunk, chunks};
pub(crate) use exclusion::split_minus;

/// Maximum number of other words between two words of a query that stands in a title.
const MAX_GAP: u32 = 3;

/// The meaning of a query.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    /// The words to find.
    pub(crate) query: ParsedQuery,
    /// In the order of the query.
    pub(crate) spans: Vec<UnderstoodSpan>,
    /// Each with the position of its span.
    pub(crate) filters: Vec<(usize, Filter)>,
    /// Words that a product must not all have, each with the position of its span.
    pub(crate) excluded: Vec<(usize, ParsedQuery)>,
    /// Normalised words that should be side by side.
    pub(crate) phrases: Vec<Vec<String>>,
}

impl Reading {
    /// Whether constraints are all there is.
    pub(crate) fn is_words_free(&self) -> bool {
        self.query.words.is_empty() && (!self.filters.is_empty() || !self.excluded.is_empty())
    }

    /// Whether anything is demanded beside words.
    pub(crate) fn is_constrained(&self) -> bool {
        !self.filters.is_empty() || !self.excluded.is_empty()
    }
}

/// Reads queries.
pub(crate) struct Reader<'a> {
    pub(crate) analysis: &'a Analysis,
    pub(crate) stop_words: &'a BTreeSet<String>,
    pub(crate) lexicon: &'a Lexicon,
    /// Spans to take as plain words; `*` for all.
    pub(crate) as_words: &'a [String],
    /// Whether products have the word.
    pub(crate) is_known: &'a dyn Fn(&str) -> bool,
    /// Whether longer words of products begin so.
    pub(crate) is_beginning: &'a dyn Fn(&str) -> bool,
    /// Whether some title has these words in this order, with at most the given number of others between two.
    pub(crate) is_title: &'a dyn Fn(&[String], u32) -> bool,
    /// The brand of another name that the settings give, by its letters and digits.
    pub(crate) alias: &'a dyn Fn(&str) -> Option<String>,
}

/// A part of the query that has been read: its kind, and the words that stand for it.
struct Part {
    length: usize,
    kind: SpanKind,
    filter: String,
    confidence: f32,
    unmet: bool,
    words: PartWords,
}

/// The words of a part.
enum PartWords {
    /// None are searched for.
    None,
    /// Other words, in a role.
    Are(String, WordRole),
    /// No product may have all words of any of these.
    Excluded(Vec<String>),
    Phrase(String),
}

/// A reading under way.
#[derive(Default)]
struct Draft {
    /// The text of the words to find.
    text: String,
    /// The roles of words, by the byte of `text` from which each holds.
    roles: Vec<(usize, WordRole)>,
    reading: Reading,
}

impl Reader<'_> {
    /// Reads a query. Any text is a query.
    pub(crate) fn read(&self, query: &str) -> Reading {
        let plain = || Reading { query: self.parse(query), ..Reading::default() };
        if self.as_words.iter().any(|it| it == "*") {
            return plain();
        }
        let chunks = chunks(query);
        let mut draft = self.draft(query, &chunks);
        if !draft.reading.is_constrained()
            && let Some(need) = self.need(query, &chunks)
        {
            draft = Draft::default();
            draft.add(query, &chunks, need, self);
        }
        let is_sign =
            |span: &UnderstoodSpan| span.kind == SpanKind::Exclusion && span.span.starts_with('-');
        let is_reading =
            |span: &UnderstoodSpan| !matches!(span.kind, SpanKind::Brand | SpanKind::Phrase);
        let spans = &draft.reading.spans;
        if spans.iter().any(is_reading)
            && !spans.iter().any(is_sign)
            && self.is_literal(query, MAX_GAP)
        {
            return plain();
        }
        let Draft { text, roles, mut reading } = draft;
        reading.query = self.parse(&text);
        if reading.query.words.is_empty()
            && reading.filters.is_empty()
            && reading.excluded.is_empty()
        {
            return plain();
        }
        reading.query.set_roles(&roles);
        let is_link = |span: &UnderstoodSpan| {
            matches!(span.kind, SpanKind::Relation | SpanKind::Filler | SpanKind::Need)
        };
        reading.query.is_sentence |= reading.spans.iter().any(is_link);
        reading
    }

    fn parse(&self, text: &str) -> ParsedQuery {
        ParsedQuery::parse(self.analysis, self.stop_words, text)
    }

    /// Whether a text stands so in a title.
    fn is_literal(&self, query: &str, gap: u32) -> bool {
        let words = ParsedQuery::parse(self.analysis, &BTreeSet::new(), query).words;
        let words: Vec<String> = words.into_iter().map(|word| word.term).collect();
        words.len() > 1 && (self.is_title)(&words, gap)
    }

    fn draft(&self, query: &str, chunks: &[Chunk]) -> Draft {
        let mut draft = Draft::default();
        let mut at = 0;
        let mut plain_until = 0;
        while at < chunks.len() {
            let part = self.part(chunks, at).filter(|_| at >= plain_until);
            match part {
                Some(part) if self.is_switched_off(query, &chunks[at..at + part.length]) => {
                    plain_until = at + part.length;
                }
                Some(part) => {
                    let length = part.length;
                    draft.add(query, &chunks[at..at + length], part, self);
                    at += length;
                    continue;
                }
                None => {}
            }
            draft.push(&query[chunks[at].range.clone()]);
            at += 1;
        }
        // A query that ends in a blank, or in a part that was read, is not still being typed.
        let end = chunks.last().map_or(0, |last| last.range.end);
        let ends_with_word = query[..end].ends_with(draft.text.as_str())
            || draft.text.rsplit(' ').next().is_some_and(|last| query[..end].ends_with(last));
        if end < query.len() || !ends_with_word {
            draft.text.push(' ');
        }
        draft
    }

    /// Whether the request takes these chunks as plain words.
    fn is_switched_off(&self, query: &str, chunks: &[Chunk]) -> bool {
        let span = span(query, chunks);
        self.as_words.iter().any(|it| it.trim().to_lowercase() == span.to_lowercase())
    }

    /// Returns the part that begins at a chunk, if it is more than a word.
    fn part(&self, chunks: &[Chunk], at: usize) -> Option<Part> {
        let rest = &chunks[at..];
        resolve::phrase(rest)
            .or_else(|| resolve::price(rest, self.lexicon))
            .or_else(|| self.lack(rest))
            .or_else(|| self.exclusion(chunks, at))
            .or_else(|| self.own_brand(chunks, at))
            .or_else(|| self.brand(chunks, at))
            .or_else(|| self.relation(chunks, at))
            .or_else(|| resolve::filler(chunks, at))
    }

    /// Reads the whole query as a need, if the catalogue has things that meet it.
    fn need(&self, query: &str, chunks: &[Chunk]) -> Option<Part> {
        let words: Vec<String> =
            chunks.iter().map(|it| self.analysis.normalise(&it.text)).collect();
        let answer = needs::answer(&words)?;
        let found = self.parse(&format!("{answer} ")).words;
        let is_met = found.iter().take(2).all(|word| (self.is_known)(&word.term));
        let is_wanted = is_met && !self.is_switched_off(query, chunks);
        is_wanted.then(|| Part {
            length: chunks.len(),
            kind: SpanKind::Need,
            filter: String::new(),
            confidence: 0.6,
            unmet: false,
            words: PartWords::Are(format!("{answer} "), WordRole::Plain),
        })
    }
}

impl Draft {
    fn push(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(text);
    }

    fn add(&mut self, query: &str, chunks: &[Chunk], part: Part, reader: &Reader<'_>) {
        let Part { kind, filter, confidence, unmet, words, .. } = part;
        let position = self.reading.spans.len();
        if let Ok(filter) = product_fields::parse_filter(&filter)
            && !filter.is_everything()
        {
            self.reading.filters.push((position, filter));
        }
        let span = span(query, chunks).to_owned();
        self.reading.spans.push(UnderstoodSpan { span, kind, filter, confidence, unmet });
        match words {
            PartWords::None => {}
            PartWords::Are(text, role) => {
                let before = self.roles.last().map_or(WordRole::Plain, |(_, role)| role.clone());
                let start = self.text.len();
                self.roles.push((start, role.clone()));
                self.push(&text);
                // A relation holds to the end; a brand's role for its own words.
                if role != WordRole::Object {
                    let after = if before == WordRole::Object { before } else { WordRole::Plain };
                    self.roles.push((self.text.len(), after));
                }
            }
            PartWords::Excluded(texts) => {
                let excluded = texts.iter().map(|text| reader.parse(&format!("{text} ")));
                let excluded = excluded.filter(|it| !it.words.is_empty());
                self.reading.excluded.extend(excluded.map(|it| (position, it)));
            }
            PartWords::Phrase(text) => {
                self.push(&text);
                let words = reader.parse(&format!("{text} ")).words;
                self.reading.phrases.push(words.into_iter().map(|word| word.term).collect());
            }
        }
    }
}

fn span<'q>(query: &'q str, chunks: &[Chunk]) -> &'q str {
    match (chunks.first(), chunks.last()) {
        (Some(first), Some(last)) => {
            query[first.range.start..last.range.end].trim_end_matches([',', ';'])
        }
        _ => "",
    }
}

#[cfg(test)]
mod tests;
