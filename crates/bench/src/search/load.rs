//! What else the machine does, and what things weigh.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use testkit::cpu_seconds;

/// The load averages, as the kernel has them.
pub(crate) fn now() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

/// Waits until a process has hardly used the processor for a second.
///
/// # Errors
/// It has ended, or never rests.
pub(crate) async fn at_rest(process: u32) -> Result<()> {
    const PATIENCE: Duration = Duration::from_secs(300);
    // The kernel counts in hundredths: three of them.
    const HARDLY: f64 = 0.035;
    let began = Instant::now();
    let mut before = cpu_seconds(process, false)?;
    while began.elapsed() < PATIENCE {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let now = cpu_seconds(process, false)?;
        if now - before <= HARDLY {
            return Ok(());
        }
        before = now;
    }
    bail!("it has not come to rest in {PATIENCE:?}")
}

/// Bytes of all files below a folder.
///
/// # Errors
/// It cannot be read.
pub(crate) fn size(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // A file that a merge has just removed weighs nothing.
        let Ok(meta) = entry.metadata() else { continue };
        bytes += if meta.is_dir() { size(&entry.path())? } else { meta.len() };
    }
    Ok(bytes)
}
