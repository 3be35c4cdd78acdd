//! Walking over the products of one segment that have a word, in any of its meanings.

use super::{
    dictionary::Dictionary,
    expand::{Alternative, How, Meaning},
    matching::Stretch,
    parameters::Parameters,
};
use std::{cell::RefCell, mem, ops::Range};
use tantivy::{
    DocId, DocSet, TERMINATED,
    fieldnorm::FieldNormReader,
    postings::{Postings as _, SegmentPostings, TermInfo},
};

/// A word with more meanings than these is read as a whole beforehand, unless another word is so rare
/// that asking each meaning about each of its products costs less.
const MOST_ASKED: usize = 6;

/// Asking a meaning about a product costs as much as reading so many of its products.
const ASKING: u64 = 8;

/// If the products to read are more than this part of the segment, they are written into a table
/// instead of being sorted.
const DENSE: u64 = 32;

/// If they are more than this part, asking even a few meanings about one product after the other
/// costs more than reading all.
const DENSER: u64 = 12;

fn read_and_sort(
    meanings: Vec<One>,
    weight: f32,
    lengths: &Lengths,
    end: DocId,
) -> Vec<(DocId, Met)> {
    let mut products: Vec<(DocId, Met)> = Vec::new();
    for one in meanings {
        one.for_each(weight, lengths, end, |document, met| products.push((document, met)));
    }
    products.sort_unstable_by_key(|(document, _)| *document);
    products.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 = kept.1.better(next.1);
        }
        same
    });
    products
}

/// What each product of a stretch has of a word.
pub(super) struct Table {
    /// The stretch begins with this product.
    first: DocId,
    /// A bit for each product: whether it has something.
    bits: Vec<u64>,
    /// What it has. Where the bit is not set, this says nothing.
    met: Vec<Met>,
}

thread_local! {
    /// Tables that are done with: getting that much memory takes as long as filling it.
    static USED: RefCell<Vec<(Vec<u64>, Vec<Met>)>> = const { RefCell::new(Vec::new()) };
}

/// So many tables are kept for each thread that reads.
const KEPT: usize = 8;

impl Table {
    fn read(meanings: Vec<One>, weight: f32, lengths: &Lengths, stretch: &Range<DocId>) -> Self {
        let (mut bits, mut met) = USED.with_borrow_mut(Vec::pop).unwrap_or_default();
        bits.clear();
        bits.resize(stretch.len().div_ceil(64), 0);
        met.resize(stretch.len(), Met::default());
        for one in meanings {
            one.for_each(weight, lengths, stretch.end, |document, now| {
                let at = (document - stretch.start) as usize;
                let (word, bit) = (&mut bits[at / 64], 1 << (at % 64));
                met[at] = if *word & bit == 0 { now } else { met[at].better(now) };
                *word |= bit;
            });
        }
        Self { first: stretch.start, bits, met }
    }

    fn count(&self) -> u64 {
        self.bits.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// The first product from this one on that has something.
    fn next(&self, from: DocId) -> DocId {
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

    /// What a product has that has something.
    fn met(&self, document: DocId) -> Met {
        self.met[(document - self.first) as usize]
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        let used = (mem::take(&mut self.bits), mem::take(&mut self.met));
        // Where the thread is ending there is nothing to keep it for.
        let _ = USED.try_with(|kept| {
            let mut kept = kept.borrow_mut();
            if kept.len() < KEPT {
                kept.push(used);
            }
        });
    }
}

/// Goes to the first that is not before what is sought: mostly near.
fn gallop<T>(products: &[T], at: &mut usize, is_before: impl Fn(&T) -> bool) {
    let mut step = 1;
    while products.get(*at + step).is_some_and(&is_before) {
        *at += step;
        step *= 2;
    }
    let end = products.len().min(*at + step + 1);
    *at += products[*at..end].partition_point(is_before);
}

/// What a product has of a word.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Met {
    /// From 0 to 1, times the word's weight.
    pub(super) score: f32,
    /// Only by a word that differs by typing errors.
    pub(super) typo: bool,
    /// Only by what was allowed because nothing was found without.
    pub(super) relaxed: bool,
}

/// How much the length of a product takes from a term's count, by the segment's code for lengths.
pub(super) struct Lengths {
    reader: FieldNormReader,
    by_code: [f32; 256],
    /// What being of the kind that a word names adds, in parts of the word's weight.
    kind: f32,
}

impl Lengths {
    pub(super) fn new(dictionary: &Dictionary<'_>, segment: usize, it: &Parameters) -> Self {
        let average = dictionary.average_length;
        let by_code = std::array::from_fn(|code| {
            let length = FieldNormReader::id_to_fieldnorm(code as u8) as f32;
            it.saturation * (1.0 - it.length + it.length * length / average)
        });
        Self { reader: dictionary.segments[segment].lengths.clone(), by_code, kind: it.kind }
    }

