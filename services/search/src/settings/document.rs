//! All settings.

use std::collections::BTreeMap;

use product_fields::FilterRefusal;
use proto::{
    search::v1::{Control, Ranking, StopWords, Synonym},
    time::system_time,
};
use serde::{Deserialize, Serialize};

use super::{Error, ResourceKind, Setting, SettingName, validate};
use crate::index::{self, SortKey};

/// Maximum numbers, because every query is tested against each.
const MAX_SYNONYMS: usize = 10_000;
const MAX_CONTROLS: usize = 1_000;

/// All settings by id.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Document {
    pub(crate) synonyms: BTreeMap<String, Synonym>,
    /// None: not configured.
    pub(crate) stop_words: Option<StopWords>,
    pub(crate) ranking: Option<Ranking>,
    pub(crate) controls: BTreeMap<String, Control>,
}

impl Document {
    /// Checks a group of synonyms. Returns it normalised.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Full`].
    pub(crate) fn check_synonym(&self, synonym: Synonym) -> Result<Synonym, Error> {
        let synonym = validate::synonym(synonym)?;
        check_room(&self.synonyms, &synonym.id, ResourceKind::Synonym, MAX_SYNONYMS)?;
        Ok(synonym)
    }

    /// # Errors
    /// [`Error::Invalid`], [`Error::Full`].
    pub(crate) fn check_control(&self, control: Control) -> Result<Control, Error> {
        validate::control(&control)?;
        check_room(&self.controls, &control.id, ResourceKind::Control, MAX_CONTROLS)?;
        Ok(control)
    }

    /// Adds or replaces a setting.
    pub(super) fn put(&mut self, setting: Setting) {
        match setting {
            Setting::Synonym(synonym) => drop(self.synonyms.insert(synonym.id.clone(), synonym)),
            Setting::StopWords(words) => self.stop_words = Some(words),
            Setting::Ranking(ranking) => self.ranking = Some(ranking),
            Setting::Control(control) => drop(self.controls.insert(control.id.clone(), control)),
        }
    }

    /// Removes a setting, if there is one of that name.
    pub(super) fn remove(&mut self, name: &SettingName) {
        match name {
            SettingName::Synonym(id) => drop(self.synonyms.remove(id)),
            SettingName::StopWords => self.stop_words = None,
            SettingName::Ranking => self.ranking = None,
            SettingName::Control(id) => drop(self.controls.remove(id)),
        }
    }

    /// All settings.
    pub(crate) fn settings(&self) -> impl Iterator<Item = Setting> {
        let synonyms = self.synonyms.values().cloned().map(Setting::Synonym);
        let stop_words = self.stop_words.iter().cloned().map(Setting::StopWords);
        let ranking = self.ranking.iter().cloned().map(Setting::Ranking);
        let controls = self.controls.values().cloned().map(Setting::Control);
        synonyms.chain(stop_words).chain(ranking).chain(controls)
    }

    /// Returns a copy with a control added that is in force now.
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub(crate) fn with_in_force(&self, control: Control) -> Result<Self, Error> {
        validate::control(&control)?;
        let mut document = self.clone();
        let control = Control { start_time: None, end_time: None, disabled: false, ..control };
        document.controls.insert(control.id.clone(), control);
        Ok(document)
    }

    /// Compiles the settings for the index.
    pub(crate) fn compile(&self) -> index::CompiledSettings {
        let synonyms = self.synonyms.values().map(|synonym| index::SynonymGroup {
            input: synonym.input.clone(),
            words: synonym.words.clone(),
        });
        let ranking = self.ranking.iter().flat_map(|ranking| &ranking.tie_breakers);
        let stop_words = self.stop_words.as_ref();
        index::CompiledSettings::new(index::SearchSettings {
            synonyms: synonyms.collect(),
            stop_words: stop_words.map(|words| words.words.iter().cloned().collect()),
            // A name saved by another version may be unknown to this one.
            tie_breakers: ranking.filter_map(|name| SortKey::tie_breaker(name).ok()).collect(),
            controls: self.controls.values().map(control).collect(),
        })
    }
}

fn check_room<T>(
    all: &BTreeMap<String, T>,
    id: &str,
    kind: ResourceKind,
    max: usize,
) -> Result<(), Error> {
    if all.len() >= max && !all.contains_key(id) {
        return Err(Error::Full { kind, max });
    }
    Ok(())
}

fn control(control: &Control) -> index::Control {
    let condition = control.condition.clone().unwrap_or_default();
    let boosts = control.boosts.iter().filter_map(|boost| {
        let filter = product_fields::parse_filter(&boost.filter);
        let log = |error: &FilterRefusal| {
            tracing::warn!(control = control.id, %error, "ignoring a boost with an invalid filter");
        };
        let filter = filter.inspect_err(log).ok()?;
        Some(index::Boost { filter, factor: boost.factor as f32 })
    });
    index::Control {
        id: control.id.clone(),
        queries: condition.queries,
        contains: condition.contains,
        category_id: Some(condition.category_id).filter(|id| !id.is_empty()),
        pins: control.pins.clone(),
        boosts: boosts.collect(),
        start: control.start_time.as_ref().and_then(system_time),
        end: control.end_time.as_ref().and_then(system_time),
        disabled: control.disabled,
    }
}
