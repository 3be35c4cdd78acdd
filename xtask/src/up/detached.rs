//! `up --detach`: the supervisor is a background process, which stays when the startup is done.

use std::{
    fs::File,
    io::Read as _,
    process::{Child, Command, Stdio},
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use anyhow::{Context as _, Result, anyhow, bail};
use nix::unistd::setsid;
use signal_hook::{
    consts::{SIGINT, SIGTERM},
    flag,
};

use super::{Args, attached, plan::Plan, process, run_dir::Lock, startup, watcher::Watcher};
use crate::term;

/// Longer than the supervisor takes to stop or kill all services.
const STOP_TIMEOUT: Duration = Duration::from_secs(45);

/// Starts a supervisor, and returns once the startup is done.
///
/// # Errors
/// If the system does not start; all processes have ended then.
pub(crate) fn start(args: &Args, plan: &Plan, lock: Lock) -> Result<()> {
    plan.run_dir.rotate("up");
    let path = plan.run_dir.log("up");
    let log = File::options().create(true).append(true).open(&path);
    let log = log.with_context(|| format!("opening {}", path.display()))?;
    let mut command = Command::new(std::env::current_exe().context("finding this program")?);
    command.args(["up", "--supervisor", "--no-build", "--data-dir"]).arg(&plan.run_dir.dir);
    if args.release {
        command.arg("--release");
    }
    if let Some(base) = args.port_base {
        command.args(["--port-base", &base.to_string()]);
    }
    command.args(["--replicas", &args.replicas.to_string()]);
    if let Some(port) = args.consul {
        command.args(["--consul", &port.to_string()]);
    }
    if plan.remove_run_dir {
        command.arg("--remove-data-dir");
    }
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);

    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        flag::register(signal, stop.clone()).context("handling signals")?;
    }
    // Released for the supervisor, which takes the lock itself.
    drop(lock);
    let mut supervisor = command.spawn().context("starting the supervisor")?;
    // Opened now, because an ephemeral run removes its directory when it ends.
    let mut output = File::open(&path).with_context(|| format!("opening {}", path.display()))?;
    let check = Box::new(|| check_running(&mut supervisor, &mut output));
    let result = startup::run(Watcher::new(plan, &stop, check));
    if result.is_err() && supervisor.try_wait().is_ok_and(|ended| ended.is_none()) {
        term::live("stopping");
        let pid = supervisor.id();
        process::terminate(pid);
        let mut ended = || supervisor.try_wait().is_ok_and(|ended| ended.is_some());
        if !process::wait_until(STOP_TIMEOUT, &mut ended) {
            process::group_kill(pid);
        }
        term::clear();
    }
    result
}

/// Main function of the supervisor process.
///
/// # Errors
/// If the system does not start.
pub(crate) fn supervise(args: &Args) -> Result<()> {
    setsid().context("creating a session")?;
    let plan = args.plan()?;
    let _lock = plan.run_dir.claim()?;
    attached::supervise(&plan, false)
}

/// Fails with the supervisor's error message if it has ended.
fn check_running(supervisor: &mut Child, output: &mut File) -> Result<()> {
    let Some(status) = supervisor.try_wait().context("checking the supervisor")? else {
        return Ok(());
    };
    let mut text = String::new();
    output.read_to_string(&mut text).context("reading the supervisor's log")?;
    let reason = text.lines().rev().find_map(|line| line.strip_prefix("error: "));
    let output = text.lines().filter(|line| !line.starts_with("error: "));
    output.for_each(term::line);
    match reason {
        Some(reason) => bail!("{reason}"),
        None => Err(anyhow!("the supervisor {}", process::describe_exit(status))),
    }
}
