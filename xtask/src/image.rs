//! `cargo xtask image`: builds the container images of the services by `deploy/images/Containerfile`.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};

use crate::{
    affected::Graph,
    cargo::{self, workspace},
    git, machine,
    service::Service,
    term,
};

/// Build the container images of the services with buildah, podman or docker
///
/// Compiles in a container, which takes as long as a first release build, or packs programs that were
/// built on this machine (--prebuilt). The same sources give the same image.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Services whose images are built [default: all]
    #[arg(value_enum)]
    services: Vec<Service>,

    /// Pack the programs in this directory, such as target/release, instead of compiling in a container
    #[arg(long, value_name = "DIR")]
    prebuilt: Option<PathBuf>,

    /// Tag of the images localhost/SERVICE
    #[arg(long, default_value = "dev")]
    tag: String,

    /// Image in which to compile: a Debian 12 with Rust and a C compiler
    #[arg(long, value_name = "IMAGE", conflicts_with = "prebuilt")]
    builder: Option<String>,
}

/// A program that builds images.
#[derive(Debug)]
enum Engine {
    Buildah(PathBuf),
    Podman(PathBuf),
    Docker(PathBuf),
}

/// Runs `cargo xtask image`.
///
/// # Errors
/// If no engine is installed, a program is missing, or a build fails.
pub(crate) fn run(args: &Args) -> Result<()> {
    let engine = Engine::find()?;
    let context = match &args.prebuilt {
        Some(programs) => pack(programs)?,
        None => workspace().to_owned(),
    };
    let graph = Graph::of_workspace()?;
    let services = if args.services.is_empty() { &Service::ALL[..] } else { &args.services };
    for service in services {
        let tag = format!("localhost/{}:{}", service.name(), args.tag);
        let mut build = engine.command(git::commit_time()?);
        build.arg("--file").arg(workspace().join("deploy/images/Containerfile"));
        build.args(["--target", service.name(), "--tag", &tag]);
        for (name, value) in arguments(args, graph.version(service.name()))? {
            build.args(["--build-arg", &format!("{name}={value}")]);
        }
        cargo::run(build.arg(&context), &format!("building {tag}"))?;
        term::line(&format!("{} {tag}", term::good("✓")));
    }
    Ok(())
}

/// Arguments of the Containerfile.
fn arguments(args: &Args, version: Option<&str>) -> Result<Vec<(&'static str, String)>> {
    let mut arguments = vec![
        ("COMMIT", git::commit()?),
        ("VERSION", version.unwrap_or_default().to_owned()),
        ("SOURCE", env::var("IMAGE_SOURCE").unwrap_or_default()),
    ];
    if args.prebuilt.is_some() {
        arguments.push(("PROGRAMS", "packed".to_owned()));
    }
    arguments.extend(args.builder.iter().map(|builder| ("BUILDER", builder.clone())));
    Ok(arguments)
}

/// Assembles the content of the images, and returns its directory.
fn pack(programs: &Path) -> Result<PathBuf> {
    let dir = machine::target_dir()?.join("images");
    let mut script = Command::new(workspace().join("deploy/images/rootfs.sh"));
    script.arg(&dir).args(Service::ALL.map(|service| programs.join(service.name())));
    cargo::run(&mut script, "assembling the images (rootfs.sh)")?;
    Ok(dir)
}

impl Engine {
    fn find() -> Result<Self> {
        let found = |name: &str| machine::which(&[name]);
        found("buildah")
            .map(Self::Buildah)
            .or_else(|| found("podman").map(Self::Podman))
            .or_else(|| found("docker").map(Self::Docker))
            .with_context(|| {
                let install = machine::install("buildah", "buildah", "podman");
                format!("no buildah, podman or docker on PATH; install one with `{install}`")
            })
    }

    /// A build in which all times are `epoch`, so that it can be repeated.
    fn command(&self, epoch: u64) -> Command {
        let (program, options) = match self {
            Self::Buildah(program) | Self::Podman(program) => {
                // OCI images have no HEALTHCHECK; images in docker's format have a random host name.
                (program, vec!["--format=oci".to_owned(), format!("--timestamp={epoch}")])
            }
            Self::Docker(program) => {
                (program, vec![format!("--build-arg=SOURCE_DATE_EPOCH={epoch}")])
            }
        };
        let mut command = Command::new(program);
        command.args(["build", "--quiet"]).args(options);
        command
    }
}
