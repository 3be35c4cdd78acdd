//! Paths of the project's programs and data.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use crate::skip::is_ci;

/// The root of the checkout.
pub fn repository() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        root.canonicalize().expect("the checkout that this was built from still exists")
    })
}

/// The path of a program of the workspace, in the profile of this process. Builds the workspace first,
/// unless it is current.
///
/// # Panics
/// If the build fails.
pub fn program(name: &str) -> PathBuf {
    static DIR: OnceLock<PathBuf> = OnceLock::new();
    DIR.get_or_init(build).join(name)
}

/// Builds the workspace and returns the directory of its programs. Uses the same command as `cargo
/// xtask`, so that nothing is built twice.
fn build() -> PathBuf {
    let this = std::env::current_exe().expect("the path of this executable");
    // A test is in <target>/<profile>/deps, a program one level up.
    let profile_dir = this.ancestors().skip(1).find(|dir| !dir.ends_with("deps"));
    let profile_dir = profile_dir.expect("an executable has a directory").to_owned();
    let arguments: &[&str] = if profile_dir.ends_with("release") {
        &["build", "--workspace", "--bins", "--release"]
    } else {
        &["build", "--workspace", "--all-targets"]
    };
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Cargo sets these for the package of this test. Build scripts of other packages depend on them, and
    // would run again.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    let status = cargo.current_dir(repository()).args(arguments).arg("--quiet").status();
    assert!(status.expect("cargo can be started").success(), "the build of the workspace failed");
    profile_dir
}

/// A file of the real product data beside the checkout. `None`, reported on standard error, if it is
/// missing.
///
/// # Panics
/// With `CI=true`, if the directory exists and the file does not.
pub fn shared_data(file: &str) -> Option<PathBuf> {
    let dir = repository().join("../shared/data");
    let path = dir.join(file);
    if path.exists() {
        return Some(path);
    }
    assert!(!(is_ci() && dir.exists()), "{} is missing", path.display());
    eprintln!("skipped: {} is missing; put the product data beside the checkout", path.display());
    None
}
