//! `cargo xtask restart` and `down`: commands for a running system.

use std::time::Duration;

use anyhow::{Result, bail, ensure};

use crate::{
    term,
    up::{self, DataDir, Project, RunDir},
};

/// Longer than the supervisor takes to stop or kill all services.
const TIMEOUT: Duration = Duration::from_secs(45);

/// Stop a service gracefully, start it again and wait until it is ready
///
/// Starts the current binary: after a change,
/// `cargo build -p catalogue && cargo xtask restart catalogue` runs the new code.
#[derive(clap::Args)]
pub(crate) struct RestartArgs {
    /// catalogue, search or gateway, or a replica as shown by `cargo xtask ps`
    service: String,
    #[command(flatten)]
    data_dir: DataDir,
}

/// Stop everything that `cargo xtask up` has started
///
/// Waits for a graceful shutdown, and kills processes that do not end. The data stays.
#[derive(clap::Args)]
pub(crate) struct DownArgs {
    #[command(flatten)]
    data_dir: DataDir,
}

/// Runs `cargo xtask restart`.
///
/// # Errors
/// If nothing is running, the service is unknown, or it does not become ready.
pub(crate) fn restart(args: &RestartArgs) -> Result<()> {
    let service = args.service.as_str();
    let run_dir = args.data_dir.current()?;
    ensure!(
        run_dir.runner().is_some(),
        "nothing is running in {}; start it with `{}`",
        run_dir.dir.display(),
        run_dir.command("up")
    );
    term::live(&format!("restarting {service}"));
    let answer = up::request_restart(&run_dir, service)?;
    term::done(&answer);
    Ok(())
}

/// Runs `cargo xtask down`.
///
/// # Errors
/// If a process survives SIGKILL.
pub(crate) fn down(args: &DownArgs) -> Result<()> {
    let own = args.data_dir.run_dir()?;
    let running = args.data_dir.running()?;
    for run_dir in &running {
        match Project::of(run_dir) {
            Some(project) => project.down(run_dir)?,
            None => stop(run_dir)?,
        }
    }
    up::terminate_orphans(&own);
    if running.is_empty() {
        term::line(&format!("nothing is running in {}", own.dir.display()));
    }
    Ok(())
}

/// Stops the run in this directory.
fn stop(run_dir: &RunDir) -> Result<()> {
    let Some(supervisor) = run_dir.runner() else { return Ok(()) };
    term::live("stopping");
    up::terminate(supervisor);
    if !up::wait_until(TIMEOUT, || run_dir.runner().is_none()) {
        term::line(&term::warn("the supervisor does not end, killing everything"));
        let services = run_dir.read_run().into_iter().flat_map(|run| run.services);
        let services = services.filter_map(|service| service.pid);
        // The supervisor first, or it would restart the services. Not its process group, which in a
        // terminal may contain other processes.
        up::kill_one(supervisor);
        services.for_each(up::group_kill);
        if !up::wait_until(TIMEOUT, || run_dir.runner().is_none()) {
            bail!("process {supervisor} survives SIGKILL");
        }
    }
    up::terminate_orphans(run_dir);
    term::done(&format!("stopped the run in {}", run_dir.dir.display()));
    Ok(())
}
