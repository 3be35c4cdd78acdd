//! The stored document of all settings.

use std::collections::BTreeMap;

use product_fields::FilterRefusal;
use proto::{
    search::v1::{Control, Ranking, StopWords, Synonym},
    time::system_time,
};
use serde::{Deserialize, Serialize};

use super::{Error, ResourceKind, validate};
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
    /// Adds or replaces a group of synonyms. Returns it normalised.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Full`].
    pub(crate) fn put_synonym(&mut self, synonym: Synonym) -> Result<Synonym, Error> {
        let synonym = validate::synonym(synonym)?;
        put(&mut self.synonyms, &synonym.id, &synonym, ResourceKind::Synonym, MAX_SYNONYMS)?;
        Ok(synonym)
    }

    /// # Errors
    /// [`Error::NotFound`].
    pub(crate) fn delete_synonym(&mut self, id: &str) -> Result<(), Error> {
        delete(&mut self.synonyms, id, ResourceKind::Synonym)
    }

    /// # Errors
    /// [`Error::Invalid`].
    pub(crate) fn set_stop_words(&mut self, words: StopWords) -> Result<StopWords, Error> {
        let words = validate::stop_words(words)?;
        self.stop_words = Some(words.clone());
        Ok(words)
    }

    /// # Errors
    /// [`Error::Invalid`].
    pub(crate) fn set_ranking(&mut self, ranking: Ranking) -> Result<Ranking, Error> {
        validate::ranking(&ranking)?;
        self.ranking = Some(ranking.clone());
        Ok(ranking)
    }

    /// Adds or replaces a control.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Full`].
    pub(crate) fn put_control(&mut self, control: Control) -> Result<Control, Error> {
        validate::control(&control)?;
        put(&mut self.controls, &control.id, &control, ResourceKind::Control, MAX_CONTROLS)?;
        Ok(control)
    }

    /// # Errors
    /// [`Error::NotFound`].
    pub(crate) fn delete_control(&mut self, id: &str) -> Result<(), Error> {
        delete(&mut self.controls, id, ResourceKind::Control)
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

fn put<T: Clone>(
    all: &mut BTreeMap<String, T>,
    id: &str,
    one: &T,
    kind: ResourceKind,
    max: usize,
) -> Result<(), Error> {
    if all.len() >= max && !all.contains_key(id) {
        return Err(Error::Full { kind, max });
    }
    all.insert(id.to_owned(), one.clone());
    Ok(())
}

fn delete<T>(all: &mut BTreeMap<String, T>, id: &str, kind: ResourceKind) -> Result<(), Error> {
    match all.remove(id) {
        Some(_) => Ok(()),
        None => Err(Error::NotFound { kind, id: id.to_owned() }),
    }
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
