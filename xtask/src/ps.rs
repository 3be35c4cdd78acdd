//! `cargo xtask ps`: lists the running services and their state.

use std::{
    fs,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::Result;

use crate::{
    term,
    up::{self, DataDir, Project, RunDir, ServiceState, State},
};

/// Show the running services: state, process, ports, uptime and memory
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    data_dir: DataDir,
}

/// Runs `cargo xtask ps`.
///
/// # Errors
/// If the data directory cannot be determined, or the engine of its containers fails.
pub(crate) fn run(args: &Args) -> Result<()> {
    let running = args.data_dir.running()?;
    for run_dir in &running {
        match Project::of(run_dir) {
            Some(project) => project.ps()?,
            None => show(run_dir),
        }
    }
    if running.is_empty() {
        let dir = args.data_dir.run_dir()?.dir;
        term::line(&format!("nothing is running in {}", dir.display()));
    }
    Ok(())
}

/// Shows the run in this directory.
fn show(run_dir: &RunDir) {
    let Some(supervisor) = run_dir.runner() else { return };
    let run = run_dir.read_run().filter(|run| run.supervisor == supervisor);
    let Some(run) = run else {
        term::line(&format!("building or starting (pid {supervisor})"));
        return;
    };
    let head = ["SERVICE", "STATE", "PID", "PORT", "ADMIN", "UPTIME", "MEMORY", "RESTARTS"];
    term::line(&term::bold(&row(&head.map(str::to_owned))));
    for service in &run.services {
        let (state, reason) = state(service);
        term::line(&row(&[
            service.name.clone(),
            state.to_owned(),
            service.pid.map_or_else(dash, |pid| pid.to_string()),
            service.listen.to_string(),
            service.admin.to_string(),
            service.started.map_or_else(dash, |started| term::duration(since(started))),
            service.pid.and_then(memory).unwrap_or_else(dash),
            service.restarts.to_string(),
        ]));
        if !reason.is_empty() {
            term::line(&term::dim(&format!("           {reason}")));
        }
    }
    let profile = if run.release { "release" } else { "debug" };
    let up = term::duration(since(run.started));
    term::line(&term::dim(&format!(
        "supervisor pid {supervisor}, up for {up}, {profile} build, data in {}",
        run_dir.dir.display()
    )));
}

/// The current state. Probes ready services, because the supervisor does so only until they are ready.
fn state(service: &ServiceState) -> (&'static str, String) {
    match service.state {
        State::Ready => match up::probe(&service.name, service.admin) {
            Ok(()) => (State::Ready.word(), String::new()),
            Err(reason) => ("not ready", reason),
        },
        state => (state.word(), service.reason.clone()),
    }
}

fn row(cells: &[String; 8]) -> String {
    let [name, state, pid, port, admin, uptime, memory, restarts] = cells;
    let row = format!(
        "{name:<12} {state:<10} {pid:>8} {port:>6} {admin:>6} {uptime:>13} {memory:>9}  {restarts}"
    );
    row.trim_end().to_owned()
}

fn dash() -> String {
    "-".to_owned()
}

fn since(unix: u64) -> Duration {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Duration::from_secs(now.as_secs().saturating_sub(unix))
}

/// Resident memory of a process. Linux only.
fn memory(pid: u32) -> Option<String> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(format!("{} MiB", kibibytes / 1024))
}
