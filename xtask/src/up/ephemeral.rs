//! Temporary directories of runs, by `up --ephemeral`.

use std::{
    env, fs,
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _},
};

use anyhow::{Context as _, Result};
use nix::unistd::geteuid;

use super::RunDir;

/// Start of the directories' names.
const PREFIX: &str = "catalogue-";
/// File that names the data directory of the commands that shall find the run.
const OWNER_FILE: &str = "instead-of";

/// The directory of this process's run, which does not exist yet.
pub(crate) fn of_this_process() -> RunDir {
    RunDir { dir: env::temp_dir().join(format!("{PREFIX}{}", std::process::id())) }
}

/// Creates `run_dir`, for this user only, so that [`instead_of`] finds it for `data_dir`.
///
/// # Errors
/// If it exists or cannot be written.
pub(crate) fn create(run_dir: &RunDir, data_dir: &RunDir) -> Result<()> {
    let creating = || format!("creating {}", run_dir.dir.display());
    fs::DirBuilder::new().mode(0o700).create(&run_dir.dir).with_context(creating)?;
    let owner = data_dir.dir.as_os_str().as_encoded_bytes();
    fs::write(run_dir.dir.join(OWNER_FILE), owner).with_context(creating)
}

/// The directories of this user's ephemeral runs that `data_dir`'s commands show and stop.
pub(crate) fn instead_of(data_dir: &RunDir) -> Vec<RunDir> {
    let entries = fs::read_dir(env::temp_dir()).into_iter().flatten().flatten();
    let named = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX));
    let ours = named.filter(|entry| {
        entry.metadata().is_ok_and(|data| data.is_dir() && data.uid() == geteuid().as_raw())
    });
    let of_data_dir = ours.map(|entry| entry.path()).filter(|dir| {
        fs::read(dir.join(OWNER_FILE))
            .is_ok_and(|owner| owner == data_dir.dir.as_os_str().as_encoded_bytes())
    });
    of_data_dir.map(|dir| RunDir { dir }).collect()
}
