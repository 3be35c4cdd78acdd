//! Bonuses: products that are the thing a query is for, or of its brand, before products that only have the words.
//!
//! The thing is named by the last noun that is no object of a relation and no feature: `laptop 16 GB RAM` and
//! `bag for laptops` are about a laptop and a bag.

use super::Expander;
use crate::index::{
    model::MatchKind,
    query::{
        expanded::{Alternative, ExpandedWord},
        parse::WordRole,
    },
    schema::analysis::{
        doubtful_head_term, head_term, is_container, is_product_noun, kind_term, near_measures,
        value_term,
    },
};

/// Maximum number of terms that a word names a kind of product by.
const MAX_KINDS: usize = 16;

/// Share of the bonus of a thing that is called by another word than the query's.
const SYNONYM_SHARE: f32 = 0.95;

/// Words before a noun that may belong to its name.
const MAX_MODIFIERS: usize = 2;

impl Expander<'_> {
    /// Sets the bonuses of the words that name the thing and its brand.
    pub(super) fn add_bonuses(&self, words: &mut [ExpandedWord]) -> tantivy::Result<()> {
        for word in words.iter_mut() {
            if let WordRole::Brand(term) = &word.source.role {
                word.bonuses = vec![(term.clone(), self.parameters.own_brand)];
                word.is_protected = true;
            }
        }
        let mut head = None;
        for at in (0..words.len()).rev() {
            if words[at].source.role != WordRole::Plain {
                continue;
            }
            let kinds = self.kinds(words, at)?;
            if kinds.is_empty() {
                continue;
            }
            let is_feature = at > 0 && !near_measures(&words[at - 1].source.typed).is_empty();
            let is_better = head.is_none() || !is_feature;
            if is_better {
                head = Some((at, kinds));
            }
            if !is_feature {
                break;
            }
        }
        if let Some((at, kinds)) = head {
            words[at].bonuses = kinds;
            words[at].names_thing = true;
            words[at].is_protected = true;
            // A container says little alone: with `toner` of `toner cartridge` the cartridge is given up.
            if at > 0
                && is_container(&words[at].source.term, &words[at - 1].source.term)
                && words[at - 1].source.role == WordRole::Plain
            {
                words[at - 1].is_protected = !words[at - 1].source.has_digits;
            }
        }
        if words.iter().any(|word| word.names_thing) {
            self.add_values(words)?;
        }
        Ok(())
    }

    /// Adds bonuses for things that have a word as a whole value: `yellow` for things that are yellow and nothing else.
    fn add_values(&self, words: &mut [ExpandedWord]) -> tantivy::Result<()> {
        for word in words.iter_mut().filter(|word| word.bonuses.is_empty()) {
            let corrected = word.correction.as_ref().map(|it| self.analysis.normalise(it));
            let value = value_term(corrected.as_ref().unwrap_or(&word.source.term));
            if self.dictionary.frequency(&value)? > 0 {
                word.bonuses.push((value, self.parameters.value));
            }
        }
        Ok(())
    }

    /// Returns the terms of the products that a word names, with their bonuses.
    fn kinds(&self, words: &[ExpandedWord], at: usize) -> tantivy::Result<Vec<(String, f32)>> {
        let word = &words[at];
        let it = self.parameters;
        let mut kinds = Vec::new();
        // A word known as typed is not half of another one: a desk is no desktop.
        let is_own = |it: &Alternative| it.kind == MatchKind::Word && it.factor == 1.0;
        let is_known = word.alternatives.iter().any(is_own);
        // A word that means the same as a thing is a thing.
        let is_noun = |it: &Alternative| it.terms.last().is_some_and(|noun| is_product_noun(noun));
        let names_thing = word.alternatives.iter().any(|it| it.is_equal() && is_noun(it));
        for alternative in &word.alternatives {
            let is_unlikely = matches!(alternative.kind, MatchKind::Prefix | MatchKind::Typo);
            if kinds.len() >= MAX_KINDS || is_known && is_unlikely {
                continue;
            }
            let phrase = alternative.terms.join(" ");
            let Some(noun) = alternative.terms.last() else { continue };
            let kind = kind_term(&phrase);
            let is_kind = self.dictionary.frequency(&kind)? > 0;
            if is_kind {
                kinds.push((kind, it.kind));
            }
            if !(is_kind || is_product_noun(noun) || names_thing && is_own(alternative)) {
                continue;
            }
            let likeness = if alternative.kind == MatchKind::Synonym { SYNONYM_SHARE } else { 1.0 };
            let mut is_named = false;
            if let [noun] = alternative.terms.as_slice() {
                for modified in modified(words, at, noun) {
                    is_named |= self.add_heads(&modified, it.head * likeness, &mut kinds)?;
                }
            }
            let share = if is_named { it.head_noun } else { it.head };
            self.add_heads(&phrase, share * likeness, &mut kinds)?;
        }
        Ok(kinds)
    }

    /// Adds the terms of the products that are such a thing. Returns whether there are any.
    fn add_heads(
        &self,
        phrase: &str,
        share: f32,
        kinds: &mut Vec<(String, f32)>,
    ) -> tantivy::Result<bool> {
        let doubtful = self.parameters.doubtful_head;
        let mut is_known = false;
        for (term, share) in
            [(head_term(phrase), share), (doubtful_head_term(phrase), share * doubtful)]
        {
            if self.dictionary.frequency(&term)? > 0 {
                is_known = true;
                kinds.push((term, share));
            }
        }
        Ok(is_known)
    }
}

/// Returns a noun with the words before it in the query, as corrected.
fn modified(words: &[ExpandedWord], at: usize, noun: &str) -> Vec<String> {
    let mut phrases = Vec::new();
    let mut phrase = noun.to_owned();
    for word in words[..at].iter().rev().take(MAX_MODIFIERS) {
        if word.source.role != WordRole::Plain {
            break;
        }
        let before = word.correction.as_deref().unwrap_or(&word.source.term);
        phrase = format!("{before} {phrase}");
        phrases.push(phrase.clone());
    }
    phrases
}
