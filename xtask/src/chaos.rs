//! `cargo xtask chaos`: chaos experiments at full size. The tests run the same experiments at a small
//! scale.

use anyhow::Result;
use devtools::chaos::Args;

use crate::{cargo, profile};

/// Runs `cargo xtask chaos`. The options are checked here, before the build, and parsed again by the
/// program.
///
/// # Errors
/// If the build fails, or a figure is out of bounds.
pub(crate) fn run(_: &Args) -> Result<()> {
    let mut chaos = profile::released("chaos")?;
    cargo::run(chaos.args(cargo::arguments_after("chaos")), "an experiment")
}
