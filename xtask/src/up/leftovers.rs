//! What a supervisor that was killed may have left behind.

use std::{fs, path::Path, time::Duration};

use anyhow::Result;

use super::{Home, State, plan::program_of, process};
use crate::term;

/// A service that has lost its supervisor drains and ends; this is how long it may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Ends the services of a run whose supervisor is gone, and forgets that run.
///
/// # Errors
/// None today; a service that survives SIGKILL shows as a busy port.
pub(crate) fn end(home: &Home) -> Result<()> {
    let Some(run) = home.read_run() else { return Ok(()) };
    let left: Vec<u32> = run
        .services
        .iter()
        .filter(|service| service.state != State::Stopped)
        .filter_map(|service| service.pid.filter(|pid| is_ours(*pid, &service.name, home)))
        .collect();
    if !left.is_empty() {
        term::live("ending the services of a run that was killed");
        left.iter().for_each(|pid| process::terminate(*pid));
        if !process::wait_until(PATIENCE, || !left.iter().any(|pid| process::exists(*pid))) {
            left.iter().for_each(|pid| process::group_kill(*pid));
            process::wait_until(PATIENCE, || !left.iter().any(|pid| process::exists(*pid)));
        }
        term::clear();
    }
    home.forget_run();
    Ok(())
}

/// Process ids are used again: only a process that was started as this service is one. Where the
/// system does not tell (no `/proc`), nothing is ours.
fn is_ours(pid: u32, service: &str, home: &Home) -> bool {
    let program_of_it = program_of(service);
    let in_proc = Path::new("/proc").join(pid.to_string());
    let Ok(line) = fs::read(in_proc.join("cmdline")) else { return false };
    let line = String::from_utf8_lossy(&line).into_owned();
    let mut words = line.split('\0');
    let program = words.next().and_then(|word| Path::new(word).file_name()).unwrap_or_default();
    // Its log tells this checkout's services from another's.
    let log = fs::read_link(in_proc.join("fd/1")).unwrap_or_default();
    (program == program_of_it || words.any(|word| word.ends_with(&format!("/{program_of_it}"))))
        && log == home.log(service)
}
