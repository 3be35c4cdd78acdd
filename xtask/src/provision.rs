//! Installs dependencies of the tests: a browser, PostgreSQL, Consul, Prometheus and an OpenTelemetry
//! collector.

use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail, ensure};
use devtools::provision;

use crate::{cargo, machine, term};

/// Debian's PostgreSQL package starts a server, unless this file disables that. The tests start their
/// own.
const CREATE_CLUSTER: &str = "/etc/postgresql-common/createcluster.conf";

/// Installs a browser unless one is found, if that is possible without a password.
///
/// # Errors
/// If it is missing with `CI=true`, where the page test must not be skipped.
pub(crate) fn browser() -> Result<()> {
    provide(&Dependency {
        name: "browser",
        consequence: "the page test is skipped",
        find: machine::browser,
        install: |apt| apt.install("chromium"),
        fix: format!("`{}`", machine::install("chromium", "chromium", "chromium")),
    })
}

/// Installs PostgreSQL unless it is found, if that is possible without a password.
///
/// # Errors
/// If it is missing with `CI=true`, where its tests must not be skipped.
pub(crate) fn postgres() -> Result<()> {
    provide(&Dependency {
        name: "PostgreSQL",
        consequence: "tests with it are skipped",
        find: devtools::postgres::find_programs,
        install: |apt| {
            if !Path::new(CREATE_CLUSTER).exists() {
                let dir =
                    Path::new(CREATE_CLUSTER).parent().context("the file has no directory")?;
                let write = format!("echo 'create_main_cluster = false' >{CREATE_CLUSTER}");
                apt.run(apt.root("mkdir").arg("-p").arg(dir))?;
                apt.run(apt.root("sh").args(["-c", &write]))?;
            }
            apt.install("postgresql")
        },
        fix: format!("`{}`", machine::install_postgres()),
    })
}

struct Dependency {
    name: &'static str,
    /// Consequence if it is missing.
    consequence: &'static str,
    find: fn() -> Option<PathBuf>,
    install: fn(&Apt) -> Result<()>,
    fix: String,
}

fn provide(dependency: &Dependency) -> Result<()> {
    let Dependency { name, consequence, find, install, fix } = dependency;
    if let Some(file) = find() {
        term::line(&format!("{} found", file.display()));
        return Ok(());
    }
    let installed = Apt::new(name).and_then(|apt| {
        install(&apt).with_context(|| format!("apt-get failed, see {}", apt.log.display()))?;
        let file = find().context("not found after installing it")?;
        term::line(&format!("installed {}", file.display()));
        Ok(())
    });
    installed.or_else(|error| skip(name, consequence, &error, fix))
}

/// Provides Consul unless it is found, by unpacking Debian's package, which needs no privileges.
///
/// # Errors
/// If it is missing with `CI=true`, where its tests must not be skipped.
pub(crate) fn consul() -> Result<()> {
    match machine::consul().map_or_else(unpack_consul, Ok) {
        Ok(file) => {
            term::line(&format!("{} found", file.display()));
            Ok(())
        }
        Err(error) => skip("Consul", "tests with it are skipped", &error, CONSUL_FIX),
    }
}

/// Advice if Consul cannot be unpacked.
pub(crate) const CONSUL_FIX: &str =
    "install it (https://developer.hashicorp.com/consul/install), or set CONSUL_BIN to its program";

/// Unpacks Consul in the target directory, and returns the path of its program.
///
/// # Errors
/// If this is not a Debian-like system, or its mirror has no such package.
pub(crate) fn unpack_consul() -> Result<PathBuf> {
    provision::run("consul", &machine::target_dir()?)?;
    machine::consul().context("not found after unpacking it")
}

/// Provides Prometheus, for the tests of alert rules.
///
/// # Errors
/// If it is missing with `CI=true`, where its tests must not be skipped.
pub(crate) fn prometheus() -> Result<()> {
    let fix = "install it, or set PROMETHEUS_BIN to the folder of its programs";
    unpacked("prometheus", "Prometheus", "tests of alerts are skipped", fix)
}

