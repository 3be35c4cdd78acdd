//! Paths of the workspace and its binaries, and cargo commands.

use std::{
    env,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};

/// Root of the workspace.
pub(crate) fn workspace() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().expect("xtask lies in the workspace, so it has a parent")
}

/// Directory of the binaries of the development or release profile.
///
/// Derived from the path of this executable, which takes any configured target directory into account.
///
/// # Errors
/// If the path of this executable is unknown.
pub(crate) fn bin_dir(release: bool) -> Result<PathBuf> {
    if let Some(dir) = env::var_os("XTASK_BIN_DIR") {
        return Ok(PathBuf::from(dir));
    }
    let this = env::current_exe().context("finding the path of this executable")?;
    let target =
        this.parent().and_then(Path::parent).context("this executable has no parent directory")?;
    Ok(target.join(if release { "release" } else { "debug" }))
}

/// A `cargo` command in the workspace root.
pub(crate) fn cargo<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace()).args(args);
    // Set for this package by `cargo run`; other packages must not inherit them.
    for (name, _) in env::vars_os() {
        let ours = name.to_string_lossy();
        if ours.starts_with("CARGO_PKG_") || ours.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// The arguments of this process after a subcommand, to pass on to the program that runs it.
pub(crate) fn arguments_after(subcommand: &str) -> impl Iterator<Item = OsString> {
    env::args_os().skip_while(move |argument| argument != subcommand).skip(1)
}

/// Runs a command; `name` names it in the error message.
///
/// # Errors
/// If it cannot be started, or fails.
pub(crate) fn run(command: &mut Command, name: &str) -> Result<()> {
    let status =
        command.status().with_context(|| format!("starting {:?}", command.get_program()))?;
    ensure!(status.success(), "{name} failed ({status}); its output is above");
    Ok(())
}
