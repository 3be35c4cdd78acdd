//! Cursors over the postings of single alternatives, with BM25 scores.

use tantivy::{
    DocId, DocSet, TERMINATED,
    fieldnorm::FieldNormReader,
    postings::{Postings as _, SegmentPostings, TermInfo},
};

use crate::index::{
    model::{MatchKind, Parameters},
    query::{Alternative, ExpandedWord, TermDictionary},
};

/// A document's match of one word.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct TermMatch {
    /// From 0 to the word's weight.
    pub(super) score: f32,
    /// Whether it matches only with typing errors.
    pub(super) typo: bool,
}

impl TermMatch {
    /// Returns the better of two matches. One without typing errors is better than any with.
    pub(super) fn better(self, other: Self) -> Self {
        let key = |it: &Self| (!it.typo, it.score);
        if key(&other) > key(&self) { other } else { self }
    }
}

/// BM25's length normalisation of a segment, by tantivy's one-byte length codes.
pub(crate) struct LengthNorms {
    reader: FieldNormReader,
    by_code: [f32; 256],
}

impl LengthNorms {
    pub(crate) fn new(dictionary: &TermDictionary<'_>, segment: usize, it: &Parameters) -> Self {
        let average = dictionary.average_length;
        let by_code = std::array::from_fn(|code| {
            let length = FieldNormReader::id_to_fieldnorm(code as u8) as f32;
            it.saturation * (1.0 - it.length + it.length * length / average)
        });
        Self { reader: dictionary.segments[segment].lengths.clone(), by_code }
    }

    /// Returns BM25's saturated term frequency, from 0 to 1.
    fn saturated(&self, document: DocId, frequency: u32) -> f32 {
        let frequency = frequency as f32;
        frequency / (frequency + self.by_code[usize::from(self.reader.fieldnorm_id(document))])
    }
}

/// Locations of a word's terms in a segment, looked up once for all its ranges.
pub(crate) struct WordTerms {
    /// Parallel to the word's alternatives; none if the segment lacks one of the terms.
    pub(super) alternatives: Vec<Option<Vec<TermInfo>>>,
    /// Of the word's bonuses, with their shares.
    pub(super) bonuses: Vec<(TermInfo, f32)>,
}

impl WordTerms {
    pub(crate) fn look_up(
        dictionary: &TermDictionary<'_>,
        segment: usize,
        word: &ExpandedWord,
    ) -> tantivy::Result<Self> {
        let find = |term: &String| dictionary.term(segment, term);
        let all = |it: &Alternative| it.terms.iter().map(|term| find(term).transpose()).collect();
        let alternatives = word.alternatives.iter().map(|it| {
            let found: Option<tantivy::Result<Vec<_>>> = all(it);
            found.transpose()
        });
        let mut bonuses = Vec::with_capacity(word.bonuses.len());
        for (term, share) in &word.bonuses {
            bonuses.extend(find(term)?.map(|found| (found, *share)));
        }
        Ok(Self { alternatives: alternatives.collect::<tantivy::Result<_>>()?, bonuses })
    }
}

/// Whether a document has a term. Documents must be given in ascending order.
pub(crate) fn has_document(postings: &mut SegmentPostings, document: DocId) -> bool {
    let at = if postings.doc() < document { postings.seek(document) } else { postings.doc() };
    at == document
}

/// A cursor over the documents that have all terms of one alternative.
pub(crate) struct PostingsCursor {
    terms: Vec<SegmentPostings>,
    factor: f32,
    typo: bool,
}

impl PostingsCursor {
    /// Opens a cursor at the first match from `first` on.
    pub(super) fn open(
        terms: Vec<SegmentPostings>,
        alternative: &Alternative,
        first: DocId,
    ) -> Self {
        let typo = alternative.kind == MatchKind::Typo;
        let mut cursor = Self { terms, factor: alternative.factor, typo };
        cursor.align();
        cursor.seek(first);
        cursor
    }

    pub(super) fn document(&self) -> DocId {
        self.terms.first().map_or(TERMINATED, DocSet::doc)
    }

    /// Returns an upper bound of the number of matches in the segment.
    pub(super) fn cost(&self) -> u64 {
        self.terms.iter().map(|term| u64::from(term.doc_freq())).min().unwrap_or(0)
    }

    /// Advances to the first match at or after `target`.
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        if let Some(first) = self.terms.first_mut()
            && first.doc() < target
        {
            // Mostly the next document is the target; advancing is cheaper than seeking.
            let at = if first.doc() + 1 == target { first.advance() } else { first.doc() };
            if at < target {
                first.seek(target);
            }
            self.align();
        }
        self.document()
    }

    /// Advances to the next document that has all terms, unless the current one does.
    fn align(&mut self) {
        let Some((first, others)) = self.terms.split_first_mut() else { return };
        let mut document = first.doc();
        'next: while document != TERMINATED {
            for other in others.iter_mut() {
                let at = if other.doc() < document { other.seek(document) } else { other.doc() };
                if at > document {
                    document = if at == TERMINATED { TERMINATED } else { first.seek(at) };
                    if at == TERMINATED {
                        first.seek(TERMINATED);
                    }
                    continue 'next;
                }
            }
            return;
        }
    }

    /// Calls `each` for every remaining match before `end`.
    pub(super) fn for_each(
        mut self,
        weight: f32,
        norms: &LengthNorms,
        end: DocId,
        mut each: impl FnMut(DocId, TermMatch),
    ) {
        let typo = self.typo;
        if let [only] = &mut self.terms[..] {
            let weight = weight * self.factor;
            let mut document = only.doc();
            while document < end {
                let score = weight * norms.saturated(document, only.term_freq());
                each(document, TermMatch { score, typo });
                document = only.advance();
            }
            return;
        }
        while self.document() < end {
            each(self.document(), self.current(weight, norms));
            self.seek(self.document() + 1);
        }
    }

    /// Returns the current document's match. Its score is that of the worst term.
    pub(super) fn current(&self, weight: f32, norms: &LengthNorms) -> TermMatch {
        let terms = self.terms.iter().map(|term| (term.doc(), term.term_freq()));
        let scores = terms.map(|(document, frequency)| norms.saturated(document, frequency));
        let score = scores.fold(f32::INFINITY, f32::min);
        TermMatch { score: weight * self.factor * score, typo: self.typo }
    }
}
