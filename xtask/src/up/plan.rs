//! The plan of a run: instances of services, their ports and command lines.

use std::{path::PathBuf, process::Command};

use anyhow::Result;

use super::{Ports, RunDir, consul::Consul, postgres::Postgres, readiness};
use crate::cargo;

/// Drain timeout of a service. Three services in a row fit into the time before the rest is killed.
const DRAIN_SECONDS: &str = "8";

/// Environment variables of services that are unset, because they would override the plan.
const SETTINGS: [&str; 11] = [
    "ACCESS",
    "ADMIN_ADDR",
    "ADVERTISE_ADDR",
    "CATALOGUE_TARGET",
    "DATABASE_URL",
    "DATA_DIR",
    "LISTEN_ADDR",
    "MEDIA_DIR",
    "REGISTRY",
    "SEARCH_TARGET",
    "SERVICE_SECRET_FILE",
];

/// One run of the system.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) run_dir: RunDir,
    pub(crate) ports: Ports,
    /// Instances in the order of their start, which is the reverse of their stop.
    pub(crate) instances: Vec<Instance>,
    /// Agent for service discovery; without it, services get static targets.
    pub(crate) consul: Option<Consul>,
    /// Database of the replicas of the catalogue.
    pub(crate) postgres: Option<Postgres>,
    pub(crate) release: bool,
    /// Directory of the services' binaries and `catctl`.
    pub(crate) bin_dir: PathBuf,
    /// Files to import once everything is ready.
    pub(crate) import: Vec<PathBuf>,
    pub(crate) map: Option<PathBuf>,
    /// Whether the run continues in the background.
    pub(crate) detach: bool,
    /// Whether the services run in containers, which listen on all addresses of their network.
    pub(crate) in_containers: bool,
    /// Whether the directory is removed at the end.
    pub(crate) remove_run_dir: bool,
}

/// A process to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Instance {
    /// `catalogue`, `catalogue-2`, ...: name of the process, its log and its data directory.
    pub(crate) name: String,
    pub(crate) program: &'static str,
    pub(crate) listen: u16,
    pub(crate) admin: u16,
}

impl Instance {
    /// Checks whether it is ready.
    ///
    /// # Errors
    /// If not, with the reason.
    pub(crate) fn probe(&self) -> Result<(), String> {
        readiness::probe(&self.name, self.admin)
    }
}

/// The program of the instance with this name.
pub(crate) fn program_of(name: &str) -> &str {
    name.split_once('-').map_or(name, |(program, _)| program)
}

impl Plan {
    /// The command that starts an instance.
    ///
    /// # Errors
    /// If Consul or PostgreSQL cannot be prepared.
    pub(crate) fn command(&self, instance: &Instance) -> Result<Command> {
        match (instance.program, &self.consul, &self.postgres) {
            ("consul", Some(consul), _) => return consul.command(),
            ("postgres", _, Some(postgres)) => return postgres.command(),
            _ => {}
        }
        let Instance { program: service, listen, admin, .. } = instance;
        let mut command = Command::new(self.bin_dir.join(service));
        for name in SETTINGS {
            command.env_remove(name);
        }
        command
            .env("LOG_FORMAT", "pretty")
            .env("SERVICE_SECRET_FILE", self.run_dir.service_secret()?)
            .args(["--listen", &format!("127.0.0.1:{listen}")])
            .args(["--admin", &format!("127.0.0.1:{admin}")])
            .args(["--drain-timeout", DRAIN_SECONDS])
            .args(["--reflection", "--exit-with-stdin"]);
        match *service {
            "catalogue" => {
                command.arg("--data-dir").arg(self.run_dir.dir.join("catalogue"));
                // In the environment, because other users can read arguments.
                command.envs(
                    self.postgres.iter().filter_map(Postgres::url).map(|url| ("DATABASE_URL", url)),
                );
            }
            // Each replica has its own index.
            "search" => drop(command.arg("--data-dir").arg(self.run_dir.dir.join(&instance.name))),
            _ => {}
        }
        if let Some(consul) = &self.consul {
            command.args(consul.options());
        }
        if *service != "catalogue" {
            command.args(["--catalogue", &self.target("catalogue")]);
        }
        if *service == "gateway" {
            command.args(["--search", &self.target("search")]);
            let images = cargo::workspace().join("examples/demo/images");
            if images.is_dir() {
                command.arg("--media-dir").arg(images);
            }
        }
        Ok(command)
    }

    /// The discovery target of a service.
    fn target(&self, service: &str) -> String {
        if self.consul.is_some() {
            return format!("consul://{service}-service");
        }
        let replicas = self.instances.iter().filter(|it| it.program == service);
        let addrs: Vec<_> = replicas.map(|it| format!("127.0.0.1:{}", it.listen)).collect();
        format!("static://{}", addrs.join(","))
    }

    /// The gateway's address.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports.gateway)
    }
}
