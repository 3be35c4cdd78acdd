//! `restart` and `down`: commands for a system that runs.

use std::time::Duration;

use anyhow::{Result, bail, ensure};

use crate::{
    term,
    up::{self, DataDir},
};

/// Longer than a supervisor takes to stop or kill everything.
const PATIENCE: Duration = Duration::from_secs(45);

/// Stop a service in order, start it again and wait until it is ready
///
/// It starts from the binary as it is now: after a change,
/// `cargo build -p catalogue && cargo xtask restart catalogue` runs the new code.
#[derive(clap::Args)]
pub(crate) struct RestartArgs {
    /// catalogue, search or gateway, or a replica as `cargo xtask ps` shows it
    service: String,
    #[command(flatten)]
    data_dir: DataDir,
}

/// Stop everything that `cargo xtask up` started here
///
/// Waits until it has ended in order, and kills it only if it does not end. The data stays.
#[derive(clap::Args)]
pub(crate) struct DownArgs {
    #[command(flatten)]
    data_dir: DataDir,
}

/// Runs `cargo xtask restart`.
///
/// # Errors
/// Nothing runs, there is no such service, or it does not become ready again.
pub(crate) fn restart(args: &RestartArgs) -> Result<()> {
    let service = args.service.as_str();
    let home = args.data_dir.home()?;
    ensure!(
        home.runner().is_some(),
        "nothing is running in {}; start it with `{}`",
        home.dir.display(),
        home.command("up")
    );
    term::live(&format!("restarting {service}"));
    let answer = up::ask_to_restart(&home, service)?;
    term::done(&answer);
    Ok(())
}

/// Runs `cargo xtask down`.
///
/// # Errors
/// The processes survive being killed.
pub(crate) fn down(args: &DownArgs) -> Result<()> {
    let home = args.data_dir.home()?;
    let Some(supervisor) = home.runner() else {
        up::end_leftovers(&home)?;
        term::line(&format!("nothing is running in {}", home.dir.display()));
        return Ok(());
    };
    term::live("stopping");
    up::terminate(supervisor);
    if !up::wait_until(PATIENCE, || home.runner().is_none()) {
        term::line(&term::warn("the supervisor does not end: killing everything"));
        let services = home.read_run().into_iter().flat_map(|run| run.services);
        let services = services.filter_map(|service| service.pid);
        // The supervisor first, or it would start the services again. It leads no group of ours
        // when it runs in a terminal, so it alone is killed.
        up::kill_one(supervisor);
        services.for_each(up::group_kill);
        if !up::wait_until(PATIENCE, || home.runner().is_none()) {
            bail!("process {supervisor} survives SIGKILL; the system must end it");
        }
    }
    up::end_leftovers(&home)?;
    term::done("stopped");
    Ok(())
}
