//! Text analysis: turns texts into index terms.
//!
//! [`tokenize`] splits a text into tokens, and each token becomes one or more terms: the word in
//! the singular and in one spelling; its stem, marked so that it never equals a word; a number
//! joined with its unit; the parts of a code joined. Queries are analysed the same way.

mod english;
mod fold;
mod measure;
mod product_nouns;
mod tokens;
mod units;

pub(crate) use fold::fold;
pub(crate) use measure::{measure_term, near_measures};
pub(crate) use product_nouns::{
    is_accessory, is_container, is_product_noun, is_wearer, may_be_same,
};
pub(crate) use tokens::{Token, tokenize};
pub(crate) use units::{count_unit, number_and_unit};

use frostem::{Algorithm, Stemmer};
use std::{collections::HashMap, str::FromStr};

/// Prefix of a stem's term. Words never contain it.
const STEM_MARK: char = '~';

/// Prefix of a product-kind term. Words never contain it.
const KIND_MARK: char = '^';

/// Prefix of a head term. Words never contain it.
const HEAD_MARK: char = '!';

/// Prefix of a head term where the category disagrees. Words never contain it.
const DOUBTFUL_MARK: char = '?';

/// Prefix of the term of products that have an attribute. Words never contain it.
const ATTRIBUTE_MARK: char = '&';

/// Prefix of the term of products of which a word is a whole value. Words never contain it.
const VALUE_MARK: char = '$';

/// Prefix of a brand's term. Words never contain it.
const BRAND_MARK: char = '@';

/// Maximum number of parts of a code that are joined.
const MAX_JOINED: usize = 4;

/// The language of stemming and spelling rules.
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

/// An analyser for one language. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Analysis {
    language: Language,
    stemmer: Stemmer,
}

/// A cache of normalised words and their stem terms, since catalogues repeat words.
pub(crate) type WordCache = HashMap<String, (String, Option<String>)>;

/// Maximum number of cached words.
const MAX_CACHED_WORDS: usize = 50_000;

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

    /// Returns the normal form of a folded word. Words with digits are unchanged.
    pub(crate) fn normalise(&self, folded: &str) -> String {
        if self.language == Language::English && folded.bytes().all(|it| it.is_ascii_lowercase()) {
            english::normalise(folded)
        } else {
            folded.to_owned()
        }
    }

    /// Returns the term of a word's stem, and the stem itself.
    pub(crate) fn stem(&self, word: &str) -> (String, String) {
        let stem = self.stemmer.stem(word);
        (format!("{STEM_MARK}{stem}"), stem.into_owned())
    }

    /// Splits tokens into words, each with the number of tokens it is made of: a number and its
    /// unit form one word.
    pub(crate) fn words(&self, tokens: &[Token]) -> Vec<(String, usize)> {
        let mut words = Vec::with_capacity(tokens.len());
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let (word, length) = match measurement(&tokens[at..]) {
                _ if let Some(found) = dimensions(&tokens[at..]) => found,
                Some(measure) => (measure, 2),
                None if token.has_digits => (token.text.clone(), 1),
                None => (self.normalise(&token.text), 1),
            };
            words.push((word, length));
            at += length;
        }
        words
    }

    /// Calls `each` for every term of a text.
    pub(crate) fn terms(&self, text: &str, cache: &mut WordCache, mut each: impl FnMut(&str)) {
        let tokens = tokenize(text);
        for (at, token) in tokens.iter().enumerate() {
            if token.has_digits {
                each(&token.text);
                // `2m` also yields `2`.
                let number = token.text.trim_end_matches(|it: char| it.is_ascii_alphabetic());
                if number.len() < token.text.len() && units::is_number(number) {
                    each(number);
                }
                if let Some(measure) = measure_term(&token.text) {
                    each(&measure);
                }
                // `3.5mm` also yields `5mm`, because people copy codes with or without the part
                // before the dot.
                if let Some((_, rest)) = token.text.split_once('.') {
                    each(rest);
                }
            } else {
                if !cache.contains_key(&token.text) {
                    if cache.len() >= MAX_CACHED_WORDS {
                        cache.clear();
                    }
                    let word = self.normalise(&token.text);
                    let (term, stem) = self.stem(&word);
                    let stem = (stem != word).then_some(term);
                    cache.insert(token.text.clone(), (word, stem));
                }
                let (word, stem) = &cache[&token.text];
                each(word);
                if let Some(stem) = stem {
                    each(stem);
                }
            }
            if let Some(measure) = measurement(&tokens[at..]) {
                each(&measure);
                if let Some(measure) = measure_term(&measure) {
                    each(&measure);
                }
            }
            if let Some((product, _)) = dimensions(&tokens[at..]) {
                each(&product);
            }
            // Every run of joined tokens that ends here.
            let mut from = at;
            while tokens[from].joined_to_previous && from > 0 && at - from + 1 < MAX_JOINED {
                from -= 1;
                each(&concat(&tokens[from..=at]));
            }
        }
    }
}

