//! A Debian with systemd, booted in a container by systemd-nspawn, with the units of `deploy/systemd`.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, ensure};
use nix::sys::signal::Signal;
use testkit::{Process, repository, until_within};

use super::{command::Command, programs, provide};

/// The services, each with a program and a unit.
pub(super) const SERVICES: [&str; 3] = ["catalogue", "search", "gateway"];
/// Where units are on the machine.
const UNITS: &str = "/etc/systemd/system";
/// Packages' own services, which are in the way.
const MASKED: [&str; 3] = ["postgresql", "prometheus", "prometheus-node-exporter"];
const BOOT_TIMEOUT: Duration = Duration::from_secs(120);

/// A booted machine. It is killed when this is dropped.
pub(super) struct Machine {
    process: Process,
    /// Its first process, as this machine numbers it.
    leader: u32,
    _dir: tempfile::TempDir,
}

impl Machine {
    /// Boots a machine on which these services are enabled, and the others installed.
    ///
    /// # Errors
    /// If systemd-nspawn or the Debian system is missing.
    pub(super) async fn boot(enabled: &[&str]) -> anyhow::Result<Self> {
        let dir = tempfile::tempdir()?;
        let tree = tree().await?;
        let secret = dir.path().join("service.secret");
        fs::write(&secret, "0123456789abcdef0123456789abcdef")?;
        // Writes go to memory, so that the tree serves again.
        let mut arguments: Vec<String> = [
            "--quiet",
            "--boot",
            "--register=no",
            "--keep-unit",
            "--private-network",
            "--volatile=overlay",
        ]
        .map(str::to_owned)
        .into();
        arguments.push(format!("--directory={}", tree.display()));
        arguments.push(format!("--machine=units-{}", std::process::id()));
        let mut bind = |from: &Path, to: &str| {
            arguments.push(format!("--bind-ro={}:{to}", from.display()));
        };
        bind(&secret, "/etc/catalogue/service.secret");
        for service in SERVICES {
            let unit = repository().join(format!("deploy/systemd/{service}.service"));
            bind(&programs()?.join(service), &format!("/usr/local/bin/{service}"));
            bind(&unit, &format!("{UNITS}/{service}.service"));
        }
        // As `systemctl enable` does by links, which cannot be bound.
        let wants = dir.path().join("wants.conf");
        let units = enabled.iter().map(|service| format!("Wants={service}.service\n"));
        fs::write(&wants, format!("[Unit]\n{}", units.collect::<String>()))?;
        bind(&wants, &format!("{UNITS}/multi-user.target.d/wants.conf"));
        for service in MASKED {
            bind(Path::new("/dev/null"), &format!("{UNITS}/{service}.service"));
        }
        let log = dir.path().join("console.log");
        let mut process = Process::start(Path::new("systemd-nspawn"), arguments, &log)?;
        let leader = until_within(BOOT_TIMEOUT, "the machine has booted", async || {
            assert!(process.exit_status().is_none(), "it ended: {}", process.log());
            // Before the boot, the first child is one that prepares the container.
            let leader = child(process.id())?;
            let state = enter(leader, &["systemctl", "is-system-running"]).output().await;
            let (_, state, _) = state.ok()?;
            ["running", "degraded"].contains(&state.trim()).then_some(leader)
        })
        .await;
        Ok(Self { process, leader, _dir: dir })
    }

    /// Runs a command on it: whether it succeeds, its output and errors.
    pub(super) async fn run(&self, command: &[&str]) -> anyhow::Result<(bool, String, String)> {
        enter(self.leader, command).output().await
    }

    /// Runs a command on it that must succeed.
    pub(super) async fn succeed(&self, command: &[&str]) -> anyhow::Result<String> {
        enter(self.leader, command).succeed().await
    }

    /// A property of a unit.
    pub(super) async fn property(&self, unit: &str, name: &str) -> anyhow::Result<String> {
        let show = ["systemctl", "show", unit, "--property", name, "--value"];
        Ok(self.succeed(&show).await?.trim().to_owned())
    }

    /// Whether a service is active, and answers its own health check.
    pub(super) async fn is_ready(&self, service: &str) -> bool {
        let program = format!("/usr/local/bin/{service}");
        let active = self.run(&["systemctl", "is-active", "--quiet", service]).await;
        let healthy = self.run(&[&program, "health"]).await;
        [active, healthy].into_iter().all(|result| result.is_ok_and(|(success, ..)| success))
    }

    /// The main process of a service, as this machine numbers it.
    pub(super) async fn process_of(&self, service: &str) -> anyhow::Result<u32> {
        let inner = self.property(service, "MainPID").await?;
        let is_it = |status: &str| {
            let ids = status.lines().find_map(|line| line.strip_prefix("NSpid:"));
            let name = status.lines().find_map(|line| line.strip_prefix("Name:"));
            let mut ids = ids.unwrap_or_default().split_whitespace();
            name.is_some_and(|name| name.trim() == service) && ids.nth(1) == Some(&inner)
        };
        let processes = fs::read_dir("/proc")?.flatten();
        let mut ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        let found = ids.find(|id: &u32| {
            fs::read_to_string(format!("/proc/{id}/status")).is_ok_and(|status| is_it(&status))
        });
        found.with_context(|| format!("{service} has no process"))
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // A killed systemd-nspawn takes the processes of its container with it.
        self.process.signal(Signal::SIGKILL);
    }
}

/// A command run in the namespaces of a process.
fn enter(process: u32, command: &[&str]) -> Command {
    let target = process.to_string();
    let enter = ["--target", &target, "--mount", "--uts", "--ipc", "--net", "--pid", "--"];
    Command::new("nsenter").args(enter).args(command)
}

/// The first child of a process.
fn child(parent: u32) -> Option<u32> {
    let children = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).ok()?;
    children.split_whitespace().next()?.parse().ok()
}

/// The unpacked Debian system.
async fn tree() -> anyhow::Result<PathBuf> {
    let archive = provide("debian-root")?;
    let tree = archive.with_file_name("tree");
    if !tree.exists() {
        let new = archive.with_file_name("tree.new");
        fs::create_dir_all(&new)?;
        let unpack = Command::new("tar").args([Path::new("-C"), &new, Path::new("-xf"), &archive]);
        unpack.succeed().await?;
        fs::rename(&new, &tree)?;
    }
    ensure!(tree.join("usr/lib/systemd/systemd").exists(), "{} has no systemd", tree.display());
    Ok(tree)
}
