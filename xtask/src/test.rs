//! `cargo xtask test` and `cargo xtask ci`: every check, in the order that fails fastest.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::{
    cargo::{self, cargo},
    codegen, provision, term,
};

/// Check formatting, lints and docs, build, and run every test of the workspace
///
/// Stops at the first step that fails. Installs the browser that the page test drives and the
/// PostgreSQL that stores are tested on, and unpacks what else the tests want beside what is built
/// (Consul, Prometheus, a collector), where it can (Debian, the former two as root or with sudo);
/// elsewhere it says how to.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// Run what continuous integration runs: `test`, then `codegen --check`
#[derive(clap::Args)]
pub(crate) struct CiArgs {}

type Step = (&'static str, fn() -> Result<()>);

const TEST: [Step; 10] = [
    ("browser for the page test", provision::browser),
    ("PostgreSQL to test on", provision::postgres),
    ("Consul to test with", provision::consul),
    ("Prometheus to test with", provision::prometheus),
    ("collector to test with", provision::collector),
    ("formatting", || {
        cargo::run(
            &mut cargo(["fmt", "--all", "--", "--check"]),
            "the formatting check; `cargo fmt` cures it, which",
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
    // Programs and tests in one go: built apart, they would not share what they depend on.
    ("build", || cargo::run(&mut cargo(["build", "--workspace", "--all-targets"]), "the build")),
    ("tests", || cargo::run(&mut cargo(["test", "--workspace"]), "a test")),
];

const CODEGEN: Step = ("generated code", codegen::check);

/// Runs `cargo xtask test`.
///
/// # Errors
/// A step failed.
pub(crate) fn run(_: &Args) -> Result<()> {
    steps(&TEST)
}

/// Runs `cargo xtask ci`.
///
/// # Errors
/// A step failed.
pub(crate) fn ci(_: &CiArgs) -> Result<()> {
    let all: Vec<Step> = TEST.into_iter().chain([CODEGEN]).collect();
    steps(&all)
}

fn steps(steps: &[Step]) -> Result<()> {
    let begun = Instant::now();
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
        let took = term::duration(begun.elapsed());
        term::line(&term::good(&format!("all well in {took}")));
    }
    ended
}
