//! The loop that starts services, starts again what dies, and stops everything in order.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Result, anyhow};

use super::{
    events::Event,
    managed::{Managed, Notice, Reply, STOP_PATIENCE},
    plan::Plan,
    process::{Process, tail},
    state::Run,
};
use crate::term;

const TICK: Duration = Duration::from_millis(50);
const LOGS_CHECKED_EVERY: Duration = Duration::from_secs(10);
/// Log lines shown when a service dies.
const LAST_WORDS: usize = 8;
/// How long the next service waits with stopping for the one that calls it. A stream that does not
/// end must not use up the time the store needs to close in order.
const STEP_PATIENCE: Duration = Duration::from_secs(10);

/// Starts, watches and stops the services of one run.
pub(crate) struct Supervisor<'a> {
    plan: &'a Plan,
    services: Vec<Managed>,
    events: Receiver<Event>,
    started: u64,
    published: Option<Run>,
}

impl<'a> Supervisor<'a> {
    /// Begins new logs and publishes the state. Nothing is started yet.
    ///
    /// # Errors
    /// The home cannot be written to.
    pub(crate) fn new(plan: &'a Plan, events: Receiver<Event>) -> Result<Self> {
        plan.instances.iter().for_each(|instance| plan.home.rotate(&instance.name));
        let started = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
        let services = plan.instances.iter().cloned().map(Managed::new).collect();
        let mut supervisor = Self { plan, services, events, started, published: None };
        supervisor.publish()?;
        Ok(supervisor)
    }

    /// Runs until it is told to stop or cannot go on; then everything has ended.
    ///
    /// # Errors
    /// A service that does not come up, or a front that failed.
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
                Ok(Event::Front(loaded)) => loaded?,
                Ok(Event::Restart { service, reply }) => self.restart(&service, reply),
                Err(RecvTimeoutError::Timeout) => {}
            }
            let mut its_turn = true;
            for index in 0..self.services.len() {
                let service = &mut self.services[index];
                let notice = service.step(self.plan, its_turn)?;
                its_turn &= service.was_ready();
                if let Some(notice) = notice {
                    self.tell(&self.services[index].instance.name, notice)?;
                }
            }
            self.publish()?;
            if logs_checked.elapsed() > LOGS_CHECKED_EVERY {
                logs_checked = Instant::now();
                let instances = &self.plan.instances;
                instances.iter().for_each(|it| self.plan.home.rotate_if_large(&it.name));
            }
        }
    }

    fn restart(&mut self, name: &str, reply: Reply) {
        match self.services.iter_mut().find(|service| service.instance.name == name) {
            Some(service) => {
                term::line(&format!("{name} is restarted on request"));
                service.restart(reply);
            }
            None => {
                let known: Vec<_> =
                    self.services.iter().map(|service| service.instance.name.as_str()).collect();
                let known = known.join(", ");
                // Who asked may have left.
                reply.send(Err(format!("there is no service {name}; there are {known}"))).ok();
            }
        }
    }

    fn tell(&self, name: &str, notice: Notice) -> Result<()> {
        let last_words = || {
            let lines = tail(&self.plan.home.log(name), LAST_WORDS);
            if !lines.is_empty() {
                term::line(&term::dim(&format!("    the last lines of {name}:")));
            }
            lines.iter().for_each(|line| term::line(&term::dim(&format!("    {line}"))));
        };
        match notice {
            Notice::Died { how, again_in } => {
                term::line(&term::warn(&format!(
                    "{name} {how}; it is started again in {}",
                    term::duration(again_in)
                )));
                last_words();
            }
            Notice::GaveUp { how } => {
                term::line(&term::bad(&format!(
                    "{name} {how}, once too often within a minute, and is left alone; when it is \
                     mended: `{}`",
                    self.plan.home.command(&format!("restart {name}"))
                )));
                last_words();
            }
            Notice::Back { after } => {
                let text = format!("{name} is back after {}", term::duration(after));
                term::line(&term::good(&text));
            }
            Notice::Hopeless { how } => {
                last_words();
                return Err(anyhow!("{name} {how}"));
            }
        }
        Ok(())
    }

    /// Gateway first, so that nobody is served by half a system.
    fn stop(&mut self) {
        let begun = Instant::now();
        let mut asked_at = begun;
        let services = self.services.iter_mut().rev();
        let mut running: Vec<Running<'_>> = services
            .filter_map(|service| {
                let name = service.instance.name.clone();
                service.process().map(|process| Running { name, process, asked: false })
            })
            .collect();
        while !running.is_empty() {
            // A second SIGTERM would end a service at once, so each is asked once.
            let nobody_asked = running.iter().all(|service| !service.asked);
            if nobody_asked || asked_at.elapsed() > STEP_PATIENCE {
                asked_at = Instant::now();
                if let Some(next) = running.iter_mut().find(|service| !service.asked) {
                    next.process.terminate();
                    next.asked = true;
                }
            }
            let names: Vec<_> = running.iter().map(|service| service.name.as_str()).collect();
            term::live(&format!("stopping {} (Ctrl+C again stops at once)", names.join(", ")));
            let again = matches!(self.events.recv_timeout(TICK), Ok(Event::Stop));
            if again || begun.elapsed() > STOP_PATIENCE {
                for service in running.drain(..) {
                    service.process.kill();
                    term::line(&term::warn(&format!("{} was killed", service.name)));
                }
            }
            running.retain_mut(|service| service.process.ended().is_none());
        }
        term::done(&format!("stopped in {}", term::duration(begun.elapsed())));
    }

    fn publish(&mut self) -> Result<()> {
        let run = Run {
            supervisor: std::process::id(),
            started: self.started,
            release: self.plan.release,
            ports: self.plan.ports,
            services: self.services.iter().map(Managed::state).collect(),
        };
        if self.published.as_ref() != Some(&run) {
            self.plan.home.write_run(&run)?;
            self.published = Some(run);
        }
        Ok(())
    }
}

struct Running<'a> {
    name: String,
    process: &'a mut Process,
    /// To end in order.
    asked: bool,
}
