//! Where the project's programs and data are.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// The root of the checkout.
pub fn repository() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        root.canonicalize().expect("the checkout this was built from is still there")
    })
}

/// The path of a program of the workspace, in the profile of the caller. The workspace is built
/// first, if it is not current.
///
/// # Panics
/// When it does not build.
pub fn program(name: &str) -> PathBuf {
    static DIR: OnceLock<PathBuf> = OnceLock::new();
    DIR.get_or_init(build).join(name)
}

/// Builds with the very command that `cargo xtask` has built with, so that where it has, nothing is
/// left to do. Returns where the programs are.
fn build() -> PathBuf {
    let this = std::env::current_exe().expect("a program knows where it is");
    // A test lies in <target>/<profile>/deps, a program one level up.
    let profile_dir = this.ancestors().skip(1).find(|dir| !dir.ends_with("deps"));
    let profile_dir = profile_dir.expect("programs lie in a folder").to_owned();
    let arguments: &[&str] = if profile_dir.ends_with("release") {
        &["build", "--workspace", "--bins", "--release"]
    } else {
        &["build", "--workspace", "--all-targets"]
    };
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // What cargo told this test about its own package would make other packages build anew: some
    // build scripts watch these variables.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    let status = cargo.current_dir(repository()).args(arguments).arg("--quiet").status();
    assert!(status.expect("cargo can be started").success(), "the workspace does not build");
    profile_dir
}

/// A file of the real product data that lies beside the checkout, or nothing, said aloud, where it
/// is not there.
///
/// # Panics
/// With `CI=true` and the folder there but the file missing.
pub fn shared_data(file: &str) -> Option<PathBuf> {
    let folder = repository().join("../shared/data");
    let path = folder.join(file);
    if path.exists() {
        return Some(path);
    }
    let in_ci = std::env::var_os("CI").is_some_and(|ci| ci == "true");
    assert!(!(in_ci && folder.exists()), "{} is missing", path.display());
    eprintln!("skipped: {} is not there; put the product data beside the checkout", path.display());
    None
}
