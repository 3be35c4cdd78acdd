//! The query parser: from text to words. Queries have no operators, so every text is a query.

use std::collections::BTreeSet;

use crate::index::schema::analysis::{Analysis, Token, tokenize};

/// Maximum number of words parsed. Each costs time, and longer queries are pasted texts.
const MAX_WORDS: usize = 32;

/// Default stop words of English.
pub(super) const STOP_WORDS: [&str; 24] = [
    "a", "an", "and", "are", "as", "at", "by", "for", "from", "in", "into", "is", "it", "my", "of",
    "on", "or", "that", "the", "this", "to", "up", "with", "without",
];

/// Returns the stop words in use while none are configured.
pub(crate) fn default_stop_words() -> Vec<String> {
    STOP_WORDS.iter().map(|word| (*word).to_owned()).collect()
}

/// A parsed query.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ParsedQuery {
    pub(crate) words: Vec<QueryWord>,
    /// Whether it has words between the words to find, as sentences do.
    pub(crate) is_sentence: bool,
}

/// A word of a query.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct QueryWord {
    /// The typed text, folded. A number includes the unit after it.
    pub(crate) typed: String,
    /// The index term: singular, in one spelling.
    pub(crate) term: String,
    /// Whether it is a number, measurement or code, in which every character counts.
    pub(crate) has_digits: bool,
    /// Whether the query ends within this word, so that it may be a prefix.
    pub(crate) is_unfinished: bool,
    /// The word's part in the query as a whole.
    pub(crate) role: WordRole,
    /// Byte in the parsed text.
    start: usize,
}

/// A word's part in the query as a whole.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum WordRole {
    #[default]
    Plain,
    /// It names a brand; the brand's own products have this term.
    Brand(String),
    /// It names the thing that a product must fit.
    Object,
}

impl ParsedQuery {
    /// Parses the first [`MAX_WORDS`] words of a query and removes its stop words, unless it has no
    /// other words. The result may be empty, as for `"?!"`.
    pub(crate) fn parse(analysis: &Analysis, stop_words: &BTreeSet<String>, query: &str) -> Self {
        let mut tokens = tokenize(query);
        tokens.truncate(MAX_WORDS);
        let is_unfinished = tokens.last().is_some_and(|last| last.range.end == query.len());
        let mut at = 0;
        let mut words = Vec::new();
        for (term, length) in analysis.words(&tokens) {
            let parts = &tokens[at..at + length];
            at += length;
            let typed: String = parts.iter().map(|token| token.text.as_str()).collect();
            let has_digits = parts.iter().any(|token: &Token| token.has_digits);
            let start = parts.first().map_or(0, |token| token.range.start);
            let role = WordRole::Plain;
            words.push(QueryWord { typed, term, has_digits, is_unfinished: false, role, start });
        }
        if let Some(last) = words.last_mut() {
            last.is_unfinished = is_unfinished;
        }
        let all = words.len();
        if words.iter().any(|word| !stop_words.contains(&word.typed)) {
            words.retain(|word| !stop_words.contains(&word.typed));
        }
        let is_sentence = words.len() < all;
        Self { words, is_sentence }
    }

    /// Sets the roles of words, each from a byte of the text on. A brand after a relation is the thing that a product
    /// must fit.
    pub(super) fn set_roles(&mut self, roles: &[(usize, WordRole)]) {
        for word in &mut self.words {
            let before = roles.iter().take_while(|(from, _)| *from <= word.start);
            let is_object = before.clone().any(|(_, role)| *role == WordRole::Object);
            let role = if is_object {
                Some(&WordRole::Object)
            } else {
                before.last().map(|(_, role)| role)
            };
            word.role = role.cloned().unwrap_or_default();
        }
    }

    /// Returns the query in normal form, which is equal for queries that differ only in case,
    /// accents, punctuation or stop words.
    pub(crate) fn normalised(&self) -> String {
        let words: Vec<_> = self.words.iter().map(|word| word.typed.as_str()).collect();
        words.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::schema::analysis::Language;

    fn parsed(query: &str) -> Vec<(String, bool)> {
        let stop_words = STOP_WORDS.iter().map(|word| (*word).to_owned()).collect();
        let parsed = ParsedQuery::parse(&Analysis::new(Language::English), &stop_words, query);
        parsed.words.into_iter().map(|word| (word.term, word.is_unfinished)).collect()
    }

    fn check(query: &str, terms: &[&str], is_unfinished: bool) {
        let found = parsed(query);
        let texts: Vec<_> = found.iter().map(|(term, _)| term.as_str()).collect();
        assert_eq!(texts, terms, "{query}");
        assert_eq!(found.last().is_some_and(|(_, last)| *last), is_unfinished, "{query}");
    }

    #[test]
    fn queries_become_words() {
        check("Red Kettles", &["red", "kettle"], true);
        check("red kettles ", &["red", "kettle"], false);
        check("cable 2 m", &["cable", "2m"], true);
        check("KT-INS114", &["kt", "ins114"], true);
        check("a lamp for the desk", &["lamp", "desk"], true);
        check("to the", &["to", "the"], true);
        check("?!", &[], false);
        assert_eq!(parsed(&"mug ".repeat(100)).len(), MAX_WORDS);
    }
}
