//! The lexicon: the brands and currencies of the catalogue, cached in memory. Queries are read with it.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use tantivy::{Searcher, SegmentReader, index::SegmentId};

use super::distance::TypoMatcher;
use crate::index::schema::{
    analysis::{fold, is_product_noun, joined},
    columns::{self, AttributeKind},
};

/// Maximum number of segments in the cache. When it is full, all are dropped, since most of them no longer
/// exist.
const MAX_SEGMENTS: usize = 64;

/// Maximum size of an attribute's value that a query may name, in bytes.
const MAX_VALUE_BYTES: usize = 32;

/// Maximum number of attributes that share a value.
const MAX_NAMES: usize = 64;

/// Minimum length of a word that may be a mistyped brand.
const MIN_MISTYPED: usize = 5;

/// The brands and currencies of all segments of a searcher.
#[derive(Clone, Default)]
pub(crate) struct Lexicon(Vec<Arc<SegmentLexicon>>);

/// The lexicon of one segment.
#[derive(Default)]
struct SegmentLexicon {
    /// By [`joined`] name.
    brands: HashMap<String, Arc<str>>,
    /// By the first word, where it tells brands apart.
    by_first_word: HashMap<String, Arc<str>>,
    currencies: BTreeSet<String>,
    /// Names of attributes by their values and, of flags, by their own words; folded.
    attributes: HashMap<Box<str>, Vec<Arc<str>>>,
    /// Numbers of different values by the names of attributes.
    values: HashMap<Arc<str>, u32>,
}

/// The lexicons of the segments that have been searched, read once per segment.
#[derive(Default)]
pub(crate) struct LexiconCache {
    segments: Mutex<HashMap<SegmentId, Arc<SegmentLexicon>>>,
}

impl LexiconCache {
    /// Returns the lexicon of a searcher.
    pub(crate) fn of(&self, searcher: &Searcher) -> tantivy::Result<Lexicon> {
        let lock = || self.segments.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = Vec::with_capacity(searcher.segment_readers().len());
        for segment in searcher.segment_readers() {
            let known = lock().get(&segment.segment_id()).cloned();
            let lexicon = match known {
                Some(known) => known,
                None => {
                    let read = Arc::new(SegmentLexicon::read(segment)?);
                    let mut segments = lock();
                    if segments.len() >= MAX_SEGMENTS {
                        segments.clear();
                    }
                    segments.insert(segment.segment_id(), Arc::clone(&read));
                    read
                }
            };
            all.push(lexicon);
        }
        Ok(Lexicon(all))
    }
}

impl SegmentLexicon {
    fn read(segment: &SegmentReader) -> tantivy::Result<Self> {
        let mut lexicon = Self {
            currencies: texts(segment, columns::CURRENCY)?.into_iter().collect(),
            ..Self::default()
        };
        for brand in texts(segment, "brand")? {
            lexicon.add(&brand);
        }
        lexicon.by_first_word.retain(|_, brand| !brand.is_empty());
        for entry in texts(segment, columns::ATTRIBUTES)? {
            lexicon.add_attribute(&entry);
        }
        Ok(lexicon)
    }

    fn add_attribute(&mut self, entry: &str) {
        let Some((name, rest)) = entry.split_once(columns::PART_SEPARATOR) else { return };
        let words = match columns::parse_attribute_value(rest) {
            (AttributeKind::Text, value) if value.len() <= MAX_VALUE_BYTES => fold(value),
            (AttributeKind::Flag, _) => fold(name).replace('_', " "),
            _ => return,
        };
        let name = match self.values.get_key_value(name) {
            Some((known, _)) => Arc::clone(known),
            None => name.into(),
        };
        *self.values.entry(Arc::clone(&name)).or_default() += 1;
        for value in words.split([',', ';', '/']) {
            let value = value.trim();
            let names = self.attributes.entry(value.into()).or_default();
            if names.len() < MAX_NAMES && names.last() != Some(&name) {
                names.push(Arc::clone(&name));
            }
        }
    }

