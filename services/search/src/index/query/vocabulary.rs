//! The vocabulary: the catalogue's words as written, cached in memory. Unfinished and mistyped
//! words are compared with it.
//!
//! The cache reads each segment's words once, before the segment is first searched, and drops them
//! with the segment. Only words without digits are included: in codes and numbers every character
//! counts, and there are as many of them as products.

use super::distance::{self, WordShape};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tantivy::{Searcher, SegmentReader, Warmer, index::SegmentId, schema::Field};

/// The words of all segments of a searcher.
#[derive(Clone, Default)]
pub(crate) struct Vocabulary(Vec<Arc<SegmentVocabulary>>);

/// A word with its document frequency, including deleted products.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct VocabularyWord {
    pub(crate) word: String,
    pub(crate) products: u32,
    /// Edit distance from the word searched for.
    pub(crate) errors: u8,
}

/// The words of one segment, sorted.
#[derive(Default)]
struct SegmentVocabulary {
    text: String,
    /// End of each word in `text`, in bytes.
    ends: Vec<u32>,
    letters: Vec<u32>,
    shapes: Vec<WordShape>,
    products: Vec<u32>,
}

/// A cache of the words of each live segment.
pub(crate) struct VocabularyCache {
    field: Field,
    segments: Mutex<HashMap<SegmentId, Arc<SegmentVocabulary>>>,
}

impl VocabularyCache {
    pub(crate) fn new(field: Field) -> Self {
        Self { field, segments: Mutex::default() }
    }

    /// Returns the words of a searcher; reads segments that are not yet in the cache.
    pub(crate) fn of(&self, searcher: &Searcher) -> tantivy::Result<Vocabulary> {
        let readers = searcher.segment_readers();
        let known = |segment: &SegmentReader| {
            let segments = self.segments.lock().unwrap_or_else(PoisonError::into_inner);
            segments.get(&segment.segment_id()).cloned()
        };
        let words = readers.iter().map(|segment| match known(segment) {
            Some(words) => Ok(words),
            // Read without holding the lock. Two threads may read the same segment, which is
            // harmless.
            None => {
                let words = Arc::new(SegmentVocabulary::read(segment, self.field)?);
                let mut segments = self.segments.lock().unwrap_or_else(PoisonError::into_inner);
                segments.insert(segment.segment_id(), Arc::clone(&words));
                Ok(words)
            }
        });
        words.collect::<tantivy::Result<_>>().map(Vocabulary)
    }
}

impl Warmer for VocabularyCache {
    fn warm(&self, searcher: &Searcher) -> tantivy::Result<()> {
        self.of(searcher).map(drop)
    }

    fn garbage_collect(&self, live: &[&tantivy::SearcherGeneration]) {
        let mut segments = self.segments.lock().unwrap_or_else(PoisonError::into_inner);
        segments.retain(|id, _| live.iter().any(|searcher| searcher.segments().contains_key(id)));
    }
}

impl SegmentVocabulary {
    fn read(segment: &SegmentReader, field: Field) -> tantivy::Result<Self> {
        let index = segment.inverted_index(field)?;
        let mut words = Self::default();
        let mut stream = index.terms().stream()?;
        while stream.advance() {
            let Ok(word) = std::str::from_utf8(stream.key()) else { continue };
            words.text.push_str(word);
            words.ends.push(u32::try_from(words.text.len()).unwrap_or(u32::MAX));
            words.letters.push(distance::letter_set(word));
            words.shapes.push(WordShape::of(word));
            words.products.push(stream.value().doc_freq);
        }
        Ok(words)
    }

    fn word(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.text[start..self.ends[at] as usize]
    }

    /// Returns the position of the first word that is not less than this one.
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
    /// Returns the `limit` most frequent words that are longer than the prefix.
    pub(crate) fn with_prefix(&self, prefix: &str, limit: usize) -> Vec<VocabularyWord> {
        let mut found: HashMap<&str, u32> = HashMap::new();
        for words in &self.0 {
            for at in words.position(prefix)..words.ends.len() {
                let word = words.word(at);
                if !word.starts_with(prefix) {
                    break;
                }
                if word.len() > prefix.len() {
                    *found.entry(word).or_default() += words.products[at];
                }
            }
        }
        most_frequent(found.into_iter().map(|(word, products)| (word, (products, 0))), limit)
    }

    /// Returns up to `limit` words with a prefix within an edit distance of `errors`: the nearest
    /// first, then the most frequent. The first letter must be equal.
    pub(crate) fn with_similar_prefix(
        &self,
        prefix: &str,
        errors: u8,
        limit: usize,
    ) -> Vec<VocabularyWord> {
        let matcher = distance::TypoMatcher::new(prefix);
        let letters = prefix.chars().count();
        let first = &prefix[..prefix.chars().next().map_or(0, char::len_utf8)];
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
                let nearest =
                    beginnings.filter_map(|end| matcher.errors(&word[..end], errors)).min();
                if let Some(errors) = nearest {
                    let entry = found.entry(word).or_insert((0, errors));
                    entry.0 += words.products[at];
                }
            }
        }
        most_frequent(found.into_iter(), limit)
    }

    /// Returns up to `limit` other words within an edit distance of `errors`: the nearest first,
    /// then the most frequent.
    pub(crate) fn similar(&self, word: &str, errors: u8, limit: usize) -> Vec<VocabularyWord> {
        let matcher = distance::TypoMatcher::new(word);
        let mut found: HashMap<&str, (u32, u8)> = HashMap::new();
        for words in &self.0 {
            matcher.candidates_by_letters(&words.letters, errors, |at| {
                if !matcher.is_candidate(words.letters[at], words.shapes[at], errors) {
                    return;
                }
                let candidate = words.word(at);
                if let Some(errors @ 1..) = matcher.errors(candidate, errors) {
                    let entry = found.entry(candidate).or_insert((0, errors));
                    entry.0 += words.products[at];
                }
            });
        }
        most_frequent(found.into_iter(), limit)
    }
}

fn most_frequent<'a>(
    found: impl Iterator<Item = (&'a str, (u32, u8))>,
    limit: usize,
) -> Vec<VocabularyWord> {
    let mut found: Vec<_> = found.collect();
    let key = |(word, (products, errors)): &(&'a str, (u32, u8))| {
        (*errors, std::cmp::Reverse(*products), *word)
    };
    if found.len() > limit {
        found.select_nth_unstable_by_key(limit, key);
        found.truncate(limit);
    }
    found.sort_unstable_by_key(key);
    let found = found.into_iter().map(|(word, (products, errors))| VocabularyWord {
        word: word.to_owned(),
        products,
        errors,
    });
    found.collect()
}