/// Returns forms of a word that may start with other letters.
pub(crate) fn irregular_forms(word: &str) -> impl Iterator<Item = &'static str> {
    english::irregular_forms(word)
}

/// Returns the term for a kind of product.
pub(crate) fn kind_term(word: &str) -> String {
    format!("{KIND_MARK}{word}")
}

/// Returns the term of products that are such a thing, by its noun and the words before it.
pub(crate) fn head_term(phrase: &str) -> String {
    format!("{HEAD_MARK}{phrase}")
}

/// Returns the same for products of a category that names another thing.
pub(crate) fn doubtful_head_term(phrase: &str) -> String {
    format!("{DOUBTFUL_MARK}{phrase}")
}

/// Returns the term of products that have an attribute.
pub(crate) fn attribute_term(name: &str) -> String {
    format!("{ATTRIBUTE_MARK}{name}")
}

/// Returns the term of products that have an attribute with this one word as value.
pub(crate) fn value_term(word: &str) -> String {
    format!("{VALUE_MARK}{word}")
}

/// Returns the term of a brand's own products; case, blanks and signs of its name do not count.
pub(crate) fn brand_term(brand: &str) -> String {
    format!("{BRAND_MARK}{}", joined(brand))
}

/// Returns the letters and digits of a text, folded.
pub(crate) fn joined(text: &str) -> String {
    fold(text).chars().filter(|it| it.is_alphanumeric()).collect()
}

/// Returns the leading number and unit as one word.
pub(crate) fn measurement(tokens: &[Token]) -> Option<String> {
    let [number, unit, ..] = tokens else { return None };
    if !units::is_number(&number.text) {
        return None;
    }
    units::canonical_unit(&unit.text).map(|unit| format!("{}{unit}", number.text))
}

/// Returns leading dimensions, or a number of equal parts, as one word: `10 x 15`, `2 x 8 GB`. Also
/// returns the number of their tokens.
fn dimensions(tokens: &[Token]) -> Option<(String, usize)> {
    let [first, times, rest @ ..] = tokens else { return None };
    let second = rest.first()?;
    let ends_with_digit = first.text.ends_with(|it: char| it.is_ascii_digit());
    if times.text != "x" || !first.has_digits || !ends_with_digit || !second.has_digits {
        return None;
    }
    let (second, length) = match measurement(rest) {
        Some(measure) => (measure, 2),
        None => (second.text.clone(), 1),
    };
    Some((format!("{}x{second}", first.text), 2 + length))
}

/// Concatenates the texts of tokens.
pub(crate) fn concat(tokens: &[Token]) -> String {
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
        let each = |term: &str| found.push(term.to_owned());
        Analysis::new(Language::English).terms(text, &mut WordCache::new(), each);
        found
    }

    #[test]
    fn a_text_is_found_by_its_terms() {
        assert_eq!(terms("Kettles"), ["kettle", "~kettl"]);
        assert_eq!(terms("KT-INS114"), ["kt", "ins114", "ktins114"]);
        assert_eq!(terms("2 m"), ["2", "2m", "=l760", "m"]);
        assert_eq!(terms("2m"), ["2m", "2", "=l760"]);
        assert!(terms("2 x 8 GB").contains(&"2x8gb".to_owned()));
        assert_eq!(terms("a-1-b"), ["a", "1", "a1", "b", "1b", "a1b"]);
    }

    #[test]
    fn each_language_has_its_stems() {
        let german = Analysis::new("german".parse().unwrap());
        assert_eq!(german.stem("lampen").1, german.stem("lampe").1);
        assert_eq!(german.normalise("gas"), "gas");
        assert!("klingon".parse::<Language>().unwrap_err().contains("english"));
    }
}
