//! A compose project: how its commands are run, kept beside the data so that `ps` and `down` find it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail, ensure};
use serde::{Deserialize, Serialize};

use super::{Ports, RunDir, plan::Plan};
use crate::{
    cargo::{self, workspace},
    machine,
    service::Service,
};

/// The services of the compose file that run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Part {
    /// All
    All,
    /// Without collector, Prometheus and Grafana
    Core,
}

/// A project.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Project {
    /// Program and arguments before the subcommand.
    command: Vec<String>,
    /// Program that has the images: podman or docker.
    engine: PathBuf,
    /// Variables of the compose file.
    pub(super) variables: BTreeMap<String, String>,
    /// Whether all services run, or the core.
    pub(super) all: bool,
    /// Whether `down` removes volumes and directory.
    ephemeral: bool,
}

impl Project {
    /// The project of a run.
    ///
    /// # Errors
    /// If there is no engine with compose.
    pub(super) fn new(
        plan: &Plan,
        part: Part,
        ephemeral: bool,
        variables: BTreeMap<String, String>,
    ) -> Result<Self> {
        let (engine, mut command) = find()?;
        let name = match plan.ports == Ports::default() {
            true => "catalogue".to_owned(),
            false => format!("catalogue-{}", plan.ports.gateway),
        };
        let file = workspace().join("deploy/compose.yaml").display().to_string();
        command.extend(["-p".to_owned(), name, "-f".to_owned(), file]);
        let all = part == Part::All;
        if all {
            command.extend(["--profile".to_owned(), "observability".to_owned()]);
        }
        Ok(Self { command, engine, variables, all, ephemeral })
    }

    /// The project that runs for this directory.
    pub(crate) fn of(run_dir: &RunDir) -> Option<Self> {
        serde_json::from_slice(&fs::read(file(run_dir)).ok()?).ok()
    }

    /// Starts it.
    ///
    /// # Errors
    /// If an image is missing or a container cannot be started.
    pub(super) fn up(&self, run_dir: &RunDir) -> Result<()> {
        let prefix = std::env::var("IMAGE_PREFIX").unwrap_or_else(|_| "localhost/".to_owned());
        let tag = std::env::var("IMAGE_TAG").unwrap_or_else(|_| "dev".to_owned());
        for service in Service::ALL {
            let image = format!("{prefix}{}:{tag}", service.name());
            let mut inspect = Command::new(&self.engine);
            inspect.args(["image", "inspect", &image]).stdout(Stdio::null()).stderr(Stdio::null());
            ensure!(
                inspect.status().context("looking for the images")?.success(),
                "there is no image {image}; build the images with `cargo xtask image`"
            );
        }
        fs::create_dir_all(&run_dir.dir)
            .with_context(|| format!("creating {}", run_dir.dir.display()))?;
        // Before anything starts, so that `down` cleans up after a failed start.
        let text = serde_json::to_vec_pretty(self).context("writing the project as JSON")?;
        fs::write(file(run_dir), text).context("writing the project")?;
        self.run(&["up", "-d", "--no-build"])
    }

    /// Shows its containers.
    ///
    /// # Errors
    /// If the engine fails.
    pub(crate) fn ps(&self) -> Result<()> {
        self.run(&["ps"])
    }

    /// Stops and removes it, with its volumes if it is ephemeral.
    ///
    /// # Errors
    /// If the engine fails.
    pub(crate) fn down(&self, run_dir: &RunDir) -> Result<()> {
        self.run(if self.ephemeral { &["down", "--volumes"] } else { &["down"] })?;
        fs::remove_file(file(run_dir)).context("removing the state of the project")?;
        if self.ephemeral {
            fs::remove_dir_all(&run_dir.dir).context("removing the directory of the run")?;
        }
        Ok(())
    }

    /// A port of the run, by its variable.
    pub(super) fn port(&self, variable: &str) -> u16 {
        self.variables.get(variable).and_then(|port| port.parse().ok()).unwrap_or_default()
    }

    /// A command line for users, such as `podman-compose -p catalogue .. logs`.
    pub(crate) fn command_line(&self, subcommand: &str) -> String {
        format!("{} {subcommand}", self.command.join(" "))
    }

    /// Runs a subcommand, and returns its output.
    ///
    /// # Errors
    /// If it fails.
    pub(super) fn output(&self, arguments: &[&str]) -> Result<String> {
        let output = self.compose(arguments).stderr(Stdio::inherit()).output();
        let output = output.with_context(|| format!("starting {}", self.command[0]))?;
        ensure!(output.status.success(), "{} failed", self.command_line(&arguments.join(" ")));
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn run(&self, arguments: &[&str]) -> Result<()> {
        let name = self.command_line(&arguments.join(" "));
        cargo::run(&mut self.compose(arguments), &name)
    }

    fn compose(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.command[0]);
        command.args(&self.command[1..]).args(arguments).envs(&self.variables);
        command
    }
}

fn file(run_dir: &RunDir) -> PathBuf {
    run_dir.dir.join("compose.json")
}

/// Finds an engine, and its command for compose files.
fn find() -> Result<(PathBuf, Vec<String>)> {
    let text = |path: &Path| path.display().to_string();
    if let (Some(podman), Some(compose)) =
        (machine::which(&["podman"]), machine::which(&["podman-compose"]))
    {
        return Ok((podman, vec![text(&compose)]));
    }
    if let Some(docker) = machine::which(&["docker"]) {
        let mut version = Command::new(&docker);
        version.args(["compose", "version"]).stdout(Stdio::null()).stderr(Stdio::null());
        if version.status().is_ok_and(|status| status.success()) {
            let command = vec![text(&docker), "compose".to_owned()];
            return Ok((docker, command));
        }
        bail!(
            "docker has no compose plugin: install docker-compose-plugin, or podman and podman-compose"
        );
    }
    if machine::which(&["podman"]).is_some() {
        bail!("podman needs podman-compose: `pip install podman-compose`");
    }
    bail!(
        "no container engine: install podman and podman-compose, or docker with its compose plugin"
    )
}
