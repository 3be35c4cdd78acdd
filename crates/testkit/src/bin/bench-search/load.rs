//! What else the machine does, and what things weigh.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};

/// The load averages, as the kernel has them.
pub(crate) fn now() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

/// The most memory that a process has had, in bytes.
///
/// # Errors
/// It has ended.
pub(crate) fn peak(process: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().split(' ').next());
    Ok(kilobytes.context("the kernel says how much it was")?.parse::<u64>()? * 1_024)
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
