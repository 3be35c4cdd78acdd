//! A filter on words by their first two bytes.

use crate::index::schema::analysis::irregular_forms;

/// The set of the first two bytes of some words and their other forms. Has false positives, no
/// false negatives: inflections keep the first letters, apart from the [`irregular_forms`].
pub(super) struct PrefixFilter {
    first: [bool; 256],
    /// One bit per pair of bytes.
    pairs: Vec<u64>,
}

impl PrefixFilter {
    pub(super) fn new() -> Self {
        Self { first: [false; 256], pairs: vec![0; 1 << 10] }
    }

    /// Adds a word and its other forms.
    pub(super) fn add(&mut self, word: &str) {
        self.add_form(word);
        irregular_forms(word).for_each(|other| self.add_form(other));
    }

    fn add_form(&mut self, word: &str) {
        match word.as_bytes() {
            [] => {}
            [first] => self.first[usize::from(*first)] = true,
            [first, second, ..] => self.add_pair(*first, *second),
        }
    }

    /// Adds all words that start with `start`.
    pub(super) fn add_prefix(&mut self, start: &str) {
        match start.as_bytes() {
            [first] => (0..=u8::MAX).for_each(|second| self.add_pair(*first, second)),
            _ => self.add(start),
        }
    }

    fn add_pair(&mut self, first: u8, second: u8) {
        // The first part of a code may be a single letter.
        self.first[usize::from(first)] = true;
        let at = usize::from(first) << 8 | usize::from(second);
        self.pairs[at / 64] |= 1 << (at % 64);
    }

    /// Whether a folded word with these first bytes may be in the set.
    pub(super) fn may_start(&self, first: u8, second: Option<u8>) -> bool {
        let Some(second) = second else { return self.first[usize::from(first)] };
        let at = usize::from(first) << 8 | usize::from(second);
        self.pairs[at / 64] >> (at % 64) & 1 == 1
    }

    /// Whether a text, not folded, may contain a word of the set.
    pub(super) fn may_be_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let mut in_word = false;
        bytes.iter().enumerate().any(|(at, byte)| {
            // Folding of letters beyond ASCII is left to the analysis.
            if !byte.is_ascii() {
                return true;
            }
            let is_start = !in_word && byte.is_ascii_alphanumeric();
            in_word = byte.is_ascii_alphanumeric();
            let next = bytes.get(at + 1).filter(|next| next.is_ascii_alphanumeric());
            is_start && self.may_start(byte.to_ascii_lowercase(), next.map(u8::to_ascii_lowercase))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_texts_that_may_match_pass() {
        let mut some = PrefixFilter::new();
        ["mouse", "2m", "k"].iter().for_each(|word| some.add(word));
        some.add_prefix("z");
        for text in ["a Mouse", "mice", "2m", "2 m", "K-9", "Zoo", "caf\u{e9}"] {
            assert!(some.may_be_in(text), "{text}");
        }
        for text in ["", "men", "amouse", "9m", "kiln", "?!"] {
            assert!(!some.may_be_in(text), "{text}");
        }
    }
}
