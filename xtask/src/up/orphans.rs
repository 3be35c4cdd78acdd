//! Orphaned services of a killed supervisor.

use std::{fs, path::Path, time::Duration};

use super::{RunDir, State, plan::program_of, process};
use crate::term;

/// Time for a graceful shutdown, which services start when their supervisor ends.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Ends the services of a run without a supervisor, and removes the state of that run.
pub(crate) fn terminate(run_dir: &RunDir) {
    let Some(run) = run_dir.read_run() else { return };
    let orphans: Vec<u32> = run
        .services
        .iter()
        .filter(|service| service.state != State::Stopped)
        .filter_map(|service| service.pid.filter(|pid| is_ours(*pid, &service.name, run_dir)))
        .collect();
    if !orphans.is_empty() {
        term::live("ending the services of a run that was killed");
        let ended = || !orphans.iter().any(|pid| process::exists(*pid));
        orphans.iter().for_each(|pid| process::terminate(*pid));
        if !process::wait_until(TIMEOUT, ended) {
            orphans.iter().for_each(|pid| process::group_kill(*pid));
            // One that survives SIGKILL is reported as a taken port.
            process::wait_until(TIMEOUT, ended);
        }
        term::clear();
    }
    run_dir.forget_run();
}

/// Whether a process is this service, and not an unrelated one with a reused process id. False if that
/// is unknown, without `/proc`.
fn is_ours(pid: u32, service: &str, run_dir: &RunDir) -> bool {
    let expected = program_of(service);
    let proc_dir = Path::new("/proc").join(pid.to_string());
    let Ok(line) = fs::read(proc_dir.join("cmdline")) else { return false };
    let line = String::from_utf8_lossy(&line).into_owned();
    let mut words = line.split('\0');
    let program = words.next().and_then(|word| Path::new(word).file_name()).unwrap_or_default();
    // The path of its log distinguishes it from services of another checkout.
    let log = fs::read_link(proc_dir.join("fd/1")).unwrap_or_default();
    (program == expected || words.any(|word| word.ends_with(&format!("/{expected}"))))
        && log == run_dir.log(service)
}
