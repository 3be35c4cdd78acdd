//! Completing what is being typed, to names of products and of categories.
//!
//! The last word is unfinished; those before it are whole. Mistyped words are taken for what they
//! were meant to be only where the word itself leads nowhere. Names are looked for by their own words
//! alone, and only so many products are looked at: an answer is due before the next key is pressed.

use super::{
    Index, Result,
    analysis::{Token, fold, tokens},
    columns,
    schema::ID,
    vocabulary::Vocabulary,
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap, btree_map::Entry},
    iter,
    ops::Range,
    sync::{Arc, Mutex, PoisonError},
};
use tantivy::{
    DocId, DocSet as _, InvertedIndexReader, Searcher, SegmentReader, TERMINATED, Term,
    columnar::{Column, StrColumn},
    index::SegmentId,
    postings::SegmentPostings,
    schema::{Field, IndexRecordOption},
};

/// An unfinished word is taken for so many words of a segment at most, the most frequent ones.
const MOST_WORDS: usize = 24;
/// So many terms of a segment are compared with an unfinished word.
const MOST_SCANNED: usize = 4_000;
/// So many products of a segment are looked at for each word.
const MOST_LOOKED_AT: usize = 4_000;
/// So many products are compared by their names.
const MOST_COMPARED: usize = 100;
/// Words that a mistyped one may have been meant to be.
const MOST_MEANT: usize = 6;
/// So many words of the catalogue are looked up in names for that.
const MOST_LIKE: usize = 24;
/// Only so much of what is typed is read, in words.
const MOST_TYPED: usize = 8;

/// What something that is being typed can become.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Completion {
    pub(crate) text: String,
    /// The id of what the text names.
    pub(crate) id: String,
    /// What of the text was typed, in bytes, in order.
    pub(crate) typed: Vec<(Range<usize>, Typed)>,
}

/// How a part of a text was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    /// The whole word.
    Word,
    /// The beginning of it.
    Beginning,
    /// With a mistake.
    Mistaken,
}

/// A word that was typed, and what it can stand for.
#[derive(Debug)]
struct Word {
    /// Folded.
    text: String,
    /// Nothing was typed behind it yet.
    is_open: bool,
    /// Words it was meant to be, if no name has it.
    meant: Vec<String>,
}

impl Word {
    /// How a word of a name was typed by this one, if it was.
    fn typed(&self, word: &str) -> Option<Typed> {
        if word == self.text {
            Some(Typed::Word)
        } else if self.is_open && word.starts_with(&self.text) {
            Some(Typed::Beginning)
        } else {
            let is_meant = |meant: &String| match self.is_open {
                true => word.starts_with(meant.as_str()),
                false => word == meant,
            };
            self.meant.iter().any(is_meant).then_some(Typed::Mistaken)
        }
    }
}

