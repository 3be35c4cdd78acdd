//! What the tests need beyond Rust and a C compiler: a browser, PostgreSQL, Consul, Prometheus and a
//! collector.

use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail, ensure};

use crate::{cargo, machine, term};

/// Debian's PostgreSQL brings a server of its own, running from the install on, unless this says
/// not to. The tests start theirs.
const CREATE_CLUSTER: &str = "/etc/postgresql-common/createcluster.conf";

/// Makes sure there is a browser, where that is possible without asking anyone.
///
/// # Errors
/// There is none and continuous integration (`CI=true`) must not skip the page test.
pub(crate) fn browser() -> Result<()> {
    provide(&Wanted {
        what: "browser",
        otherwise: "the page test cannot run",
        find: machine::browser,
        install: |apt| apt.install("chromium"),
        cure: format!("`{}`", machine::install("chromium", "chromium", "chromium")),
    })
}

/// Makes sure there is PostgreSQL, where that is possible without asking anyone.
///
/// # Errors
/// There is none and continuous integration (`CI=true`) must not skip what is tested on it.
pub(crate) fn postgres() -> Result<()> {
    provide(&Wanted {
        what: "PostgreSQL",
        otherwise: "nothing is tested on it",
        find: machine::postgres,
        install: |apt| {
            if !Path::new(CREATE_CLUSTER).exists() {
                let dir = Path::new(CREATE_CLUSTER).parent().context("a file lies in a folder")?;
                let write = format!("echo 'create_main_cluster = false' >{CREATE_CLUSTER}");
                apt.run(apt.root("mkdir").arg("-p").arg(dir))?;
                apt.run(apt.root("sh").args(["-c", &write]))?;
            }
            apt.install("postgresql")
        },
        cure: format!("`{}`", machine::install_postgres()),
    })
}

struct Wanted {
    what: &'static str,
    /// What comes of it when there is none.
    otherwise: &'static str,
    find: fn() -> Option<PathBuf>,
    install: fn(&Apt) -> Result<()>,
    cure: String,
}

fn provide(wanted: &Wanted) -> Result<()> {
    let Wanted { what, otherwise, find, install, cure } = wanted;
    if let Some(file) = find() {
        term::line(&format!("{} is here", file.display()));
        return Ok(());
    }
    let installed = Apt::new(what).and_then(|apt| {
        install(&apt).with_context(|| format!("apt-get failed, see {}", apt.log.display()))?;
        let file = find().context("it is installed but not found")?;
        term::line(&format!("installed {}", file.display()));
        Ok(())
    });
    installed.or_else(|error| do_without(what, otherwise, &error, cure))
}

/// Makes sure there is Consul. Debian's package is only unpacked, so nobody need be asked.
///
/// # Errors
/// There is none and continuous integration (`CI=true`) must not skip what is tested with it.
pub(crate) fn consul() -> Result<()> {
    match machine::consul().map_or_else(unpack_consul, Ok) {
        Ok(file) => {
            term::line(&format!("{} is here", file.display()));
            Ok(())
        }
        Err(error) => do_without("Consul", "nothing is tested with it", &error, CONSUL_CURE),
    }
}

/// What to do where Consul cannot be unpacked.
pub(crate) const CONSUL_CURE: &str =
    "install it (https://developer.hashicorp.com/consul/install), or set CONSUL_BIN to its program";

/// Unpacks it beside what is built, and returns where its program is.
///
/// # Errors
/// This is no Debian-like system, or its mirror has none.
pub(crate) fn unpack_consul() -> Result<PathBuf> {
    unpack("consul")?;
    machine::consul().context("it is unpacked but not found")
}

/// Makes sure there is Prometheus, which alert rules are tested with.
///
/// # Errors
/// There is none and continuous integration (`CI=true`) must not skip what is tested with it.
pub(crate) fn prometheus() -> Result<()> {
    let cure = "install it, or set PROMETHEUS_BIN to the folder of its programs";
    unpacked("prometheus", "Prometheus", "no alert is tested", cure)
}

