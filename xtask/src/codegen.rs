//! `cargo xtask codegen`: the Rust code of the contract.

use anyhow::{Result, ensure};

use crate::{cargo::cargo, term};

/// Generate the Rust code and the descriptor set from proto/ (no protoc needed)
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Change nothing; fail when the committed code is not what proto/ makes
    #[arg(long)]
    check: bool,
}

/// Runs it.
///
/// # Errors
/// A contract that does not compile; with `--check`, a stale file.
pub(crate) fn run(args: &Args) -> Result<()> {
    if args.check { check() } else { write() }
}

/// Proves the committed code current.
///
/// # Errors
/// A stale file.
pub(crate) fn check() -> Result<()> {
    ensure!(
        generate(false)?,
        "the generated code is stale or proto/ does not compile (see above); run `cargo xtask \
         codegen` and commit crates/proto/src/generated"
    );
    term::line("the generated code is current");
    Ok(())
}

fn write() -> Result<()> {
    ensure!(generate(true)?, "the code could not be generated; the reason is above");
    term::line("generated crates/proto/src/generated from proto/");
    Ok(())
}

/// The generator is a test of the `proto` crate, so that it is proved current like all else. It is
/// picked out of the workspace, not the package, and so shares what the other tests were built with.
fn generate(write: bool) -> Result<bool> {
    let mut command = cargo(["test", "--quiet", "--workspace", "--test", "codegen"]);
    if write {
        command.env("CODEGEN", "write");
    } else {
        command.env_remove("CODEGEN");
    }
    Ok(command.status()?.success())
}
