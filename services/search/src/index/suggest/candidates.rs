//! Products with all typed words in their names, and their rank.

use std::{cmp::Reverse, collections::HashMap, iter, ops::Range};

use tantivy::{
    DocId, DocSet as _, InvertedIndexReader, SegmentReader, TERMINATED,
    columnar::Column,
    postings::SegmentPostings,
    schema::{Field, IndexRecordOption},
};

use super::typed_word::TypedWord;
use crate::index::{Result, model::MatchKind, schema::columns};

/// Maximum number of terms that an unfinished word is completed to, per segment.
const MAX_COMPLETIONS: usize = 24;

/// Maximum number of terms that are read for them, per segment.
const MAX_SCANNED: usize = 4_000;

/// Maximum number of products that are considered, per segment.
const MAX_CONSIDERED: usize = 4_000;

/// A product that may complete the query. Lower ranks first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    rank: Rank,
    pub(super) segment: usize,
    pub(super) document: DocId,
}

/// The rank of a candidate: lower is better.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// The worst match among the typed words.
    worst: MatchKind,
    /// The name does not start with the first typed word.
    is_within: bool,
    is_sold_out: bool,
    popularity: Reverse<u64>,
    name_length: u64,
    id: [u64; 2],
}

/// Adds the best `limit` products of a segment that have all words in their names.
pub(super) fn add_candidates(
    number: usize,
    segment: &SegmentReader,
    names: Field,
    words: &[TypedWord],
    limit: usize,
    found: &mut Vec<Candidate>,
) -> Result<()> {
    let matches = matching_names(segment, names, words)?;
    let ranker = Ranker::open(segment, words)?;
    let ranked = matches.into_iter().map(|(document, worst)| Candidate {
        rank: ranker.rank(document, worst),
        segment: number,
        document,
    });
    let mut ranked: Vec<_> = ranked.collect();
    if ranked.len() > limit {
        ranked.select_nth_unstable(limit);
        ranked.truncate(limit);
    }
    found.extend(ranked);
    Ok(())
}

/// Returns the products that have all words in their names, each with its worst match.
fn matching_names(
    segment: &SegmentReader,
    names: Field,
    words: &[TypedWord],
) -> Result<Vec<(DocId, MatchKind)>> {
    let index = segment.inverted_index(names)?;
    let mut alternatives = Vec::with_capacity(words.len());
    for word in words {
        alternatives.push(Alternative::open(&index, word)?);
    }
    let cost = |of: &Vec<Alternative>| of.iter().map(|it| u64::from(it.products)).sum::<u64>();
    let Some(rarest) = (0..words.len()).min_by_key(|at| cost(&alternatives[*at])) else {
        return Ok(Vec::new());
    };
    let leading = alternatives.swap_remove(rarest);
    let mut documents: HashMap<DocId, MatchKind> = HashMap::new();
    'leading: for mut alternative in leading {
        let mut document = alternative.postings.doc();
        while document != TERMINATED {
            if documents.len() >= MAX_CONSIDERED {
                break 'leading;
            }
            let best = documents.entry(document).or_insert(alternative.kind);
            *best = (*best).min(alternative.kind);
            document = alternative.postings.advance();
        }
    }
    let mut documents: Vec<(DocId, MatchKind)> = documents.into_iter().collect();
    documents.sort_unstable();
    for others in &mut alternatives {
        documents.retain_mut(|(document, worst)| {
            let here = others.iter_mut().filter_map(|other| other.seek(*document));
            match here.min() {
                Some(kind) => {
                    *worst = (*worst).max(kind);
                    true
                }
                None => false,
            }
        });
    }
    documents.retain(|(document, _)| !segment.is_deleted(*document));
    Ok(documents)
}

/// A term that matches a typed word.
struct Alternative {
    postings: SegmentPostings,
    products: u32,
    kind: MatchKind,
}

