//! Atomic replacement of files.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

/// Replaces a file atomically and durably: a reader finds the old contents or the new ones, also
/// after a crash. The file is written under another name, synced and renamed, and the folder is
/// synced. Only this user may read it.
///
/// # Errors
/// Writing failed; the file has its old contents.
pub(crate) fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut temporary = file.as_os_str().to_owned();
    temporary.push(".new");
    let mut written =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
    written.write_all(bytes)?;
    written.sync_all()?;
    fs::rename(&temporary, file)?;
    match file.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_completely() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state.json");
        for text in ["a long one", "short"] {
            replace(&file, text.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&file).unwrap(), text);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(replace(&folder.path().join("none/state.json"), b"").is_err());
    }
}
