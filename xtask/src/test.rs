//! `cargo xtask test` and `cargo xtask ci`: all checks, ordered to fail fast.

use std::{
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::Result;

use crate::{
    cargo::{self, cargo},
    codegen, provision, term, tidy,
};

/// Run tidy, check formatting, lints and docs, build, and run all tests of the workspace
///
/// Stops at the first step that fails. On Debian, installs the dependencies of the tests: a browser and
/// PostgreSQL as packages (as root or with sudo), Consul, Prometheus and a collector in the target
/// directory. On other systems it prints how to install them.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// Run what continuous integration runs: `test`, then `codegen --check` and cargo-deny if installed
#[derive(clap::Args)]
pub(crate) struct CiArgs {}

type Step = (&'static str, fn() -> Result<()>);

const TEST: [Step; 11] = [
    ("tidy", tidy::check),
    ("browser for tests", provision::browser),
    ("PostgreSQL for tests", provision::postgres),
    ("Consul for tests", provision::consul),
    ("Prometheus for tests", provision::prometheus),
    ("collector for tests", provision::collector),
    ("formatting", || {
        cargo::run(
            &mut cargo(["fmt", "--all", "--", "--check"]),
            "the formatting check (run `cargo fmt`)",
        )
    }),
    ("lints", || {
        let args = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
        cargo::run(&mut cargo(args), "clippy")
    }),
    ("docs", || {
        let mut doc = cargo(["doc", "--workspace", "--no-deps", "--quiet"]);
        cargo::run(doc.env("RUSTDOCFLAGS", "-D warnings"), "cargo doc")
    }),
    // Programs and tests in one build, so that they share their dependencies.
    ("build", || cargo::run(&mut cargo(["build", "--workspace", "--all-targets"]), "the build")),
    ("tests", || cargo::run(&mut cargo(["test", "--workspace"]), "a test")),
];

/// Further steps of `ci`.
const CI: [Step; 2] =
    [("generated code", codegen::check), ("licences and sources of dependencies", deny)];

/// Runs `cargo xtask test`.
///
/// # Errors
/// If a step fails.
pub(crate) fn run(_: &Args) -> Result<()> {
    steps(&TEST)
}

/// Runs `cargo xtask ci`.
///
/// # Errors
/// If a step fails.
pub(crate) fn ci(_: &CiArgs) -> Result<()> {
    let all: Vec<Step> = TEST.into_iter().chain(CI).collect();
    steps(&all)
}

/// Runs cargo-deny, without advisories: one published today should not fail an unrelated change.
fn deny() -> Result<()> {
    let installed =
        cargo(["deny", "--version"]).stderr(Stdio::null()).stdout(Stdio::null()).status()?;
    if !installed.success() {
        term::line(&term::warn(
            "not checked: cargo-deny is not installed (`cargo install cargo-deny --locked`)",
        ));
        return Ok(());
    }
    cargo::run(&mut cargo(["deny", "check", "bans", "licenses", "sources"]), "cargo deny")
}

fn steps(steps: &[Step]) -> Result<()> {
    let started_at = Instant::now();
    let mut done: Vec<(&str, Duration)> = Vec::new();
    let mut ended = Ok(());
    for (name, step) in steps {
        term::line(&term::bold(&format!("== {name}")));
        let step_begun = Instant::now();
        ended = step();
        let took = step_begun.elapsed();
        if ended.is_err() {
            break;
        }
        term::line(&term::dim(&format!("== {name}: {}", term::duration(took))));
        term::line("");
        done.push((*name, took));
    }
    for (name, took) in &done {
        term::line(&format!("{} {name:<28} {:>12}", term::good("✓"), term::duration(*took)));
    }
    for (index, (name, _)) in steps.iter().enumerate().skip(done.len()) {
        let how = if index == done.len() { "failed" } else { "not run" };
        term::line(&format!("{} {name:<28} {how:>12}", term::bad("✗")));
    }
    if ended.is_ok() {
        let took = term::duration(started_at.elapsed());
        term::line(&term::good(&format!("all steps passed in {took}")));
    }
    ended
}
