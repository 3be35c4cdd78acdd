//! Load of the machine, and sizes on disk.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use testkit::cpu_seconds;

/// The load averages of the kernel.
pub(crate) fn now() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

/// Waits until a process has been idle for a second.
///
/// # Errors
/// It has ended, or is not idle within five minutes.
pub(crate) async fn wait_until_idle(process: u32) -> Result<()> {
    const TIMEOUT: Duration = Duration::from_secs(300);
    // CPU seconds: three of the kernel's ticks.
    const IDLE: f64 = 0.035;
    let began = Instant::now();
    let mut before = cpu_seconds(process, false)?;
    while began.elapsed() < TIMEOUT {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let now = cpu_seconds(process, false)?;
        if now - before <= IDLE {
            return Ok(());
        }
        before = now;
    }
    bail!("the process is not idle after {TIMEOUT:?}")
}

/// Bytes of all files below a directory.
///
/// # Errors
/// It cannot be read.
pub(crate) fn size(dir: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        // Skips files that a merge has just removed.
        let Ok(meta) = entry.metadata() else { continue };
        bytes += if meta.is_dir() { size(&entry.path())? } else { meta.len() };
    }
    Ok(bytes)
}
