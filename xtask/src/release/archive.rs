//! Archives of the programs, and the checksums of all files of a release.

use std::{
    fs::{self, File},
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};

use crate::{
    cargo::{self, workspace},
    git,
};

/// Name of the file with the checksums.
pub(super) const CHECKSUMS: &str = "SHA256SUMS";

/// Writes NAME-VERSION-ARCH-linux.tar.gz with the stripped program and the licence. The same program gives the
/// same archive.
pub(super) fn write(out: &Path, name: &str, version: &str, program: &Path) -> Result<()> {
    ensure!(program.is_file(), "there is no program {}", program.display());
    let folder = format!("{name}-{version}");
    let parts = out.join(&folder);
    fs::create_dir(&parts).with_context(|| format!("creating {}", parts.display()))?;
    let mut strip = Command::new("strip");
    cargo::run(strip.arg("-o").arg(parts.join(name)).arg(program), "strip")?;
    fs::copy(workspace().join("LICENSE"), parts.join("LICENSE")).context("copying the licence")?;

    let archive = out.join(format!("{folder}-{}-linux.tar.gz", std::env::consts::ARCH));
    let mut tar = Command::new("tar");
    tar.arg("-C").arg(out).arg("--mtime").arg(format!("@{}", git::commit_time()?));
    tar.args(["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mode=u=rwX,go=rX"]);
    // Without the time and the name that gzip writes otherwise.
    tar.args(["--use-compress-program=gzip -9n", "-cf"]).arg(&archive).arg(&folder);
    cargo::run(&mut tar, "tar")?;
    fs::remove_dir_all(&parts).with_context(|| format!("removing {}", parts.display()))
}

/// Writes the checksums of all files, in the format of `sha256sum --check`.
pub(super) fn write_checksums(out: &Path) -> Result<()> {
    let files = fs::read_dir(out).with_context(|| format!("reading {}", out.display()))?;
    let mut names: Vec<_> = files.flatten().map(|file| file.file_name()).collect();
    names.sort();
    let sums = File::create(out.join(CHECKSUMS)).context("creating the file of checksums")?;
    let mut command = Command::new("sha256sum");
    command.current_dir(out).arg("--").args(names).stdout(Stdio::from(sums));
    cargo::run(&mut command, "sha256sum")
}
