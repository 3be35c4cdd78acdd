//! The words of an unfinished query, and how they match the words of a name.

use std::ops::Range;

use tantivy::{Searcher, Term, schema::Field};

use crate::index::{
    Result,
    model::MatchKind,
    query::{Vocabulary, VocabularyCache},
    schema::analysis::{Token, fold, tokenize},
};

/// Maximum number of words of a query that are used.
const MAX_WORDS: usize = 8;

/// Maximum number of corrections of a word.
const MAX_CORRECTIONS: usize = 6;

/// Maximum number of similar words of the vocabulary that are looked up in names.
const MAX_SIMILAR: usize = 24;

/// A typed word.
#[derive(Debug)]
pub(super) struct TypedWord {
    /// Folded.
    pub(super) text: String,
    /// Whether the query ends within it, so that it is a prefix.
    pub(super) is_unfinished: bool,
    /// Corrections, if no name has the word.
    pub(super) corrections: Vec<String>,
}

impl TypedWord {
    /// Splits a query into words.
    pub(super) fn parse(query: &str) -> Vec<Self> {
        let tokens = tokenize(query);
        let is_finished = query.ends_with(|letter: char| !letter.is_alphanumeric());
        let last = tokens.len().saturating_sub(1);
        let words = tokens.into_iter().enumerate().map(|(at, token)| Self {
            text: token.text,
            is_unfinished: at == last && !is_finished,
            corrections: Vec::new(),
        });
        words.take(MAX_WORDS).collect()
    }

    /// Finds corrections unless a name has the word.
    pub(super) fn correct(
        &mut self,
        searcher: &Searcher,
        names: Field,
        vocabularies: &VocabularyCache,
    ) -> Result<()> {
        let letters = self.text.chars().count();
        if letters < 4 || self.text.bytes().any(|byte| byte.is_ascii_digit()) {
            return Ok(());
        }
        let is_known = if self.is_unfinished {
            is_prefix_in_names(searcher, names, &self.text)?
        } else {
            is_in_names(searcher, names, &self.text)?
        };
        if is_known {
            return Ok(());
        }
        let max_errors = if letters < 9 { 1 } else { 2 };
        for similar in self.similar(&vocabularies.of(searcher)?, max_errors) {
            if self.corrections.len() == MAX_CORRECTIONS {
                break;
            }
            if is_in_names(searcher, names, &similar)? {
                self.corrections.push(similar);
            }
        }
        Ok(())
    }

    fn similar(&self, vocabulary: &Vocabulary, max_errors: u8) -> Vec<String> {
        let similar = if self.is_unfinished {
            vocabulary.with_similar_prefix(&self.text, max_errors, MAX_SIMILAR)
        } else {
            vocabulary.similar(&self.text, max_errors, MAX_SIMILAR)
        };
        similar.into_iter().map(|similar| similar.word).collect()
    }

    /// Returns how this word matches a folded word of a name, if it does.
    pub(super) fn matches(&self, word: &str) -> Option<MatchKind> {
        if word == self.text {
            Some(MatchKind::Word)
        } else if self.is_unfinished && word.starts_with(&self.text) {
            Some(MatchKind::Prefix)
        } else {
            let is_corrected = |correction: &String| {
                if self.is_unfinished {
                    word.starts_with(correction.as_str())
                } else {
                    word == correction
                }
            };
            self.corrections.iter().any(is_corrected).then_some(MatchKind::Typo)
        }
    }
}

fn is_in_names(searcher: &Searcher, names: Field, word: &str) -> Result<bool> {
    Ok(searcher.doc_freq(&Term::from_field_text(names, word))? > 0)
}

fn is_prefix_in_names(searcher: &Searcher, names: Field, prefix: &str) -> Result<bool> {
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(names)?;
        let mut stream = index.terms().range().ge(prefix).into_stream()?;
        if stream.advance() && stream.key().starts_with(prefix.as_bytes()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the first word of a text matches the first typed word.
pub(super) fn starts_with_first(text: &str, words: &[TypedWord]) -> bool {
    let first = tokenize(text).into_iter().next();
    let word = words.first();
    first.is_some_and(|token| word.is_some_and(|word| word.matches(&token.text).is_some()))
}

/// Returns the byte ranges of a text that match typed words, in order.
pub(super) fn match_ranges(text: &str, words: &[TypedWord]) -> Vec<(Range<usize>, MatchKind)> {
    let mut matches = Vec::new();
    for Token { text: token, range, .. } in tokenize(text) {
        let found = words.iter().filter_map(|word| Some((word.matches(&token)?, word)));
        let Some((kind, word)) = found.min_by_key(|(kind, _)| *kind) else { continue };
        let end = match kind {
            MatchKind::Prefix => range.start + unfolded_len(&text[range.clone()], word.text.len()),
            _ => range.end,
        };
        matches.push((range.start..end, kind));
    }
    matches
}

/// Returns the length in bytes of the part of a text that folds to `folded` bytes.
fn unfolded_len(text: &str, folded: usize) -> usize {
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