/// Provides an OpenTelemetry collector, for the tests of traces.
///
/// # Errors
/// If it is missing with `CI=true`, where its tests must not be skipped.
pub(crate) fn collector() -> Result<()> {
    if machine::which(&["python3"]).is_none() || !has_venv() {
        // On failure, the script may find another Python with venv.
        Apt::new("Python").and_then(|apt| apt.install("python3-venv")).ok();
    }
    let fix = "`apt-get install python3-venv` and access to PyPI";
    unpacked("collector", "collector", "tests of traces are skipped", fix)
}

fn has_venv() -> bool {
    let mut python = Command::new("python3");
    python.args(["-c", "import venv, ensurepip"]).stdout(Stdio::null()).stderr(Stdio::null());
    python.status().is_ok_and(|status| status.success())
}

fn unpacked(script: &str, name: &str, consequence: &str, fix: &str) -> Result<()> {
    match machine::target_dir().and_then(|target| provision::run(script, &target)) {
        Ok(found) => {
            term::line(&format!("{} found", found.display()));
            Ok(())
        }
        Err(error) => skip(name, consequence, &error, fix),
    }
}

fn skip(name: &str, consequence: &str, error: &anyhow::Error, fix: &str) -> Result<()> {
    let text = format!("no {name}, so {consequence}: {error:#}; fix: {fix}");
    if env::var("CI").is_ok_and(|ci| ci == "true" || ci == "1") {
        bail!("{text}");
    }
    term::line(&term::warn(&format!("SKIPPED: {text}")));
    Ok(())
}

/// `apt-get` as root, or with sudo without a password.
struct Apt {
    sudo: bool,
    /// Private directory for downloads: a parallel `apt-get update` may empty the shared one.
    archives: PathBuf,
    log: PathBuf,
}

impl Apt {
    fn new(name: &str) -> Result<Self> {
        ensure!(machine::which(&["apt-get"]).is_some(), "this is not a Debian-like system");
        let sudo = !machine::is_root();
        ensure!(!sudo || may_sudo(), "neither root nor sudo without a password");
        let dir = cargo::bin_dir(false)?.join("provision");
        let archives = dir.join("archives");
        fs::create_dir_all(archives.join("partial"))
            .with_context(|| format!("creating {}", archives.display()))?;
        let log = dir.join("apt.log");
        File::create(&log).with_context(|| format!("creating {}", log.display()))?;
        term::line(&format!("installing {name} (log: {})", term::path(&log)));
        Ok(Self { sudo, archives, log })
    }

    fn install(&self, package: &str) -> Result<()> {
        self.run(self.apt_get().arg("update"))?;
        self.run(self.apt_get().args(["install", "-y", "--no-install-recommends", package]))
    }

    fn apt_get(&self) -> Command {
        // With `env`, because sudo drops environment variables.
        let mut command = self.root("env");
        command
            .args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"])
            .args(["-o", "DPkg::Lock::Timeout=300", "-o", "APT::Sandbox::User=root", "-o"])
            .arg(format!("Dir::Cache::archives={}", self.archives.display()));
        command
    }

    /// A command run as root.
    fn root(&self, program: &str) -> Command {
        if !self.sudo {
            return Command::new(program);
        }
        let mut command = Command::new("sudo");
        command.args(["-n", program]);
        command
    }

    fn run(&self, command: &mut Command) -> Result<()> {
        let log = File::options().append(true).open(&self.log)?;
        let status = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).status()?;
        ensure!(status.success(), "{command:?} failed ({status})");
        Ok(())
    }
}

impl Drop for Apt {
    fn drop(&mut self) {
        // The downloads are not needed after the installation.
        self.run(self.root("rm").arg("-rf").arg(&self.archives)).ok();
    }
}

fn may_sudo() -> bool {
    let mut sudo = Command::new("sudo");
    sudo.args(["-n", "true"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    sudo.status().is_ok_and(|status| status.success())
}
