//! What this engine derives from [`Settings`](super::Settings), once.

use super::{
    Result,
    analysis::Analysis,
    expand::{Alternative, How, Meaning},
    parameters::Parameters,
    reading::{self, Asked, STOP_WORDS},
    scope::{Products, Scope, Verdict, Within},
    search::Search,
    settings::{Boost, Control, Settings},
};
use std::collections::BTreeSet;
use tantivy::{DocAddress, SegmentReader};

/// Settings as the engine needs them.
#[derive(Debug, Default)]
pub(super) struct Rules {
    pub(super) stop_words: BTreeSet<String>,
    synonyms: Vec<Synonym>,
    /// For each control, the queries that it is for.
    conditions: Vec<Condition>,
}

/// Who asks for `from` finds `to` as well. Words, as terms.
#[derive(Debug)]
struct Synonym {
    from: Vec<String>,
    to: Vec<String>,
    /// Only when nothing was found without.
    relaxed: bool,
}

#[derive(Debug)]
struct Condition {
    queries: Vec<Vec<String>>,
    contains: Vec<Vec<String>>,
}

/// What scores are multiplied by.
#[derive(Default)]
pub(super) struct Boosts<'a>(Vec<(Scope<'a>, f32)>);

/// The same, ready for a segment.
pub(super) struct BoostsWithin<'a>(Vec<(Within<'a>, f32)>);

impl Rules {
    pub(super) fn new(settings: &Settings, analysis: &Analysis) -> Self {
        let stop_words = match &settings.stop_words {
            Some(words) => words.iter().map(|word| super::analysis::fold(word)).collect(),
            None => STOP_WORDS.iter().map(|word| (*word).to_owned()).collect(),
        };
        let words = |text: &String| words(analysis, text);
        let mut synonyms = Vec::new();
        let mut add = |from: &Vec<String>, to: &Vec<String>, relaxed| {
            if from != to && !from.is_empty() && !to.is_empty() {
                synonyms.push(Synonym { from: from.clone(), to: to.clone(), relaxed });
            }
        };
        for group in super::synonyms::ENGLISH {
            let same: Vec<_> = group.iter().map(|text| words(&(*text).to_owned())).collect();
            same.iter().for_each(|from| same.iter().for_each(|to| add(from, to, false)));
        }
        for group in &settings.synonyms {
            let same: Vec<_> = group.words.iter().map(words).collect();
            let input = words(&group.input);
            if input.is_empty() {
                same.iter().for_each(|from| same.iter().for_each(|to| add(from, to, false)));
            } else {
                same.iter().for_each(|to| add(&input, to, false));
                same.iter().for_each(|from| add(from, &input, true));
            }
        }
        let conditions = settings.controls.iter().map(|control| Condition {
            queries: control.queries.iter().map(words).collect(),
            contains: control.contains.iter().map(words).collect(),
        });
        Self { stop_words, conditions: conditions.collect(), synonyms }
    }

    /// Adds what means the same to what words mean.
    pub(super) fn synonyms(
        &self,
        asked: &Asked,
        relaxed: bool,
        it: &Parameters,
        meanings: &mut [Meaning],
    ) {
        for synonym in self.synonyms.iter().filter(|synonym| relaxed || !synonym.relaxed) {
            let length = synonym.from.len();
            for at in 0..(asked.words.len() + 1).saturating_sub(length) {
                let words = asked.words[at..at + length].iter();
                if words.zip(&synonym.from).any(|(word, from)| word.word != *from) {
                    continue;
                }
                for meaning in &mut meanings[at..at + length] {
                    // Of a word that was not typed as it was meant.
                    let (how, factor) = match meaning.correction {
                        Some(_) => (How::Typo, it.synonym),
                        None => (How::Synonym, it.synonym),
                    };
                    let terms = synonym.to.clone();
                    let relaxed = synonym.relaxed;
                    meaning.alternatives.push(Alternative { terms, how, factor, relaxed });
                }
            }
        }
    }

    /// Returns what the controls that are in force for a search want: the ids that come first, and
    /// what moves up or down.
    pub(super) fn in_force<'a>(
        &self,
        search: &Search<'_>,
        analysis: &Analysis,
        settings: &'a Settings,
    ) -> (Vec<&'a str>, Boosts<'a>) {
        let mut pins: Vec<&str> = Vec::new();
        let mut boosts = Vec::new();
        if settings.controls.is_empty() {
            return (pins, Boosts(boosts));
        }
        let query = words(analysis, search.query);
        for (control, condition) in settings.controls.iter().zip(&self.conditions) {
            if !is_in_force(control, search) || !condition.holds(&query) {
                continue;
            }
            for pin in control.pins.iter().map(String::as_str) {
                if !pins.contains(&pin) {
                    pins.push(pin);
                }
            }
            for Boost { filter, factor } in &control.boosts {
                boosts.push((Scope::new(filter, &[]), *factor));
            }
        }
        (pins, Boosts(boosts))
    }
}

fn is_in_force(control: &Control, search: &Search<'_>) -> bool {
    let Control { category_id, start, end, disabled, .. } = control;
    !disabled
        && start.is_none_or(|start| start <= search.now)
        && end.is_none_or(|end| search.now < end)
        && category_id.as_deref().is_none_or(|id| search.category_id == Some(id))
}

impl Condition {
    fn holds(&self, query: &[String]) -> bool {
        let is_free = self.queries.is_empty() && self.contains.is_empty();
        let contains = |part: &Vec<String>| {
            !part.is_empty() && query.windows(part.len()).any(|words| words == part.as_slice())
        };
        is_free || self.queries.iter().any(|it| it == query) || self.contains.iter().any(contains)
    }
}

fn words(analysis: &Analysis, text: &str) -> Vec<String> {
    let asked = reading::read(analysis, &BTreeSet::new(), text);
    asked.words.into_iter().map(|word| word.word).collect()
}

impl<'a> Boosts<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn within(&self, segment: &SegmentReader) -> tantivy::Result<BoostsWithin<'a>> {
        let mut ready = Vec::with_capacity(self.0.len());
        for (scope, factor) in &self.0 {
            ready.push((scope.within(segment)?, *factor));
        }
        Ok(BoostsWithin(ready))
    }
}

impl BoostsWithin<'_> {
    /// What a product's score is multiplied by.
    pub(super) fn factor(&self, address: DocAddress, products: &Products<'_>) -> Result<f32> {
        let mut product = 1.0;
        for (within, factor) in &self.0 {
            if within.judge(address, products)? == Verdict::In {
                product *= factor;
            }
        }
        Ok(product)
    }
}