    /// What a term that counts so much in a product is worth, from 0 to 1.
    fn saturated(&self, document: DocId, count: u32) -> f32 {
        let count = count as f32;
        count / (count + self.by_code[usize::from(self.reader.fieldnorm_id(document))])
    }
}

/// Where a segment has the terms of a word, looked up once for all its stretches.
pub(super) struct Terms {
    /// Of each meaning, unless the segment lacks one of them.
    alternatives: Vec<Option<Vec<TermInfo>>>,
    kinds: Vec<TermInfo>,
}

impl Terms {
    pub(super) fn look_up(
        dictionary: &Dictionary<'_>,
        segment: usize,
        meaning: &Meaning,
    ) -> tantivy::Result<Self> {
        let find = |term: &String| dictionary.term(segment, term);
        // A term that cannot be read is an error, one that is not there makes it none.
        let all = |it: &Alternative| it.terms.iter().map(|term| find(term).transpose()).collect();
        let alternatives = meaning.alternatives.iter().map(|it| {
            let found: Option<tantivy::Result<Vec<_>>> = all(it);
            found.transpose()
        });
        let mut kinds = Vec::with_capacity(meaning.kinds.len());
        for kind in &meaning.kinds {
            kinds.extend(find(kind)?);
        }
        Ok(Self { alternatives: alternatives.collect::<tantivy::Result<_>>()?, kinds })
    }
}

/// The products of a segment that have a word.
pub(super) enum Cursor {
    /// Each meaning is asked.
    Each { meanings: Vec<One>, kinds: Kinds, weight: f32, document: DocId },
    /// All were read: few of the segment.
    Read { products: Vec<(DocId, Met)>, at: usize },
    /// All were read, into a table of the stretch.
    Table { table: Table, document: DocId, kinds: Kinds },
}

/// The products of a segment that are of the kind that a word names.
pub(super) struct Kinds {
    postings: Vec<SegmentPostings>,
    /// What being one adds.
    bonus: f32,
}

/// The products of a segment that have all terms of one meaning.
pub(super) struct One {
    terms: Vec<SegmentPostings>,
    factor: f32,
    typo: bool,
    relaxed: bool,
}

impl Cursor {
    pub(super) fn open(
        dictionary: &Dictionary<'_>,
        stretch: &Stretch,
        meaning: &Meaning,
        terms: &Terms,
        lengths: &Lengths,
        rarest: u64,
    ) -> tantivy::Result<Self> {
        let Stretch { segment, documents } = stretch;
        let (segment, first) = (*segment, documents.start);
        let kind = lengths.kind;
        let mut meanings = Vec::with_capacity(meaning.alternatives.len());
        for (alternative, terms) in meaning.alternatives.iter().zip(&terms.alternatives) {
            let Some(terms) = terms else { continue };
            let terms = terms.iter().map(|term| dictionary.postings_of(segment, term));
            let terms = terms.collect::<tantivy::Result<Vec<_>>>()?;
            let typo = alternative.how == How::Typo;
            let relaxed = alternative.relaxed;
            let mut one = One { terms, factor: alternative.factor, typo, relaxed };
            one.align();
            one.seek(first);
            meanings.push(one);
        }
        let weight = meaning.weight;
        let postings = terms.kinds.iter().map(|kind| dictionary.postings_of(segment, kind));
        let postings = postings.collect::<tantivy::Result<Vec<_>>>()?;
        let mut kinds = Kinds { postings, bonus: weight * kind };
        let all: u64 = meanings.iter().map(One::cost).sum();
        let asking = rarest.saturating_mul(meanings.len() as u64).saturating_mul(ASKING);
        // In the whole segment, of which this is a stretch.
        let size = u64::from(dictionary.segments[segment].reader.max_doc());
        let are_few = meanings.len() <= MOST_ASKED && all < size / DENSER;
        if meanings.len() <= 1 || are_few || asking < all {
            let document = meanings.iter().map(One::document).min().unwrap_or(TERMINATED);
            return Ok(Self::Each { meanings, kinds, weight, document });
        }
        if all > size / DENSE {
            let table = Table::read(meanings, weight, lengths, documents);
            let document = table.next(first);
            return Ok(Self::Table { table, document, kinds });
        }
        let mut products = read_and_sort(meanings, weight, lengths, documents.end);
        for (document, met) in &mut products {
            met.score += kinds.bonus(*document);
        }
        Ok(Self::Read { products, at: 0 })
    }

    pub(super) fn document(&self) -> DocId {
        match self {
            Self::Each { document, .. } | Self::Table { document, .. } => *document,
            Self::Read { products, at } => products.get(*at).map_or(TERMINATED, |it| it.0),
        }
    }