impl Index {
    /// Returns names of products that what was typed can become, the best first, at most `most`.
    ///
    /// # Errors
    /// [`Error::Engine`](super::Error::Engine).
    pub(crate) fn complete_products(&self, typed: &str, most: usize) -> Result<Vec<Completion>> {
        let searcher = self.searchers.searcher();
        let words = self.typed_words(&searcher, typed)?;
        if words.is_empty() || most == 0 {
            return Ok(Vec::new());
        }
        let mut candidates = Vec::new();
        for (number, segment) in searcher.segment_readers().iter().enumerate() {
            self.candidates((number, segment), &words, &mut candidates)?;
        }
        candidates.sort_unstable();
        let mut columns = BTreeMap::new();
        let mut known = BTreeSet::new();
        let mut completions = Vec::with_capacity(most);
        // Texts are read of those alone that are shown, as that costs more than all else.
        for Candidate { segment, document, .. } in candidates.into_iter().take(MOST_COMPARED) {
            if completions.len() == most {
                break;
            }
            let (names, ids) = match columns.entry(segment) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    let columns = searcher.segment_reader(segment as u32).fast_fields();
                    new.insert((columns.str(columns::NAME)?, columns.str(ID)?))
                }
            };
            let Some(name) = value(names.as_ref(), document)? else { continue };
            if !known.insert(fold(&name)) {
                continue;
            }
            let Some(id) = value(ids.as_ref(), document)? else { continue };
            let typed = parts(&name, &words);
            completions.push(Completion { text: name, id, typed });
        }
        Ok(completions)
    }

    /// The same for categories.
    ///
    /// # Errors
    /// [`Error::Engine`](super::Error::Engine).
    pub(crate) fn complete_categories(&self, typed: &str, most: usize) -> Result<Vec<Completion>> {
        let searcher = self.searchers.searcher();
        let words = self.typed_words(&searcher, typed)?;
        if words.is_empty() || most == 0 {
            return Ok(Vec::new());
        }
        let mut found: BTreeMap<String, String> = BTreeMap::new();
        for segment in searcher.segment_readers() {
            let categories = self.categories.of(segment)?;
            for category in categories.iter().filter(|category| category.has(&words)) {
                found.insert(category.id.clone(), category.name.clone());
            }
        }
        let mut ranked = Vec::with_capacity(found.len().min(MOST_COMPARED));
        for (id, name) in found.into_iter().take(MOST_COMPARED) {
            let term = Term::from_field_text(self.fields.category_ids, &id);
            let products = searcher.doc_freq(&term)?;
            if products > 0 {
                ranked.push((!begins(&name, &words), Reverse(products), name, id));
            }
        }
        ranked.sort_unstable();
        let completions = ranked.into_iter().take(most).map(|(_, _, text, id)| {
            let typed = parts(&text, &words);
            Completion { text, id, typed }
        });
        Ok(completions.collect())
    }

    /// The words that were typed, with what those were meant to be that no name has.
    fn typed_words(&self, searcher: &Searcher, typed: &str) -> Result<Vec<Word>> {
        let mut words = read(typed);
        let names = self.fields.name_plain;
        for word in &mut words {
            let letters = word.text.chars().count();
            if letters < 4 || word.text.bytes().any(|byte| byte.is_ascii_digit()) {
                continue;
            }
            let is_known = match word.is_open {
                true => begins_a_word(searcher, names, &word.text)?,
                false => is_in_a_name(searcher, names, &word.text)?,
            };
            if is_known {
                continue;
            }
            let vocabulary = self.vocabularies.of(searcher)?;
            let errors = if letters < 9 { 1 } else { 2 };
            for meant in meant(&vocabulary, word, errors) {
                if word.meant.len() == MOST_MEANT {
                    break;
                }
                if is_in_a_name(searcher, names, &meant)? {
                    word.meant.push(meant);
                }
            }
        }
        Ok(words)
    }

    /// The products of a segment whose names have all the words.
    fn candidates(
        &self,
        (number, segment): (usize, &SegmentReader),
        words: &[Word],
        found: &mut Vec<Candidate>,
    ) -> Result<()> {
        let index = segment.inverted_index(self.fields.name_plain)?;
        let mut alternatives = Vec::with_capacity(words.len());
        for word in words {
            alternatives.push(postings(&index, word)?);
        }
        // Whichever word is rarest leads the way.
        let cost = |of: &Vec<Alternative>| of.iter().map(|it| u64::from(it.products)).sum::<u64>();
        let Some(rarest) = (0..words.len()).min_by_key(|at| cost(&alternatives[*at])) else {
            return Ok(());
        };
        let leading = alternatives.swap_remove(rarest);
        let mut documents: HashMap<DocId, Worst> = HashMap::new();
        'leading: for mut alternative in leading {
            let mut document = alternative.postings.doc();
            while document != TERMINATED {
                if documents.len() >= MOST_LOOKED_AT {
                    break 'leading;
                }
                let worst = documents.entry(document).or_insert(alternative.typed);
                *worst = (*worst).min(alternative.typed);
                document = alternative.postings.advance();
            }
        }
        let mut documents: Vec<(DocId, Worst)> = documents.into_iter().collect();
        documents.sort_unstable();
        for others in &mut alternatives {
            documents.retain_mut(|(document, worst)| {
                let of = others.iter_mut().filter_map(|other| {
                    let is_there = other.postings.doc() <= *document
                        && other.postings.seek(*document) == *document;
                    is_there.then_some(other.typed)
                });
                match of.min() {
                    Some(typed) => {
                        *worst = (*worst).max(typed);
                        true
                    }
                    None => false,
                }
            });
        }
        documents.retain(|(document, _)| !segment.is_deleted(*document));
        let mut ranked = Vec::with_capacity(documents.len());
        let ranks = Ranks::open(segment, words)?;
        for (document, worst) in documents {
            ranked.push(Candidate { rank: ranks.of(document, worst), segment: number, document });
        }
        if ranked.len() > MOST_COMPARED {
            ranked.select_nth_unstable(MOST_COMPARED);
            ranked.truncate(MOST_COMPARED);
        }
        found.extend(ranked);
        Ok(())
    }
}

/// The worst way in which a word of a name was typed.
type Worst = u8;

