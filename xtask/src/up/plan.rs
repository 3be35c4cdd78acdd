//! What is run: three services, where they listen, and how each is started.

use std::{path::PathBuf, process::Command};

use super::{Home, Ports};
use crate::cargo;

/// The services in the order they start; they stop in reverse.
pub(crate) const SERVICES: [&str; 3] = ["catalogue", "search", "gateway"];

/// How long a service may finish what it does before it ends. Three of them in a row fit into the
/// time after which what is left is killed.
const DRAIN_SECONDS: &str = "8";

/// Settings a developer may have exported that would move a service away from where we expect it.
const SETTINGS: [&str; 8] = [
    "ADMIN_ADDR",
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

impl Plan {
    /// The command that starts a service.
    pub(crate) fn command(&self, service: &str) -> Command {
        let (listen, admin) = self.ports.of(service);
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
        if service != "gateway" {
            command.arg("--data-dir").arg(self.home.dir.join(service));
        }
        if service != "catalogue" {
            command.args(["--catalogue", &format!("static://127.0.0.1:{}", self.ports.catalogue)]);
        }
        if service == "gateway" {
            command.args(["--search", &format!("static://127.0.0.1:{}", self.ports.search)]);
            let images = cargo::workspace().join("examples/demo/images");
            if images.is_dir() {
                command.arg("--media-dir").arg(images);
            }
        }
        command
    }

    /// The gateway's address.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports.gateway)
    }
}
