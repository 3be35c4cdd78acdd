//! The Consul agent for service discovery in a run.

use std::{path::PathBuf, process::Command};

use anyhow::{Context as _, Result, bail};

use crate::{http, machine, provision, term};

/// Consul's default port.
pub(crate) const DEFAULT_PORT: &str = "8500";
/// Interval of health checks, in seconds: short, for development.
const CHECK_INTERVAL: &str = "2";

/// An agent on the loopback interface.
#[derive(Debug, Clone)]
pub(crate) struct Consul {
    pub(crate) port: u16,
    /// The agent to start; `None` if one is running already.
    start: Option<Start>,
}

#[derive(Debug, Clone)]
struct Start {
    program: PathBuf,
    gossip: u16,
    server: u16,
}

impl Consul {
    /// Finds the agent that is running on this port, or the program to start one.
    ///
    /// # Errors
    /// If another process listens on the port, or Consul is not installed.
    pub(crate) fn find(port: u16, mut free: impl FnMut() -> u16) -> Result<Self> {
        if probe(port).is_ok() {
            return Ok(Self { port, start: None });
        }
        if !machine::is_free(port) {
            let holder = machine::holder(port).map(|who| format!(" by {who}")).unwrap_or_default();
            bail!(
                "port {port} is taken{holder}, and not by a Consul agent with a leader; use another \
                 port with `--consul PORT`"
            );
        }
        let program = machine::consul().map_or_else(
            || {
                term::live("unpacking Consul");
                provision::unpack_consul()
            },
            Ok,
        );
        let program = program.with_context(|| {
            format!(
                "no Consul agent is running on port {port}, and none can be started; fix: {}",
                provision::CONSUL_FIX
            )
        })?;
        Ok(Self { port, start: Some(Start { program, gossip: free(), server: free() }) })
    }

    /// Whether this run starts the agent.
    pub(crate) fn is_started(&self) -> bool {
        self.start.is_some()
    }

    /// The command that starts a development agent, in memory.
    pub(crate) fn command(&self) -> Result<Command> {
        let start = self.start.as_ref().context("the agent is running already")?;
        let settings = format!(
            "ports {{ http = {} dns = -1 grpc = -1 serf_lan = {} serf_wan = -1 server = {} }} \
             disable_update_check = true",
            self.port, start.gossip, start.server
        );
        let mut command = Command::new(std::env::current_exe().context("finding this program")?);
        command.arg("guard").arg(&start.program);
        command.args(["agent", "-dev", "-log-level=warn", "-node=up", "-hcl", &settings]);
        Ok(command)
    }

    /// Command-line options of services that use the agent.
    pub(crate) fn options(&self) -> [String; 4] {
        [
            "--registry".to_owned(),
            format!("consul://127.0.0.1:{}", self.port),
            "--registry-check-interval".to_owned(),
            CHECK_INTERVAL.to_owned(),
        ]
    }
}

/// Checks whether an agent is running and has a leader.
///
/// # Errors
/// If not, with the reason.
pub(crate) fn probe(port: u16) -> Result<(), String> {
    match http::get(port, "/v1/status/leader") {
        Ok((200, body)) if body.contains(':') => Ok(()),
        Ok((200, _)) => Err("electing a leader".to_owned()),
        Ok((status, _)) => Err(format!("responds with {status}")),
        Err(_) => Err("not listening yet".to_owned()),
    }
}
