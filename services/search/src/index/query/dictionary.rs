//! The term dictionary: term lookup in all segments of a searcher.

use crate::index::schema::Fields;
use std::sync::Arc;
use tantivy::{
    DocSet as _, InvertedIndexReader, Searcher, SegmentReader, TERMINATED, Term,
    fieldnorm::FieldNormReader,
    postings::{Postings as _, SegmentPostings, TermInfo},
    schema::{Field, IndexRecordOption},
};

/// Maximum number of terms that a prefix is compared with, per segment.
const MAX_SCANNED: usize = 2_000;

/// Maximum number of names in which the adjacency of two words is tested, per segment.
const MAX_NAMES: usize = 200;

/// The terms of all segments of a searcher.
pub(crate) struct TermDictionary<'a> {
    pub(crate) segments: Vec<SegmentTerms<'a>>,
    title: Field,
    /// Number of products, including deleted ones that have not been merged away.
    pub(crate) products: u64,
    /// Average length of a product in weighted terms, for BM25.
    pub(crate) average_length: f32,
}

/// The terms of one segment.
pub(crate) struct SegmentTerms<'a> {
    pub(crate) reader: &'a SegmentReader,
    words: Arc<InvertedIndexReader>,
    title: Arc<InvertedIndexReader>,
    pub(crate) lengths: FieldNormReader,
}

impl<'a> TermDictionary<'a> {
    pub(crate) fn open(searcher: &'a Searcher, fields: &Fields) -> tantivy::Result<Self> {
        let segments = searcher.segment_readers().iter().map(|reader| {
            Ok(SegmentTerms {
                reader,
                words: reader.inverted_index(fields.words)?,
                title: reader.inverted_index(fields.title)?,
                lengths: reader.get_fieldnorms_reader(fields.words)?,
            })
        });
        let segments: Vec<SegmentTerms<'_>> = segments.collect::<tantivy::Result<_>>()?;
        let products: u64 =
            segments.iter().map(|segment| u64::from(segment.reader.max_doc())).sum();
        let counted: u64 = segments.iter().map(|segment| segment.words.total_num_tokens()).sum();
        let average_length = counted as f32 / products.max(1) as f32;
        let average_length = average_length.max(1.0);
        Ok(Self { segments, title: fields.title, products, average_length })
    }

    /// Returns the document frequency of a term.
    pub(crate) fn frequency(&self, term: &str) -> tantivy::Result<u64> {
        let mut found = 0;
        for segment in &self.segments {
            found += segment.words.terms().get(term)?.map_or(0, |info| u64::from(info.doc_freq));
        }
        Ok(found)
    }

    /// Returns up to `limit` terms with digits that are longer than the prefix.
    pub(crate) fn codes_with_prefix(
        &self,
        prefix: &str,
        limit: usize,
    ) -> tantivy::Result<Vec<String>> {
        let mut found = Vec::new();
        for segment in &self.segments {
            let mut stream = segment.words.terms().range().gt(prefix).into_stream()?;
            let mut scanned = 0;
            while scanned < MAX_SCANNED && found.len() < limit && stream.advance() {
                let term = stream.key();
                if !term.starts_with(prefix.as_bytes()) {
                    break;
                }
                scanned += 1;
                if term.iter().any(u8::is_ascii_digit)
                    && let Ok(term) = std::str::from_utf8(term)
                {
                    found.push(term.to_owned());
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Whether two words are adjacent in any of the first names that have both.
    pub(crate) fn are_adjacent(&self, words: &[String]) -> tantivy::Result<bool> {
        let [left, right] = words else { return Ok(false) };
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for segment in 0..self.segments.len() {
            let both = (self.name_postings(segment, left)?, self.name_postings(segment, right)?);
            let (Some(mut left), Some(mut right)) = both else { continue };
            let mut compared = 0;
            while left.doc() != TERMINATED && compared < MAX_NAMES {
                let document = left.doc();
                if right.doc() < document {
                    right.seek(document);
                }
                if right.doc() == document {
                    compared += 1;
                    left.positions(&mut before);
                    right.positions(&mut after);
                    if before.iter().any(|at| after.contains(&(at + 1))) {
                        return Ok(true);
                    }
                    left.advance();
                } else if right.doc() == TERMINATED {
                    break;
                } else {
                    left.seek(right.doc());
                }
            }
        }
        Ok(false)
    }

    /// Whether words are in this order in any name, each with at most `gap` words before the next.
    pub(crate) fn is_title(&self, words: &[String], gap: u32) -> tantivy::Result<bool> {
        for segment in 0..self.segments.len() {
            let postings = words.iter().map(|word| self.name_postings(segment, word));
            let postings: Option<Vec<_>> = postings.collect::<tantivy::Result<_>>()?;
            let Some(mut postings) = postings else { continue };
            let Some(rarest) = (0..postings.len()).min_by_key(|at| postings[*at].doc_freq()) else {
                continue;
            };
            let mut positions = vec![Vec::new(); postings.len()];
            for _ in 0..MAX_NAMES {
                let document = postings[rarest].doc();
                if document == TERMINATED {
                    break;
                }
                let mut has_all = true;
                for (word, at) in postings.iter_mut().zip(&mut positions) {
                    if word.doc() < document {
                        word.seek(document);
                    }
                    has_all &= word.doc() == document;
                    if !has_all {
                        break;
                    }
                    word.positions(at);
                }
                if has_all && are_in_order(&positions, gap) {
                    return Ok(true);
                }
                postings[rarest].advance();
            }
        }
        Ok(false)
    }

    /// Returns the location of a term's postings in a segment.
    pub(crate) fn term(&self, segment: usize, term: &str) -> tantivy::Result<Option<TermInfo>> {
        Ok(self.segments[segment].words.terms().get(term)?)
    }

    /// Returns the postings at a location given by [`term`](Self::term).
    pub(crate) fn postings_from(
        &self,
        segment: usize,
        term: &TermInfo,
    ) -> tantivy::Result<SegmentPostings> {
        let words = &self.segments[segment].words;
        Ok(words.read_postings_from_terminfo(term, IndexRecordOption::WithFreqs)?)
    }

    /// Returns the postings of a term in a segment.
    pub(crate) fn postings(
        &self,
        segment: usize,
        term: &str,
    ) -> tantivy::Result<Option<SegmentPostings>> {
        let term = self.term(segment, term)?;
        term.map(|term| self.postings_from(segment, &term)).transpose()
    }

    /// Returns the postings of a word in names, with positions.
    pub(crate) fn name_postings(
        &self,
        segment: usize,
        term: &str,
    ) -> tantivy::Result<Option<SegmentPostings>> {
        let term = Term::from_field_text(self.title, term);
        let title = &self.segments[segment].title;
        Ok(title.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)?)
    }
}

/// Whether each word has a position shortly after one of the word before.
fn are_in_order(positions: &[Vec<u32>], gap: u32) -> bool {
    let Some((first, others)) = positions.split_first() else { return false };
    let mut ends = first.clone();
    for word in others {
        let follows = |at: &&u32| ends.iter().any(|end| **at > *end && **at - end <= gap + 1);
        ends = word.iter().filter(follows).copied().collect();
    }
    !ends.is_empty()
}
