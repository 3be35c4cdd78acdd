//! The repository: its last commit, files that changed, subjects of commits.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::cargo::workspace;

/// The last commit, as 40 hexadecimal digits.
///
/// # Errors
/// If this is not a repository.
pub(crate) fn commit() -> Result<String> {
    git(&["rev-parse", "HEAD"])
}

/// Time of the last commit in seconds since 1970, or `SOURCE_DATE_EPOCH` if that is set.
///
/// # Errors
/// If this is not a repository.
pub(crate) fn commit_time() -> Result<u64> {
    let time = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(epoch) => epoch,
        Err(_) => git(&["log", "-1", "--format=%ct"])?,
    };
    time.parse().with_context(|| format!("{time:?} is not a time in seconds"))
}

/// Files that differ between the common ancestor with `base` and the working directory.
///
/// # Errors
/// If there is no such commit.
pub(crate) fn changed_files(base: &str) -> Result<Vec<String>> {
    let ancestor = git(&["merge-base", base, "HEAD"])
        .with_context(|| format!("finding what this branch has in common with {base}"))?;
    let changed = git(&["diff", "--name-only", "--no-renames", &ancestor])?;
    let new = git(&["ls-files", "--others", "--exclude-standard"])?;
    Ok(changed.lines().chain(new.lines()).map(str::to_owned).collect())
}

/// The newest tag with this prefix that is an ancestor of the last commit.
pub(crate) fn last_tag(prefix: &str) -> Option<String> {
    git(&["describe", "--tags", "--abbrev=0", "--match", &format!("{prefix}*"), "HEAD^"]).ok()
}

/// Subjects of the commits after `tag`, newest first; of all commits without one.
///
/// # Errors
/// If there is no such tag.
pub(crate) fn subjects(tag: Option<&str>) -> Result<Vec<String>> {
    let range = tag.map_or_else(|| "HEAD".to_owned(), |tag| format!("{tag}..HEAD"));
    Ok(git(&["log", "--no-merges", "--format=%s", &range])?.lines().map(str::to_owned).collect())
}

/// Runs git, and returns its output without the last line break.
fn git(arguments: &[&str]) -> Result<String> {
    let output = Command::new("git").current_dir(workspace()).args(arguments).output();
    let output = output.context("starting git")?;
    let error = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "git {}: {}", arguments.join(" "), error.trim());
    Ok(String::from_utf8(output.stdout).context("git's output is not UTF-8")?.trim_end().to_owned())
}
