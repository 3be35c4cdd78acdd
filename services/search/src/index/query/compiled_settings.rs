//! Search settings in analysed form, compiled once per change.

use std::collections::BTreeSet;

use super::{
    english_synonyms::SYNONYMS,
    expanded::{Alternative, ExpandedWord},
    parse::{ParsedQuery, STOP_WORDS},
};
use crate::index::{
    model::{Boost, Control, MatchKind, Parameters, SearchParams, SearchSettings},
    schema::analysis::{Analysis, Language, fold, joined},
};

/// [`SearchSettings`] whose texts have been analysed the way queries are.
#[derive(Debug)]
pub(crate) struct CompiledSettings {
    source: SearchSettings,
    pub(crate) stop_words: BTreeSet<String>,
    synonyms: Vec<Synonym>,
    /// Parallel to the controls.
    conditions: Vec<Condition>,
}

/// A query that contains the terms `from` also matches products with the terms `to`.
#[derive(Debug)]
struct Synonym {
    from: Vec<String>,
    to: Vec<String>,
    /// Applies only if nothing matched otherwise.
    relaxed: bool,
}

/// The queries that a control applies to.
#[derive(Debug)]
struct Condition {
    queries: Vec<Vec<String>>,
    contains: Vec<Vec<String>>,
}

impl CompiledSettings {
    pub(crate) fn new(source: SearchSettings) -> Self {
        let analysis = Analysis::new(Language::default());
        let stop_words = match &source.stop_words {
            Some(words) => words.iter().map(|word| fold(word)).collect(),
            None => STOP_WORDS.iter().map(|word| (*word).to_owned()).collect(),
        };
        let terms = |text: &String| terms(&analysis, text);
        let conditions = source.controls.iter().map(|control| Condition {
            queries: control.queries.iter().map(terms).collect(),
            contains: control.contains.iter().map(terms).collect(),
        });
        Self {
            stop_words,
            conditions: conditions.collect(),
            synonyms: compile_synonyms(&source, terms),
            source,
        }
    }

    pub(crate) fn source(&self) -> &SearchSettings {
        &self.source
    }

    /// Returns the word for which a one-way synonym stands, by the letters and digits of the synonym.
    pub(crate) fn alias(&self, name: &str) -> Option<String> {
        let group = self.source.synonyms.iter().find(|group| {
            !group.input.is_empty() && group.words.len() == 1 && joined(&group.input) == name
        })?;
        group.words.first().cloned()
    }

    /// Adds synonyms to the alternatives of each word.
    pub(super) fn add_synonyms(
        &self,
        query: &ParsedQuery,
        relaxed: bool,
        parameters: &Parameters,
        words: &mut [ExpandedWord],
    ) {
        for synonym in self.synonyms.iter().filter(|synonym| relaxed || !synonym.relaxed) {
            let length = synonym.from.len();
            for at in 0..(query.words.len() + 1).saturating_sub(length) {
                let typed = query.words[at..at + length].iter();
                if typed.zip(&synonym.from).any(|(word, from)| word.term != *from) {
                    continue;
                }
                for word in &mut words[at..at + length] {
                    let kind = match word.correction {
                        Some(_) => MatchKind::Typo,
                        None => MatchKind::Synonym,
                    };
                    word.alternatives.push(Alternative {
                        terms: synonym.to.clone(),
                        kind,
                        factor: parameters.synonym,
                    });
                }
            }
        }
    }

    /// Returns the pins and boosts of the controls in force for a search. Pins are unique and in
    /// order.
    pub(crate) fn in_force(
        &self,
        params: &SearchParams<'_>,
        analysis: &Analysis,
    ) -> (Vec<&str>, Vec<&Boost>) {
        let mut pins: Vec<&str> = Vec::new();
        let mut boosts = Vec::new();
        if self.source.controls.is_empty() {
            return (pins, boosts);
        }
        let query = terms(analysis, params.query);
        for (control, condition) in self.source.controls.iter().zip(&self.conditions) {
            if !is_in_force(control, params) || !condition.applies_to(&query) {
                continue;
            }
            for pin in control.pins.iter().map(String::as_str) {
                if !pins.contains(&pin) {
                    pins.push(pin);
                }
            }
            boosts.extend(&control.boosts);
        }
        (pins, boosts)
    }
}

impl Default for CompiledSettings {
    fn default() -> Self {
        Self::new(SearchSettings::default())
    }
}

impl Condition {
    fn applies_to(&self, query: &[String]) -> bool {
        let is_unconditional = self.queries.is_empty() && self.contains.is_empty();
        let contains = |part: &Vec<String>| {
            !part.is_empty() && query.windows(part.len()).any(|words| words == part.as_slice())
        };
        is_unconditional
            || self.queries.iter().any(|it| it == query)
            || self.contains.iter().any(contains)
    }
}

fn compile_synonyms(
    settings: &SearchSettings,
    terms: impl Fn(&String) -> Vec<String>,
) -> Vec<Synonym> {
    let mut synonyms = Vec::new();
    let mut add = |from: &Vec<String>, to: &Vec<String>, relaxed| {
        if from != to && !from.is_empty() && !to.is_empty() {
            synonyms.push(Synonym { from: from.clone(), to: to.clone(), relaxed });
        }
    };
    for group in SYNONYMS {
        let same: Vec<_> = group.iter().map(|text| terms(&(*text).to_owned())).collect();
        same.iter().for_each(|from| same.iter().for_each(|to| add(from, to, false)));
    }
    for group in &settings.synonyms {
        let same: Vec<_> = group.words.iter().map(&terms).collect();
        let input = terms(&group.input);
        if input.is_empty() {
            same.iter().for_each(|from| same.iter().for_each(|to| add(from, to, false)));
        } else {
            same.iter().for_each(|to| add(&input, to, false));
            same.iter().for_each(|from| add(from, &input, true));
        }
    }
    synonyms
}

fn is_in_force(control: &Control, params: &SearchParams<'_>) -> bool {
    let Control { category_id, start, end, disabled, .. } = control;
    !disabled
        && start.is_none_or(|start| start <= params.now)
        && end.is_none_or(|end| params.now < end)
        && category_id.as_deref().is_none_or(|id| params.category_id == Some(id))
}

fn terms(analysis: &Analysis, text: &str) -> Vec<String> {
    let query = ParsedQuery::parse(analysis, &BTreeSet::new(), text);
    query.words.into_iter().map(|word| word.term).collect()
}
