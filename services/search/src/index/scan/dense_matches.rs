//! A direct-addressed table of a word's matches, for words with many of them.

use std::{cell::RefCell, mem, ops::Range};

use tantivy::{DocId, TERMINATED};

use super::postings_cursor::{LengthNorms, PostingsCursor, TermMatch};

/// The matches of a word in a range of documents.
pub(crate) struct DenseMatches {
    /// First document of the range.
    first: DocId,
    /// One bit per document: whether it matches.
    bits: Vec<u64>,
    /// One match per document; undefined where the bit is not set.
    matches: Vec<TermMatch>,
}

thread_local! {
    /// Buffers of dropped tables. Allocating that much memory takes as long as filling it.
    static BUFFERS: RefCell<Vec<(Vec<u64>, Vec<TermMatch>)>> = const { RefCell::new(Vec::new()) };
}

/// Maximum number of buffers kept per thread.
const MAX_BUFFERS: usize = 8;

impl DenseMatches {
    /// Reads all matches of a word in the range.
    pub(super) fn read(
        cursors: Vec<PostingsCursor>,
        weight: f32,
        norms: &LengthNorms,
        range: &Range<DocId>,
    ) -> Self {
        let (mut bits, mut matches) = BUFFERS.with_borrow_mut(Vec::pop).unwrap_or_default();
        bits.clear();
        bits.resize(range.len().div_ceil(64), 0);
        matches.resize(range.len(), TermMatch::default());
        for cursor in cursors {
            cursor.for_each(weight, norms, range.end, |document, found| {
                let at = (document - range.start) as usize;
                let (word, bit) = (&mut bits[at / 64], 1 << (at % 64));
                matches[at] = if *word & bit == 0 { found } else { matches[at].better(found) };
                *word |= bit;
            });
        }
        Self { first: range.start, bits, matches }
    }

    pub(super) fn count(&self) -> u64 {
        self.bits.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Returns the first matching document at or after `from`.
    pub(super) fn seek(&self, from: DocId) -> DocId {
        let from = from.saturating_sub(self.first) as usize;
        let mut at = from / 64;
        let Some(word) = self.bits.get(at) else { return TERMINATED };
        let mut word = word & (u64::MAX << (from % 64));
        while word == 0 {
            at += 1;
            match self.bits.get(at) {
                Some(next) => word = *next,
                None => return TERMINATED,
            }
        }
        self.first + (at * 64) as DocId + word.trailing_zeros()
    }

    /// Returns the match of a document found by [`seek`](Self::seek).
    pub(super) fn get(&self, document: DocId) -> TermMatch {
        self.matches[(document - self.first) as usize]
    }
}

impl Drop for DenseMatches {
    fn drop(&mut self) {
        let buffers = (mem::take(&mut self.bits), mem::take(&mut self.matches));
        // Fails only while the thread is exiting, when there is no one left to reuse them.
        let _ = BUFFERS.try_with(|kept| {
            let mut kept = kept.borrow_mut();
            if kept.len() < MAX_BUFFERS {
                kept.push(buffers);
            }
        });
    }
}
