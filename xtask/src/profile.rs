//! `cargo xtask profile`: which code the services run, for release builds (profile-guided
//! optimization).
//!
//! Release builds of ours are made with a recorded execution profile, which is kept in the repository:
//! code that is run is laid out together and inlined, and all other code is kept small and apart, so
//! that less of a program is in memory. Functions that have changed since are compiled as if there
//! were no profile.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};

use crate::{
    cargo::{self, cargo, workspace},
    machine, term,
};

/// The only platform that a profile is recorded for.
const HOST: &str = "x86_64-unknown-linux-gnu";
const IS_HOST: bool = cfg!(all(target_arch = "x86_64", target_os = "linux", target_env = "gnu"));
/// Cargo's variable for the flags of that platform. `RUSTFLAGS` overrides it.
const FLAGS: &str = "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS";
const SERVICES: [&str; 3] = ["catalogue", "gateway", "search"];
/// Shapes of `bench reads` that run what services run most: imports and the indexing of products
/// are part of their preparation.
const SHAPES: &str = "cached,postgres,postgres-1x8,sqlite,gateway-grpc,gateway-json,gateway-latency,\
    list,export,search,suggest,cold,writes";

/// Record the execution profile that release builds are optimized with; takes an hour
#[derive(clap::Args)]
pub(crate) struct Args {}

/// Has `command`, a release build or a program that may start one, use the recorded profile, if
/// there is one for this machine.
pub(crate) fn apply(command: &mut Command) {
    let file = recorded();
    if !IS_HOST || !file.exists() || env::var_os(FLAGS).is_some() {
        return;
    }
    let flags = [
        format!("-Cprofile-use={}", file.display()),
        // Code that is never run stays apart from code that is.
        "-Clink-arg=-Wl,-z,keep-text-section-prefix".to_owned(),
        // Relocations in a hundredth of the space, which glibc 2.36 and later read.
        "-Clink-arg=-Wl,-z,pack-relative-relocs".to_owned(),
    ];
    command.env(FLAGS, flags.join(" "));
}

fn recorded() -> PathBuf {
    workspace().join("xtask/profile").join(format!("{HOST}.profdata"))
}

/// Runs `cargo xtask profile`.
///
/// # Errors
/// The machine lacks a tool, the services do not build, or the bench does not run them all.
pub(crate) fn run(_: &Args) -> Result<()> {
    ensure!(IS_HOST, "profiles are recorded on {HOST}");
    let merge = profdata()?;
    let target = workspace().join("target/profile");
    let raw = target.join("raw");
    build_instrumented(&target, &raw)?;
    // Build scripts and macros have left profiles of themselves.
    fs::remove_dir_all(&raw).with_context(|| format!("removing {}", raw.display()))?;
    let mut bench = cargo::released("bench")?;
    bench.args(["reads", "--short", "--only", SHAPES, "--programs"]).arg(target.join("release"));
    bench.args(["--json", "target/profile/reads.json"]);
    // It fails because instrumented services miss its bounds.
    bench.status().context("starting the bench")?;
    let profiles = profiles(&raw)?;
    ensure!(
        profiles.len() == SERVICES.len(),
        "{} of {} services left a profile in {}",
        profiles.len(),
        SERVICES.len(),
        raw.display()
    );
    let file = recorded();
    let mut merge = Command::new(merge);
    merge.args(["merge", "--sparse", "--output"]).arg(&file).args(profiles);
    cargo::run(&mut merge, "merging the profiles")?;
    term::line(&format!("recorded {}; commit it", file.display()));
    Ok(())
}

fn build_instrumented(target: &Path, raw: &Path) -> Result<()> {
    let mut build = cargo(["build", "--release", "--workspace", "--target-dir"]);
    build.arg(target).env(FLAGS, format!("-Cprofile-generate={}", raw.display()));
    build.args(["--config", "profile.release.debug=0"]);
    for program in SERVICES.iter().chain(&["catctl"]) {
        build.args(["--bin", program]);
    }
    cargo::run(&mut build, "the instrumented build")
}

fn profiles(raw: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(raw).with_context(|| format!("reading {}", raw.display()))?;
    entries.map(|entry| Ok(entry?.path())).collect()
}

/// The program that merges profiles, of the version of LLVM that the compiler has.
fn profdata() -> Result<String> {
    let compiler = Command::new("rustc").arg("-vV").current_dir(workspace()).output();
    let compiler = String::from_utf8(compiler.context("starting rustc")?.stdout)?;
    let version = compiler.lines().find_map(|line| line.strip_prefix("LLVM version: "));
    let version = version.context("rustc does not name its version of LLVM")?;
    let major = version.split('.').next().unwrap_or(version);
    let is_right = |program: &String| {
        let said = Command::new(program).arg("--version").output();
        said.is_ok_and(|it| String::from_utf8_lossy(&it.stdout).contains(&format!(" {major}.")))
    };
    let candidates = [format!("llvm-profdata-{major}"), "llvm-profdata".to_owned()];
    let package = format!("llvm-{major}");
    let install = machine::install(&package, "llvm", "llvm");
    candidates.into_iter().find(is_right).with_context(|| {
        format!("llvm-profdata {major} is not on PATH; install it with `{install}`")
    })
}
