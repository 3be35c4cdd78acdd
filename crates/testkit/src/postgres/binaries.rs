//! Where the server's programs are.

use std::path::{Path, PathBuf};

/// What a private server is run with.
const PROGRAMS: [&str; 3] = ["initdb", "pg_ctl", "postgres"];
/// One folder per major version, as Debian has it.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The folder of `PG_BIN` if that is set, else the newest of Debian's, else one of `PATH`.
pub(super) fn folder() -> Option<PathBuf> {
    let candidates = match std::env::var_os("PG_BIN").filter(|folder| !folder.is_empty()) {
        Some(folder) => vec![folder.into()],
        None => [debian(), path()].concat(),
    };
    candidates.into_iter().find(|folder| is_complete(folder))
}

fn debian() -> Vec<PathBuf> {
    let versions = std::fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort();
    versions.into_iter().rev().map(|(_, folder)| folder).collect()
}

fn path() -> Vec<PathBuf> {
    std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default()
}

fn is_complete(folder: &Path) -> bool {
    PROGRAMS.iter().all(|program| folder.join(program).is_file())
}
