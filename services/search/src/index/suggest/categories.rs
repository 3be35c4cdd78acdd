//! A cache of the categories of each segment.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tantivy::{SegmentReader, index::SegmentId};

use super::typed_word::TypedWord;
use crate::index::{
    Result,
    schema::{
        analysis::tokenize,
        columns::{self, CategoryEntry},
    },
};

/// Maximum number of segments in the cache. When it is full, all are dropped, since most of them no
/// longer exist.
const MAX_SEGMENTS: usize = 64;

/// The categories of the segments that have been searched, read once per segment.
#[derive(Default)]
pub(crate) struct CategoryCache {
    segments: Mutex<HashMap<SegmentId, Arc<[Category]>>>,
}

/// A category.
pub(super) struct Category {
    pub(super) id: String,
    pub(super) name: String,
    /// The folded words of the name.
    words: Vec<String>,
}

impl CategoryCache {
    pub(super) fn of(&self, segment: &SegmentReader) -> Result<Arc<[Category]>> {
        let lock = || self.segments.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&segment.segment_id()) {
            return Ok(Arc::clone(known));
        }
        let read: Arc<[Category]> = Category::read_all(segment)?.into();
        let mut segments = lock();
        if segments.len() >= MAX_SEGMENTS {
            segments.clear();
        }
        segments.insert(segment.segment_id(), Arc::clone(&read));
        Ok(read)
    }
}

impl Category {
    fn read_all(segment: &SegmentReader) -> Result<Vec<Self>> {
        let Some(column) = segment.fast_fields().str(columns::CATEGORIES)? else {
            return Ok(Vec::new());
        };
        let mut all = Vec::with_capacity(column.num_terms());
        let mut stream = column.dictionary().stream()?;
        while stream.advance() {
            let Ok(text) = std::str::from_utf8(stream.key()) else { continue };
            let CategoryEntry { id, name, .. } = columns::parse_category(text);
            let words = tokenize(name).into_iter().map(|token| token.text).collect();
            all.push(Self { id: id.to_owned(), name: name.to_owned(), words });
        }
        Ok(all)
    }

    /// Whether the name matches all typed words.
    pub(super) fn matches(&self, words: &[TypedWord]) -> bool {
        words.iter().all(|word| self.words.iter().any(|own| word.matches(own).is_some()))
    }
}
