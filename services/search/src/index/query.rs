//! From what was typed to a tree of tantivy queries.
//!
//! The tree is built here, never by tantivy's own parser: that one has a language of its own, which
//! shoppers do not mean to speak, and recurses without a bound. This tree is of one depth whatever
//! comes in: chunks, their words, the fields of a word.

use super::schema::{Fields, PLAIN, STEMMED};
use std::ops::Bound;
use tantivy::{
    Index, Score, TantivyError, Term,
    query::{
        AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery,
        InvertedIndexRangeQuery, Occur, Query, TermQuery,
    },
    schema::{Field, IndexRecordOption},
    tokenizer::TextAnalyzer,
};

/// Words beyond these are not looked at: nobody types so many, and each one costs.
pub(super) const MOST_WORDS: usize = 32;

/// How much of the other fields' scores joins that of a word's best field.
const TIE_BREAKER: Score = 0.1;

/// What a whole id or external id is worth: more than words ever add up to.
const CODE: Score = 100.0;

/// Lifts a word that is there whole above any that only begins with it.
const WHOLE_WORD: Score = 3.0;

/// Words that say little. They raise products that have them and are not asked of the others.
const STOP_WORDS: [&str; 24] = [
    "a", "an", "and", "are", "as", "at", "by", "for", "from", "in", "into", "is", "it", "my", "of",
    "on", "or", "that", "the", "this", "to", "up", "with", "without",
];

/// Takes queries apart into [`Words`].
#[derive(Clone)]
pub(super) struct Reader {
    plain: TextAnalyzer,
    stemmed: TextAnalyzer,
}

/// A query in words.
#[derive(Debug, PartialEq)]
pub(super) struct Words(Vec<Chunk>);

/// What stood between blanks: one word, or several as in `KT-INS114`. Never none.
#[derive(Debug, PartialEq)]
struct Chunk {
    /// All of it in lower case: perhaps an id.
    code: String,
    words: Vec<Word>,
    /// Every result should have it.
    required: bool,
}

#[derive(Debug, PartialEq)]
struct Word {
    /// In lower case, without accents.
    plain: String,
    stem: String,
    /// Still being typed: what begins with it is meant too.
    open: bool,
}

/// How many of the words a product must have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Demand {
    All,
    Any,
}

impl Reader {
    pub(super) fn new(index: &Index) -> Result<Self, TantivyError> {
        let analyzer = |name: &str| {
            let missing = || TantivyError::SystemError(format!("no tokenizer {name}"));
            index.tokenizers().get(name).ok_or_else(missing)
        };
        Ok(Self { plain: analyzer(PLAIN)?, stemmed: analyzer(STEMMED)? })
    }

    /// Reads the first [`MOST_WORDS`] words of a query. There may be none, as in `"?!"`.
    pub(super) fn read(&self, query: &str) -> Words {
        let mut left = MOST_WORDS;
        let mut chunks: Vec<Chunk> = Vec::new();
        for text in query.split_whitespace() {
            let words = self.words(text, left);
            if words.is_empty() {
                continue;
            }
            left -= words.len();
            let required = !(words.len() == 1 && STOP_WORDS.contains(&words[0].plain.as_str()));
            chunks.push(Chunk { code: text.to_lowercase(), words, required });
        }
        if chunks.iter().all(|chunk| !chunk.required) {
            chunks.iter_mut().for_each(|chunk| chunk.required = true);
        }
        // A word that is not followed by anything is still being typed.
        let typing = left > 0 && query.chars().next_back().is_some_and(char::is_alphanumeric);
        if let Some(word) = chunks.last_mut().and_then(|chunk| chunk.words.last_mut()) {
            word.open = typing;
        }
        Words(chunks)
    }

    /// Returns the first words of a text, at most `most`.
    fn words(&self, text: &str, most: usize) -> Vec<Word> {
        // Both analysers see the same tokens: they drop the overlong alike, and only change others.
        let plain = tokens(self.plain.clone(), text);
        let stems = tokens(self.stemmed.clone(), text);
        let words = plain.into_iter().zip(stems).take(most);
        words.map(|(plain, stem)| Word { plain, stem, open: false }).collect()
    }
}

