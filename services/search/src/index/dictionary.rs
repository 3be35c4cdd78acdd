//! Looking terms up in the segments of a searcher.

use super::schema::Fields;
use std::sync::Arc;
use tantivy::{
    DocId, DocSet as _, InvertedIndexReader, Searcher, SegmentReader, TERMINATED, Term,
    fieldnorm::FieldNormReader,
    postings::{Postings as _, SegmentPostings, TermInfo},
    schema::{Field, IndexRecordOption},
};

/// A prefix is compared with so many terms of a segment at most.
const MOST_SCANNED: usize = 2_000;

/// Whether words stand together is looked up in so many names of a segment at most.
const MOST_COMPARED: usize = 200;

/// The segments of a searcher, opened for what a search reads.
pub(super) struct Dictionary<'a> {
    pub(super) segments: Vec<Segment<'a>>,
    title: Field,
    /// How many products there are, those deleted since included.
    pub(super) products: u64,
    /// How long products are on average, in counted words.
    pub(super) average_length: f32,
}

pub(super) struct Segment<'a> {
    pub(super) reader: &'a SegmentReader,
    words: Arc<InvertedIndexReader>,
    title: Arc<InvertedIndexReader>,
    pub(super) lengths: FieldNormReader,
}

impl<'a> Dictionary<'a> {
    pub(super) fn open(searcher: &'a Searcher, fields: &Fields) -> tantivy::Result<Self> {
        let segments = searcher.segment_readers().iter().map(|reader| {
            Ok(Segment {
                reader,
                words: reader.inverted_index(fields.words)?,
                title: reader.inverted_index(fields.title)?,
                lengths: reader.get_fieldnorms_reader(fields.words)?,
            })
        });
        let segments: Vec<Segment<'_>> = segments.collect::<tantivy::Result<_>>()?;
        let products: u64 =
            segments.iter().map(|segment| u64::from(segment.reader.max_doc())).sum();
        let counted: u64 = segments.iter().map(|segment| segment.words.total_num_tokens()).sum();
        let average_length = counted as f32 / products.max(1) as f32;
        let average_length = average_length.max(1.0);
        Ok(Self { segments, title: fields.title, products, average_length })
    }

    /// Returns in how many products a term is.
    pub(super) fn frequency(&self, term: &str) -> tantivy::Result<u64> {
        let mut found = 0;
        for segment in &self.segments {
            found += segment.words.terms().get(term)?.map_or(0, |info| u64::from(info.doc_freq));
        }
        Ok(found)
    }

    /// Returns terms with digits that begin so and are longer, at most `most`.
    pub(super) fn codes_beginning_with(
        &self,
        start: &str,
        most: usize,
    ) -> tantivy::Result<Vec<String>> {
        let mut found = Vec::new();
        for segment in &self.segments {
            let mut stream = segment.words.terms().range().gt(start).into_stream()?;
            let mut scanned = 0;
            while scanned < MOST_SCANNED && found.len() < most && stream.advance() {
                let term = stream.key();
                if !term.starts_with(start.as_bytes()) {
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

    /// Returns whether two words stand side by side in a name, of the first products that have both.
    pub(super) fn are_neighbours(&self, words: &[String]) -> tantivy::Result<bool> {
        let [left, right] = words else { return Ok(false) };
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for segment in 0..self.segments.len() {
            let both = (self.in_names(segment, left)?, self.in_names(segment, right)?);
            let (Some(mut left), Some(mut right)) = both else { continue };
            let mut looked_at = 0;
            while left.doc() != TERMINATED && looked_at < MOST_COMPARED {
                let document = left.doc();
                if right.doc() < document {
                    right.seek(document);
                }
                if right.doc() == document {
                    looked_at += 1;
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

    /// Returns where a segment has a term, if it does.
    pub(super) fn term(&self, segment: usize, term: &str) -> tantivy::Result<Option<TermInfo>> {
        Ok(self.segments[segment].words.terms().get(term)?)
    }

    /// Returns the postings of a term that the segment [has](Self::term).
    pub(super) fn postings_of(
        &self,
        segment: usize,
        term: &TermInfo,
    ) -> tantivy::Result<SegmentPostings> {
        let words = &self.segments[segment].words;
        Ok(words.read_postings_from_terminfo(term, IndexRecordOption::WithFreqs)?)
    }

    /// Returns the postings of a term in a segment, if it is in there.
    pub(super) fn postings(
        &self,
        segment: usize,
        term: &str,
    ) -> tantivy::Result<Option<SegmentPostings>> {
        let term = self.term(segment, term)?;
        term.map(|term| self.postings_of(segment, &term)).transpose()
    }

    /// The same for the words of names, with their positions.
    pub(super) fn in_names(
        &self,
        segment: usize,
        term: &str,
    ) -> tantivy::Result<Option<SegmentPostings>> {
        let term = Term::from_field_text(self.title, term);
        let title = &self.segments[segment].title;
        Ok(title.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)?)
    }
}

impl Segment<'_> {
    pub(super) fn is_alive(&self, document: DocId) -> bool {
        !self.reader.is_deleted(document)
    }
}
