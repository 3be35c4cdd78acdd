//! Files that are whole whenever the process dies.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

/// Puts `bytes` in a file that only we may read: written aside, on disk, renamed, and the folder on
/// disk too. Whoever reads it, also after a crash, finds what was there before or all of this.
///
/// # Errors
/// The disk refuses; then it is what it was before.
pub(crate) fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut aside = file.as_os_str().to_owned();
    aside.push(".new");
    let mut written =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
    written.write_all(bytes)?;
    written.sync_all()?;
    fs::rename(&aside, file)?;
    match file.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole() {
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
