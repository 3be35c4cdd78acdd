//! Supervisor and front in one process, for a terminal.

use std::{
    fs,
    sync::{Arc, atomic::AtomicBool, atomic::Ordering, mpsc},
    thread,
};

use anyhow::Result;

use super::{
    control,
    events::{self, Event},
    front::Front,
    home::Lock,
    plan::Plan,
    supervisor::Supervisor,
};

/// Runs the system until it is told to stop.
///
/// # Errors
/// Whatever keeps it from coming up.
pub(crate) fn run(plan: &Plan, _lock: Lock) -> Result<()> {
    supervise(plan, true)
}

/// Supervises, and does the front's work too if `with_front`. The caller holds the lock.
///
/// # Errors
/// As [`run`].
pub(crate) fn supervise(plan: &Plan, with_front: bool) -> Result<()> {
    let (sender, events) = mpsc::channel();
    let stop = Arc::new(AtomicBool::new(false));
    events::listen_to_signals(sender.clone(), stop.clone())?;
    control::serve(&plan.home, sender.clone())?;
    let supervisor = Supervisor::new(plan, events)?;
    let ended = thread::scope(|threads| {
        if with_front {
            let stop = stop.clone();
            threads.spawn(move || {
                let loaded = Front::new(plan, &stop, Box::new(|| Ok(()))).run();
                sender.send(Event::Front(loaded)).ok(); // the supervisor may have ended
            });
        }
        let ended = supervisor.run();
        stop.store(true, Ordering::Relaxed);
        ended
    });
    plan.home.forget_run();
    if plan.remove_home {
        fs::remove_dir_all(&plan.home.dir).ok(); // a temporary folder: the system cleans up too
    }
    ended
}