fn tokens(mut analyzer: TextAnalyzer, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    analyzer.token_stream(text).process(&mut |token| found.push(token.text.clone()));
    found
}

impl Words {
    /// Whether asking for any of the words could find more than asking for all.
    pub(super) fn can_relax(&self) -> bool {
        self.0.iter().map(|chunk| chunk.words.len()).sum::<usize>() > 1
    }

    /// Returns the query for these words. Without words it finds nothing.
    pub(super) fn query(&self, fields: &Fields, demand: Demand) -> Box<dyn Query> {
        let clauses = self.0.iter().map(|chunk| {
            let required = demand == Demand::All && chunk.required;
            (if required { Occur::Must } else { Occur::Should }, chunk.query(fields, demand))
        });
        Box::new(BooleanQuery::new(clauses.collect()))
    }
}

impl Chunk {
    /// The words of the chunk, or the chunk as an id.
    fn query(&self, fields: &Fields, demand: Demand) -> Box<dyn Query> {
        let occur = if demand == Demand::All { Occur::Must } else { Occur::Should };
        let words = self.words.iter().map(|word| (occur, word.query(fields)));
        let words = Box::new(BooleanQuery::new(words.collect()));
        let code = constant(term(fields.codes, &self.code), CODE);
        Box::new(DisjunctionMaxQuery::new(vec![words, code]))
    }
}

impl Word {
    /// The word in any field, scored by the best of them.
    fn query(&self, fields: &Fields) -> Box<dyn Query> {
        let weighted = [
            (fields.name, 3.0),
            (fields.brand, 2.0),
            (fields.categories, 2.0),
            (fields.attributes, 1.0),
            (fields.description, 0.6),
        ];
        let whole = weighted.map(|(field, weight)| boosted(term(field, &self.stem), weight));
        let whole = Box::new(DisjunctionMaxQuery::with_tie_breaker(whole.into(), TIE_BREAKER));
        if !self.open {
            return whole;
        }
        let lift = constant(Box::new(AllQuery), WHOLE_WORD);
        let beginnings = [
            (fields.name_plain, 2.0),
            (fields.context_plain, 1.0),
            // Stems are mostly beginnings too, and descriptions are long: not worth a copy.
            (fields.description, 0.3),
        ];
        let mut either: Vec<Box<dyn Query>> =
            vec![Box::new(BooleanQuery::new(vec![(Occur::Must, whole), (Occur::Should, lift)]))];
        for (field, weight) in beginnings {
            either.push(constant(prefix(field, &self.plain), weight));
        }
        Box::new(DisjunctionMaxQuery::new(either))
    }
}

/// Narrows a query to a category and what is below it, without a word in the score.
pub(super) fn within(fields: &Fields, query: Box<dyn Query>, category_id: &str) -> Box<dyn Query> {
    let filter = constant(category(fields, category_id), 0.0);
    Box::new(BooleanQuery::new(vec![(Occur::Must, query), (Occur::Must, filter)]))
}

/// Every product of a category and of those below it.
pub(super) fn category(fields: &Fields, category_id: &str) -> Box<dyn Query> {
    term(fields.category_ids, category_id)
}

fn term(field: Field, text: &str) -> Box<dyn Query> {
    // Scores count frequencies where the field has them; the others have none to read.
    let term = Term::from_field_text(field, text);
    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
}

/// Every term that begins so. As a set of documents: cheap however many terms there are.
fn prefix(field: Field, text: &str) -> Box<dyn Query> {
    // Tokens are UTF-8, where no byte is 0xff: this bound comes after every text that begins so.
    let mut end = text.as_bytes().to_vec();
    end.push(0xff);
    let mut after = Term::from_field_text(field, "");
    after.append_bytes(&end);
    let from = Bound::Included(Term::from_field_text(field, text));
    Box::new(InvertedIndexRangeQuery::new(from, Bound::Excluded(after)))
}

fn boosted(query: Box<dyn Query>, weight: Score) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query, weight))
}

fn constant(query: Box<dyn Query>, score: Score) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, score))
}
