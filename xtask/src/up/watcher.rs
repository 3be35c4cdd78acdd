//! Watches the supervisor from another thread or process, through the published state of the run.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

use super::{
    plan::Plan,
    state::{Run, ServiceState, State},
};
use crate::term;

const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Waits for states of services, until the user stops the run or the supervisor ends.
pub(crate) struct Watcher<'a> {
    pub(crate) plan: &'a Plan,
    stop: &'a AtomicBool,
    /// Fails if the supervisor has ended.
    check: Box<dyn FnMut() -> Result<()> + 'a>,
}

impl<'a> Watcher<'a> {
    pub(crate) fn new(
        plan: &'a Plan,
        stop: &'a AtomicBool,
        check: Box<dyn FnMut() -> Result<()> + 'a>,
    ) -> Self {
        Self { plan, stop, check }
    }

    /// Sleeps between two polls.
    ///
    /// # Errors
    /// If the user has stopped the run, or the supervisor has ended.
    pub(crate) fn pause(&mut self) -> Result<()> {
        thread::sleep(POLL_INTERVAL);
        (self.check)()?;
        if self.stop.load(Ordering::Relaxed) {
            bail!("stopped before everything was ready");
        }
        Ok(())
    }

    /// The published state of the run.
    pub(crate) fn state(&self) -> Option<Run> {
        self.plan.run_dir.read_run()
    }

    /// Waits until all services are ready.
    ///
    /// # Errors
    /// As [`pause`](Self::pause).
    pub(crate) fn wait_for_all(&mut self) -> Result<()> {
        let ready = |run: Run| run.services.iter().all(|service| service.state == State::Ready);
        while !self.state().is_some_and(ready) {
            self.pause()?;
        }
        Ok(())
    }

    /// Waits until a service is ready for the first time, and shows its progress.
    ///
    /// # Errors
    /// As [`pause`](Self::pause).
    pub(crate) fn wait_for(&mut self, name: &str) -> Result<()> {
        let mut started_at = None;
        loop {
            let state =
                self.state().and_then(|run| run.services.into_iter().find(|s| s.name == name));
            match state {
                Some(ServiceState { state: State::Ready, listen, .. }) => {
                    let took = started_at
                        .map_or(Duration::ZERO, |started_at: Instant| started_at.elapsed());
                    term::done(&format!(
                        "{} {name:<10} ready on port {listen} {}",
                        term::good("✓"),
                        term::dim(&format!("({})", term::duration(took)))
                    ));
                    return Ok(());
                }
                Some(ServiceState { state, reason, .. }) if state != State::Waiting => {
                    started_at.get_or_insert_with(Instant::now);
                    term::live(&format!("… {name:<10} {reason}"));
                }
                _ => {}
            }
            self.pause()?;
        }
    }
}
