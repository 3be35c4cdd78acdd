//! The file of the settings, and its copy.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, bail};

use super::Document;
use crate::atomic_file;

/// Operators may replace it while the service is stopped: it counts, unless it cannot be parsed.
const FILE: &str = "settings.json";
/// The last version written, in case the file is damaged.
const COPY: &str = "settings.copy.json";

/// The stored document.
#[derive(Clone)]
pub(super) struct SettingsFile {
    folder: PathBuf,
}

impl SettingsFile {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Writes the file, and then its copy.
    ///
    /// # Errors
    /// The file could not be written, and has its old contents. A copy that could not be written is
    /// logged: the next start tries again.
    pub(super) fn write(&self, document: &Document) -> io::Result<()> {
        let bytes = serde_json::to_vec_pretty(document)?;
        atomic_file::replace(&self.folder.join(FILE), &bytes)?;
        self.write_copy(&bytes);
        Ok(())
    }

    /// Reads the file or, if it is damaged or missing, its copy. A damaged file is set aside, never
    /// deleted.
    ///
    /// # Errors
    /// Neither can be read.
    pub(super) fn read(&self) -> anyhow::Result<Document> {
        let file = self.folder.join(FILE);
        let damage = match read(&file) {
            Ok(Some((document, bytes))) => {
                if fs::read(self.folder.join(COPY)).ok().as_ref() != Some(&bytes) {
                    self.write_copy(&bytes);
                }
                return Ok(document);
            }
            Ok(None) => None,
            Err(error) => Some(error),
        };
        let copy = read(&self.folder.join(COPY));
        let (document, bytes) = match (damage, copy) {
            (None, Ok(None)) => return Ok(Document::default()),
            (None, Ok(Some(copy))) => {
                tracing::error!(file = %file.display(), "settings missing; restored from their copy");
                copy
            }
            (Some(error), Ok(Some(copy))) => {
                let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                let aside = self.folder.join(format!("{FILE}.damaged-{}", now.as_secs()));
                fs::rename(&file, &aside).with_context(|| format!("moving {}", file.display()))?;
                let (file, aside, error) = (file.display(), aside.display(), format!("{error:#}"));
                tracing::error!(%file, %aside, error, "settings damaged; restored from their copy");
                copy
            }
            (Some(error), _) | (None, Err(error)) => {
                return Err(error.context(format!(
                    "the settings in {} are damaged, and so is their copy {COPY}: restore one of \
                     them, or move both away to start without settings",
                    file.display()
                )));
            }
        };
        atomic_file::replace(&file, &bytes)
            .with_context(|| format!("writing {}", file.display()))?;
        Ok(document)
    }

    fn write_copy(&self, bytes: &[u8]) {
        let copy = self.folder.join(COPY);
        if let Err(error) = atomic_file::replace(&copy, bytes) {
            tracing::warn!(%error, file = %copy.display(), "settings not copied");
        }
    }
}

/// Reads a document and its bytes; none if the file does not exist.
fn read(file: &Path) -> anyhow::Result<Option<(Document, Vec<u8>)>> {
    let bytes = match fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => bail!("{}: {error}", file.display()),
    };
    let document = serde_json::from_slice(&bytes).with_context(|| file.display().to_string())?;
    Ok(Some((document, bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns two versions of settings.
    fn documents() -> [Document; 2] {
        let words = |words: &str| {
            let words = vec![words.to_owned()];
            let stop_words = Some(proto::search::v1::StopWords { words });
            Document { stop_words, ..Document::default() }
        };
        [words("the"), words("a")]
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn damaged_settings_are_restored_and_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        let file = SettingsFile::new(folder.path());
        assert_eq!(file.read().unwrap(), Document::default());
        let [first, second] = documents();
        file.write(&first).unwrap();
        file.write(&second).unwrap();
        for damage in [&b""[..], b"{\"stopWords\": 7}", b"\xff"] {
            fs::write(folder.path().join(FILE), damage).unwrap();
            assert_eq!(file.read().unwrap(), second);
            let aside = names(folder.path()).into_iter().find(|name| name.contains("damaged"));
            let aside = folder.path().join(aside.expect("it is kept"));
            assert_eq!(fs::read(&aside).unwrap(), damage);
            fs::remove_file(aside).unwrap();
        }
        fs::remove_file(folder.path().join(FILE)).unwrap();
        assert_eq!(file.read().unwrap(), second);
        assert_eq!(names(folder.path()), [COPY, FILE]);
    }

    #[test]
    fn a_damaged_copy_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = SettingsFile::new(folder.path());
        let [first, second] = documents();
        file.write(&first).unwrap();
        // As by an operator, from another replica.
        fs::write(folder.path().join(FILE), serde_json::to_vec(&second).unwrap()).unwrap();
        assert_eq!(file.read().unwrap(), second);
        fs::write(folder.path().join(FILE), "").unwrap();
        assert_eq!(file.read().unwrap(), second);
    }

    #[test]
    fn settings_are_never_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let file = SettingsFile::new(folder.path());
        for name in [FILE, COPY] {
            fs::write(folder.path().join(name), "{\"synonyms\": 7}").unwrap();
        }
        for _ in 0..2 {
            let error = format!("{:#}", file.read().unwrap_err());
            assert!(error.contains("settings.json") && error.contains("restore"), "{error}");
        }
        assert_eq!(names(folder.path()), [COPY, FILE], "both as they were");
        fs::remove_file(folder.path().join(FILE)).unwrap();
        assert!(file.read().is_err(), "a damaged copy is no reason to start without settings");
    }
}
