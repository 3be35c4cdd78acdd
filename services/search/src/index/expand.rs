//! What else a word of a query may mean: other forms of it, words it begins, words it was meant to
//! be, words of the same meaning.

use super::{
    analysis::{Analysis, kind},
    dictionary::Dictionary,
    parameters::Parameters,
    reading::{Asked, Word},
    rules::Rules,
    vocabulary::Vocabulary,
};
use std::collections::HashMap;

/// A word means this much else at most, of each kind.
const MOST_BEGINNINGS: usize = 24;
const MOST_TYPOS: usize = 12;
const MOST_SPLITS: usize = 3;
const MOST_KINDS: usize = 4;

/// Words of a code, or written apart, that are looked for as one.
const MOST_JOINED: usize = 3;

/// How a word of a product matches one of the query. The better, the lower.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum How {
    /// The word, or another form of it.
    Word,
    /// It begins with the word.
    Prefix,
    /// It means the same.
    Synonym,
    /// It differs by typing errors.
    Typo,
}

/// A word of the query, and all it may mean.
#[derive(Clone, Debug)]
pub(super) struct Meaning {
    pub(super) asked: Word,
    /// The first is the word itself.
    pub(super) alternatives: Vec<Alternative>,
    /// What meeting it is worth: the rarer, the more.
    pub(super) weight: f32,
    /// The terms of the kinds of things that it names; for one word of a query at most.
    pub(super) kinds: Vec<String>,
    /// In how many products it is, by an estimate.
    pub(super) products: u64,
    /// The word that it was probably meant to be, as it is written.
    pub(super) correction: Option<String>,
}

/// One thing that a word may mean.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Alternative {
    /// All of them must be there; mostly one.
    pub(super) terms: Vec<String>,
    pub(super) how: How,
    /// What it counts beside the word itself, which is 1.
    pub(super) factor: f32,
    /// Only allowed because nothing was found without.
    pub(super) relaxed: bool,
}

/// Finds the meanings of words.
pub(super) struct Expansion<'a> {
    pub(super) analysis: &'a Analysis,
    pub(super) dictionary: &'a Dictionary<'a>,
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) parameters: &'a Parameters,
    pub(super) rules: &'a Rules,
    /// More typing errors are allowed for, codes included, and synonyms go both ways.
    pub(super) relaxed: bool,
}

