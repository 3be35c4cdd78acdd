//! What was said, as it is kept.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use proto::search::v1::{Control, Ranking, StopWords, Synonym};
use serde::{Deserialize, Serialize};

use super::{Error, Kind, check};
use crate::index;

/// How many there can be: each is looked at for each query.
const MOST_SYNONYMS: usize = 10_000;
const MOST_CONTROLS: usize = 1_000;

/// All settings, by their ids.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Document {
    pub(crate) synonyms: BTreeMap<String, Synonym>,
    /// None: nobody has set any.
    pub(crate) stop_words: Option<StopWords>,
    pub(crate) ranking: Option<Ranking>,
    pub(crate) controls: BTreeMap<String, Control>,
}

impl Document {
    /// Adds a group of synonyms, or replaces the one of its id; returns it as it is kept.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Full`].
    pub(crate) fn put_synonym(&mut self, synonym: Synonym) -> Result<Synonym, Error> {
        let synonym = check::synonym(synonym)?;
        put(&mut self.synonyms, &synonym.id, &synonym, Kind::Synonym, MOST_SYNONYMS)?;
        Ok(synonym)
    }

    /// # Errors
    /// [`Error::NotFound`].
    pub(crate) fn delete_synonym(&mut self, id: &str) -> Result<(), Error> {
        delete(&mut self.synonyms, id, Kind::Synonym)
    }

    /// # Errors
    /// [`Error::Invalid`].
    pub(crate) fn set_stop_words(&mut self, words: StopWords) -> Result<StopWords, Error> {
        let words = check::stop_words(words)?;
        self.stop_words = Some(words.clone());
        Ok(words)
    }

    /// # Errors
    /// [`Error::Invalid`].
    pub(crate) fn set_ranking(&mut self, ranking: Ranking) -> Result<Ranking, Error> {
        check::ranking(&ranking)?;
        self.ranking = Some(ranking.clone());
        Ok(ranking)
    }

    /// Adds a control, or replaces the one of its id; returns it as it is kept.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Full`].
    pub(crate) fn put_control(&mut self, control: Control) -> Result<Control, Error> {
        check::control(&control)?;
        put(&mut self.controls, &control.id, &control, Kind::Control, MOST_CONTROLS)?;
        Ok(control)
    }

    /// # Errors
    /// [`Error::NotFound`].
    pub(crate) fn delete_control(&mut self, id: &str) -> Result<(), Error> {
        delete(&mut self.controls, id, Kind::Control)
    }

    /// The same as if a control were in force now.
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub(crate) fn with_in_force(&self, control: Control) -> Result<Self, Error> {
        check::control(&control)?;
        let mut document = self.clone();
        let control = Control { start_time: None, end_time: None, disabled: false, ..control };
        document.controls.insert(control.id.clone(), control);
        Ok(document)
    }

    /// What searches take.
    pub(crate) fn settings(&self) -> index::Settings {
        let synonyms = self.synonyms.values().map(|synonym| index::Synonyms {
            input: synonym.input.clone(),
            words: synonym.words.clone(),
        });
        let ranking = self.ranking.iter().flat_map(|ranking| &ranking.tie_breakers);
        index::Settings::new(
            synonyms.collect(),
            self.stop_words.as_ref().map(|words| words.words.clone()),
            // What was checked when it was said, and is not understood any more, is left out.
            ranking.filter_map(|name| name.parse().ok()).collect(),
            self.controls.values().map(control).collect(),
        )
    }
}

fn put<T: Clone>(
    all: &mut BTreeMap<String, T>,
    id: &str,
    one: &T,
    kind: Kind,
    most: usize,
) -> Result<(), Error> {
    if all.len() >= most && !all.contains_key(id) {
        return Err(Error::Full { kind, most });
    }
    all.insert(id.to_owned(), one.clone());
    Ok(())
}

fn delete<T>(all: &mut BTreeMap<String, T>, id: &str, kind: Kind) -> Result<(), Error> {
    match all.remove(id) {
        Some(_) => Ok(()),
        None => Err(Error::NotFound { kind, id: id.to_owned() }),
    }
}

fn control(control: &Control) -> index::Control {
    let condition = control.condition.clone().unwrap_or_default();
    let boosts = control.boosts.iter().filter_map(|boost| {
        let filter = index::product_filter(&boost.filter);
        let told = |error: &String| tracing::warn!(control = control.id, error, "a boost is void");
        let filter = filter.inspect_err(told).ok()?;
        Some(index::Boost { filter, factor: boost.factor as f32 })
    });
    index::Control {
        id: control.id.clone(),
        queries: condition.queries,
        contains: condition.contains,
        category_id: Some(condition.category_id).filter(|id| !id.is_empty()),
        pins: control.pins.clone(),
        boosts: boosts.collect(),
        start: control.start_time.as_ref().and_then(time),
        end: control.end_time.as_ref().and_then(time),
        disabled: control.disabled,
    }
}

fn time(time: &pbjson_types::Timestamp) -> Option<SystemTime> {
    let seconds = Duration::from_secs(time.seconds.try_into().ok()?);
    let nanos = Duration::from_nanos(time.nanos.try_into().ok()?);
    SystemTime::UNIX_EPOCH.checked_add(seconds + nanos)
}
