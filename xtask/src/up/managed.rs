//! A service under supervision: what state it is in, and what comes next.

use std::{
    collections::VecDeque,
    sync::mpsc::Sender,
    time::{Duration, Instant},
};

use anyhow::Result;

use super::{
    plan::{Instance, Plan},
    process::{self, Process},
    state::{ServiceState, State},
};

/// How long a service may take to become ready. A first start with much to index takes minutes.
const START_PATIENCE: Duration = Duration::from_secs(600);
/// How long a service may take to end after SIGTERM.
pub(crate) const STOP_PATIENCE: Duration = Duration::from_secs(30);
/// Deaths within [`DEATHS_WITHIN`] after which a service is left alone.
const MAX_DEATHS: usize = 5;
const DEATHS_WITHIN: Duration = Duration::from_secs(60);
const PROBE_EVERY: Duration = Duration::from_millis(100);

/// Tells who asked for a restart how it went.
pub(crate) type Reply = Sender<Result<String, String>>;

/// What happened in a step that people should hear about.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// It died, how, and how long until it is started again.
    Died { how: String, again_in: Duration },
    /// It died once too often.
    GaveUp { how: String },
    /// It is ready again after it had died, and how long it was away.
    Back { after: Duration },
    /// It ended or hung before it was ever ready: there is no use in trying again.
    Hopeless { how: String },
}

/// One service.
pub(crate) struct Managed {
    pub(crate) instance: Instance,
    process: Option<Process>,
    phase: Phase,
    reason: String,
    ever_ready: bool,
    restarts: u32,
    deaths: VecDeque<Instant>,
    asked: Vec<Reply>,
}

enum Phase {
    /// For its turn.
    Waiting,
    Starting {
        since: Instant,
        probed: Instant,
        /// When it died, if that is why it starts.
        died: Option<Instant>,
    },
    Ready,
    Died {
        at: Instant,
        until: Instant,
    },
    /// To be started again.
    Stopping {
        kill_at: Instant,
    },
    Stopped,
}

impl Managed {
    pub(crate) fn new(instance: Instance) -> Self {
        Self {
            instance,
            process: None,
            phase: Phase::Waiting,
            reason: String::new(),
            ever_ready: false,
            restarts: 0,
            deaths: VecDeque::new(),
            asked: Vec::new(),
        }
    }

    pub(crate) fn was_ready(&self) -> bool {
        self.ever_ready
    }

    /// Its process, if one runs or has not been seen to end.
    pub(crate) fn process(&mut self) -> Option<&mut Process> {
        self.process.as_mut()
    }

    /// Looks at the process and does what is due.
    ///
    /// # Errors
    /// The program cannot be started at all.
    pub(crate) fn step(&mut self, plan: &Plan, its_turn: bool) -> Result<Option<Notice>> {
        let now = Instant::now();
        if let Some(status) = self.process.as_mut().and_then(Process::ended) {
            self.process = None;
            return match self.phase {
                Phase::Stopping { .. } => self.start(plan, None).map(|()| None),
                _ => Ok(Some(self.died(process::ending(status), status.code().is_some(), now))),
            };
        }
        match self.phase {
            Phase::Waiting if its_turn => self.start(plan, None)?,
            Phase::Died { at, until } if now >= until => {
                self.restarts += 1;
                self.start(plan, Some(at))?;
            }
            Phase::Starting { since, probed, died } if now - probed >= PROBE_EVERY => {
                return Ok(self.probe(since, died));
            }
            Phase::Stopping { kill_at } if now >= kill_at => {
                self.process.as_mut().into_iter().for_each(Process::kill);
                self.process = None;
                self.start(plan, None)?;
            }
            _ => {}
        }
        Ok(None)
    }

    /// Stops it and starts it again; `reply` hears when it is ready.
    pub(crate) fn restart(&mut self, reply: Reply) {
        self.asked.push(reply);
        self.deaths.clear();
        self.phase = match &self.process {
            Some(process) => {
                process.terminate();
                Phase::Stopping { kill_at: Instant::now() + STOP_PATIENCE }
            }
            None => Phase::Waiting,
        };
    }