impl Expansion<'_> {
    pub(super) fn of(&self, asked: &Asked) -> tantivy::Result<Vec<Meaning>> {
        let mut meanings = Vec::with_capacity(asked.words.len());
        for at in 0..asked.words.len() {
            meanings.push(self.meaning(asked, at)?);
        }
        // What a mistyped word was meant to be has its synonyms too.
        let mut understood = asked.clone();
        for (word, meaning) in understood.words.iter_mut().zip(&meanings) {
            if let Some(correction) = &meaning.correction {
                word.word = self.analysis.word(correction);
            }
        }
        self.rules.synonyms(&understood, self.relaxed, self.parameters, &mut meanings);
        for meaning in &mut meanings {
            self.weigh(meaning)?;
        }
        // `camera case` is about cases: the last word that names a kind of thing does.
        for meaning in meanings.iter_mut().rev() {
            meaning.kinds = self.kinds(meaning)?;
            if !meaning.kinds.is_empty() {
                break;
            }
        }
        Ok(meanings)
    }

    /// The kinds of things that a word names.
    fn kinds(&self, meaning: &Meaning) -> tantivy::Result<Vec<String>> {
        let mut kinds = Vec::new();
        // What is there as it was typed is not half of another word: a desk is no desktop.
        let known = meaning.alternatives.iter().any(|it| it.how == How::Word && it.factor == 1.0);
        for alternative in &meaning.alternatives {
            if known && matches!(alternative.how, How::Prefix | How::Typo) {
                continue;
            }
            let [term] = alternative.terms.as_slice() else { continue };
            let kind = kind(term);
            if kinds.len() < MOST_KINDS && self.dictionary.frequency(&kind)? > 0 {
                kinds.push(kind);
            }
        }
        Ok(kinds)
    }

    fn meaning(&self, asked: &Asked, at: usize) -> tantivy::Result<Meaning> {
        let word = &asked.words[at];
        let mut found = Found::default();
        found.add(vec![word.word.clone()], How::Word, 1.0);
        if !word.digits {
            let (term, stem) = self.analysis.stem(&word.word);
            if stem != word.word {
                found.add(vec![stem], How::Word, self.parameters.stem);
            }
            found.add(vec![term], How::Word, self.parameters.stem);
        }
        let mut products = self.dictionary.frequency(&word.word)?;
        products += self.joined(asked, at, &mut found)?;
        if word.open {
            let it = self.parameters;
            let factor = if products > 0 { it.prefix * it.known_prefix } else { it.prefix };
            products += self.beginnings(word, factor, &mut found)?;
        }
        if products == 0 {
            self.splits(word, &mut found)?;
        }
        let mut correction = None;
        let rare = (self.parameters.rare * self.dictionary.products as f32) as u64;
        if word.digits && self.relaxed && self.dictionary.frequency(&word.word)? == 0 {
            correction = self.code_typos(word, &mut found)?;
        } else if !word.digits && products <= rare {
            correction = self.typos(word, products, &mut found)?;
        }
        let asked = word.clone();
        let (alternatives, kinds) = (found.0, Vec::new());
        Ok(Meaning { asked, alternatives, weight: 0.0, kinds, products: 0, correction })
    }

    /// The word and its neighbours written as one.
    fn joined(&self, asked: &Asked, at: usize, found: &mut Found) -> tantivy::Result<u64> {
        let words = &asked.words;
        let mut products = 0;
        for length in 2..=MOST_JOINED.min(words.len()) {
            let first = (at + 1).saturating_sub(length);
            for from in first..=at.min(words.len() - length) {
                let parts = &words[from..from + length];
                let joined: String = parts.iter().map(|word| word.typed.as_str()).collect();
                let joined = if parts.iter().any(|it| it.digits) {
                    joined
                } else {
                    self.analysis.word(&joined)
                };
                let frequency = self.dictionary.frequency(&joined)?;
                if frequency > 0 {
                    products += frequency;
                    let is_code = parts.iter().any(|it| it.digits);
                    let it = self.parameters;
                    let factor = if is_code { it.code } else { it.compound };
                    found.add(vec![joined.clone()], How::Word, factor);
                }
                // A code that is still being typed.
                if parts.iter().any(|it| it.digits) && parts.iter().any(|word| word.open) {
                    for code in self.dictionary.codes_beginning_with(&joined, MOST_BEGINNINGS)? {
                        products += self.dictionary.frequency(&code)?;
                        found.add(vec![code], How::Prefix, self.parameters.prefix);
                    }
                }
            }
        }
        Ok(products)
    }

    /// Words that begin with this one.
    fn beginnings(&self, word: &Word, factor: f32, found: &mut Found) -> tantivy::Result<u64> {
        let mut products = 0;
        if !word.digits {
            for longer in self.vocabulary.beginning_with(&word.typed, MOST_BEGINNINGS) {
                products += u64::from(longer.products);
                found.add(vec![self.analysis.word(&longer.word)], How::Prefix, factor);
            }
        }
        if word.typed.len() > 1 {
            for code in self.dictionary.codes_beginning_with(&word.typed, MOST_BEGINNINGS)? {
                products += 1;
                found.add(vec![code], How::Prefix, factor);
            }
        }
        Ok(products)
    }

    /// The word in two.
    fn splits(&self, word: &Word, found: &mut Found) -> tantivy::Result<()> {
        let shortest = if word.digits { 2 } else { 3 };
        let mut splits = Vec::new();
        for (middle, _) in word.typed.char_indices().skip(1) {
            let (left, right) = word.typed.split_at(middle);
            if left.len() < shortest || right.len() < shortest {
                continue;
            }
            let left = if word.digits { left.to_owned() } else { self.analysis.word(left) };
            let right = if word.digits { right.to_owned() } else { self.analysis.word(right) };
            let both = self.dictionary.frequency(&left)?.min(self.dictionary.frequency(&right)?);
            if both > 0 {
                splits.push((both, vec![left, right]));
            }
        }
        splits.sort_unstable_by(|a, b| b.cmp(a));
        splits.truncate(MOST_SPLITS);
        for (_, parts) in splits {
            // Words that never stand together were not meant as one.
            if self.dictionary.are_neighbours(&parts)? {
                found.add(parts, How::Word, self.parameters.compound);
            }
        }
        Ok(())
    }

    /// Words that this one was meant to be. Returns the likeliest, if the word itself is not one.
    fn typos(
        &self,
        word: &Word,
        products: u64,
        found: &mut Found,
    ) -> tantivy::Result<Option<String>> {
        let length = word.typed.chars().count();
        let usual = errors_allowed(length);
        let allowed = if self.relaxed { relaxed_errors_allowed(length) } else { usual };
        if allowed == 0 {
            return Ok(None);
        }
        let first = word.typed.chars().next();
        let like = self.vocabulary.like(&word.typed, allowed, MOST_TYPOS);
        let mut candidates = Vec::with_capacity(like.len());
        for near in like {
            // What is as rare is another word, or the same mistake.
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
            let likely = factor * (1.0 + (near.products as f32).ln_1p());
            candidates.push((likely, factor, near));
        }
        candidates.sort_by(|(a, ..), (b, ..)| b.total_cmp(a));
        let mut correction = None;
        if let Some((_, _, near)) = candidates.first()
            && products == 0
        {
            self.understood(word, &near.word, near.errors > usual, found)?;
            correction = Some(near.word.clone());
        }
        for (_, factor, near) in candidates {
            let term = self.analysis.word(&near.word);
            found.push(vec![term], How::Typo, factor, near.errors > usual);
        }
        Ok(correction)
    }

    /// What a word that is none was most likely meant to be counts as if it had been typed.
    fn understood(
        &self,
        word: &Word,
        correction: &str,
        relaxed: bool,
        found: &mut Found,
    ) -> tantivy::Result<()> {
        let it = self.parameters;
        let term = self.analysis.word(correction);
        found.push(vec![term.clone()], How::Typo, 1.0, relaxed);
        let (family, stem) = self.analysis.stem(&term);
        for term in [stem, family] {
            found.push(vec![term], How::Typo, it.stem, relaxed);
        }
        if word.open {
            let longer = self.vocabulary.beginning_with(correction, MOST_TYPOS);
            for longer in longer {
                let term = self.analysis.word(&longer.word);
                found.push(vec![term], How::Typo, it.prefix * it.known_prefix, relaxed);
            }
        }
        Ok(())
    }

    /// A code with two letters swapped, or one too many.
    fn code_typos(&self, word: &Word, found: &mut Found) -> tantivy::Result<Option<String>> {
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
                found.push(vec![candidate.clone()], How::Typo, factor, true);
                if correction.as_ref().is_none_or(|(best, _)| factor > *best) {
                    correction = Some((factor, candidate));
                }
            }
        }
        Ok(correction.map(|(_, code)| code))
    }

    /// Drops what no product has, and says what the word is worth.
    fn weigh(&self, meaning: &mut Meaning) -> tantivy::Result<()> {
        let mut frequencies = HashMap::new();
        let mut alternatives = Vec::with_capacity(meaning.alternatives.len());
        let (mut certain, mut mistyped) = (0, 0);
        for alternative in meaning.alternatives.drain(..) {
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
            // Its family is not the word: `printing` is not as rare as it seems, nor as common.
            let is_stem =
                alternative.how == How::Word && alternative.factor == self.parameters.stem;
            match alternative.how {
                How::Typo => mistyped += least,
                _ if is_stem => {}
                _ => certain += least,
            }
            if is_stem && certain == 0 {
                certain = certain.max(least);
            }
            alternatives.push(alternative);
        }
        meaning.alternatives = alternatives;
        let all = self.dictionary.products;
        let products = if certain > 0 { certain } else { mistyped }.min(all);
        meaning.products = products;
        let (all, products) = (all as f32, products as f32);
        meaning.weight = (1.0 + (all - products + 0.5) / (products + 0.5)).ln();
        Ok(())
    }
}

/// How many typing errors a word of so many letters may have.
fn errors_allowed(length: usize) -> u8 {
    match length {
        0..5 => 0,
        5..9 => 1,
        _ => 2,
    }
}

/// The same when nothing was found otherwise.
fn relaxed_errors_allowed(length: usize) -> u8 {
    match length {
        0..3 => 0,
        3..6 => 1,
        _ => 2,
    }
}

/// Alternatives, each once: the first of its kind is the best.
#[derive(Default)]
struct Found(Vec<Alternative>);

impl Found {
    fn add(&mut self, terms: Vec<String>, how: How, factor: f32) {
        self.push(terms, how, factor, false);
    }

    fn push(&mut self, terms: Vec<String>, how: How, factor: f32, relaxed: bool) {
        if !self.0.iter().any(|known| known.terms == terms) {
            self.0.push(Alternative { terms, how, factor, relaxed });
        }
    }
}
