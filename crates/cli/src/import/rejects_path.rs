//! The file for the rejected rows of an import.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use import::{Format, Source};

use super::{checkpoint::with_suffix, remote};

/// The path as given, or beside the imported file; of a URL or a pipe, in the present folder.
///
/// # Errors
/// If it is the imported file.
pub(super) fn of(given: Option<&Path>, file: &Path, source: &Source) -> Result<PathBuf> {
    let rejects = given.map_or_else(|| beside(file, source), Path::to_owned);
    if is_same_file(&rejects, file) {
        bail!("--rejects {}: must not be the imported file", rejects.display());
    }
    Ok(rejects)
}

fn beside(file: &Path, source: &Source) -> PathBuf {
    if source.length.is_some() {
        let is_table = source.format == Format::Csv;
        return with_suffix(file, if is_table { "rejects.csv" } else { "rejects.jsonl" });
    }
    match remote::url_of(&file.to_string_lossy()) {
        Some(url) => with_suffix(&remote::file_name(&url), "rejects.jsonl"),
        None => PathBuf::from("stdin.rejects.jsonl"),
    }
}

fn is_same_file(left: &Path, right: &Path) -> bool {
    match (left.canonicalize(), right.canonicalize()) {
        (Ok(left), Ok(right)) => left == right,
        _ => false,
    }
}
