//! Where Consul's program is.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

use anyhow::{Context as _, ensure};

use crate::{aloud, repository};

const CURE: &str =
    "cargo xtask test, on Debian; else install Consul, or set CONSUL_BIN to its program";

/// That of `CONSUL_BIN`, the one on `PATH`, else Debian's, unpacked beside what is built. Nothing,
/// said aloud, where it cannot be had.
///
/// # Panics
/// With `CI=true` and no Consul.
pub(super) fn find() -> Option<PathBuf> {
    static FOUND: OnceLock<Option<PathBuf>> = OnceLock::new();
    let found = FOUND.get_or_init(|| {
        let provided = provide();
        let in_ci = std::env::var_os("CI").is_some_and(|ci| ci == "true");
        match provided {
            Ok(program) => Some(program),
            Err(error) if in_ci => panic!("no Consul: {error:#}. Cure: {CURE}"),
            Err(error) => {
                aloud(&format!(
                    "SKIPPED: there is no Consul to test with: {error:#}. Cure: {CURE}"
                ));
                None
            }
        }
    });
    found.clone()
}

/// The script is the one that `cargo xtask` runs, with the same folder.
fn provide() -> anyhow::Result<PathBuf> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("provision/consul.sh");
    let output = Command::new("bash")
        .arg(script)
        .arg(folder())
        .stdin(Stdio::null())
        .output()
        .context("starting bash")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{}", said.lines().last().unwrap_or("consul.sh failed"));
    Ok(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
}

/// Where it is unpacked: in the target folder, whose profile's folder we were built into.
fn folder() -> PathBuf {
    let this = std::env::current_exe().ok();
    let profile = this.as_deref().and_then(|this| {
        this.ancestors().skip(1).find(|dir| dir.ends_with("debug") || dir.ends_with("release"))
    });
    let target = profile.and_then(Path::parent).map(Path::to_owned);
    target.unwrap_or_else(|| repository().join("target")).join("provision/consul")
}
