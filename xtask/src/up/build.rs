//! Builds the programs.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use signal_hook::{
    consts::{SIGINT, SIGTERM},
    flag,
};

use super::process;
use crate::{cargo, machine, profile, term};

/// Approximate size of a first build, in bytes.
const FIRST_BUILD: u64 = 3 << 30;

/// Checks the prerequisites of a build.
///
/// # Errors
/// If there is no C compiler, or the disk is full.
pub(crate) fn check_machine() -> Result<()> {
    ensure!(
        machine::c_compiler().is_some(),
        "no C compiler on PATH (cc, gcc or clang), which SQLite requires; install one with `{}`",
        machine::install("build-essential", "gcc", "gcc")
    );
    let built = cargo::bin_dir(false)?;
    machine::require_space(&built, machine::MIN_SPACE)?;
    let first = !built.join("catalogue").exists();
    if first && machine::free_space(&built)? < FIRST_BUILD {
        term::line(&term::warn("less than 3 GiB free: the first build may not fit on this disk"));
    }
    Ok(())
}

/// Builds all programs of the workspace, so that they share their dependencies, except for this one,
/// which is running.
///
/// # Errors
/// If cargo cannot be started, or the build fails.
pub(crate) fn build(release: bool) -> Result<()> {
    let mut command = cargo::cargo(["build", "--workspace", "--exclude", "xtask", "--bins"]);
    if release {
        command.arg("--release");
        profile::apply(&mut command);
    }
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        flag::register(signal, stop.clone()).context("handling signals")?;
    }
    let mut building = command.spawn().context("starting cargo")?;
    let status = loop {
        if let Some(status) = building.try_wait().context("waiting for cargo")? {
            break status;
        }
        if stop.load(Ordering::Relaxed) {
            process::terminate(building.id());
            building.wait().context("waiting for cargo")?;
            bail!("interrupted while building");
        }
        thread::sleep(Duration::from_millis(50));
    };
    ensure!(status.success(), "the build failed; cargo's messages are above");
    Ok(())
}
