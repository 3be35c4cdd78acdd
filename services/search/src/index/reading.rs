//! From what was typed to words.

use super::{
    analysis::{Analysis, Token, tokens},
    schema,
};
use std::collections::BTreeSet;

/// Words beyond these are not looked at: nobody types so many, and each one costs.
pub(super) const MOST_WORDS: usize = 32;

/// Words that say little in English, unless somebody has set others.
pub(super) const STOP_WORDS: [&str; 24] = [
    "a", "an", "and", "are", "as", "at", "by", "for", "from", "in", "into", "is", "it", "my", "of",
    "on", "or", "that", "the", "this", "to", "up", "with", "without",
];

/// Returns the words that queries are read without, unless somebody has set others.
pub(crate) fn default_stop_words() -> Vec<String> {
    STOP_WORDS.iter().map(|word| (*word).to_owned()).collect()
}

/// A query in words.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Asked {
    pub(super) words: Vec<Word>,
}

/// A word of a query.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Word {
    /// Folded, as it was typed; a number with the unit behind it.
    pub(super) typed: String,
    /// The term it is found by: in the singular and in one spelling.
    pub(super) word: String,
    /// It has a digit: every letter counts.
    pub(super) digits: bool,
    /// Still being typed: what begins with it is meant too.
    pub(super) open: bool,
}

/// Reads the first [`MOST_WORDS`] words of a query, without those that say little, if there are
/// others. There may be none, as in `"?!"`.
pub(super) fn read(analysis: &Analysis, stop_words: &BTreeSet<String>, query: &str) -> Asked {
    let mut tokens = tokens(query);
    tokens.truncate(MOST_WORDS);
    let open = tokens.last().is_some_and(|last| last.place.end == query.len());
    let mut at = 0;
    let mut words = Vec::new();
    for (word, length) in schema::words(analysis, &tokens) {
        let parts = &tokens[at..at + length];
        at += length;
        let typed: String = parts.iter().map(|token| token.text.as_str()).collect();
        let digits = parts.iter().any(|token: &Token| token.digits);
        words.push(Word { typed, word, digits, open: false });
    }
    if let Some(last) = words.last_mut() {
        last.open = open;
    }
    if words.iter().any(|word| !stop_words.contains(&word.typed)) {
        // A stop word at the end may be the beginning of another: `in` of `ink`.
        words.retain(|word| !stop_words.contains(&word.typed));
    }
    Asked { words }
}

impl Asked {
    /// The query as it was read: what differs only in spelling reads the same.
    pub(super) fn normalised(&self) -> String {
        let words: Vec<_> = self.words.iter().map(|word| word.typed.as_str()).collect();
        words.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::analysis::Language;

    fn asked(query: &str) -> Vec<(String, bool)> {
        let stop_words = STOP_WORDS.iter().map(|word| (*word).to_owned()).collect();
        let asked = read(&Analysis::new(Language::English), &stop_words, query);
        asked.words.into_iter().map(|word| (word.word, word.open)).collect()
    }

    fn is(query: &str, words: &[&str], open: bool) {
        let found = asked(query);
        let texts: Vec<_> = found.iter().map(|(word, _)| word.as_str()).collect();
        assert_eq!(texts, words, "{query}");
        assert_eq!(found.last().is_some_and(|(_, open)| *open), open, "{query}");
    }

    #[test]
    fn queries_become_words() {
        is("Red Kettles", &["red", "kettle"], true);
        is("red kettles ", &["red", "kettle"], false);
        is("cable 2 m", &["cable", "2m"], true);
        is("KT-INS114", &["kt", "ins114"], true);
        is("a lamp for the desk", &["lamp", "desk"], true);
        is("to the", &["to", "the"], true);
        is("?!", &[], false);
        assert_eq!(asked(&"mug ".repeat(100)).len(), MOST_WORDS);
    }
}
