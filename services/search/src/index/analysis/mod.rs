//! From text to the terms it is found by.
//!
//! A text is taken apart into [`tokens`], each of which becomes one or more *terms*: the word in the
//! singular and in one spelling; what it has in common with its family (its stem), marked, so that
//! a word is never taken for a stem; numbers joined with the unit behind them; the parts of a code
//! joined as well. Queries go the same way, so that both meet.

mod english;
mod fold;
mod tokens;
mod units;

pub(crate) use fold::fold;
pub(crate) use tokens::{Token, tokens};

use frostem::{Algorithm, Stemmer};
use std::{collections::HashMap, str::FromStr};

/// Stands before a stem: no word begins so.
const STEM_MARK: char = '~';

/// Stands before a word that says what kind of thing a product is.
const KIND_MARK: char = '^';

/// How many parts of a code are joined at most.
const MOST_JOINED: usize = 4;

/// The language that words are reduced by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    #[default]
    English,
    Dutch,
    French,
    German,
    Italian,
    Portuguese,
    Spanish,
    Swedish,
}

/// Knows a language. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Analysis {
    language: Language,
    stemmer: Stemmer,
}

/// Words that have been reduced before: a catalogue repeats itself.
pub(crate) type Known = HashMap<String, (String, Option<String>)>;

/// More different words are not remembered.
const MOST_KNOWN: usize = 50_000;

impl Analysis {
    pub(crate) fn new(language: Language) -> Self {
        let algorithm = match language {
            Language::English => Algorithm::English,
            Language::Dutch => Algorithm::Dutch,
            Language::French => Algorithm::French,
            Language::German => Algorithm::German,
            Language::Italian => Algorithm::Italian,
            Language::Portuguese => Algorithm::Portuguese,
            Language::Spanish => Algorithm::Spanish,
            Language::Swedish => Algorithm::Swedish,
        };
        Self { language, stemmer: Stemmer::new(algorithm) }
    }

    /// Returns the word that a folded one is found by. One with digits stays as it is.
    pub(crate) fn word(&self, folded: &str) -> String {
        if self.language == Language::English && folded.bytes().all(|it| it.is_ascii_lowercase()) {
            english::normal(folded)
        } else {
            folded.to_owned()
        }
    }

    /// Returns the term of a word's stem, and the stem.
    pub(crate) fn stem(&self, word: &str) -> (String, String) {
        let stem = self.stemmer.stem(word);
        (format!("{STEM_MARK}{stem}"), stem.into_owned())
    }

    /// Hands the terms of a text to `each`, and how much each counts beside the others.
    pub(crate) fn terms(&self, text: &str, known: &mut Known, mut each: impl FnMut(&str, bool)) {
        let tokens = tokens(text);
        for (at, token) in tokens.iter().enumerate() {
            if token.digits {
                each(&token.text, true);
                // 2m is found by 2 as well.
                let number = token.text.trim_end_matches(|it: char| it.is_ascii_alphabetic());
                if number.len() < token.text.len() && units::is_number(number) {
                    each(number, false);
                }
                // 3.5mm by 5mm: people copy what they see, dots and all, or not.
                if let Some((_, rest)) = token.text.split_once('.') {
                    each(rest, false);
                }
            } else {
                if !known.contains_key(&token.text) {
                    if known.len() >= MOST_KNOWN {
                        known.clear();
                    }
                    let word = self.word(&token.text);
                    let (term, stem) = self.stem(&word);
                    let stem = (stem != word).then_some(term);
                    known.insert(token.text.clone(), (word, stem));
                }
                let (word, stem) = &known[&token.text];
                each(word, true);
                if let Some(stem) = stem {
                    each(stem, false);
                }
            }
            if let Some(measure) = measure(&tokens[at..]) {
                each(&measure, false);
            }
            // Every run of glued tokens that ends here.
            let mut from = at;
            while tokens[from].glued && from > 0 && at - from + 1 < MOST_JOINED {
                from -= 1;
                each(&joined(&tokens[from..=at]), false);
            }
        }
    }
}

/// Returns forms of a word that may begin with other letters than it does.
pub(crate) fn others(word: &str) -> impl Iterator<Item = &'static str> {
    english::others(word)
}

/// Returns the term of what kind of thing a product is.
pub(crate) fn kind(word: &str) -> String {
    format!("{KIND_MARK}{word}")
}

/// The number and the unit that a text begins with, as one word.
pub(crate) fn measure(tokens: &[Token]) -> Option<String> {
    let [number, unit, ..] = tokens else { return None };
    if !units::is_number(&number.text) {
        return None;
    }
    units::unit(&unit.text).map(|unit| format!("{}{unit}", number.text))
}

/// Tokens written as one.
pub(crate) fn joined(tokens: &[Token]) -> String {
    tokens.iter().map(|token| token.text.as_str()).collect()
}

impl FromStr for Language {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Ok(match name {
            "english" => Self::English,
            "dutch" => Self::Dutch,
            "french" => Self::French,
            "german" => Self::German,
            "italian" => Self::Italian,
            "portuguese" => Self::Portuguese,
            "spanish" => Self::Spanish,
            "swedish" => Self::Swedish,
            _ => {
                return Err(
                    "must be english, dutch, french, german, italian, portuguese, spanish \
                            or swedish"
                        .to_owned(),
                );
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        let each = |term: &str, _| found.push(term.to_owned());
        Analysis::new(Language::English).terms(text, &mut Known::new(), each);
        found
    }

    #[test]
    fn a_text_is_found_by_its_terms() {
        assert_eq!(terms("Kettles"), ["kettle", "~kettl"]);
        assert_eq!(terms("KT-INS114"), ["kt", "ins114", "ktins114"]);
        assert_eq!(terms("2 m"), ["2", "2m", "m"]);
        assert_eq!(terms("2m"), ["2m", "2"]);
        assert_eq!(terms("a-1-b"), ["a", "1", "a1", "b", "1b", "a1b"]);
    }

    #[test]
    fn each_language_has_its_stems() {
        let german = Analysis::new("german".parse().unwrap());
        assert_eq!(german.stem("lampen").1, german.stem("lampe").1);
        assert_eq!(german.word("gas"), "gas");
        assert!("klingon".parse::<Language>().unwrap_err().contains("english"));
    }
}
