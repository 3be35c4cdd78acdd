//! Search settings of merchandisers and operators: synonyms, stop words, tie-breakers, controls.
//!
//! The catalogue keeps them, and sends them to every replica (`follower::settings`), which compiles them into
//! [`index::CompiledSettings`] and keeps the last state on disk. Changes are made through the catalogue
//! (`grpc::settings`). **Invariant:** a search sees one state of the settings, and an acknowledged change is in it
//! and in the catalogue's database.

mod document;
mod file;
mod setting;
mod validate;

pub(crate) use document::Document;
pub(crate) use setting::{Setting, SettingName};
pub(crate) use validate::{ranking as check_ranking, stop_words as check_stop_words};

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use file::{Found, SettingsFile, SharedSettings};
use tokio::{
    sync::watch,
    task::{JoinError, spawn_blocking},
};

use crate::index;

/// Why a change is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Each invalid field, with a message for the client.
    #[error("the request is malformed")]
    Invalid(Vec<(String, String)>),
    #[error("there are {max} {kind}s already; delete some first")]
    Full { kind: ResourceKind, max: usize },
}

/// A setting of which there can be several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResourceKind {
    Synonym,
    Control,
}

impl std::fmt::Display for ResourceKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Synonym => "synonym",
            Self::Control => "control",
        })
    }
}

/// A setting that has changed, or been deleted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Change {
    Put(Box<Setting>),
    Delete(SettingName),
}

/// The settings in force. Cheap to clone; clones share the state.
#[derive(Clone)]
pub(crate) struct Store {
    file: SettingsFile,
    /// Settings that an earlier version kept by itself, until the catalogue has adopted it.
    own: Arc<Mutex<Option<Arc<Document>>>>,
    state: watch::Sender<State>,
}

#[derive(Clone)]
struct State {
    document: Arc<Document>,
    settings: Arc<index::CompiledSettings>,
    /// The newest change that they include; None if they are not the catalogue's.
    revision: Option<i64>,
}

impl State {
    fn new(document: Document, revision: Option<i64>) -> Self {
        Self { settings: Arc::new(document.compile()), document: Arc::new(document), revision }
    }
}

impl Store {
    /// Reads the settings last received; the defaults if there are none.
    ///
    /// # Errors
    /// Settings that exist nowhere else cannot be read.
    pub(crate) fn open(folder: &Path) -> anyhow::Result<Self> {
        let file = SettingsFile::new(folder);
        let (state, own) = match file.read()? {
            Found::Shared(shared) => (State::new(shared.settings, Some(shared.revision)), None),
            Found::Own(document) => (State::new(document.clone(), None), Some(Arc::new(document))),
            Found::Nothing => (State::new(Document::default(), None), None),
        };
        Ok(Self { file, own: Arc::new(Mutex::new(own)), state: watch::Sender::new(state) })
    }

    /// Returns the compiled settings. Call it once per request.
    pub(crate) fn current(&self) -> Arc<index::CompiledSettings> {
        Arc::clone(&self.state.borrow().settings)
    }

    pub(crate) fn document(&self) -> Arc<Document> {
        Arc::clone(&self.state.borrow().document)
    }

    /// The newest change that is in force; None if the settings are not the catalogue's yet.
    pub(crate) fn revision(&self) -> Option<i64> {
        self.state.borrow().revision
    }

    /// Settings that this replica kept by itself before the catalogue did, if they have not been adopted.
    pub(crate) fn own(&self) -> Option<Arc<Document>> {
        self.own.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until a change of this revision is in force.
    pub(crate) async fn reached(&self, revision: i64) {
        let mut state = self.state.subscribe();
        // The sender is `self`'s.
        let reached = |state: &State| state.revision.is_some_and(|newest| newest >= revision);
        state.wait_for(reached).await.ok();
    }

    /// Applies changes that lead to a revision; after `reset` they are all settings. One caller at a time.
    ///
    /// # Errors
    /// Compiling them panicked.
    pub(crate) async fn apply(
        &self,
        changes: Vec<Change>,
        reset: bool,
        revision: i64,
    ) -> Result<(), JoinError> {
        let old = self.document();
        let mut document = if reset { Document::default() } else { Document::clone(&old) };
        for change in changes {
            match change {
                Change::Put(setting) => document.put(*setting),
                Change::Delete(name) => document.remove(&name),
            }
        }
        if document == *old && self.revision() == Some(revision) {
            return Ok(());
        }
        let state = spawn_blocking(move || State::new(document, Some(revision))).await?;
        let saved = SharedSettings { revision, settings: Document::clone(&state.document) };
        self.state.send_replace(state);
        tracing::info!(revision, "search settings changed");
        let file = self.file.clone();
        let written = spawn_blocking(move || file.write(&saved)).await?;
        match written {
            Ok(()) => *self.own.lock().unwrap_or_else(PoisonError::into_inner) = None,
            Err(error) => {
                tracing::warn!(%error, "settings not saved: a restart awaits the catalogue's");
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use proto::search::v1::Synonym;

    fn notebook() -> Synonym {
        let words = vec!["laptop".to_owned(), "portable computer".to_owned()];
        Synonym { id: "notebook".to_owned(), input: "notebook".to_owned(), words, etag: "e".into() }
    }

    #[tokio::test]
    async fn the_last_state_survives_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        assert_eq!((&*store.document(), store.revision()), (&Document::default(), None));
        let put = Change::Put(Box::new(Setting::Synonym(notebook())));
        store.apply(vec![put], true, 3).await.unwrap();
        assert_eq!(store.current().source().synonyms.len(), 1);
        let again = Store::open(folder.path()).unwrap();
        assert_eq!((again.document(), again.revision()), (store.document(), Some(3)));
        assert_eq!(again.current().source().synonyms[0].words.len(), 2);

        let delete = Change::Delete(SettingName::Synonym("notebook".to_owned()));
        again.apply(vec![delete], false, 4).await.unwrap();
        assert_eq!(*again.document(), Document::default());
        again.reached(4).await;
    }

    #[tokio::test]
    async fn a_reset_forgets_what_it_does_not_name() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let put = Change::Put(Box::new(Setting::Synonym(notebook())));
        store.apply(vec![put], true, 3).await.unwrap();
        store.apply(vec![], true, 1).await.unwrap();
        assert_eq!((&*store.document(), store.revision()), (&Document::default(), Some(1)));
    }

    #[tokio::test]
    async fn own_settings_are_in_force_until_the_catalogue_has_adopted_them() {
        let folder = tempfile::tempdir().unwrap();
        let mut own = Document::default();
        own.put(Setting::Synonym(notebook()));
        let bytes = serde_json::to_vec(&own).unwrap();
        std::fs::write(folder.path().join("settings.json"), bytes).unwrap();
        let store = Store::open(folder.path()).unwrap();
        assert_eq!(store.own().as_deref(), Some(&own));
        assert_eq!(store.current().source().synonyms.len(), 1);
        store
            .apply(own.settings().map(Box::new).map(Change::Put).collect(), true, 1)
            .await
            .unwrap();
        assert!(store.own().is_none());
        assert!(Store::open(folder.path()).unwrap().own().is_none(), "once");
    }
}