/// A product that may complete what is being typed. The smaller, the better.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    rank: Rank,
    segment: usize,
    document: DocId,
}

/// The smaller, the better.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    worst: Worst,
    /// The name begins with something else.
    is_within: bool,
    is_sold_out: bool,
    popular: Reverse<u64>,
    length: u64,
    id: [u64; 2],
}

/// What products of a segment are ranked by, besides the words.
struct Ranks {
    stock: Column<i64>,
    popularity: Column<f64>,
    length: Column<u64>,
    id: [Column<u64>; 2],
    /// The names, as numbers in their order, and the numbers of those that begin with the first
    /// word that was typed.
    names: Option<(Column<u64>, Vec<Range<u64>>)>,
}

impl Ranks {
    fn open(segment: &SegmentReader, words: &[Word]) -> Result<Self> {
        let columns = segment.fast_fields();
        let names = match columns.str(columns::NAME_ORDER)? {
            None => None,
            Some(names) => {
                let first = words.first();
                let beginnings =
                    first.iter().flat_map(|word| iter::once(&word.text).chain(&word.meant));
                let beginnings = beginnings.map(|it| columns::numbers_of(&names, it));
                let beginnings = beginnings.collect::<tantivy::Result<_>>()?;
                Some((names.ords().clone(), beginnings))
            }
        };
        let [first, second] = columns::ID_PARTS;
        Ok(Self {
            stock: columns.i64(columns::STOCK)?,
            popularity: columns.f64(columns::POPULARITY)?,
            length: columns.u64(columns::NAME_LENGTH)?,
            id: [columns.u64(first)?, columns.u64(second)?],
            names,
        })
    }

    fn of(&self, document: DocId, worst: Worst) -> Rank {
        let begins = |(names, beginnings): &(Column<u64>, Vec<Range<u64>>)| {
            let name = names.first(document);
            name.is_some_and(|name| beginnings.iter().any(|numbers| numbers.contains(&name)))
        };
        // Whole numbers can be ordered.
        let popular = self.popularity.first(document).unwrap_or_default().clamp(0.0, 1e15) as u64;
        Rank {
            worst,
            is_within: !self.names.as_ref().is_some_and(begins),
            is_sold_out: self.stock.first(document).unwrap_or_default() <= 0,
            popular: Reverse(popular),
            length: self.length.first(document).unwrap_or_default(),
            id: [0, 1].map(|part| self.id[part].first(document).unwrap_or_default()),
        }
    }
}

/// Where a word can be found that a typed one can stand for.
struct Alternative {
    postings: SegmentPostings,
    products: u32,
    typed: Worst,
}

/// The text of a document in a column.
fn value(column: Option<&StrColumn>, document: DocId) -> Result<Option<String>> {
    let Some(column) = column else { return Ok(None) };
    let Some(number) = column.ords().first(document) else { return Ok(None) };
    let mut text = String::new();
    column.ord_to_str(number, &mut text).map_err(tantivy::TantivyError::from)?;
    Ok(Some(text))
}

/// The words that were typed, folded.
fn read(typed: &str) -> Vec<Word> {
    let found = tokens(typed);
    let is_finished = typed.ends_with(|letter: char| !letter.is_alphanumeric());
    let last = found.len().saturating_sub(1);
    let words = found.into_iter().enumerate().map(|(at, token)| Word {
        text: token.text,
        is_open: at == last && !is_finished,
        meant: Vec::new(),
    });
    words.take(MOST_TYPED).collect()
}

/// What a word may have been meant to be.
fn meant(vocabulary: &Vocabulary, word: &Word, errors: u8) -> Vec<String> {
    let like = match word.is_open {
        true => vocabulary.beginning_like(&word.text, errors, MOST_LIKE),
        false => vocabulary.like(&word.text, errors, MOST_LIKE),
    };
    like.into_iter().map(|written| written.word).collect()
}

fn is_in_a_name(searcher: &Searcher, names: Field, word: &str) -> Result<bool> {
    Ok(searcher.doc_freq(&Term::from_field_text(names, word))? > 0)
}

