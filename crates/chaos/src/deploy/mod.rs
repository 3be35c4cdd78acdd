//! Experiments with the files of `deploy/`: units in a booted Debian, pods and a composed system in containers.
//!
//! They need root, and from Debian mmdebstrap, systemd-container, buildah and podman, from PyPI podman-compose.

mod command;
mod compose;
mod machine;
mod pods;
mod units;

use std::path::PathBuf;

use anyhow::Context as _;
use devtools::provision;
use testkit::program;

use crate::Experiment;

pub(crate) fn experiments() -> Vec<Experiment> {
    vec![
        Experiment::new(
            "units",
            "units under systemd come back: started before their dependencies, killed ten times in 30 s, out of \
             memory",
            units::run,
        ),
        Experiment::new(
            "pods",
            "the pods of the development overlay become ready, as podman runs them",
            pods::run,
        ),
        Experiment::new(
            "compose",
            "up --compose ends with the table: products are found, traces collected, metrics scraped; down leaves \
             nothing",
            compose::run,
        ),
    ]
}

/// The directory of the services' programs.
fn programs() -> anyhow::Result<PathBuf> {
    program("gateway").parent().map(Into::into).context("the programs have no directory")
}

/// Runs a script of `crates/devtools/provision`, and returns the path that it prints.
fn provide(script: &str) -> anyhow::Result<PathBuf> {
    let programs = programs()?;
    let target = programs.parent().context("the programs have no target directory")?;
    provision::run(script, target)
}
