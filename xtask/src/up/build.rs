//! Building what is run.

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

/// Bytes a first build leaves behind, roughly.
const FIRST_BUILD: u64 = 3 << 30;

/// Finds what would stop a build half-way.
///
/// # Errors
/// No C compiler, or a full disk.
pub(crate) fn check_machine() -> Result<()> {
    ensure!(
        machine::c_compiler().is_some(),
        "no C compiler on PATH (cc, gcc or clang), which SQLite needs; install one with `{}`",
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

/// Builds the services and `catctl`, with cargo's own progress: all programs of the workspace, so that
/// what they depend on is built once, for all of them. But not this one: it must still be there when
/// it starts itself again.
///
/// # Errors
/// Cargo cannot be started, or a crate does not compile.
pub(crate) fn build(release: bool) -> Result<()> {
    let mut command = cargo::cargo(["build", "--workspace", "--exclude", "xtask", "--bins"]);
    if release {
        command.arg("--release");
        profile::apply(&mut command);
    }
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        flag::register(signal, stop.clone()).context("listening to signals")?;
    }
    let mut building = command.spawn().context("starting cargo")?;
    let status = loop {
        if let Some(status) = building.try_wait().context("waiting for cargo")? {
            break status;
        }
        if stop.load(Ordering::Relaxed) {
            process::terminate(building.id());
            building.wait().context("waiting for cargo")?;
            bail!("stopped while building");
        }
        thread::sleep(Duration::from_millis(50));
    };
    ensure!(status.success(), "the build failed; cargo's messages are above");
    Ok(())
}
