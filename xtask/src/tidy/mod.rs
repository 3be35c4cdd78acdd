//! `cargo xtask tidy`: the rules of this repository that no compiler and no lint knows.
//!
//! A check is one file here with one function from the [`Tree`] to its findings. A finding that is
//! right and stays nevertheless is named in [`exceptions`], with the reason.

use anyhow::{Result, ensure};

use crate::{cargo, term};

mod comments;
mod conflicts;
mod cycles;
mod exceptions;
mod finding;
mod layers;
mod lexer;
mod manifests;
mod modules;
mod paths;
mod reasons;
mod size;
mod tree;

use finding::Finding;
use tree::{Files, Tree};

/// Check what the compiler does not: layers, sizes, manifests, import cycles, comments, paths in docs
///
/// Prints all findings, each with its place and the remedy. CONTRIBUTING.md explains the rules.
#[derive(clap::Args)]
pub(crate) struct Args {}

const CHECKS: [fn(&Tree) -> Vec<Finding>; 8] = [
    layers::check,
    size::check,
    manifests::check,
    reasons::check,
    cycles::check,
    comments::check,
    paths::check,
    conflicts::check,
];

/// Runs `cargo xtask tidy`.
///
/// # Errors
/// If a file cannot be read, or there are findings.
pub(crate) fn run(_: &Args) -> Result<()> {
    check()
}

/// Runs all checks on the workspace.
///
/// # Errors
/// If a file cannot be read, or there are findings.
pub(crate) fn check() -> Result<()> {
    let files = Files::read(cargo::workspace())?;
    let tree = Tree::new(&files);
    let found = CHECKS.iter().flat_map(|check| check(&tree)).collect();
    let mut findings = exceptions::apply(found, exceptions::EXCEPTIONS);
    findings.sort();
    for finding in &findings {
        term::line(&finding.to_string());
    }
    ensure!(findings.is_empty(), "tidy: {} findings, listed above", findings.len());
    term::line(&format!("tidy: nothing found in {} files", files.len()));
    Ok(())
}