/// Makes sure there is a collector to send traces to.
///
/// # Errors
/// There is none and continuous integration (`CI=true`) must not skip what is tested with it.
pub(crate) fn collector() -> Result<()> {
    if machine::which(&["python3"]).is_none() || !has_venv() {
        // Without it there may be another Python that can.
        Apt::new("Python").and_then(|apt| apt.install("python3-venv")).ok();
    }
    let cure = "`apt-get install python3-venv` and a way to PyPI";
    unpacked("collector", "collector", "no trace is looked at", cure)
}

fn has_venv() -> bool {
    let mut python = Command::new("python3");
    python.args(["-c", "import venv, ensurepip"]).stdout(Stdio::null()).stderr(Stdio::null());
    python.status().is_ok_and(|status| status.success())
}

fn unpacked(script: &str, what: &str, otherwise: &str, cure: &str) -> Result<()> {
    match unpack(script) {
        Ok(found) => {
            term::line(&format!("{found} is here"));
            Ok(())
        }
        Err(error) => do_without(what, otherwise, &error, cure),
    }
}

/// Runs a script of the testkit's, which unpacks something beside what is built if it is nowhere else,
/// and returns what it prints.
fn unpack(script: &str) -> Result<String> {
    let dir = machine::provision_dir(script)?;
    fs::create_dir_all(&dir).with_context(|| format!("creating {}", dir.display()))?;
    let log = dir.join("provision.log");
    let out = File::create(&log).with_context(|| format!("creating {}", log.display()))?;
    let scripts = cargo::workspace().join("crates/testkit/provision");
    let mut command = Command::new("bash");
    command.arg(scripts.join(script).with_extension("sh")).arg(&dir);
    let output = command.stdin(Stdio::null()).stderr(out).output().context("starting bash")?;
    ensure!(output.status.success(), "it could not be unpacked, see {}", log.display());
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn do_without(what: &str, otherwise: &str, error: &anyhow::Error, cure: &str) -> Result<()> {
    let text = format!("no {what}, so {otherwise}: {error:#}; cure: {cure}");
    if env::var("CI").is_ok_and(|ci| ci == "true" || ci == "1") {
        bail!("{text}");
    }
    term::line(&term::warn(&format!("SKIPPED: {text}")));
    Ok(())
}

/// A Debian-like system where we may install packages without asking anyone.
struct Apt {
    sudo: bool,
    /// Ours alone for the downloads: another `apt-get update` may empty the shared folder under
    /// our feet.
    archives: PathBuf,
    log: PathBuf,
}

impl Apt {
    fn new(what: &str) -> Result<Self> {
        ensure!(machine::which(&["apt-get"]).is_some(), "this is no Debian-like system");
        let sudo = !machine::is_root();
        ensure!(!sudo || may_sudo(), "neither root nor sudo without a password");
        let dir = cargo::bin_dir(false)?.join("provision");
        let archives = dir.join("archives");
        fs::create_dir_all(archives.join("partial"))
            .with_context(|| format!("creating {}", archives.display()))?;
        let log = dir.join("apt.log");
        File::create(&log).with_context(|| format!("creating {}", log.display()))?;
        term::line(&format!("installing {what} (log: {})", term::path(&log)));
        Ok(Self { sudo, archives, log })
    }

    fn install(&self, package: &str) -> Result<()> {
        self.run(self.apt_get().arg("update"))?;
        self.run(self.apt_get().args(["install", "-y", "--no-install-recommends", package]))
    }

    fn apt_get(&self) -> Command {
        // Through `env`, since sudo hands no variables on.
        let mut command = self.root("env");
        command
            .args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"])
            .args(["-o", "DPkg::Lock::Timeout=300", "-o", "APT::Sandbox::User=root", "-o"])
            .arg(format!("Dir::Cache::archives={}", self.archives.display()));
        command
    }

    /// A command that root runs.
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
        // Only there to be installed from.
        self.run(self.root("rm").arg("-rf").arg(&self.archives)).ok();
    }
}

fn may_sudo() -> bool {
    let mut sudo = Command::new("sudo");
    sudo.args(["-n", "true"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    sudo.status().is_ok_and(|status| status.success())
}
