//! Gets what the tests need beyond Rust and a C compiler: a browser for the page test.

use std::{
    env,
    fs::{self, File},
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail, ensure};

use crate::{cargo, machine, term};

/// Makes sure there is a browser, where that is possible without asking anyone.
///
/// # Errors
/// There is none and continuous integration (`CI=true`) must not skip the page test.
pub(crate) fn browser() -> Result<()> {
    if let Some(file) = machine::browser() {
        term::line(&format!("{} is here", file.display()));
        return Ok(());
    }
    let installed = if machine::is_root() && machine::which(&["apt-get"]).is_some() {
        apt_install("chromium")
    } else {
        let cure = machine::install("chromium", "chromium", "chromium");
        Err(anyhow::anyhow!("not root on a Debian-like system; install one with `{cure}`"))
    };
    let Err(error) = installed else { return Ok(()) };
    let text = format!("no browser, so the page test cannot run: {error:#}");
    if env::var("CI").is_ok_and(|ci| ci == "true" || ci == "1") {
        bail!("{text}");
    }
    term::line(&term::warn(&format!("skipped: {text}")));
    Ok(())
}

fn apt_install(package: &str) -> Result<()> {
    let dir = cargo::bin_dir(false)?.join("provision");
    // A folder of our own for the downloads: another `apt-get update` may empty the shared one
    // under our feet.
    let archives = dir.join("archives");
    fs::create_dir_all(archives.join("partial"))
        .with_context(|| format!("creating {}", archives.display()))?;
    let log = dir.join("apt.log");
    term::line(&format!("installing {package} (log: {})", term::path(&log)));
    let file = File::create(&log).with_context(|| format!("creating {}", log.display()))?;
    let installed = apt(&file, &archives, &["update"]).and_then(|()| {
        apt(&file, &archives, &["install", "-y", "--no-install-recommends", package])
    });
    fs::remove_dir_all(&archives).ok(); // only there to be installed from
    installed
        .with_context(|| format!("apt-get could not install {package}, see {}", log.display()))?;
    let browser = machine::browser().context("it is installed but not on PATH")?;
    term::line(&format!("installed {}", browser.display()));
    Ok(())
}

fn apt(log: &File, archives: &Path, args: &[&str]) -> Result<()> {
    let status = Command::new("apt-get")
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["-q", "-o", "DPkg::Lock::Timeout=300", "-o", "APT::Sandbox::User=root", "-o"])
        .arg(format!("Dir::Cache::archives={}", archives.display()))
        .args(args)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log.try_clone()?)
        .status()
        .context("starting apt-get")?;
    ensure!(status.success(), "`apt-get {}` failed ({status})", args.join(" "));
    Ok(())
}
