//! The Consul agent through which services of a run find each other.

use std::{path::PathBuf, process::Command};

use anyhow::{Context as _, Result, bail};

use crate::{http, machine, provision, term};

/// Where agents listen unless told otherwise.
pub(crate) const DEFAULT_PORT: &str = "8500";
/// How often it asks services how they are, in seconds: on a developer's machine often.
const CHECK_INTERVAL: &str = "2";

/// An agent on the loopback interface.
#[derive(Debug, Clone)]
pub(crate) struct Consul {
    pub(crate) port: u16,
    /// What is started if none runs.
    start: Option<Start>,
}

#[derive(Debug, Clone)]
struct Start {
    program: PathBuf,
    gossip: u16,
    server: u16,
}

impl Consul {
    /// The agent that answers on this port, or one that will be started there.
    ///
    /// # Errors
    /// Something else listens there, or there is no Consul to start.
    pub(crate) fn find(port: u16, mut free: impl FnMut() -> u16) -> Result<Self> {
        if probe(port).is_ok() {
            return Ok(Self { port, start: None });
        }
        if !machine::is_free(port) {
            let holder = machine::holder(port).map(|who| format!(" by {who}")).unwrap_or_default();
            bail!(
                "port {port} is taken{holder}, and not by a Consul agent that has a leader; name \
                 another with `--consul PORT`"
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
                "no Consul agent runs on port {port}, and none can be started; cure: {}",
                provision::CONSUL_CURE
            )
        })?;
        Ok(Self { port, start: Some(Start { program, gossip: free(), server: free() }) })
    }

    /// Whether it is ours to start.
    pub(crate) fn is_started(&self) -> bool {
        self.start.is_some()
    }

    /// The command that runs it: for development, in memory, ending with us.
    pub(crate) fn command(&self) -> Result<Command> {
        let start = self.start.as_ref().context("the agent is not ours to start")?;
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

    /// What a service is told.
    pub(crate) fn settings(&self) -> [String; 4] {
        [
            "--registry".to_owned(),
            format!("consul://127.0.0.1:{}", self.port),
            "--registry-check-interval".to_owned(),
            CHECK_INTERVAL.to_owned(),
        ]
    }
}

/// Asks an agent whether there is a leader.
///
/// # Errors
/// There is none yet, or no agent.
pub(crate) fn probe(port: u16) -> Result<(), String> {
    match http::get(port, "/v1/status/leader") {
        Ok((200, body)) if body.contains(':') => Ok(()),
        Ok((200, _)) => Err("electing a leader".to_owned()),
        Ok((status, _)) => Err(format!("answers {status}")),
        Err(_) => Err("not listening yet".to_owned()),
    }
}
