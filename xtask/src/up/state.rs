//! The published state of a run, in `run.json`.

use serde::{Deserialize, Serialize};

use super::Ports;

/// A run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Run {
    /// The supervisor's process id.
    pub(crate) supervisor: u32,
    /// Start time, in seconds since 1970.
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
    /// Why it is not ready.
    pub(crate) reason: String,
    pub(crate) listen: u16,
    pub(crate) admin: u16,
    /// Start time of its process, in seconds since 1970.
    pub(crate) started: Option<u64>,
    /// Number of restarts after a death.
    pub(crate) restarts: u32,
}

/// State of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// Waiting until its predecessor is ready.
    Waiting,
    /// Running, but not ready yet.
    Starting,
    /// Ready at the last probe of the supervisor.
    Ready,
    /// Died, and will be restarted.
    Died,
    /// Being stopped.
    Stopping,
    /// Died too often; `cargo xtask restart` starts it again.
    Stopped,
}

impl State {
    /// The name shown by `ps`.
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
    /// Total number of restarts.
    pub(crate) fn restarts(&self) -> u32 {
        self.services.iter().map(|service| service.restarts).sum()
    }
}
