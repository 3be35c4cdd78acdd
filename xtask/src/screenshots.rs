//! `cargo xtask screenshots`: takes the pictures of `docs/images`.

use anyhow::{Result, ensure};

use crate::{cargo::cargo, provision, term};

/// Take the pictures of the pages in docs/images again, with the demo's products
#[derive(clap::Args)]
pub(crate) struct Args {}

/// Runs `cargo xtask screenshots`: a test of the system, which writes the pictures instead of comparing them.
///
/// # Errors
/// If there is no browser, or a page cannot be shown.
pub(crate) fn run(_: &Args) -> Result<()> {
    provision::browser()?;
    let mut command = cargo(["test", "--quiet", "--package", "testkit", "--test", "system"]);
    command.args(["--", "screenshots::"]).env("SCREENSHOTS", "write").env("CI", "true");
    ensure!(command.status()?.success(), "the pictures could not be taken; the reason is above");
    term::line("took the pictures of docs/images");
    Ok(())
}
