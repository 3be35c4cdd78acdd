//! State machine of a supervised service.

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

/// Timeout for becoming ready. Building an index for the first time takes minutes.
const START_TIMEOUT: Duration = Duration::from_secs(600);
/// Timeout for ending after SIGTERM.
pub(crate) const STOP_TIMEOUT: Duration = Duration::from_secs(30);
/// Number of deaths within [`DEATH_WINDOW`] up to which a service is restarted.
const MAX_DEATHS: usize = 5;
const DEATH_WINDOW: Duration = Duration::from_secs(60);
const PROBE_INTERVAL: Duration = Duration::from_millis(100);

/// Channel for the result of a requested restart.
pub(crate) type Reply = Sender<Result<String, String>>;

/// Events of a service to be reported to the user.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// It died, and will be restarted.
    Died { how: String, restart_in: Duration },
    /// It died too often, and will not be restarted.
    GaveUp { how: String },
    /// It is ready again, some time after it died.
    Recovered { after: Duration },
    /// It ended or hung before it was ever ready, and will not be restarted.
    FailedToStart { how: String },
}

/// A supervised service.
pub(crate) struct ManagedService {
    pub(crate) instance: Instance,
    process: Option<Process>,
    phase: Phase,
    reason: String,
    ever_ready: bool,
    restarts: u32,
    deaths: VecDeque<Instant>,
    replies: Vec<Reply>,
}

enum Phase {
    /// Waiting for the services before it.
    Waiting,
    Starting {
        since: Instant,
        probed: Instant,
        /// Time of its death, if it is restarted after one.
        died: Option<Instant>,
    },
    Ready,
    Died {
        at: Instant,
        until: Instant,
    },
    /// Stopping for a requested restart.
    Stopping {
        kill_at: Instant,
    },
    Stopped,
}

impl ManagedService {
    pub(crate) fn new(instance: Instance) -> Self {
        Self {
            instance,
            process: None,
            phase: Phase::Waiting,
            reason: String::new(),
            ever_ready: false,
            restarts: 0,
            deaths: VecDeque::new(),
            replies: Vec::new(),
        }
    }

    pub(crate) fn was_ready(&self) -> bool {
        self.ever_ready
    }

    /// Its process, unless that is known to have ended.
    pub(crate) fn process(&mut self) -> Option<&mut Process> {
        self.process.as_mut()
    }

    /// Checks the process, and makes the next transition if it is due.
    ///
    /// # Errors
    /// If the program cannot be started.
    pub(crate) fn step(&mut self, plan: &Plan, its_turn: bool) -> Result<Option<Notice>> {
        let now = Instant::now();
        if let Some(status) = self.process.as_mut().and_then(Process::ended) {
            self.process = None;
            return match self.phase {
                Phase::Stopping { .. } => self.start(plan, None).map(|()| None),
                _ => Ok(Some(self.died(
                    process::describe_exit(status),
                    status.code().is_some(),
                    now,
                ))),
            };
        }
        match self.phase {
            Phase::Waiting if its_turn => self.start(plan, None)?,
            Phase::Died { at, until } if now >= until => {
                self.restarts += 1;
                self.start(plan, Some(at))?;
            }
            Phase::Starting { since, probed, died } if now - probed >= PROBE_INTERVAL => {
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

    /// Stops and starts the service; replies when it is ready.
    pub(crate) fn restart(&mut self, reply: Reply) {
        self.replies.push(reply);
        self.deaths.clear();
        self.phase = match &self.process {
            Some(process) => {
                process.terminate();
                Phase::Stopping { kill_at: Instant::now() + STOP_TIMEOUT }
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
        let log = plan.run_dir.log(&self.instance.name);
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
                self.reply(Ok(format!("{} is ready again", self.instance.name)));
                died.map(|died| Notice::Recovered { after: died.elapsed() })
            }
            Err(reason) => {
                let late = since.elapsed() > START_TIMEOUT;
                if late && !self.ever_ready {
                    let minutes = START_TIMEOUT.as_secs() / 60;
                    let how = format!("was not ready after {minutes} minutes: {reason}");
                    return Some(Notice::FailedToStart { how });
                }
                if late {
                    let name = &self.instance.name;
                    self.reply(Err(format!("{name} is not ready: {reason}")));
                }
                self.reason = reason;
                self.phase = Phase::Starting { since, probed: Instant::now(), died };
                None
            }
        }
    }

    /// Handles the end of the process. A service that `exited` by itself before it was ever ready would
    /// do so again, and is not restarted.
    fn died(&mut self, how: String, exited: bool, now: Instant) -> Notice {
        self.reason.clone_from(&how);
        if exited && !self.ever_ready {
            self.phase = Phase::Stopped;
            return Notice::FailedToStart { how };
        }
        self.deaths.push_back(now);
        self.deaths.retain(|death| now - *death < DEATH_WINDOW);
        if self.deaths.len() > MAX_DEATHS {
            self.phase = Phase::Stopped;
            self.reply(Err(format!("{} {how}", self.instance.name)));
            return Notice::GaveUp { how };
        }
        let restart_in = backoff(self.deaths.len());
        self.phase = Phase::Died { at: now, until: now + restart_in };
        Notice::Died { how, restart_in }
    }

    fn reply(&mut self, result: Result<String, String>) {
        for reply in self.replies.drain(..) {
            reply.send(result.clone()).ok(); // the client may have disconnected
        }
    }
}

/// Delay before a restart: 0.2 s, 0.4 s, 0.8 s, 1.6 s, 3.2 s.
fn backoff(deaths: usize) -> Duration {
    Duration::from_millis(100 << deaths.min(MAX_DEATHS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue() -> ManagedService {
        let name = "catalogue".to_owned();
        ManagedService::new(Instance { name, program: "catalogue", listen: 1, admin: 2 })
    }

    #[test]
    fn a_service_that_ends_before_it_was_ready_fails_to_start() {
        let mut service = catalogue();
        let notice = service.died("ended with exit code 1".into(), true, Instant::now());
        assert!(matches!(notice, Notice::FailedToStart { .. }), "{notice:?}");
    }

    #[test]
    fn a_killed_service_is_restarted_five_times_a_minute() {
        let mut service = catalogue();
        let now = Instant::now();
        for death in 1..=MAX_DEATHS {
            let notice = service.died("was ended by SIGKILL".into(), false, now);
            assert!(
                matches!(notice, Notice::Died { restart_in, .. } if restart_in == backoff(death))
            );
        }
        let notice = service.died("was ended by SIGKILL".into(), false, now);
        assert!(matches!(notice, Notice::GaveUp { .. }), "{notice:?}");

        let mut service = catalogue();
        for minute in 0..20 {
            let then = now + minute * DEATH_WINDOW;
            let notice = service.died("was ended by SIGKILL".into(), false, then);
            assert!(matches!(notice, Notice::Died { .. }), "{notice:?}");
        }
    }
}