    pub(crate) fn state(&self) -> ServiceState {
        let Instance { name, listen, admin, .. } = &self.instance;
        ServiceState {
            name: name.clone(),
            pid: self.process.as_ref().map(Process::pid),
            state: match self.phase {
                Phase::Waiting => State::Waiting,
                Phase::Starting { .. } => State::Starting,
                Phase::Ready => State::Ready,
                Phase::Died { .. } => State::Died,
                Phase::Stopping { .. } => State::Stopping,
                Phase::Stopped => State::Stopped,
            },
            reason: self.reason.clone(),
            listen: *listen,
            admin: *admin,
            started: self.process.as_ref().map(Process::started_unix),
            restarts: self.restarts,
        }
    }

    fn start(&mut self, plan: &Plan, died: Option<Instant>) -> Result<()> {
        let log = plan.home.log(&self.instance.name);
        self.process = Some(Process::start(plan.command(&self.instance)?, &log)?);
        let now = Instant::now();
        self.reason = "starting".to_owned();
        self.phase = Phase::Starting { since: now, probed: now, died };
        Ok(())
    }

    fn probe(&mut self, since: Instant, died: Option<Instant>) -> Option<Notice> {
        match self.instance.probe() {
            Ok(()) => {
                self.reason.clear();
                self.phase = Phase::Ready;
                self.ever_ready = true;
                self.answer(Ok(format!("{} is ready again", self.instance.name)));
                died.map(|died| Notice::Back { after: died.elapsed() })
            }
            Err(reason) => {
                let late = since.elapsed() > START_PATIENCE;
                if late && !self.ever_ready {
                    let minutes = START_PATIENCE.as_secs() / 60;
                    let how = format!("was not ready after {minutes} minutes: {reason}");
                    return Some(Notice::Hopeless { how });
                }
                if late {
                    let name = &self.instance.name;
                    self.answer(Err(format!("{name} is not ready: {reason}")));
                }
                self.reason = reason;
                self.phase = Phase::Starting { since, probed: Instant::now(), died };
                None
            }
        }
    }

    /// A service that ends by itself before it was ever ready has said why, and would again.
    fn died(&mut self, how: String, by_itself: bool, now: Instant) -> Notice {
        self.reason.clone_from(&how);
        if by_itself && !self.ever_ready {
            self.phase = Phase::Stopped;
            return Notice::Hopeless { how };
        }
        self.deaths.push_back(now);
        self.deaths.retain(|death| now - *death < DEATHS_WITHIN);
        if self.deaths.len() > MAX_DEATHS {
            self.phase = Phase::Stopped;
            self.answer(Err(format!("{} {how}", self.instance.name)));
            return Notice::GaveUp { how };
        }
        let again_in = backoff(self.deaths.len());
        self.phase = Phase::Died { at: now, until: now + again_in };
        Notice::Died { how, again_in }
    }

    fn answer(&mut self, how: Result<String, String>) {
        for reply in self.asked.drain(..) {
            reply.send(how.clone()).ok(); // who asked may have left
        }
    }
}

/// 0.2 s, 0.4 s, 0.8 s, 1.6 s, 3.2 s.
fn backoff(deaths: usize) -> Duration {
    Duration::from_millis(100 << deaths.min(MAX_DEATHS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue() -> Managed {
        let name = "catalogue".to_owned();
        Managed::new(Instance { name, program: "catalogue", listen: 1, admin: 2 })
    }

    #[test]
    fn a_service_that_ends_before_it_was_ready_is_hopeless() {
        let mut service = catalogue();
        let notice = service.died("ended with exit code 1".into(), true, Instant::now());
        assert!(matches!(notice, Notice::Hopeless { .. }), "{notice:?}");
    }

    #[test]
    fn a_killed_service_comes_back_five_times_a_minute() {
        let mut service = catalogue();
        let now = Instant::now();
        for death in 1..=MAX_DEATHS {
            let notice = service.died("was ended by SIGKILL".into(), false, now);
            assert!(matches!(notice, Notice::Died { again_in, .. } if again_in == backoff(death)));
        }
        let notice = service.died("was ended by SIGKILL".into(), false, now);
        assert!(matches!(notice, Notice::GaveUp { .. }), "{notice:?}");

        let mut service = catalogue();
        for minute in 0..20 {
            let then = now + minute * DEATHS_WITHIN;
            let notice = service.died("was ended by SIGKILL".into(), false, then);
            assert!(matches!(notice, Notice::Died { .. }), "{notice:?}");
        }
    }
}
