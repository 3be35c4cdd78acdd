//! What people see of a start: waiting, loading, and where everything is.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

use super::{
    State, load,
    plan::Plan,
    state::{Run, ServiceState},
    table,
};
use crate::term;

const PAUSE: Duration = Duration::from_millis(100);

/// Watches a supervisor bring the system up, fills it, and shows it.
pub(crate) struct Front<'a> {
    pub(crate) plan: &'a Plan,
    stop: &'a AtomicBool,
    /// Fails when the supervisor has ended.
    check: Box<dyn FnMut() -> Result<()> + 'a>,
}

impl<'a> Front<'a> {
    pub(crate) fn new(
        plan: &'a Plan,
        stop: &'a AtomicBool,
        check: Box<dyn FnMut() -> Result<()> + 'a>,
    ) -> Self {
        Self { plan, stop, check }
    }

    /// Returns when all is up, filled and shown.
    ///
    /// # Errors
    /// It was told to stop, the supervisor ended, or products could not be loaded.
    pub(crate) fn run(mut self) -> Result<()> {
        for instance in &self.plan.instances {
            self.wait_for(&instance.name)?;
        }
        let products = load::load(&mut self)?;
        let services = self.state().map(|run| run.services).unwrap_or_default();
        table::show(self.plan, &services, products);
        Ok(())
    }

    /// Waits a moment.
    ///
    /// # Errors
    /// There is nothing left to wait for.
    pub(crate) fn pause(&mut self) -> Result<()> {
        thread::sleep(PAUSE);
        (self.check)()?;
        if self.stopped() {
            bail!("stopped before everything was up");
        }
        Ok(())
    }

    /// Whether the user wants everything to end.
    pub(crate) fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// The run's state, if it is published yet.
    pub(crate) fn state(&self) -> Option<Run> {
        self.plan.home.read_run()
    }

    /// Waits until every service is ready, as it may not be after one had died.
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

    fn wait_for(&mut self, name: &str) -> Result<()> {
        let mut begun = None;
        loop {
            let state =
                self.state().and_then(|run| run.services.into_iter().find(|s| s.name == name));
            match state {
                Some(ServiceState { state: State::Ready, listen, .. }) => {
                    let took = begun.map_or(Duration::ZERO, |begun: Instant| begun.elapsed());
                    term::done(&format!(
                        "{} {name:<10} ready on port {listen} {}",
                        term::good("✓"),
                        term::dim(&format!("({})", term::duration(took)))
                    ));
                    return Ok(());
                }
                Some(ServiceState { state, reason, .. }) if state != State::Waiting => {
                    begun.get_or_insert_with(Instant::now);
                    term::live(&format!("… {name:<10} {reason}"));
                }
                _ => {}
            }
            self.pause()?;
        }
    }
}
