//! Where programs are that tests need and the workspace does not build: by the scripts of
//! `provision/`, which are those that `cargo xtask` runs, with the same folders.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

use anyhow::{Context as _, ensure};

use crate::{aloud, repository};

/// Something that is found, or unpacked beside what is built.
pub(crate) struct Provision {
    /// Such as `Consul`.
    pub(crate) what: &'static str,
    /// The script's name without its ending, and the folder's.
    pub(crate) script: &'static str,
    /// What to do where the script cannot help.
    pub(crate) cure: &'static str,
    pub(crate) found: OnceLock<Option<PathBuf>>,
}

impl Provision {
    /// What the script prints. Nothing, said aloud, where it cannot be had.
    ///
    /// # Panics
    /// With `CI=true` and nothing.
    pub(crate) fn find(&self) -> Option<PathBuf> {
        let Self { what, cure, .. } = self;
        let found = self.found.get_or_init(|| {
            let in_ci = std::env::var_os("CI").is_some_and(|ci| ci == "true");
            match self.provide() {
                Ok(program) => Some(program),
                Err(error) if in_ci => panic!("no {what}: {error:#}. Cure: {cure}"),
                Err(error) => {
                    aloud(&format!(
                        "SKIPPED: there is no {what} to test with: {error:#}. Cure: {cure}"
                    ));
                    None
                }
            }
        });
        found.clone()
    }

    fn provide(&self) -> anyhow::Result<PathBuf> {
        let script = folder().join(self.script).with_extension("sh");
        let mut command = Command::new("bash");
        command.arg(&script).arg(target().join("provision").join(self.script));
        let output = command.stdin(Stdio::null()).output().context("starting bash")?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{}", said.lines().last().unwrap_or("the script failed"));
        Ok(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
    }
}

/// The scripts.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("provision")
}

/// The target folder: that whose profile's folder we were built into.
fn target() -> PathBuf {
    let this = std::env::current_exe().ok();
    let profile = this.as_deref().and_then(|this| {
        this.ancestors().skip(1).find(|dir| dir.ends_with("debug") || dir.ends_with("release"))
    });
    let target = profile.and_then(Path::parent).map(Path::to_owned);
    target.unwrap_or_else(|| repository().join("target"))
}
