//! The words of the catalogue as they are written, in memory: what unfinished and mistyped words are
//! compared with.
//!
//! Each segment's words are read once, before the segment is searched for the first time, and go
//! when the segment goes. Words of letters only: of codes and numbers every letter counts, and
//! there are as many as products.

use super::distance::{self, Shape};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tantivy::{Searcher, SegmentReader, Warmer, index::SegmentId, schema::Field};

/// All words of the segments of a searcher.
#[derive(Clone, Default)]
pub(super) struct Vocabulary(Vec<Arc<Words>>);

/// A word that was found, and in how many products it is, those deleted since included.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Written {
    pub(super) word: String,
    pub(super) products: u32,
    /// How many typing errors away from what was asked for.
    pub(super) errors: u8,
}

/// The words of one segment, sorted.
#[derive(Default)]
struct Words {
    text: String,
    /// Where each word ends in the text.
    ends: Vec<u32>,
    letters: Vec<u32>,
    shapes: Vec<Shape>,
    products: Vec<u32>,
}

/// Keeps the words of segments for as long as they are searched.
pub(super) struct Vocabularies {
    field: Field,
    segments: Mutex<HashMap<SegmentId, Arc<Words>>>,
}

impl Vocabularies {
    pub(super) fn new(field: Field) -> Self {
        Self { field, segments: Mutex::default() }
    }

    /// Returns the words of a searcher, reading those of new segments.
    pub(super) fn of(&self, searcher: &Searcher) -> tantivy::Result<Vocabulary> {
        let readers = searcher.segment_readers();
        let known = |segment: &SegmentReader| {
            let segments = self.segments.lock().unwrap_or_else(PoisonError::into_inner);
            segments.get(&segment.segment_id()).cloned()
        };
        let words = readers.iter().map(|segment| match known(segment) {
            Some(words) => Ok(words),
            // Not while the others wait: two may read the same then, which is harmless.
            None => {
                let words = Arc::new(Words::read(segment, self.field)?);
                let mut segments = self.segments.lock().unwrap_or_else(PoisonError::into_inner);
                segments.insert(segment.segment_id(), Arc::clone(&words));
                Ok(words)
            }
        });
        words.collect::<tantivy::Result<_>>().map(Vocabulary)
    }
}

impl Warmer for Vocabularies {
    fn warm(&self, searcher: &Searcher) -> tantivy::Result<()> {
        self.of(searcher).map(drop)
    }

    fn garbage_collect(&self, live: &[&tantivy::SearcherGeneration]) {
        let mut segments = self.segments.lock().unwrap_or_else(PoisonError::into_inner);
        segments.retain(|id, _| live.iter().any(|searcher| searcher.segments().contains_key(id)));
    }
}

impl Words {
    fn read(segment: &SegmentReader, field: Field) -> tantivy::Result<Self> {
        let index = segment.inverted_index(field)?;
        let mut words = Self::default();
        let mut stream = index.terms().stream()?;
        while stream.advance() {
            let Ok(word) = std::str::from_utf8(stream.key()) else { continue };
            words.text.push_str(word);
            words.ends.push(u32::try_from(words.text.len()).unwrap_or(u32::MAX));
            words.letters.push(distance::letters(word));
            words.shapes.push(Shape::of(word));
            words.products.push(stream.value().doc_freq);
        }
        Ok(words)
    }

    fn word(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.text[start..self.ends[at] as usize]
    }

    /// The first word that is not before this one.
    fn position(&self, word: &str) -> usize {
        let (mut low, mut high) = (0, self.ends.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.word(middle) < word { low = middle + 1 } else { high = middle }
        }
        low
    }
}

impl Vocabulary {
    /// Returns the most frequent words that begin so, at most `most`; longer ones than it only.
    pub(super) fn beginning_with(&self, start: &str, most: usize) -> Vec<Written> {
        let mut found: HashMap<&str, u32> = HashMap::new();
        for words in &self.0 {
            for at in words.position(start)..words.ends.len() {
                let word = words.word(at);
                if !word.starts_with(start) {
                    break;
                }
                if word.len() > start.len() {
                    *found.entry(word).or_default() += words.products[at];
                }
            }
        }
        most_frequent(found.into_iter().map(|(word, products)| (word, (products, 0))), most)
    }

    /// Returns words that have a beginning which is at most `errors` typing errors away, at most
    /// `most`: the nearest, the most frequent of those. The first letter is taken as it is.
    pub(super) fn beginning_like(&self, start: &str, errors: u8, most: usize) -> Vec<Written> {
        let asked = distance::Asked::new(start);
        let letters = start.chars().count();
        let first = &start[..start.chars().next().map_or(0, char::len_utf8)];
        let slack = usize::from(errors);
        let mut found: HashMap<&str, (u32, u8)> = HashMap::new();
        for words in &self.0 {
            for at in words.position(first)..words.ends.len() {
                let word = words.word(at);
                if !word.starts_with(first) {
                    break;
                }
                let ends = word.char_indices().map(|(at, _)| at).chain([word.len()]);
                let beginnings = ends.skip(letters.saturating_sub(slack)).take(2 * slack + 1);
                let nearest = beginnings.filter_map(|end| asked.errors(&word[..end], errors)).min();
                if let Some(errors) = nearest {
                    let entry = found.entry(word).or_insert((0, errors));
                    entry.0 += words.products[at];
                }
            }
        }
        most_frequent(found.into_iter(), most)
    }

    /// Returns the words that are at most `errors` typing errors away, at most `most`: the nearest,
    /// the most frequent of those. Not the word itself.
    pub(super) fn like(&self, word: &str, errors: u8, most: usize) -> Vec<Written> {
        let asked = distance::Asked::new(word);
        let mut found: HashMap<&str, (u32, u8)> = HashMap::new();
        for words in &self.0 {
            asked.near_by_letters(&words.letters, errors, |at| {
                if !asked.may_be_near(words.letters[at], words.shapes[at], errors) {
                    return;
                }
                let candidate = words.word(at);
                if let Some(errors @ 1..) = asked.errors(candidate, errors) {
                    let entry = found.entry(candidate).or_insert((0, errors));
                    entry.0 += words.products[at];
                }
            });
        }
        most_frequent(found.into_iter(), most)
    }
}

fn most_frequent<'a>(
    found: impl Iterator<Item = (&'a str, (u32, u8))>,
    most: usize,
) -> Vec<Written> {
    let mut found: Vec<_> = found.collect();
    let key = |(word, (products, errors)): &(&'a str, (u32, u8))| {
        (*errors, std::cmp::Reverse(*products), *word)
    };
    if found.len() > most {
        found.select_nth_unstable_by_key(most, key);
        found.truncate(most);
    }
    found.sort_unstable_by_key(key);
    let found = found.into_iter().map(|(word, (products, errors))| Written {
        word: word.to_owned(),
        products,
        errors,
    });
    found.collect()
}
