//! Events of the supervisor: signals, requests, end of the startup.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::Sender,
    },
    thread,
};

use anyhow::{Context as _, Result};
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    iterator::Signals,
};

use super::managed_service::Reply;

pub(crate) enum Event {
    /// A signal to stop; the first one, or another one.
    Stop,
    /// A request to restart a service.
    Restart { service: String, reply: Reply },
    /// The startup is done: everything is ready and loaded, or it failed.
    StartupDone(Result<()>),
}

/// Sends an event for each signal, and sets `stop` at the first.
///
/// # Errors
/// If the signal handlers cannot be installed.
pub(crate) fn listen_to_signals(events: Sender<Event>, stop: Arc<AtomicBool>) -> Result<()> {
    // SIGHUP: the terminal of an attached run has been closed.
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("handling signals")?;
    thread::spawn(move || {
        for _ in signals.forever() {
            stop.store(true, Ordering::Relaxed);
            if events.send(Event::Stop).is_err() {
                break; // the supervisor has ended
            }
        }
    });
    Ok(())
}
