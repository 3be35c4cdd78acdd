//! Alternatives without typing errors: compounds, completions and splits.

use super::{Alternatives, Expander};
use crate::index::{
    model::MatchKind,
    query::parse::{ParsedQuery, QueryWord},
};

const MAX_COMPLETIONS: usize = 24;
const MAX_SPLITS: usize = 3;

/// Maximum number of adjacent words of a query that are joined.
const MAX_JOINED: usize = 3;

impl Expander<'_> {
    /// Adds the word joined with its neighbours. Returns the estimated number of matching products.
    pub(super) fn add_compounds(
        &self,
        query: &ParsedQuery,
        at: usize,
        found: &mut Alternatives,
    ) -> tantivy::Result<u64> {
        let words = &query.words;
        let mut products = 0;
        for length in 2..=MAX_JOINED.min(words.len()) {
            let first = (at + 1).saturating_sub(length);
            for from in first..=at.min(words.len() - length) {
                products += self.add_compound(&words[from..from + length], found)?;
            }
        }
        Ok(products)
    }

    fn add_compound(&self, parts: &[QueryWord], found: &mut Alternatives) -> tantivy::Result<u64> {
        let mut products = 0;
        let is_code = parts.iter().any(|word| word.has_digits);
        let joined: String = parts.iter().map(|word| word.typed.as_str()).collect();
        let joined = if is_code { joined } else { self.analysis.normalise(&joined) };
        let frequency = self.dictionary.frequency(&joined)?;
        if frequency > 0 {
            products += frequency;
            let it = self.parameters;
            let factor = if is_code { it.code } else { it.compound };
            found.add(vec![joined.clone()], MatchKind::Word, factor);
        }
        if is_code && parts.iter().any(|word| word.is_unfinished) {
            for code in self.dictionary.codes_with_prefix(&joined, MAX_COMPLETIONS)? {
                products += self.dictionary.frequency(&code)?;
                found.add(vec![code], MatchKind::Prefix, self.parameters.prefix);
            }
        }
        Ok(products)
    }

    /// Adds words that start with this one. Returns the estimated number of matching products.
    pub(super) fn add_completions(
        &self,
        word: &QueryWord,
        factor: f32,
        found: &mut Alternatives,
    ) -> tantivy::Result<u64> {
        let mut products = 0;
        if !word.has_digits {
            for longer in self.vocabulary.with_prefix(&word.typed, MAX_COMPLETIONS) {
                products += u64::from(longer.products);
                found.add(vec![self.analysis.normalise(&longer.word)], MatchKind::Prefix, factor);
            }
        }
        if word.typed.len() > 1 {
            for code in self.dictionary.codes_with_prefix(&word.typed, MAX_COMPLETIONS)? {
                products += 1;
                found.add(vec![code], MatchKind::Prefix, factor);
            }
        }
        Ok(products)
    }

    /// Adds the word split in two.
    pub(super) fn add_splits(
        &self,
        word: &QueryWord,
        found: &mut Alternatives,
    ) -> tantivy::Result<()> {
        let min_length = if word.has_digits { 2 } else { 3 };
        let normalise = |part: &str| {
            if word.has_digits { part.to_owned() } else { self.analysis.normalise(part) }
        };
        let mut splits = Vec::new();
        for (middle, _) in word.typed.char_indices().skip(1) {
            let (left, right) = word.typed.split_at(middle);
            if left.len() < min_length || right.len() < min_length {
                continue;
            }
            let (left, right) = (normalise(left), normalise(right));
            let both = self.dictionary.frequency(&left)?.min(self.dictionary.frequency(&right)?);
            if both > 0 {
                splits.push((both, vec![left, right]));
            }
        }
        splits.sort_unstable_by(|a, b| b.cmp(a));
        splits.truncate(MAX_SPLITS);
        for (_, parts) in splits {
            // Words that are never adjacent in a name are not a compound.
            if self.dictionary.are_adjacent(&parts)? {
                found.add(parts, MatchKind::Word, self.parameters.compound);
            }
        }
        Ok(())
    }
}
