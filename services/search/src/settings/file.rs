//! The file with the settings last received, with which search starts while the catalogue is away, and those of
//! versions that kept their settings by themselves.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::Document;
use crate::atomic_file;

const FILE: &str = "shared-settings.json";
/// The only file of earlier versions, and its copy. They stay, for a return to such a version.
const OWN_FILE: &str = "settings.json";
const OWN_COPY: &str = "settings.copy.json";

/// Settings with the revision that they are of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct SharedSettings {
    pub(super) revision: i64,
    pub(super) settings: Document,
}

/// The settings in a folder.
#[derive(Debug, PartialEq)]
pub(super) enum Found {
    /// The state that the catalogue sent last.
    Shared(SharedSettings),
    /// The state that an earlier version kept by itself, for the catalogue to adopt.
    Own(Document),
    Nothing,
}

#[derive(Clone)]
pub(super) struct SettingsFile {
    folder: PathBuf,
}

impl SettingsFile {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// # Errors
    /// The file could not be written, and has its old contents.
    pub(super) fn write(&self, settings: &SharedSettings) -> io::Result<()> {
        let bytes = serde_json::to_vec_pretty(settings)?;
        atomic_file::replace(&self.folder.join(FILE), &bytes)
    }

    /// Reads the settings that are present. A damaged file counts as none, since the catalogue sends all again.
    ///
    /// # Errors
    /// Settings that exist nowhere else cannot be read.
    pub(super) fn read(&self) -> anyhow::Result<Found> {
        match read(&self.folder.join(FILE)) {
            Ok(Some(shared)) => return Ok(Found::Shared(shared)),
            Ok(None) => {}
            Err(error) => {
                let error = format!("{error:#}");
                tracing::error!(error, "shared settings damaged; awaiting the catalogue's");
                return Ok(Found::Nothing);
            }
        }
        let [file, copy] = [OWN_FILE, OWN_COPY].map(|name| read(&self.folder.join(name)));
        match (file, copy) {
            (Ok(Some(own)), _) => Ok(Found::Own(own)),
            (Err(error), Ok(Some(own))) => {
                let error = format!("{error:#}");
                tracing::error!(error, "own settings damaged; using their copy");
                Ok(Found::Own(own))
            }
            (Ok(None), Ok(Some(own))) => Ok(Found::Own(own)),
            (Ok(None), Ok(None)) => Ok(Found::Nothing),
            (Err(error), _) | (_, Err(error)) => Err(error.context(format!(
                "the settings in {} are damaged, and so is their copy {OWN_COPY}: restore one of them, or move \
                 both away to start without them",
                self.folder.join(OWN_FILE).display()
            ))),
        }
    }
}

/// Reads a file; None if it does not exist.
fn read<T: DeserializeOwned>(file: &Path) -> anyhow::Result<Option<T>> {
    let bytes = match fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => bail!("{}: {error}", file.display()),
    };
    serde_json::from_slice(&bytes).with_context(|| file.display().to_string())
}

#[cfg(test)]
mod tests {
    use proto::search::v1::StopWords;

    use super::*;

    fn document(word: &str) -> Document {
        let stop_words = Some(StopWords { words: vec![word.to_owned()], ..Default::default() });
        Document { stop_words, ..Document::default() }
    }

    #[test]
    fn shared_settings_come_before_own_ones() {
        let folder = tempfile::tempdir().unwrap();
        let file = SettingsFile::new(folder.path());
        assert_eq!(file.read().unwrap(), Found::Nothing);
        let own = serde_json::to_vec(&document("own")).unwrap();
        fs::write(folder.path().join(OWN_FILE), own).unwrap();
        assert_eq!(file.read().unwrap(), Found::Own(document("own")));
        let shared = SharedSettings { revision: 7, settings: document("shared") };
        file.write(&shared).unwrap();
        assert_eq!(file.read().unwrap(), Found::Shared(shared));
        for damage in [&b""[..], b"{\"revision\": []}", b"\xff"] {
            fs::write(folder.path().join(FILE), damage).unwrap();
            assert_eq!(file.read().unwrap(), Found::Nothing, "not the own ones again");
        }
    }

    #[test]
    fn own_settings_are_read_from_their_copy_if_damaged_and_never_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let file = SettingsFile::new(folder.path());
        fs::write(folder.path().join(OWN_FILE), "{\"synonyms\": 7}").unwrap();
        let error = format!("{:#}", file.read().unwrap_err());
        assert!(error.contains("settings.json") && error.contains("restore"), "{error}");
        let own = serde_json::to_vec(&document("own")).unwrap();
        fs::write(folder.path().join(OWN_COPY), own).unwrap();
        assert_eq!(file.read().unwrap(), Found::Own(document("own")));
    }
}
