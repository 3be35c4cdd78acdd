//! What merchandisers and operators have said: synonyms, stop words, tie-breakers, controls.
//!
//! It is kept as the contract's messages in one small file, by their JSON mapping, and given to
//! searches as [`index::Settings`], made anew when something changes. **Invariant:** what was
//! acknowledged is on disk; a search sees one state of it, whole.

mod check;
mod document;

pub(crate) use document::Document;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context as _;
use tokio::{
    sync::{Mutex, watch},
    task::{JoinError, spawn_blocking},
};

use crate::{files, index};

const FILE: &str = "settings.json";

/// Why something could not be changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Each field at fault, and what to do about it.
    #[error("the request is malformed")]
    Invalid(Vec<(String, String)>),
    #[error("there is no {kind} {id:?}")]
    NotFound { kind: Kind, id: String },
    #[error("there are {most} {kind}s already; delete some first")]
    Full { kind: Kind, most: usize },
    #[error("the change could not be kept, and has not been made")]
    NotKept(#[source] io::Error),
    #[error("the change was interrupted; ask what holds")]
    Interrupted(#[from] JoinError),
}

/// What there can be several of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Synonym,
    Control,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Synonym => "synonym",
            Self::Control => "control",
        })
    }
}

/// All of it, kept. Cheap to clone; all clones are one.
#[derive(Clone)]
pub(crate) struct Store {
    file: PathBuf,
    /// Held while a change is made: one after the other.
    turn: Arc<Mutex<()>>,
    state: watch::Sender<State>,
}

#[derive(Clone)]
struct State {
    document: Arc<Document>,
    settings: Arc<index::Settings>,
}

impl State {
    fn new(document: Document) -> Self {
        Self { settings: Arc::new(document.settings()), document: Arc::new(document) }
    }
}

impl Store {
    /// Reads what is kept in a folder; nothing was said yet if nothing is.
    ///
    /// # Errors
    /// The file cannot be read, or is none of ours.
    pub(crate) fn kept_in(folder: &Path) -> anyhow::Result<Self> {
        let file = folder.join(FILE);
        let document = match fs::read(&file) {
            Ok(bytes) => serde_json::from_slice(&bytes).with_context(|| {
                format!(
                    "{} holds no settings of this version; move it away to begin without any",
                    file.display()
                )
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Document::default(),
            Err(error) => {
                return Err(error).with_context(|| format!("reading {}", file.display()));
            }
        };
        let state = watch::Sender::new(State::new(document));
        Ok(Self { file, turn: Arc::default(), state })
    }

    /// What searches take. Take it once a request.
    pub(crate) fn current(&self) -> Arc<index::Settings> {
        Arc::clone(&self.state.borrow().settings)
    }

    /// What was said.
    pub(crate) fn document(&self) -> Arc<Document> {
        Arc::clone(&self.state.borrow().document)
    }

    /// Makes a change, and keeps it. It is finished also if the caller stops waiting.
    ///
    /// # Errors
    /// The edit's own, or [`Error::NotKept`]; then nothing has changed.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        edit: impl FnOnce(&mut Document) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let store = self.clone();
        let changing = async move {
            let _turn = store.turn.lock().await;
            let mut document = Document::clone(&store.document());
            let answer = edit(&mut document)?;
            let file = store.file.clone();
            let state = spawn_blocking(move || {
                let bytes = serde_json::to_vec_pretty(&document)?;
                files::replace(&file, &bytes)?;
                Ok(State::new(document))
            });
            store.state.send_replace(state.await?.map_err(Error::NotKept)?);
            Ok(answer)
        };
        tokio::spawn(telemetry::carried(changing)).await?
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::search::v1::Synonym;

    fn notebook() -> Synonym {
        let words = vec!["laptop".to_owned(), "portable computer".to_owned()];
        Synonym { id: "notebook".to_owned(), input: "notebook".to_owned(), words }
    }

    #[tokio::test]
    async fn what_was_said_is_there_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::kept_in(folder.path()).unwrap();
        assert_eq!(*store.document(), Document::default());
        store.change(|document| document.put_synonym(notebook())).await.unwrap();
        assert_eq!(store.current().synonyms.len(), 1, "and at once");
        let again = Store::kept_in(folder.path()).unwrap();
        assert_eq!(again.document(), store.document());
        assert_eq!(again.current().synonyms[0].words.len(), 2);
    }

    #[tokio::test]
    async fn what_cannot_be_kept_has_not_happened() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::kept_in(folder.path()).unwrap();
        let refused = store.change(|document| document.delete_synonym("none")).await;
        assert!(matches!(refused, Err(Error::NotFound { .. })));
        fs::create_dir(folder.path().join(FILE)).unwrap();
        let refused = store.change(|document| document.put_synonym(notebook())).await;
        assert!(matches!(refused, Err(Error::NotKept(_))));
        assert!(store.current().synonyms.is_empty());
    }

    #[test]
    fn a_file_of_something_else_is_not_taken() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "{\"synonyms\": 7}").unwrap();
        let error = Store::kept_in(folder.path()).err().unwrap();
        assert!(format!("{error:#}").contains("move it away"), "{error:#}");
    }
}
