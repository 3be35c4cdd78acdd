//! The supervisor: starts services, restarts failed ones, and stops all in order.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Result, anyhow};

use super::{
    events::Event,
    managed_service::{ManagedService, Notice, Reply, STOP_TIMEOUT},
    plan::Plan,
    process::{Process, tail},
    state::Run,
};
use crate::term;

const TICK: Duration = Duration::from_millis(50);
const LOG_CHECK_INTERVAL: Duration = Duration::from_secs(10);
/// Number of log lines shown when a service dies.
const LOG_TAIL_LINES: usize = 8;
/// Maximum time for stopping a service before the next one is stopped as well, so that a stream that
/// does not end leaves time for the database to close.
const STEP_TIMEOUT: Duration = Duration::from_secs(10);

/// Supervisor of one run.
pub(crate) struct Supervisor<'a> {
    plan: &'a Plan,
    services: Vec<ManagedService>,
    events: Receiver<Event>,
    started: u64,
    published: Option<Run>,
}

impl<'a> Supervisor<'a> {
    /// Rotates the logs and publishes the state, without starting services.
    ///
    /// # Errors
    /// If the directory cannot be written.
    pub(crate) fn new(plan: &'a Plan, events: Receiver<Event>) -> Result<Self> {
        plan.instances.iter().for_each(|instance| plan.run_dir.rotate(&instance.name));
        let started = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
        let services = plan.instances.iter().cloned().map(ManagedService::new).collect();
        let mut supervisor = Self { plan, services, events, started, published: None };
        supervisor.publish()?;
        Ok(supervisor)
    }

    /// Runs until it is stopped or fails, and stops all services.
    ///
    /// # Errors
    /// If a service does not start, or the startup fails.
    pub(crate) fn run(mut self) -> Result<()> {
        let ended = self.watch();
        self.stop();
        ended
    }

    fn watch(&mut self) -> Result<()> {
        let mut logs_checked = Instant::now();
        loop {
            match self.events.recv_timeout(TICK) {
                Ok(Event::Stop) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
                Ok(Event::StartupDone(result)) => result?,
                Ok(Event::Restart { service, reply }) => self.restart(&service, reply),
                Err(RecvTimeoutError::Timeout) => {}
            }
            let mut its_turn = true;
            for index in 0..self.services.len() {
                let service = &mut self.services[index];
                let notice = service.step(self.plan, its_turn)?;
                its_turn &= service.was_ready();
                if let Some(notice) = notice {
                    self.report(&self.services[index].instance.name, notice)?;
                }
            }
            self.publish()?;
            if logs_checked.elapsed() > LOG_CHECK_INTERVAL {
                logs_checked = Instant::now();
                let instances = &self.plan.instances;
                instances.iter().for_each(|it| self.plan.run_dir.rotate_if_large(&it.name));
            }
        }
    }

    fn restart(&mut self, name: &str, reply: Reply) {
        match self.services.iter_mut().find(|service| service.instance.name == name) {
            Some(service) => {
                term::line(&format!("restarting {name} on request"));
                service.restart(reply);
            }
            None => {
                let known: Vec<_> =
                    self.services.iter().map(|service| service.instance.name.as_str()).collect();
                let known = known.join(", ");
                // The client may have disconnected.
                reply.send(Err(format!("there is no service {name}; known: {known}"))).ok();
            }
        }
    }

    fn report(&self, name: &str, notice: Notice) -> Result<()> {
        let print_log_tail = || {
            let lines = tail(&self.plan.run_dir.log(name), LOG_TAIL_LINES);
            if !lines.is_empty() {
                term::line(&term::dim(&format!("    the last lines of {name}:")));
            }
            lines.iter().for_each(|line| term::line(&term::dim(&format!("    {line}"))));
        };
        match notice {
            Notice::Died { how, restart_in } => {
                term::line(&term::warn(&format!(
                    "{name} {how}; restarting it in {}",
                    term::duration(restart_in)
                )));
                print_log_tail();
            }
            Notice::GaveUp { how } => {
                term::line(&term::bad(&format!(
                    "{name} {how}, too often within a minute, and is not restarted; when it is \
                     fixed: `{}`",
                    self.plan.run_dir.command(&format!("restart {name}"))
                )));
                print_log_tail();
            }
            Notice::Recovered { after } => {
                let text = format!("{name} is ready again after {}", term::duration(after));
                term::line(&term::good(&text));
            }
            Notice::FailedToStart { how } => {
                print_log_tail();
                return Err(anyhow!("{name} {how}"));
            }
        }
        Ok(())
    }

    /// Stops all services in reverse order, so that none loses an upstream before it is stopped.
    fn stop(&mut self) {
        let started_at = Instant::now();
        let mut signalled_at = started_at;
        let services = self.services.iter_mut().rev();
        let mut running: Vec<Running<'_>> = services
            .filter_map(|service| {
                let name = service.instance.name.clone();
                service.process().map(|process| Running { name, process, signalled: false })
            })
            .collect();
        while !running.is_empty() {
            // One SIGTERM for each service, because a second one would skip its graceful shutdown.
            let none_stopping = running.iter().all(|service| !service.signalled);
            if none_stopping || signalled_at.elapsed() > STEP_TIMEOUT {
                signalled_at = Instant::now();
                if let Some(next) = running.iter_mut().find(|service| !service.signalled) {
                    next.process.terminate();
                    next.signalled = true;
                }
            }
            let names: Vec<_> = running.iter().map(|service| service.name.as_str()).collect();
            term::live(&format!("stopping {} (Ctrl+C again kills)", names.join(", ")));
            let again = matches!(self.events.recv_timeout(TICK), Ok(Event::Stop));
            if again || started_at.elapsed() > STOP_TIMEOUT {
                for service in running.drain(..) {
                    service.process.kill();
                    term::line(&term::warn(&format!("{} was killed", service.name)));
                }
            }
            running.retain_mut(|service| service.process.ended().is_none());
        }
        term::done(&format!("stopped in {}", term::duration(started_at.elapsed())));
    }

    fn publish(&mut self) -> Result<()> {
        let run = Run {
            supervisor: std::process::id(),
            started: self.started,
            release: self.plan.release,
            ports: self.plan.ports,
            services: self.services.iter().map(ManagedService::state).collect(),
        };
        if self.published.as_ref() != Some(&run) {
            self.plan.run_dir.write_run(&run)?;
            self.published = Some(run);
        }
        Ok(())
    }
}

struct Running<'a> {
    name: String,
    process: &'a mut Process,
    /// Whether SIGTERM was sent.
    signalled: bool,
}
