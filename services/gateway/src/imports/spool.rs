//! The folder of files that wait to be imported, of files that were rehearsed, and of rejected rows.

use std::{
    collections::HashSet,
    fs::{self, File},
    io,
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _},
    path::{Path, PathBuf},
    sync::OnceLock,
    time::{Duration, SystemTime},
};

use anyhow::{Context as _, Result, bail};
use tempfile::{TempDir, env};
use uuid::Uuid;

use super::temporary_folder;

/// Limits of the files of one kind that are kept.
struct Kept {
    extension: &'static str,
    time: Duration,
    /// Maximum number of files.
    files: usize,
}

const REJECTS: Kept =
    Kept { extension: "rejects", time: Duration::from_secs(7 * 24 * 60 * 60), files: 100 };
/// Rehearsed files, which may be imported next.
const REHEARSED: Kept = Kept { extension: "file", time: REHEARSED_TIME, files: 20 };
/// How long a rehearsed file is kept.
pub(super) const REHEARSED_TIME: Duration = Duration::from_secs(60 * 60);

/// A folder that belongs to this gateway alone.
#[derive(Debug)]
pub(super) struct Spool {
    /// The folder of the settings; without one, a temporary one is made for the first file.
    configured: Option<PathBuf>,
    opened: OnceLock<Opened>,
}

#[derive(Debug)]
struct Opened {
    folder: PathBuf,
    /// Locked against other gateways.
    _lock: File,
    /// Removed at the end.
    _temporary: Option<TempDir>,
}

/// A file of the spool; removed when dropped.
#[derive(Debug)]
pub(super) struct SpoolFile(PathBuf);

impl SpoolFile {
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Creates the file, empty and readable by its owner only, or empties it.
    ///
    /// # Errors
    /// It cannot be created.
    pub(super) async fn create(&self) -> io::Result<tokio::fs::File> {
        let mut options = tokio::fs::File::options();
        options.write(true).create(true).truncate(true).mode(0o600).open(&self.0).await
    }
}

impl Drop for SpoolFile {
    fn drop(&mut self) {
        // Otherwise it is removed at the next start.
        fs::remove_file(&self.0).ok();
    }
}

impl Spool {
    /// Opens the folder of the settings at once, so that it fails at the start if it is of no use. Without one, temporary
    /// folders that killed gateways have left are removed.
    ///
    /// # Errors
    /// The folder cannot be used, or another gateway uses it.
    pub(super) fn new(configured: Option<PathBuf>) -> Result<Self> {
        let spool = Self { configured, opened: OnceLock::new() };
        match spool.configured {
            Some(_) => {
                spool.folder()?;
            }
            None => temporary_folder::remove_abandoned(&env::temp_dir()),
        }
        Ok(spool)
    }

    /// A file for the data of an import, of a name of its own: two requests may have the same id.
    ///
    /// # Errors
    /// The folder cannot be used.
    pub(super) fn file(&self) -> Result<SpoolFile> {
        Ok(SpoolFile(self.folder()?.join(format!("{}.data", Uuid::new_v4()))))
    }

    /// The path of the rejected rows of an import, whether there are any or not.
    ///
    /// # Errors
    /// The folder cannot be used.
    pub(super) fn rejects(&self, id: &str) -> Result<PathBuf> {
        Ok(self.folder()?.join(format!("import-{id}.rejects")))
    }

    /// Keeps the file of an import that was rehearsed.
    ///
    /// # Errors
    /// The folder cannot be used.
    pub(super) fn keep(&self, file: &SpoolFile, id: &str) -> Result<()> {
        let (path, doing) = (self.rehearsed(id)?, "keeping a rehearsed file");
        fs::hard_link(file.path(), &path).context(doing)?;
        // It may have been rehearsed before.
        let kept = File::options().write(true).open(&path).context(doing)?;
        kept.set_modified(SystemTime::now()).context(doing)
    }

    /// The file of an import that was rehearsed, to be imported again, and its size in bytes; `None` if it is not kept here.
    ///
    /// # Errors
    /// The folder cannot be used.
    pub(super) fn again(&self, id: &str) -> Result<Option<(SpoolFile, u64)>> {
        let file = self.file()?;
        // A link, so that it stays while it is read.
        match fs::hard_link(self.rehearsed(id)?, file.path()) {
            Ok(()) => {
                let size = fs::metadata(file.path()).context("reading a rehearsed file")?.len();
                Ok(Some((file, size)))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).context("opening a rehearsed file"),
        }
    }

    fn rehearsed(&self, id: &str) -> Result<PathBuf> {
        Ok(self.folder()?.join(format!("import-{id}.file")))
    }

    /// Removes files that were kept long enough, and the oldest that takes more than `max_bytes` for each kind.
    pub(super) fn prune(&self, max_bytes: u64) {
        let Some(opened) = self.opened.get() else { return };
        for kept in [REJECTS, REHEARSED] {
            if let Err(error) = prune(&opened.folder, &kept, max_bytes) {
                tracing::warn!(%error, "old files of imports could not be removed");
            }
        }
    }

