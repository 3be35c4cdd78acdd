//! Alternatives with typing errors.

use super::{Alternatives, Expander};
use crate::index::{model::MatchKind, query::parse::QueryWord};

const MAX_CANDIDATES: usize = 12;

impl Expander<'_> {
    /// Adds similar words of the vocabulary. Returns the likeliest one if the word itself is
    /// unknown.
    pub(super) fn add_typos(
        &self,
        word: &QueryWord,
        products: u64,
        found: &mut Alternatives,
    ) -> Option<String> {
        let length = word.typed.chars().count();
        let allowed = if self.relaxed { max_errors_relaxed(length) } else { max_errors(length) };
        if allowed == 0 {
            return None;
        }
        let first = word.typed.chars().next();
        let similar = self.vocabulary.similar(&word.typed, allowed, MAX_CANDIDATES);
        let mut candidates = Vec::with_capacity(similar.len());
        for near in similar {
            // A word that is as rare is an unrelated word, or the same mistake.
            if u64::from(near.products) <= products {
                continue;
            }
            let mut factor = match near.errors {
                1 => self.parameters.typo,
                _ => self.parameters.two_typos,
            };
            if near.word.chars().next() != first {
                factor *= self.parameters.first_letter;
            }
            let likelihood = factor * (1.0 + (near.products as f32).ln_1p());
            candidates.push((likelihood, factor, near));
        }
        candidates.sort_by(|(a, ..), (b, ..)| b.total_cmp(a));
        let mut correction = None;
        if let Some((_, _, near)) = candidates.first()
            && products == 0
        {
            self.add_correction(word, &near.word, found);
            correction = Some(near.word.clone());
        }
        for (_, factor, near) in candidates {
            let term = self.analysis.normalise(&near.word);
            found.add(vec![term], MatchKind::Typo, factor);
        }
        correction
    }

    /// Adds the correction of an unknown word with its inflections and completions. It has the
    /// factors of a word typed correctly.
    fn add_correction(&self, word: &QueryWord, correction: &str, found: &mut Alternatives) {
        let it = self.parameters;
        let term = self.analysis.normalise(correction);
        found.add(vec![term.clone()], MatchKind::Typo, 1.0);
        let (stem_term, stem) = self.analysis.stem(&term);
        for term in [stem, stem_term] {
            found.add(vec![term], MatchKind::Typo, it.stem);
        }
        if word.is_unfinished {
            for longer in self.vocabulary.with_prefix(correction, MAX_CANDIDATES) {
                let term = self.analysis.normalise(&longer.word);
                found.add(vec![term], MatchKind::Typo, it.prefix * it.known_prefix);
            }
        }
    }

    /// Adds known codes that differ by two swapped characters or one extra character. Returns the
    /// likeliest one.
    pub(super) fn add_code_typos(
        &self,
        word: &QueryWord,
        found: &mut Alternatives,
    ) -> tantivy::Result<Option<String>> {
        let letters: Vec<char> = word.typed.chars().collect();
        let mut candidates = Vec::new();
        for at in 0..letters.len() {
            let mut swapped = letters.clone();
            if at + 1 < letters.len() && letters[at] != letters[at + 1] {
                swapped.swap(at, at + 1);
                candidates.push((swapped.into_iter().collect::<String>(), self.parameters.typo));
            }
            let mut fewer = letters.clone();
            fewer.remove(at);
            candidates.push((fewer.into_iter().collect(), self.parameters.two_typos));
        }
        let mut correction = None;
        for (candidate, factor) in candidates {
            if candidate.len() > 3 && self.dictionary.frequency(&candidate)? > 0 {
                found.add(vec![candidate.clone()], MatchKind::Typo, factor);
                if correction.as_ref().is_none_or(|(best, _)| factor > *best) {
                    correction = Some((factor, candidate));
                }
            }
        }
        Ok(correction.map(|(_, code)| code))
    }
}

/// Returns the number of typing errors allowed in a word of `length` characters.
fn max_errors(length: usize) -> u8 {
    match length {
        0..5 => 0,
        5..9 => 1,
        _ => 2,
    }
}

/// The same when nothing matched otherwise.
fn max_errors_relaxed(length: usize) -> u8 {
    match length {
        0..3 => 0,
        3..6 => 1,
        _ => 2,
    }
}
