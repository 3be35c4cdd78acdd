//! `cargo xtask release`: builds the parts of a program's release.

mod archive;
mod changelog;
mod sbom;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail, ensure};

use crate::{
    affected::Graph,
    cargo::{self, cargo, workspace},
    git, machine, profile, term,
};

/// Build the release programs, or all files of a release
///
/// A release is published by the workflow `release` when a tag PROGRAM-vVERSION is pushed; --dry-run makes the
/// same files here: archives of the stripped programs, their bills of materials (CycloneDX) and changelogs, the
/// descriptor set, OpenAPI, and checksums of all of it.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Programs to release [default: all]
    #[arg(value_enum)]
    programs: Vec<Program>,

    /// Only build, into target/release
    #[arg(long, conflicts_with = "dry_run")]
    build: bool,

    /// Make the files without publishing them
    #[arg(long)]
    dry_run: bool,

    /// Take the programs of this directory instead of building them
    #[arg(long, value_name = "DIR", requires = "dry_run")]
    prebuilt: Option<PathBuf>,

    /// Directory for the files, emptied first
    #[arg(long, value_name = "DIR", default_value = "target/release-files")]
    out: PathBuf,
}

/// A program that is released under a separate version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Program {
    Catalogue,
    Search,
    Gateway,
    Catctl,
}

impl Program {
    const ALL: [Self; 4] = [Self::Catalogue, Self::Search, Self::Gateway, Self::Catctl];

    fn name(self) -> &'static str {
        match self {
            Self::Catalogue => "catalogue",
            Self::Search => "search",
            Self::Gateway => "gateway",
            Self::Catctl => "catctl",
        }
    }

    /// The package that it is built from.
    fn package(self) -> &'static str {
        match self {
            Self::Catctl => "cli",
            _ => self.name(),
        }
    }
}

/// Files of every release, with their names in it.
const CONTRACT: [(&str, &str); 2] = [
    ("crates/proto/src/generated/descriptors.bin", "descriptors.bin"),
    ("services/gateway/openapi.json", "openapi.json"),
];

/// Runs `cargo xtask release`.
///
/// # Errors
/// If the build fails, a program is missing or a file cannot be written.
pub(crate) fn run(args: &Args) -> Result<()> {
    if args.build {
        return build();
    }
    if !args.dry_run {
        bail!(
            "releases are published by the workflow when a tag such as catalogue-v1.2.3 is pushed; see --dry-run"
        );
    }
    let programs = if args.programs.is_empty() { &Program::ALL[..] } else { &args.programs };
    let built = match &args.prebuilt {
        Some(dir) => dir.clone(),
        None => {
            build()?;
            cargo::bin_dir(true)?
        }
    };
    let out = workspace().join(&args.out);
    prepare(&out)?;
    let graph = Graph::of_workspace()?;
    for program in programs {
        let version = graph.version(program.package()).context("the package has no version")?;
        let name = program.name();
        archive::write(&out, name, version, &built.join(name))?;
        sbom::write(&out, name, program.package(), version)?;
        changelog::write(&out, name, &graph.uses(program.package()), version)?;
    }
    for (file, name) in CONTRACT {
        fs::copy(workspace().join(file), out.join(name))
            .with_context(|| format!("copying {file}"))?;
    }
    archive::write_checksums(&out)?;
    term::line(&format!("the files of the release are in {}", out.display()));
    Ok(())
}

/// Builds the programs, with a list of their dependencies inside where cargo-auditable is installed.
fn build() -> Result<()> {
    let auditable = machine::which(&["cargo-auditable"]).is_some();
    if !auditable {
        term::line(&term::warn(
            "the programs do not name their dependencies: cargo-auditable is not installed",
        ));
    }
    let mut command = cargo(auditable.then_some("auditable"));
    command.args(["build", "--release", "--locked", "--bins"]);
    command.args(Program::ALL.map(|program| format!("--package={}", program.package())));
    if env::var_os("BUILD_COMMIT").is_none() {
        command.env("BUILD_COMMIT", git::commit()?);
    }
    profile::apply(&mut command);
    cargo::run(&mut command, "the build")
}

/// Makes an empty directory of one that may have an earlier release, and nothing else.
fn prepare(out: &Path) -> Result<()> {
    let is_release = out.join(archive::CHECKSUMS).exists();
    let is_empty = fs::read_dir(out).map_or(true, |mut files| files.next().is_none());
    ensure!(is_release || is_empty, "{} has other files than those of a release", out.display());
    if is_release {
        fs::remove_dir_all(out).with_context(|| format!("emptying {}", out.display()))?;
    }
    fs::create_dir_all(out).with_context(|| format!("creating {}", out.display()))
}
