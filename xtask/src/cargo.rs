//! Where the workspace and its binaries are, and cargo itself.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};

use crate::profile;

/// The root of this checkout.
pub(crate) fn workspace() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().expect("xtask lies in the workspace, so it has a parent")
}

/// Where cargo puts the binaries of the development or the release profile.
///
/// We were built into that folder ourselves, so every way to move it is already accounted for.
///
/// # Errors
/// The system does not say which file is running.
pub(crate) fn bin_dir(release: bool) -> Result<PathBuf> {
    if let Some(dir) = env::var_os("XTASK_BIN_DIR") {
        return Ok(PathBuf::from(dir));
    }
    let this = env::current_exe().context("finding this program's own file")?;
    let target = this.parent().and_then(Path::parent).context("this program lies in no folder")?;
    Ok(target.join(if release { "release" } else { "debug" }))
}

/// `cargo` in the workspace's root, with our standard streams.
pub(crate) fn cargo<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace()).args(args);
    // What `cargo run` told us about ourselves would mislead the crates that are built next.
    for (name, _) in env::vars_os() {
        let ours = name.to_string_lossy();
        if ours.starts_with("CARGO_PKG_") || ours.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// A program of the workspace, which is built for release first.
///
/// # Errors
/// It does not build.
pub(crate) fn released(program: &str) -> Result<Command> {
    let mut build = cargo(["build", "--workspace", "--bins", "--release"]);
    let mut program = Command::new(bin_dir(true)?.join(program));
    for command in [&mut build, &mut program] {
        profile::apply(command);
    }
    run(&mut build, "the build")?;
    Ok(program)
}

/// Runs the command to its end.
///
/// # Errors
/// It cannot be started, or fails; `what` names it.
pub(crate) fn run(command: &mut Command, what: &str) -> Result<()> {
    let status =
        command.status().with_context(|| format!("starting {:?}", command.get_program()))?;
    ensure!(status.success(), "{what} failed ({status}); its output is above");
    Ok(())
}
