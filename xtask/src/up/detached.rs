//! Supervisor and front in two processes: the front returns, the supervisor stays.

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

use super::{Args, attached, front::Front, home::Lock, plan::Plan, process};
use crate::term;

/// Longer than the supervisor takes to stop or kill everything.
const STOP_PATIENCE: Duration = Duration::from_secs(45);

/// Starts a supervisor, brings everything up and returns.
///
/// # Errors
/// Whatever keeps the system from coming up; then nothing runs any more.
pub(crate) fn start(args: &Args, plan: &Plan, lock: Lock) -> Result<()> {
    plan.home.rotate("up");
    let path = plan.home.log("up");
    let log = File::options().create(true).append(true).open(&path);
    let log = log.with_context(|| format!("opening {}", path.display()))?;
    let mut command = Command::new(std::env::current_exe().context("finding this program")?);
    command.args(["up", "--supervisor", "--no-build", "--data-dir"]).arg(&plan.home.dir);
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
    if plan.remove_home {
        command.arg("--remove-data-dir");
    }
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);

    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        flag::register(signal, stop.clone()).context("listening to signals")?;
    }
    // The supervisor holds the lock from here; we cannot hand over ours.
    drop(lock);
    let mut supervisor = command.spawn().context("starting the supervisor")?;
    // Read through our own file: an ephemeral run removes its folder when it ends.
    let mut output = File::open(&path).with_context(|| format!("opening {}", path.display()))?;
    let check = Box::new(|| still_runs(&mut supervisor, &mut output));
    let up = Front::new(plan, &stop, check).run();
    if up.is_err() && supervisor.try_wait().is_ok_and(|ended| ended.is_none()) {
        term::live("stopping");
        let pid = supervisor.id();
        process::terminate(pid);
        let mut ended = || supervisor.try_wait().is_ok_and(|ended| ended.is_some());
        if !process::wait_until(STOP_PATIENCE, &mut ended) {
            process::group_kill(pid);
        }
        term::clear();
    }
    up
}

/// What the process started by [`start`] does.
///
/// # Errors
/// Whatever keeps the system from coming up.
pub(crate) fn supervise(args: &Args) -> Result<()> {
    setsid().context("leaving the terminal's session")?;
    let plan = args.plan()?;
    let _lock = plan.home.claim()?;
    attached::supervise(&plan, false)
}

/// Fails with the supervisor's own words when it has ended.
fn still_runs(supervisor: &mut Child, output: &mut File) -> Result<()> {
    let Some(status) = supervisor.try_wait().context("looking at the supervisor")? else {
        return Ok(());
    };
    let mut text = String::new();
    output.read_to_string(&mut text).context("reading the supervisor's log")?;
    let reason = text.lines().rev().find_map(|line| line.strip_prefix("error: "));
    let words = text.lines().filter(|line| !line.starts_with("error: "));
    words.for_each(term::line);
    match reason {
        Some(reason) => bail!("{reason}"),
        None => Err(anyhow!("the supervisor {}", process::ending(status))),
    }
}
