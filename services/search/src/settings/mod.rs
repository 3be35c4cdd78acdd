//! Search settings of merchandisers and operators: synonyms, stop words, tie-breakers, controls.
//!
//! They are stored in one small file as the contract's messages in JSON, and compiled into
//! [`index::CompiledSettings`] after each change. Unlike the index they exist nowhere else, so a
//! copy is kept beside the file. **Invariant:** an acknowledged change is on disk, and a search sees
//! one consistent state.

mod document;
mod file;
mod validate;

pub(crate) use document::Document;

use std::{io, path::Path, sync::Arc};

use file::SettingsFile;
use tokio::{
    sync::{Mutex, watch},
    task::{JoinError, spawn_blocking},
};

use crate::index;

/// Why a change failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Each invalid field, with a message for the client.
    #[error("the request is malformed")]
    Invalid(Vec<(String, String)>),
    #[error("there is no {kind} {id:?}")]
    NotFound { kind: ResourceKind, id: String },
    #[error("there are {max} {kind}s already; delete some first")]
    Full { kind: ResourceKind, max: usize },
    #[error("the change could not be kept, and has not been made")]
    NotSaved(#[source] io::Error),
    #[error("the change was interrupted; ask what holds")]
    Interrupted(#[from] JoinError),
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

/// The stored settings. Cheap to clone; clones share the state.
#[derive(Clone)]
pub(crate) struct Store {
    file: SettingsFile,
    /// Serialises changes.
    change_lock: Arc<Mutex<()>>,
    state: watch::Sender<State>,
}

#[derive(Clone)]
struct State {
    document: Arc<Document>,
    settings: Arc<index::CompiledSettings>,
}

impl State {
    fn new(document: Document) -> Self {
        Self { settings: Arc::new(document.compile()), document: Arc::new(document) }
    }
}

impl Store {
    /// Reads the settings stored in a folder; the defaults if there are none.
    ///
    /// # Errors
    /// The file and its copy cannot be read or parsed.
    pub(crate) fn open(folder: &Path) -> anyhow::Result<Self> {
        let file = SettingsFile::new(folder);
        let state = watch::Sender::new(State::new(file.read()?));
        Ok(Self { file, change_lock: Arc::default(), state })
    }

    /// Returns the compiled settings. Call it once per request.
    pub(crate) fn current(&self) -> Arc<index::CompiledSettings> {
        Arc::clone(&self.state.borrow().settings)
    }

    pub(crate) fn document(&self) -> Arc<Document> {
        Arc::clone(&self.state.borrow().document)
    }

    /// Applies a change and stores it. Completes even if the caller is cancelled.
    ///
    /// # Errors
    /// The edit's own, or [`Error::NotSaved`]; the settings have not changed.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        edit: impl FnOnce(&mut Document) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let store = self.clone();
        let changing = async move {
            let _guard = store.change_lock.lock().await;
            let mut document = Document::clone(&store.document());
            let answer = edit(&mut document)?;
            let file = store.file.clone();
            let state = spawn_blocking(move || {
                file.write(&document)?;
                Ok(State::new(document))
            });
            store.state.send_replace(state.await?.map_err(Error::NotSaved)?);
            Ok(answer)
        };
        tokio::spawn(telemetry::in_current_context(changing)).await?
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    use proto::search::v1::Synonym;

    fn notebook() -> Synonym {
        let words = vec!["laptop".to_owned(), "portable computer".to_owned()];
        Synonym { id: "notebook".to_owned(), input: "notebook".to_owned(), words }
    }

    #[tokio::test]
    async fn changes_survive_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        assert_eq!(*store.document(), Document::default());
        store.change(|document| document.put_synonym(notebook())).await.unwrap();
        assert_eq!(store.current().source().synonyms.len(), 1, "immediately");
        let again = Store::open(folder.path()).unwrap();
        assert_eq!(again.document(), store.document());
        assert_eq!(again.current().source().synonyms[0].words.len(), 2);
    }

    #[tokio::test]
    async fn a_change_that_cannot_be_saved_is_not_applied() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let refused = store.change(|document| document.delete_synonym("none")).await;
        assert!(matches!(refused, Err(Error::NotFound { .. })));
        fs::create_dir(folder.path().join("settings.json")).unwrap();
        let refused = store.change(|document| document.put_synonym(notebook())).await;
        assert!(matches!(refused, Err(Error::NotSaved(_))));
        assert!(store.current().source().synonyms.is_empty());
    }
}
