//! `up` in a terminal: supervisor and startup in one process.

use std::{
    fs,
    sync::{Arc, atomic::AtomicBool, atomic::Ordering, mpsc},
    thread,
};

use anyhow::Result;

use super::{
    control,
    events::{self, Event},
    plan::Plan,
    run_dir::Lock,
    startup,
    supervisor::Supervisor,
    watcher::Watcher,
};

/// Runs the system until it is stopped.
///
/// # Errors
/// If the system does not start.
pub(crate) fn run(plan: &Plan, _lock: Lock) -> Result<()> {
    supervise(plan, true)
}

/// Runs the supervisor and, if `with_startup`, the startup in another thread. The caller holds the lock.
///
/// # Errors
/// As [`run`].
pub(crate) fn supervise(plan: &Plan, with_startup: bool) -> Result<()> {
    let (sender, events) = mpsc::channel();
    let stop = Arc::new(AtomicBool::new(false));
    events::listen_to_signals(sender.clone(), stop.clone())?;
    control::serve(&plan.run_dir, sender.clone())?;
    let supervisor = Supervisor::new(plan, events)?;
    let ended = thread::scope(|threads| {
        if with_startup {
            let stop = stop.clone();
            threads.spawn(move || {
                let result = startup::run(Watcher::new(plan, &stop, Box::new(|| Ok(()))));
                sender.send(Event::StartupDone(result)).ok(); // the supervisor may have ended
            });
        }
        let ended = supervisor.run();
        stop.store(true, Ordering::Relaxed);
        ended
    });
    plan.run_dir.forget_run();
    if plan.remove_run_dir {
        fs::remove_dir_all(&plan.run_dir.dir).ok(); // temporary: the system cleans it up as well
    }
    ended
}