fn begins_a_word(searcher: &Searcher, names: Field, start: &str) -> Result<bool> {
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(names)?;
        let mut stream = index.terms().range().ge(start).into_stream().map_err(engine)?;
        if stream.advance() && stream.key().starts_with(start.as_bytes()) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn engine(error: std::io::Error) -> super::Error {
    super::Error::Engine(error.into())
}

/// The postings of all that a word can stand for in a segment.
fn postings(index: &InvertedIndexReader, word: &Word) -> Result<Vec<Alternative>> {
    let mut terms = Vec::new();
    if word.is_open {
        let mut stream =
            index.terms().range().ge(word.text.as_str()).into_stream().map_err(engine)?;
        let mut scanned = 0;
        while scanned < MOST_SCANNED
            && stream.advance()
            && stream.key().starts_with(word.text.as_bytes())
        {
            let typed = if stream.key() == word.text.as_bytes() { 0 } else { 1 };
            terms.push((typed, Reverse(stream.value().doc_freq), stream.value().clone()));
            scanned += 1;
        }
        // The word itself, then the most frequent ones.
        terms.sort_unstable_by_key(|(typed, products, _)| (*typed, *products));
        terms.truncate(MOST_WORDS);
    } else if let Some(info) = index.terms().get(&word.text).map_err(engine)? {
        terms.push((0, Reverse(info.doc_freq), info));
    }
    for meant in &word.meant {
        if let Some(info) = index.terms().get(meant).map_err(engine)? {
            terms.push((2, Reverse(info.doc_freq), info));
        }
    }
    let mut alternatives = Vec::with_capacity(terms.len());
    for (typed, Reverse(products), info) in terms {
        let postings = index.read_postings_from_terminfo(&info, IndexRecordOption::Basic);
        alternatives.push(Alternative { postings: postings.map_err(engine)?, products, typed });
    }
    Ok(alternatives)
}

/// Whether a text begins with the first word that was typed.
fn begins(text: &str, words: &[Word]) -> bool {
    let first = tokens(text).into_iter().next();
    first.is_some_and(|token| words.first().is_some_and(|word| word.typed(&token.text).is_some()))
}

/// Which parts of a text were typed.
fn parts(text: &str, words: &[Word]) -> Vec<(Range<usize>, Typed)> {
    let mut parts = Vec::new();
    for Token { text: token, place, .. } in tokens(text) {
        let how = words.iter().filter_map(|word| Some((word.typed(&token)?, word)));
        let Some((how, word)) = how.min_by_key(|(how, _)| *how as u8) else { continue };
        let end = match how {
            Typed::Beginning => place.start + length_of(&text[place.clone()], word.text.len()),
            Typed::Word | Typed::Mistaken => place.end,
        };
        parts.push((place.start..end, how));
    }
    parts
}

/// How much of a text becomes so many bytes when it is folded.
fn length_of(text: &str, folded: usize) -> usize {
    let mut length = 0;
    let mut so_far = 0;
    for letter in text.chars() {
        if so_far >= folded {
            break;
        }
        so_far += fold(letter.encode_utf8(&mut [0; 4])).len();
        length += letter.len_utf8();
    }
    length
}

/// The categories of the segments that are searched, read once each.
#[derive(Default)]
pub(super) struct Categories {
    segments: Mutex<HashMap<SegmentId, Arc<[Category]>>>,
}

/// A category by its name.
pub(super) struct Category {
    id: String,
    name: String,
    /// Folded.
    words: Vec<String>,
}

/// Of segments that are gone their categories are kept until there are so many.
const MOST_SEGMENTS: usize = 64;

impl Categories {
    fn of(&self, segment: &SegmentReader) -> Result<Arc<[Category]>> {
        let lock = || self.segments.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&segment.segment_id()) {
            return Ok(Arc::clone(known));
        }
        let read: Arc<[Category]> = Category::all(segment)?.into();
        let mut segments = lock();
        if segments.len() >= MOST_SEGMENTS {
            segments.clear();
        }
        segments.insert(segment.segment_id(), Arc::clone(&read));
        Ok(read)
    }
}

impl Category {
    fn all(segment: &SegmentReader) -> Result<Vec<Self>> {
        let Some(column) = segment.fast_fields().str(columns::CATEGORIES)? else {
            return Ok(Vec::new());
        };
        let mut all = Vec::with_capacity(column.num_terms());
        let mut stream = column.dictionary().stream().map_err(engine)?;
        while stream.advance() {
            let Ok(text) = std::str::from_utf8(stream.key()) else { continue };
            let columns::Category { id, name, .. } = columns::category(text);
            let words = tokens(name).into_iter().map(|token| token.text).collect();
            all.push(Self { id: id.to_owned(), name: name.to_owned(), words });
        }
        Ok(all)
    }

    /// Whether its name has all the words that were typed.
    fn has(&self, words: &[Word]) -> bool {
        words.iter().all(|word| self.words.iter().any(|own| word.typed(own).is_some()))
    }
}
