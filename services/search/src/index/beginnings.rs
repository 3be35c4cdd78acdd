//! A quick look at whether a word can be one of some.

use super::analysis::others;

/// How words begin: by their first two bytes. No form of a word begins with other letters, but for
/// those that are [`others`].
pub(super) struct Beginnings {
    first: [bool; 256],
    /// A bit for each pair.
    pairs: Vec<u64>,
}

impl Beginnings {
    pub(super) fn new() -> Self {
        Self { first: [false; 256], pairs: vec![0; 1 << 10] }
    }

    /// Adds a word and its other forms.
    pub(super) fn add(&mut self, word: &str) {
        self.add_form(word);
        others(word).for_each(|other| self.add_form(other));
    }

    fn add_form(&mut self, word: &str) {
        match word.as_bytes() {
            [] => {}
            [first] => self.first[usize::from(*first)] = true,
            [first, second, ..] => self.pair(*first, *second),
        }
    }

    /// Adds every word that begins so.
    pub(super) fn add_longer(&mut self, start: &str) {
        match start.as_bytes() {
            [first] => (0..=u8::MAX).for_each(|second| self.pair(*first, second)),
            _ => self.add(start),
        }
    }

    fn pair(&mut self, first: u8, second: u8) {
        // A code may be told by its first part, and that be one letter.
        self.first[usize::from(first)] = true;
        let at = usize::from(first) << 8 | usize::from(second);
        self.pairs[at / 64] |= 1 << (at % 64);
    }

    /// Whether a word that begins so can be one of them. It is folded.
    pub(super) fn has(&self, first: u8, second: Option<u8>) -> bool {
        let Some(second) = second else { return self.first[usize::from(first)] };
        let at = usize::from(first) << 8 | usize::from(second);
        self.pairs[at / 64] >> (at % 64) & 1 == 1
    }

    /// Whether a text, as it was written, can have one of them.
    pub(super) fn may_be_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let mut inside = false;
        bytes.iter().enumerate().any(|(at, byte)| {
            // What letters beyond ASCII become is for a closer look to say.
            if !byte.is_ascii() {
                return true;
            }
            let is_start = !inside && byte.is_ascii_alphanumeric();
            inside = byte.is_ascii_alphanumeric();
            let next = bytes.get(at + 1).filter(|next| next.is_ascii_alphanumeric());
            is_start && self.has(byte.to_ascii_lowercase(), next.map(u8::to_ascii_lowercase))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_texts_that_may_match_are_looked_at() {
        let mut some = Beginnings::new();
        ["mouse", "2m", "k"].iter().for_each(|word| some.add(word));
        some.add_longer("z");
        for text in ["a Mouse", "mice", "2m", "2 m", "K-9", "Zoo", "caf\u{e9}"] {
            assert!(some.may_be_in(text), "{text}");
        }
        for text in ["", "men", "amouse", "9m", "kiln", "?!"] {
            assert!(!some.may_be_in(text), "{text}");
        }
    }
}
