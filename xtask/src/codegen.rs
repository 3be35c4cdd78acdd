//! `cargo xtask codegen`: generates the Rust code of the contract.

use anyhow::{Result, ensure};

use crate::{cargo::cargo, term};

/// Generate the Rust code and the descriptor set from proto/ (no protoc needed)
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Write nothing; fail if the committed code is out of date
    #[arg(long)]
    check: bool,
}

/// Runs `cargo xtask codegen`.
///
/// # Errors
/// If the contract does not compile or, with `--check`, a file is out of date.
pub(crate) fn run(args: &Args) -> Result<()> {
    if args.check { check() } else { write() }
}

/// Checks that the committed code is up to date.
///
/// # Errors
/// If a file is out of date.
pub(crate) fn check() -> Result<()> {
    ensure!(
        generate(false)?,
        "the generated code is out of date or proto/ does not compile (see above); run `cargo xtask \
         codegen` and commit crates/proto/src/generated"
    );
    term::line("the generated code is up to date");
    Ok(())
}

fn write() -> Result<()> {
    ensure!(generate(true)?, "the code could not be generated; the reason is above");
    term::line("generated crates/proto/src/generated from proto/");
    Ok(())
}

/// Runs the generator, a test of the `proto` crate, which also checks the committed code in normal test
/// runs. Selected from the whole workspace, so that it shares the build of the other tests.
fn generate(write: bool) -> Result<bool> {
    let mut command = cargo(["test", "--quiet", "--workspace", "--test", "codegen"]);
    if write {
        command.env("CODEGEN", "write");
    } else {
        command.env_remove("CODEGEN");
    }
    Ok(command.status()?.success())
}
