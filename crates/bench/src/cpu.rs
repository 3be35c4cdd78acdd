//! CPU time of servers with several processes.

use std::fs;

use anyhow::Result;
use testkit::cpu_seconds;

/// CPU time of a process and its direct children since their start, in seconds.
///
/// # Errors
/// The process has ended.
pub(crate) fn tree_seconds(process: u32) -> Result<f64> {
    let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children"))?;
    let mut sum = cpu_seconds(process, true)?;
    for child in children.split_ascii_whitespace() {
        // A child that has just ended is included in the parent's time.
        sum += cpu_seconds(child.parse()?, false).unwrap_or(0.0);
    }
    Ok(sum)
}