    fn add(&mut self, brand: &str) {
        let name: Arc<str> = brand.into();
        let all = joined(brand);
        if all.is_empty() {
            return;
        }
        // Web shops call themselves by their addresses.
        if let Some(short) =
            [".com", ".net", ".de"].iter().find_map(|it| fold(brand).strip_suffix(it).map(joined))
        {
            self.brands.entry(short).or_insert_with(|| Arc::clone(&name));
        }
        let first = brand.split([' ', '-']).next().map(joined).unwrap_or_default();
        if first.len() > 2 && first != all && !is_product_noun(&first) {
            // One that several brands begin with stands for none.
            let entry = self.by_first_word.entry(first).or_insert_with(|| Arc::clone(&name));
            if **entry != *brand {
                *entry = "".into();
            }
        }
        self.brands.insert(all, name);
    }
}

impl Lexicon {
    /// Returns the brand of this [`joined`] name.
    pub(crate) fn brand(&self, name: &str) -> Option<&str> {
        self.0.iter().find_map(|lexicon| lexicon.brands.get(name).map(|it| &**it))
    }

    /// Returns the only brand that begins with this word.
    pub(crate) fn brand_beginning(&self, word: &str) -> Option<&str> {
        self.0.iter().find_map(|lexicon| lexicon.by_first_word.get(word).map(|it| &**it))
    }

    /// Returns the only brand with a [`joined`] name that begins with `prefix` and is longer than `first`, the size of
    /// the prefix's first word: a brand that is that word alone is not meant.
    pub(crate) fn brand_with_prefix(&self, prefix: &str, first: usize) -> Option<&str> {
        let brands = self.0.iter().flat_map(|lexicon| &lexicon.brands);
        let mut found = brands.filter(|(name, _)| name.len() > first && name.starts_with(prefix));
        let (_, brand) = found.next()?;
        found.all(|(_, other)| other == brand).then_some(brand)
    }

    /// Returns the brand that a word is mistyped from, if there is only one within one typing error, or
    /// two in long words.
    pub(crate) fn mistyped_brand(&self, word: &str) -> Option<&str> {
        let length = word.chars().count();
        if length < MIN_MISTYPED || word.bytes().any(|it| it.is_ascii_digit()) {
            return None;
        }
        let allowed = if length < 9 { 1 } else { 2 };
        let matcher = TypoMatcher::new(word);
        let mut found: Option<(u8, &str)> = None;
        for (name, brand) in
            self.0.iter().flat_map(|lexicon| lexicon.brands.iter().chain(&lexicon.by_first_word))
        {
            let Some(errors) = matcher.errors(name, allowed) else { continue };
            match found {
                Some((best, other)) if best == errors && *other != **brand => return None,
                Some((best, _)) if best <= errors => {}
                _ => found = Some((errors, brand)),
            }
        }
        found.map(|(_, brand)| brand)
    }

    /// Returns the names of the attributes that have this value, or of the flags that are called so, each with the
    /// number of its different values.
    pub(crate) fn attributes(&self, value: &str) -> BTreeMap<&str, u32> {
        let value = fold(value);
        let mut found = BTreeMap::new();
        for lexicon in &self.0 {
            for name in lexicon.attributes.get(value.as_str()).into_iter().flatten() {
                let values = lexicon.values.get(name).copied().unwrap_or(1);
                let most: &mut u32 = found.entry(&**name).or_default();
                *most = (*most).max(values);
            }
        }
        found
    }

    /// Returns the currencies of the catalogue's prices.
    pub(crate) fn currencies(&self) -> BTreeSet<&str> {
        self.0.iter().flat_map(|lexicon| &lexicon.currencies).map(String::as_str).collect()
    }
}

#[cfg(test)]
impl Lexicon {
    /// Returns a lexicon of these brands and currencies.
    pub(crate) fn with(brands: &[&str], currencies: &[&str]) -> Self {
        let currencies = currencies.iter().map(|it| (*it).to_owned()).collect();
        let mut lexicon = SegmentLexicon { currencies, ..SegmentLexicon::default() };
        brands.iter().for_each(|brand| lexicon.add(brand));
        lexicon.by_first_word.retain(|_, brand| !brand.is_empty());
        Self(vec![Arc::new(lexicon)])
    }
}

/// Returns all texts of a column.
fn texts(segment: &SegmentReader, column: &str) -> tantivy::Result<Vec<String>> {
    let Some(column) = segment.fast_fields().str(column)? else { return Ok(Vec::new()) };
    let mut all = Vec::with_capacity(column.num_terms());
    let mut stream = column.dictionary().stream()?;
    while stream.advance() {
        all.push(String::from_utf8_lossy(stream.key()).into_owned());
    }
    Ok(all)
}
