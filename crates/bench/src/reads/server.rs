//! A server under load, ours or a peer.

use std::{path::Path, time::Duration};

use anyhow::{Context as _, Result, ensure};
use testkit::{Process, until};
use tonic::transport::Channel;

/// Protocol of a server.
#[derive(Debug, Clone)]
pub(crate) enum Protocol {
    Grpc,
    /// JSON over HTTP/1.1; `%s` in the path is replaced by the id.
    Http1 {
        path: String,
    },
}

/// Timeout of the shutdown of a dropped server.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A command and, once started, its process. Shut down gracefully when dropped, because an instrumented
/// server then writes its profile.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) name: String,
    /// `host:port` of its listener.
    pub(crate) addr: String,
    pub(crate) protocol: Protocol,
    /// Program and arguments; may begin with `/usr/bin/env` and variables.
    pub(crate) command: Vec<String>,
    /// The process behind the server, whose CPU time is measured too: its database, or the upstream of the
    /// gateway.
    pub(crate) behind: Option<u32>,
    process: Option<Running>,
}

impl Server {
    /// A server that is not started yet.
    pub(crate) fn new(name: &str, addr: String, command: Vec<String>) -> Self {
        let name = name.to_owned();
        Self { name, addr, protocol: Protocol::Grpc, command, behind: None, process: None }
    }

    /// The same, measured together with the process behind it.
    pub(crate) fn in_front_of(self, process: u32) -> Self {
        Self { behind: Some(process), ..self }
    }

    /// The same, loaded over HTTP/1.1.
    pub(crate) fn http1(self, path: &str) -> Self {
        Self { protocol: Protocol::Http1 { path: path.to_owned() }, ..self }
    }

    /// Starts it with its output in `log`, and waits until it accepts connections.
    ///
    /// # Errors
    /// It cannot be started, or ends.
    pub(crate) async fn start(&mut self, log: &Path) -> Result<()> {
        let (program, arguments) = self.command.split_first().expect("a command has a program");
        let process = Process::start(Path::new(program), arguments, log)?;
        let process = &mut self.process.insert(Running(process)).0;
        let addr = &self.addr;
        let listens = until("the server accepts connections", async || {
            if process.exit_status().is_some() {
                return Some(false);
            }
            tokio::net::TcpStream::connect(addr).await.ok().map(|_connection| true)
        });
        ensure!(listens.await, "{} ended: {}", self.name, process.log());
        Ok(())
    }

    /// Connects a typed client.
    ///
    /// # Errors
    /// The connection fails.
    pub(crate) async fn channel(&self) -> Result<Channel> {
        let endpoint = Channel::from_shared(format!("http://{}", self.addr))?;
        endpoint.connect().await.with_context(|| format!("connecting to {}", self.name))
    }

    /// Waits until one of our services is ready, according to its admin port.
    pub(crate) async fn ready(&mut self, admin: u16) {
        self.process.as_mut().expect("it was started").0.ready(admin).await;
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.process.as_ref().expect("it was started").0.id()
    }

    /// Resident memory in megabytes.
    pub(crate) fn resident_mb(&self) -> f64 {
        let process = &self.process.as_ref().expect("it was started").0;
        process.resident_bytes() as f64 / f64::from(1 << 20)
    }
}

#[derive(Debug)]
struct Running(Process);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.stop(TIMEOUT);
    }
}
