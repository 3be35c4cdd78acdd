//! What is run: three services or replicas of them, where they listen, and how each is started.

use std::{env, path::PathBuf, process::Command};

use anyhow::Result;

use super::{Home, Ports, consul::Consul, postgres::Postgres, ready};
use crate::cargo;

/// How long a service may finish what it does before it ends. Three of them in a row fit into the
/// time after which what is left is killed.
const DRAIN_SECONDS: &str = "8";

const TOKEN_KEY: &str = "PAGE_TOKEN_KEY";

/// Settings a developer may have exported that would move a service away from where we expect it.
const SETTINGS: [&str; 9] = [
    "ADMIN_ADDR",
    "ADVERTISE_ADDR",
    "CATALOGUE_TARGET",
    "DATABASE_URL",
    "DATA_DIR",
    "LISTEN_ADDR",
    "MEDIA_DIR",
    "REGISTRY",
    "SEARCH_TARGET",
];

/// One run of the system.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) home: Home,
    pub(crate) ports: Ports,
    /// All that is started, in this order; it stops in reverse.
    pub(crate) instances: Vec<Instance>,
    /// Through which they find each other; without it they are told where the others are.
    pub(crate) consul: Option<Consul>,
    /// What replicas of the catalogue share.
    pub(crate) postgres: Option<Postgres>,
    /// Signs the page tokens of replicas of search.
    pub(crate) search_key: Option<String>,
    pub(crate) release: bool,
    /// Where the services' binaries and `catctl` are.
    pub(crate) bin_dir: PathBuf,
    /// Files to load once everything runs.
    pub(crate) import: Vec<PathBuf>,
    pub(crate) map: Option<PathBuf>,
    /// Whether the supervisor stays when the front returns.
    pub(crate) detach: bool,
    /// Whether the home is for this run only.
    pub(crate) remove_home: bool,
}

/// Something that is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Instance {
    /// `catalogue`, `catalogue-2`, ...: of the process, its log, and its data if it has its own.
    pub(crate) name: String,
    pub(crate) program: &'static str,
    pub(crate) listen: u16,
    pub(crate) admin: u16,
}

impl Instance {
    /// Asks whether it is ready.
    ///
    /// # Errors
    /// It is not; the text says why.
    pub(crate) fn probe(&self) -> Result<(), String> {
        ready::probe(&self.name, self.admin)
    }
}

/// The program that an instance of this name runs.
pub(crate) fn program_of(name: &str) -> &str {
    name.split_once('-').map_or(name, |(program, _)| program)
}

impl Plan {
    /// The command that starts an instance.
    ///
    /// # Errors
    /// An agent that is not ours to start.
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
            .args(["--listen", &format!("127.0.0.1:{listen}")])
            .args(["--admin", &format!("127.0.0.1:{admin}")])
            .args(["--drain-timeout", DRAIN_SECONDS])
            .args(["--reflection", "--exit-with-stdin"]);
        match *service {
            "catalogue" => {
                command.arg("--data-dir").arg(self.home.dir.join("catalogue"));
                // Not as an argument, which all could read.
                command.envs(
                    self.postgres.iter().flat_map(|it| it.url()).map(|url| ("DATABASE_URL", url)),
                );
            }
            // Each has an index of its own.
            "search" => drop(command.arg("--data-dir").arg(self.home.dir.join(&instance.name))),
            _ => {}
        }
        // Whoever is given a page by one of them asks another for the next.
        if *service == "search" && env::var_os(TOKEN_KEY).is_none() {
            command.envs(self.search_key.iter().map(|key| (TOKEN_KEY, key)));
        }
        if let Some(consul) = &self.consul {
            command.args(consul.settings());
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

    /// How the replicas of a service are found.
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
