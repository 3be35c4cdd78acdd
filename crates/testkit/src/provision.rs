//! Programs that tests need and the workspace does not build: found or unpacked by the scripts that
//! `cargo xtask` runs too.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};

use devtools::provision;

use crate::{repository, skip::skip};

/// A program that a script finds, or unpacks into the target directory.
pub(crate) struct Provision {
    /// Name of the dependency, such as `Consul`.
    pub(crate) name: &'static str,
    /// Name of the script without its extension.
    pub(crate) script: &'static str,
    /// Advice if the script fails.
    pub(crate) fix: &'static str,
    pub(crate) found: OnceLock<Option<PathBuf>>,
}

impl Provision {
    /// Returns the path that the script prints. `None`, reported on standard error, if it fails.
    ///
    /// # Panics
    /// With `CI=true` if it fails.
    pub(crate) fn find(&self) -> Option<PathBuf> {
        let Self { name, script, fix, found } = self;
        let find = || match provision::run(script, &target_dir()) {
            Ok(program) => Some(program),
            Err(error) => {
                skip(name, &format!(": {error:#}"), fix);
                None
            }
        };
        found.get_or_init(find).clone()
    }
}

/// The target directory that this program was built into.
fn target_dir() -> PathBuf {
    let this = std::env::current_exe().ok();
    let profile = this.as_deref().and_then(|this| {
        this.ancestors().skip(1).find(|dir| dir.ends_with("debug") || dir.ends_with("release"))
    });
    let target = profile.and_then(Path::parent).map(Path::to_owned);
    target.unwrap_or_else(|| repository().join("target"))
}