impl Alternative {
    /// Opens the postings of all terms that match a word.
    fn open(index: &InvertedIndexReader, word: &TypedWord) -> Result<Vec<Self>> {
        let mut terms = Vec::new();
        if word.is_unfinished {
            let mut stream = index.terms().range().ge(word.text.as_str()).into_stream()?;
            let mut scanned = 0;
            while scanned < MAX_SCANNED
                && stream.advance()
                && stream.key().starts_with(word.text.as_bytes())
            {
                let is_whole = stream.key() == word.text.as_bytes();
                let kind = if is_whole { MatchKind::Word } else { MatchKind::Prefix };
                terms.push((kind, Reverse(stream.value().doc_freq), stream.value().clone()));
                scanned += 1;
            }
            // The word itself, then the most frequent completions.
            terms.sort_unstable_by_key(|(kind, products, _)| (*kind, *products));
            terms.truncate(MAX_COMPLETIONS);
        } else if let Some(info) = index.terms().get(&word.text)? {
            terms.push((MatchKind::Word, Reverse(info.doc_freq), info));
        }
        for correction in &word.corrections {
            if let Some(info) = index.terms().get(correction)? {
                terms.push((MatchKind::Typo, Reverse(info.doc_freq), info));
            }
        }
        let mut alternatives = Vec::with_capacity(terms.len());
        for (kind, Reverse(products), info) in terms {
            let postings = index.read_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
            alternatives.push(Self { postings, products, kind });
        }
        Ok(alternatives)
    }

    /// Returns the kind of match if the document has the term. Documents must be ascending.
    fn seek(&mut self, document: DocId) -> Option<MatchKind> {
        let is_here = self.postings.doc() <= document && self.postings.seek(document) == document;
        is_here.then_some(self.kind)
    }
}

/// The columns of a segment that candidates are ranked by.
struct Ranker {
    stock: Column<i64>,
    popularity: Column<f64>,
    name_length: Column<u64>,
    id: [Column<u64>; 2],
    /// The names' ordinals, and the ordinals of the names that start with the first typed word.
    names: Option<(Column<u64>, Vec<Range<u64>>)>,
}

impl Ranker {
    fn open(segment: &SegmentReader, words: &[TypedWord]) -> Result<Self> {
        let columns = segment.fast_fields();
        let names = match columns.str(columns::NAME_ORDER)? {
            None => None,
            Some(names) => {
                let first = words.first();
                let prefixes =
                    first.iter().flat_map(|word| iter::once(&word.text).chain(&word.corrections));
                let ranges = prefixes.map(|it| columns::ordinals_with_prefix(&names, it));
                let ranges = ranges.collect::<tantivy::Result<_>>()?;
                Some((names.ords().clone(), ranges))
            }
        };
        let [first, second] = columns::ID_PARTS;
        Ok(Self {
            stock: columns.i64(columns::STOCK)?,
            popularity: columns.f64(columns::POPULARITY)?,
            name_length: columns.u64(columns::NAME_LENGTH)?,
            id: [columns.u64(first)?, columns.u64(second)?],
            names,
        })
    }

    fn rank(&self, document: DocId, worst: MatchKind) -> Rank {
        let starts = |(names, ranges): &(Column<u64>, Vec<Range<u64>>)| {
            let name = names.first(document);
            name.is_some_and(|name| ranges.iter().any(|ordinals| ordinals.contains(&name)))
        };
        // Integers have a total order.
        let popularity = self.popularity.first(document).unwrap_or_default();
        let popularity = popularity.clamp(0.0, 1e15) as u64;
        Rank {
            worst,
            is_within: !self.names.as_ref().is_some_and(starts),
            is_sold_out: self.stock.first(document).unwrap_or_default() <= 0,
            popularity: Reverse(popularity),
            name_length: self.name_length.first(document).unwrap_or_default(),
            id: [0, 1].map(|part| self.id[part].first(document).unwrap_or_default()),
        }
    }
}