    /// How many products there are, at most.
    pub(super) fn cost(&self) -> u64 {
        match self {
            Self::Each { meanings, .. } => meanings.iter().map(|one| one.cost()).sum(),
            Self::Read { products, .. } => products.len() as u64,
            Self::Table { table, .. } => table.count(),
        }
    }

    /// Goes to the first product that is not before this one.
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        match self {
            Self::Each { meanings, document, .. } => {
                if *document < target {
                    let sought = meanings.iter_mut().map(|one| one.seek(target)).min();
                    *document = sought.unwrap_or(TERMINATED);
                }
            }
            Self::Read { products, at } => {
                gallop(products, at, |(document, _)| *document < target);
            }
            Self::Table { table, document, .. } => {
                if *document < target {
                    *document = table.next(target);
                }
            }
        }
        self.document()
    }

    /// Hands each product before `end` to `each`, with what it has of the word.
    pub(super) fn for_each(
        mut self,
        end: DocId,
        lengths: &Lengths,
        mut each: impl FnMut(DocId, Met),
    ) {
        let mut document = self.document();
        while document < end {
            each(document, self.met(lengths));
            document = self.seek(document + 1);
        }
    }

    /// What the product has of the word. The cursor stands on it.
    pub(super) fn met(&mut self, lengths: &Lengths) -> Met {
        match self {
            Self::Each { meanings, kinds, weight, document } => {
                let here = meanings.iter_mut().filter(|one| one.document() == *document);
                let met = here.map(|one| one.met(*weight, lengths));
                let mut met = met.reduce(Met::better).unwrap_or_default();
                met.score += kinds.bonus(*document);
                met
            }
            Self::Read { products, at } => products.get(*at).map_or_else(Met::default, |it| it.1),
            Self::Table { table, document, kinds } => {
                let mut met = table.met(*document);
                met.score += kinds.bonus(*document);
                met
            }
        }
    }
}

impl Kinds {
    /// What a product gains. To be asked in the order of products.
    fn bonus(&mut self, document: DocId) -> f32 {
        let is_one = self.postings.iter_mut().any(|it| {
            let at = if it.doc() < document { it.seek(document) } else { it.doc() };
            at == document
        });
        if is_one { self.bonus } else { 0.0 }
    }
}

impl Met {
    /// A word that is there beats any that may have been meant.
    fn better(self, other: Self) -> Self {
        let key = |met: &Self| (!met.typo, met.score);
        if key(&other) > key(&self) { other } else { self }
    }
}

impl One {
    fn document(&self) -> DocId {
        self.terms.first().map_or(TERMINATED, DocSet::doc)
    }

    fn cost(&self) -> u64 {
        self.terms.iter().map(|term| u64::from(term.doc_freq())).min().unwrap_or(0)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if let Some(first) = self.terms.first_mut()
            && first.doc() < target
        {
            // The next one is mostly there.
            let at = if first.doc() + 1 == target { first.advance() } else { first.doc() };
            if at < target {
                first.seek(target);
            }
            self.align();
        }
        self.document()
    }

    /// Goes on to the next product that has all terms.
    fn align(&mut self) {
        let Some((first, others)) = self.terms.split_first_mut() else { return };
        let mut document = first.doc();
        'next: while document != TERMINATED {
            for other in others.iter_mut() {
                let at = if other.doc() < document { other.seek(document) } else { other.doc() };
                if at > document {
                    document = if at == TERMINATED { TERMINATED } else { first.seek(at) };
                    if at == TERMINATED {
                        // Nothing more has both.
                        first.seek(TERMINATED);
                    }
                    continue 'next;
                }
            }
            return;
        }
    }

    /// Hands each product before `end` to `each`, with what it has of the word.
    fn for_each(
        mut self,
        weight: f32,
        lengths: &Lengths,
        end: DocId,
        mut each: impl FnMut(DocId, Met),
    ) {
        let (typo, relaxed) = (self.typo, self.relaxed);
        if let [only] = &mut self.terms[..] {
            let weight = weight * self.factor;
            let mut document = only.doc();
            while document < end {
                let score = weight * lengths.saturated(document, only.term_freq());
                each(document, Met { score, typo, relaxed });
                document = only.advance();
            }
            return;
        }
        while self.document() < end {
            each(self.document(), self.met(weight, lengths));
            self.seek(self.document() + 1);
        }
    }

    fn met(&self, weight: f32, lengths: &Lengths) -> Met {
        let counts = self.terms.iter().map(|term| (term.doc(), term.term_freq()));
        let worth = counts.map(|(document, count)| lengths.saturated(document, count));
        let worth = worth.fold(f32::INFINITY, f32::min);
        Met { score: weight * self.factor * worth, typo: self.typo, relaxed: self.relaxed }
    }
}
