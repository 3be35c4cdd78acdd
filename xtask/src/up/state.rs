//! What is known about a run, as `run.json` tells it to everybody else.

use serde::{Deserialize, Serialize};

use super::Ports;

/// A run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Run {
    /// The supervisor's process id.
    pub(crate) supervisor: u32,
    /// When it started, in seconds since 1970.
    pub(crate) started: u64,
    pub(crate) release: bool,
    pub(crate) ports: Ports,
    /// In starting order.
    pub(crate) services: Vec<ServiceState>,
}

/// A service of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ServiceState {
    pub(crate) name: String,
    pub(crate) pid: Option<u32>,
    pub(crate) state: State,
    /// Why it is not ready, in words.
    pub(crate) reason: String,
    pub(crate) listen: u16,
    pub(crate) admin: u16,
    /// When its process started, in seconds since 1970.
    pub(crate) started: Option<u64>,
    /// How often it had to be started again because it died.
    pub(crate) restarts: u32,
}

/// How a service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// Its predecessor is not ready yet.
    Waiting,
    /// It runs, and is not ready yet.
    Starting,
    /// It was ready when the supervisor asked last.
    Ready,
    /// It died and is started again in a moment.
    Died,
    /// It is being stopped.
    Stopping,
    /// It died too often; only `cargo xtask restart` starts it again.
    Stopped,
}

impl State {
    /// As `ps` shows it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Starting => "starting",
            Self::Ready => "ready",
            Self::Died => "died",
            Self::Stopping => "stopping",
            Self::Stopped => "stopped",
        }
    }
}

impl Run {
    /// How many deaths there were in all.
    pub(crate) fn restarts(&self) -> u32 {
        self.services.iter().map(|service| service.restarts).sum()
    }
}