    fn folder(&self) -> Result<&Path> {
        if let Some(opened) = self.opened.get() {
            return Ok(&opened.folder);
        }
        let opened = match &self.configured {
            Some(folder) => {
                open(folder).with_context(|| format!("--import-dir {}", folder.display()))?
            }
            None => {
                let (temporary, lock) = temporary_folder::create(&env::temp_dir())
                    .context("making a folder for imports; --import-dir names another")?;
                let folder = temporary.path().to_owned();
                Opened { folder, _lock: lock, _temporary: Some(temporary) }
            }
        };
        // Another request may have been faster; its folder is as good.
        Ok(&self.opened.get_or_init(|| opened).folder)
    }
}

fn open(folder: &Path) -> Result<Opened> {
    // For no other user to read.
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .context("making the folder")?;
    let Some(lock) = temporary_folder::lock(folder)? else {
        bail!("another gateway uses this folder: give each its own")
    };
    // Left by a gateway that was killed: nothing goes on with them.
    for entry in fs::read_dir(folder).context("reading the folder")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "data" || extension == "file") {
            fs::remove_file(&path).context("removing an old file")?;
        }
    }
    Ok(Opened { folder: folder.to_owned(), _lock: lock, _temporary: None })
}

fn prune(folder: &Path, limits: &Kept, max_bytes: u64) -> io::Result<()> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.path().extension().is_some_and(|extension| extension == limits.extension) {
            let metadata = entry.metadata()?;
            found.push((metadata.modified()?, metadata.ino(), metadata.len(), entry.path()));
        }
    }
    found.sort_by_key(|(modified, ..)| std::cmp::Reverse(*modified));
    let now = SystemTime::now();
    let is_old =
        |modified: &SystemTime| now.duration_since(*modified).is_ok_and(|age| age > limits.time);
    let (mut kept, mut kept_inodes) = (0, HashSet::new());
    for (index, (modified, inode, bytes, path)) in found.iter().enumerate() {
        // A file may have several names: rehearsed again, it is linked, and takes its space once.
        let bytes = if kept_inodes.contains(inode) { 0 } else { *bytes };
        if index >= limits.files || kept + bytes > max_bytes || is_old(modified) {
            // One that is too large does not take others with it.
            fs::remove_file(path)?;
        } else {
            kept += bytes;
            kept_inodes.insert(*inode);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn files_are_readable_by_their_owner_only() {
        let spool = Spool::new(None).unwrap();
        let file = spool.file().unwrap();
        let mode = file.create().await.unwrap().metadata().await.unwrap().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_folder_belongs_to_one_gateway_and_starts_without_old_files() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("import-old.data"), "x").unwrap();
        fs::write(folder.path().join("import-old.rejects"), "x").unwrap();
        fs::write(folder.path().join("import-old.file"), "x").unwrap();
        let spool = Spool::new(Some(folder.path().to_owned())).unwrap();
        assert!(!folder.path().join("import-old.data").exists());
        assert!(spool.rejects("old").unwrap().exists());
        assert!(!folder.path().join("import-old.file").exists());
        let error = Spool::new(Some(folder.path().to_owned())).unwrap_err();
        assert!(format!("{error:#}").contains("another gateway"), "{error:#}");

        let file = spool.file().unwrap();
        let path = file.path().to_owned();
        fs::write(&path, "x").unwrap();
        spool.keep(&file, "one").unwrap();
        drop(file);
        assert!(!path.exists());
        let (again, size) = spool.again("one").unwrap().unwrap();
        assert_eq!((fs::read(again.path()).unwrap(), size), (b"x".to_vec(), 1));
        assert!(spool.again("two").unwrap().is_none());
    }

    #[test]
    fn rejected_rows_are_bounded() {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..5 {
            fs::write(folder.path().join(format!("import-{number}.rejects")), "x").unwrap();
        }
        let count = || fs::read_dir(folder.path()).unwrap().count();
        let limits = Kept { files: 3, ..REJECTS };
        prune(folder.path(), &limits, 100).unwrap();
        assert_eq!(count(), 3);
        prune(folder.path(), &limits, 2).unwrap();
        assert_eq!(count(), 2);
        prune(folder.path(), &Kept { time: Duration::ZERO, ..limits }, 100).unwrap();
        assert_eq!(count(), 0);
    }

    #[test]
    fn a_file_of_several_names_counts_once() {
        let folder = tempfile::tempdir().unwrap();
        let name = |id: &str| folder.path().join(format!("import-{id}.file"));
        fs::write(name("guess"), "sixty").unwrap();
        for id in ["dry", "again"] {
            fs::hard_link(name("guess"), name(id)).unwrap();
        }
        prune(folder.path(), &REHEARSED, 6).unwrap();
        assert!(["guess", "dry", "again"].into_iter().all(|id| name(id).exists()));
        prune(folder.path(), &REHEARSED, 4).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_that_is_too_large_leaves_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let name = |id: &str| folder.path().join(format!("import-{id}.rejects"));
        fs::write(name("old"), "x").unwrap();
        fs::write(name("large"), "xxxxx").unwrap();
        let later = SystemTime::now() + Duration::from_secs(1);
        File::options().write(true).open(name("large")).unwrap().set_modified(later).unwrap();
        prune(folder.path(), &REJECTS, 4).unwrap();
        assert!(name("old").exists() && !name("large").exists());
    }

    #[test]
    fn without_a_setting_the_folder_is_temporary() {
        let spool = Spool::new(None).unwrap();
        let file = spool.file().unwrap();
        let folder = file.path().parent().unwrap().to_owned();
        assert!(folder.exists());
        drop(file);
        drop(spool);
        assert!(!folder.exists());
    }
}
