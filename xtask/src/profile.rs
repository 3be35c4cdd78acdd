//! Profile-guided optimization of release builds, and `cargo xtask profile`, which records the profile.
//!
//! The profile is committed. With it, executed code is inlined and laid out together, and all other
//! code is optimized for size and kept apart, so that less of a program is in memory. Functions that
//! have changed since the recording are compiled without a profile.

use std::{
    env, fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};

use crate::{
    cargo::{self, cargo, workspace},
    machine, term,
};

/// The platform of the profile.
const HOST: &str = "x86_64-unknown-linux-gnu";
const IS_HOST: bool = cfg!(all(target_arch = "x86_64", target_os = "linux", target_env = "gnu"));
/// Cargo's environment variable for the compiler flags of that platform. `RUSTFLAGS` overrides it.
const FLAGS: &str = "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS";
const SERVICES: [&str; 3] = ["catalogue", "gateway", "search"];
/// Shapes of `bench reads` that execute the typical code of the services. Import and indexing are part
/// of their preparation.
const SHAPES: &str = "cached,postgres,postgres-1x8,sqlite,gateway-grpc,gateway-json,gateway-latency,\
    list,export,search,suggest,cold,writes";

/// The first version of LLVM with the format of profiles that the compiler writes.
const OLDEST_LLVM: u32 = 19;

/// Record the execution profile for release builds, which takes an hour
#[derive(clap::Args)]
pub(crate) struct Args {}

/// Makes `command`, a release build or a program that may start one, use the recorded profile, if there
/// is one for this platform.
pub(crate) fn apply(command: &mut Command) {
    let file = recorded();
    if !IS_HOST || !file.exists() || env::var_os(FLAGS).is_some() {
        return;
    }
    let flags = [
        format!("-Cprofile-use={}", file.display()),
        // Keeps code that is never executed in a separate section.
        "-Clink-arg=-Wl,-z,keep-text-section-prefix".to_owned(),
        // Relocations in a hundredth of the space; requires glibc 2.36.
        "-Clink-arg=-Wl,-z,pack-relative-relocs".to_owned(),
    ];
    command.env(FLAGS, flags.join(" "));
}

/// Builds the workspace for release with the profile, and returns a command of one of its programs.
///
/// # Errors
/// If the build fails.
pub(crate) fn released(program: &str) -> Result<Command> {
    let mut build = cargo(["build", "--workspace", "--bins", "--release"]);
    let mut program = Command::new(cargo::bin_dir(true)?.join(program));
    for command in [&mut build, &mut program] {
        apply(command);
    }
    cargo::run(&mut build, "the build")?;
    Ok(program)
}

fn recorded() -> PathBuf {
    workspace().join("xtask/profile").join(format!("{HOST}.profdata"))
}

/// Runs `cargo xtask profile`.
///
/// # Errors
/// If a tool is missing, the build fails, or the benchmark does not run all services.
pub(crate) fn run(_: &Args) -> Result<()> {
    ensure!(IS_HOST, "profiles are recorded on {HOST}");
    let merge = profdata()?;
    let target = workspace().join("target/profile");
    let raw = target.join("raw");
    build_instrumented(&target, &raw)?;
    // Build scripts and macros, and services of a recording that was interrupted, leave profiles there.
    match fs::remove_dir_all(&raw) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("removing {}", raw.display()));
        }
        _ => {}
    }
    let mut bench = released("bench")?;
    bench.args(["reads", "--short", "--only", SHAPES, "--programs"]).arg(target.join("release"));
    bench.args(["--json", "target/profile/reads.json"]);
    // The status is ignored, because instrumented services exceed the bounds.
    bench.status().context("starting the bench")?;
    let profiles = profiles(&raw)?;
    ensure!(
        profiles.len() == SERVICES.len(),
        "{} of {} services wrote a profile to {}",
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

/// Finds an `llvm-profdata` that merges the compiler's profiles: of the compiler's version of LLVM, or of an older one
/// back to [`OLDEST_LLVM`]. Merging fails by itself where the format has changed.
fn profdata() -> Result<String> {
    let compiler = Command::new("rustc").arg("-vV").current_dir(workspace()).output();
    let compiler = String::from_utf8(compiler.context("starting rustc")?.stdout)?;
    let version = compiler.lines().find_map(|line| line.strip_prefix("LLVM version: "));
    let version = version.context("rustc -vV does not print the version of LLVM")?;
    let major = version.split('.').next().unwrap_or(version).parse()?;
    let runs = |program: &String| {
        let output = Command::new(program).arg("--version").output();
        output.is_ok_and(|output| output.status.success())
    };
    let mut candidates =
        (OLDEST_LLVM..=major).rev().map(|version| format!("llvm-profdata-{version}"));
    let package = format!("llvm-{OLDEST_LLVM}");
    let install = machine::install(&package, "llvm", "llvm");
    candidates.find(runs).with_context(|| {
        format!(
            "no llvm-profdata of version {OLDEST_LLVM} to {major} is on PATH; install one with \
             `{install}`"
        )
    })
}
