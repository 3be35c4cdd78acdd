//! Query expansion: finds the terms that may match each word of a query.

mod bonuses;
mod forms;
mod measures;
mod typos;

use std::collections::HashMap;

use super::{
    compiled_settings::CompiledSettings,
    dictionary::TermDictionary,
    expanded::{Alternative, ExpandedWord},
    parse::{ParsedQuery, QueryWord, WordRole},
    vocabulary::Vocabulary,
};
use crate::index::{
    model::{MatchKind, Parameters},
    schema::{
        analysis::{Analysis, is_product_noun},
        without_zeros,
    },
};

/// Expands the words of one query.
pub(crate) struct Expander<'a> {
    pub(crate) analysis: &'a Analysis,
    pub(crate) dictionary: &'a TermDictionary<'a>,
    pub(crate) vocabulary: &'a Vocabulary,
    pub(crate) parameters: &'a Parameters,
    pub(crate) settings: &'a CompiledSettings,
    /// Allows more typing errors, also in codes, and one-way synonyms in both directions.
    pub(crate) relaxed: bool,
}

/// Alternatives of one word without duplicates: of equal ones the first, which is the best, stays.
#[derive(Default)]
struct Alternatives(Vec<Alternative>);

impl Expander<'_> {
    /// Expands all words of a query.
    pub(crate) fn expand(&self, query: &ParsedQuery) -> tantivy::Result<Vec<ExpandedWord>> {
        let mut words = Vec::with_capacity(query.words.len());
        for at in 0..query.words.len() {
            words.push(self.expand_word(query, at)?);
        }
        // Corrected words get the synonyms of their corrections.
        let mut corrected = query.clone();
        for (word, expanded) in corrected.words.iter_mut().zip(&words) {
            if let Some(correction) = &expanded.correction {
                word.term = self.analysis.normalise(correction);
            } else if let Some(noun) = self.unfinished_noun(word)? {
                word.term = noun;
            }
        }
        self.settings.add_synonyms(&corrected, self.relaxed, self.parameters, &mut words);
        for word in &mut words {
            self.weigh(word)?;
        }
        self.add_bonuses(&mut words)?;
        Ok(words)
    }

    fn expand_word(&self, query: &ParsedQuery, at: usize) -> tantivy::Result<ExpandedWord> {
        let word = &query.words[at];
        let mut found = Alternatives::default();
        found.add(vec![word.term.clone()], MatchKind::Word, 1.0);
        if let WordRole::Brand(term) = &word.role {
            found.add(vec![term.clone()], MatchKind::Word, 1.0);
        }
        if !word.has_digits {
            let (stem_term, stem) = self.analysis.stem(&word.term);
            if stem != word.term {
                found.add(vec![stem], MatchKind::Word, self.parameters.stem);
            }
            found.add(vec![stem_term], MatchKind::Word, self.parameters.stem);
        }
        let mut products = self.dictionary.frequency(&word.term)?;
        let is_measure = word.has_digits && self.add_measures(word, &mut found)?;
        let number = without_zeros(&word.term);
        if number.len() < word.term.len() {
            products += self.dictionary.frequency(number)?;
            found.add(vec![number.to_owned()], MatchKind::Word, 1.0);
        }
        products += self.add_compounds(query, at, &mut found)?;
        if word.is_unfinished {
            let it = self.parameters;
            let factor = if products > 0 { it.prefix * it.known_prefix } else { it.prefix };
            products += self.add_completions(word, factor, &mut found)?;
        }
        if products == 0 {
            self.add_splits(word, &mut found)?;
        }
        let mut correction = None;
        let rare = (self.parameters.rare * self.dictionary.products as f32) as u64;
        if is_measure {
            // Every digit counts: a size that no product has is no other size mistyped.
        } else if word.has_digits && self.relaxed && self.dictionary.frequency(&word.term)? == 0 {
            correction = self.add_code_typos(word, &mut found)?;
        } else if !word.has_digits && products <= rare {
            correction = self.add_typos(word, products, &mut found);
        }
        Ok(ExpandedWord {
            source: word.clone(),
            alternatives: found.0,
            weight: 0.0,
            bonuses: Vec::new(),
            names_thing: false,
            is_protected: false,
            products: 0,
            correction,
        })
    }

    /// Returns the thing that an unknown unfinished word most likely begins.
    fn unfinished_noun(&self, word: &QueryWord) -> tantivy::Result<Option<String>> {
        if !word.is_unfinished || word.has_digits || self.dictionary.frequency(&word.term)? > 0 {
            return Ok(None);
        }
        let likeliest = self.vocabulary.with_prefix(&word.typed, 1).pop();
        let noun = likeliest.map(|it| self.analysis.normalise(&it.word));
        Ok(noun.filter(|noun| is_product_noun(noun)))
    }

    /// Removes alternatives that no product has, and sets the word's weight.
    fn weigh(&self, word: &mut ExpandedWord) -> tantivy::Result<()> {
        let mut frequencies = HashMap::new();
        let mut alternatives = Vec::with_capacity(word.alternatives.len());
        let (mut certain, mut mistyped) = (0, 0);
        for alternative in word.alternatives.drain(..) {
            let mut least = u64::MAX;
            for term in &alternative.terms {
                let known = frequencies.get(term).copied();
                let frequency = match known {
                    Some(frequency) => frequency,
                    None => self.dictionary.frequency(term)?,
                };
                frequencies.insert(term.clone(), frequency);
                least = least.min(frequency);
            }
            if least == 0 {
                continue;
            }
            // The stem's frequency says little about that of the word itself: it counts only for
            // want of a better estimate.
            let is_stem =
                alternative.kind == MatchKind::Word && alternative.factor == self.parameters.stem;
            // Products of a brand mostly have its name.
            let is_brand = matches!(&word.source.role, WordRole::Brand(term) if alternative.terms == [term.as_str()]);
            match alternative.kind {
                MatchKind::Typo => mistyped += least,
                _ if is_stem => {}
                _ if is_brand => certain = certain.max(least),
                _ => certain += least,
            }
            if is_stem && certain == 0 {
                certain = certain.max(least);
            }
            alternatives.push(alternative);
        }
        word.alternatives = alternatives;
        let all = self.dictionary.products;
        let products = if certain > 0 { certain } else { mistyped }.min(all);
        word.products = products;
        let (all, products) = (all as f32, products as f32);
        word.weight = (1.0 + (all - products + 0.5) / (products + 0.5)).ln();
        Ok(())
    }
}

impl Alternatives {
    fn add(&mut self, terms: Vec<String>, kind: MatchKind, factor: f32) {
        if !self.0.iter().any(|known| known.terms == terms) {
            self.0.push(Alternative { terms, kind, factor });
        }
    }
}
