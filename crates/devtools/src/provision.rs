//! Programs that tests need and the workspace does not build. A script per program finds it, or unpacks
//! it into a directory of the target directory.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail};

/// Directory of the scripts.
#[must_use]
pub fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("provision")
}

/// Directory into which a script unpacks its program.
#[must_use]
pub fn unpack_dir(target: &Path, script: &str) -> PathBuf {
    target.join("provision").join(script)
}

/// Runs a script, such as `consul`, and returns the path that it prints: of a program, or of the
/// directory of several.
///
/// # Errors
/// If the script fails, with the last line of its standard error; a log has all of it.
pub fn run(script: &str, target: &Path) -> Result<PathBuf> {
    let dir = unpack_dir(target, script);
    fs::create_dir_all(&dir).with_context(|| format!("creating {}", dir.display()))?;
    let mut command = Command::new("bash");
    command.arg(scripts().join(script).with_extension("sh")).arg(&dir);
    let output = command.stdin(Stdio::null()).output().context("starting bash")?;
    if !output.status.success() {
        let log = dir.join("provision.log");
        fs::write(&log, &output.stderr).with_context(|| format!("writing {}", log.display()))?;
        let stderr = String::from_utf8_lossy(&output.stderr);
        let last = stderr.lines().last().unwrap_or("the script failed");
        bail!("{last} (log: {})", log.display());
    }
    Ok(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
}
