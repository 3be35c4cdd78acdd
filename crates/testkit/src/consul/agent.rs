//! A real Consul.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use http::Method;
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{sync::OnceCell, task::spawn_blocking, time::timeout};

use super::guardian::Guardian;
use crate::{http_client::request, ports::free_ports, provision::Provision};

/// Timeout of a start, which takes 1.5 s on an idle machine.
const START_TIMEOUT: Duration = Duration::from_secs(60);
/// Maximum number of starts: a free port may be taken before the agent binds it.
const MAX_STARTS: usize = 4;
const CALL_TIMEOUT: Duration = Duration::from_secs(5);
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// `CONSUL_BIN`, one on `PATH`, or Debian's package.
static CONSUL: Provision = Provision {
    name: "Consul",
    script: "consul",
    fix: "cargo xtask test, on Debian; otherwise install Consul, or set CONSUL_BIN to its program",
    found: OnceLock::new(),
};

/// Options of a Consul.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsulOptions {
    /// Whether requests require a token.
    pub acl: bool,
    /// Number of servers: 1, or 3, which elect a leader.
    pub servers: usize,
    /// Whether the data survive a restart. Without this, it is a development agent, which starts faster.
    pub persistent: bool,
}

impl Default for ConsulOptions {
    fn default() -> Self {
        Self { acl: false, servers: 1, persistent: false }
    }
}

/// A Consul on free ports of the loopback interface. Ends when it is dropped, and with the process, even
/// if that is killed.
#[derive(Debug)]
pub struct Consul {
    program: PathBuf,
    options: ConsulOptions,
    agents: Vec<Agent>,
    token: Option<String>,
}

#[derive(Debug)]
struct Agent {
    dir: TempDir,
    ports: [u16; 3],
    arguments: Vec<String>,
    running: Option<Guardian>,
}

impl Consul {
    /// The development agent that all tests of this process share. Starts at the first use. `None`,
    /// reported on standard error, if Consul is missing.
    ///
    /// # Panics
    /// With `CI=true` if Consul is missing, or if it does not start.
    pub async fn shared() -> Option<&'static Self> {
        static SHARED: OnceCell<Option<Consul>> = OnceCell::const_new();
        let start = async || {
            let started = Self::start(ConsulOptions::default()).await;
            started.unwrap_or_else(|error| panic!("no Consul for tests: {error:#}"))
        };
        SHARED.get_or_init(start).await.as_ref()
    }

    /// Starts a private Consul. `None`, reported on standard error, if Consul is missing.
    ///
    /// # Errors
    /// It does not start.
    ///
    /// # Panics
    /// With `CI=true` if Consul is missing.
    pub async fn start(options: ConsulOptions) -> anyhow::Result<Option<Self>> {
        let Some(program) = spawn_blocking(|| CONSUL.find()).await? else { return Ok(None) };
        let mut failure = None;
        for _ in 0..MAX_STARTS {
            let mut consul = Self::new(program.clone(), options)?;
            match consul.launch().await {
                Ok(()) => return Ok(Some(consul)),
                Err(error) if format!("{error:#}").contains("address already in use") => {
                    failure = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
        Err(failure.context("no start was tried")?)
    }

    fn new(program: PathBuf, options: ConsulOptions) -> anyhow::Result<Self> {
        let token = options.acl.then(uuid).transpose()?;
        let mut agents = Vec::new();
        for _ in 0..options.servers {
            let first = free_ports(3);
            let dir = tempfile::Builder::new().prefix("consul-").tempdir()?;
            let ports = [first, first + 1, first + 2];
            agents.push(Agent { dir, ports, arguments: Vec::new(), running: None });
        }
        let gossip: Vec<u16> = agents.iter().map(|agent| agent.ports[1]).collect();
        for (number, agent) in agents.iter_mut().enumerate() {
            agent.configure(number, options, token.as_deref(), &gossip)?;
        }
        Ok(Self { program, options, agents, token })
    }

    async fn launch(&mut self) -> anyhow::Result<()> {
        for index in 0..self.agents.len() {
            self.run(index)?;
        }
        self.ready().await
    }

    fn run(&mut self, index: usize) -> anyhow::Result<()> {
        let agent = &mut self.agents[index];
        let guardian = Guardian::start(agent.dir.path(), &self.program, &agent.arguments)?;
        agent.running = Some(guardian);
        Ok(())
    }

    /// Waits until all running servers list all nodes, which requires a leader.
    async fn ready(&self) -> anyhow::Result<()> {
        let began = Instant::now();
        for (index, agent) in self.agents.iter().enumerate() {
            while let Some(guardian) = &agent.running {
                let nodes = self.call_at(index, Method::GET, "/v1/catalog/nodes", None).await;
                let nodes = nodes.ok().and_then(|nodes| nodes.as_array().map(Vec::len));
                if nodes == Some(self.options.servers) {
                    break;
                }
                if !guardian.is_running() || began.elapsed() > START_TIMEOUT {
                    bail!("Consul does not start:\n{}", agent.log_tail());
                }
                tokio::time::sleep(POLL_INTERVAL).await;
            }
        }
        Ok(())
    }

    /// `host:port` of the HTTP interface of the first server.
    pub fn addr(&self) -> String {
        self.agents[0].addr()
    }

    /// `host:port` of the HTTP interfaces of all servers.
    pub fn addrs(&self) -> Vec<String> {
        self.agents.iter().map(Agent::addr).collect()
    }

    /// Addresses of the servers among each other, as in `/v1/status/leader`.
    pub fn servers(&self) -> Vec<String> {
        self.agents.iter().map(|agent| format!("127.0.0.1:{}", agent.ports[2])).collect()
    }

    /// The URL for `REGISTRY`.
    pub fn registry(&self) -> String {
        format!("consul://{}", self.addr())
    }

    /// A token with all permissions, if requests require one.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// GET from the first server.
    ///
    /// # Errors
    /// The request fails, or the response is not successful JSON.
    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.call_at(0, Method::GET, path, None).await
    }

    /// PUT to the first server.
    ///
    /// # Errors
    /// As [`Consul::get`].
    pub async fn put(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.call_at(0, Method::PUT, path, Some(body)).await
    }

    /// The ids of the passing instances of a service.
    ///
    /// # Errors
    /// As [`Consul::get`].
    pub async fn passing(&self, service: &str) -> anyhow::Result<Vec<String>> {
        let entries = self.get(&format!("/v1/health/service/{service}?passing")).await?;
        let entries = entries.as_array().context("not a list")?;
        Ok(entries
            .iter()
            .filter_map(|it| it["Service"]["ID"].as_str())
            .map(str::to_owned)
            .collect())
    }

    /// The ids of all instances of a service.
    ///
    /// # Errors
    /// As [`Consul::get`].
    pub async fn listed(&self, service: &str) -> anyhow::Result<Vec<String>> {
        let entries = self.get(&format!("/v1/catalog/service/{service}")).await?;
        let entries = entries.as_array().context("not a list")?;
        Ok(entries.iter().filter_map(|it| it["ServiceID"].as_str()).map(str::to_owned).collect())
    }

    /// Kills a server (SIGKILL). Returns whether it was running.
    ///
    /// # Panics
    /// If there is no such server.
    pub async fn kill(&mut self, server: usize) -> bool {
        let Some(guardian) = self.agents[server].running.take() else { return false };
        let was_running = guardian.is_running();
        let ended = spawn_blocking(|| guardian.end(Signal::SIGKILL)).await;
        ended.expect("ending a shell does not panic");
        was_running
    }

    /// Starts a killed server on the same ports, and waits until it is ready. Without
    /// [`ConsulOptions::persistent`] its data are lost.
    ///
    /// # Errors
    /// It does not start.
    pub async fn restart(&mut self, server: usize) -> anyhow::Result<()> {
        ensure!(self.agents[server].running.is_none(), "the server is running");
        self.run(server)?;
        self.ready().await
    }

    /// As [`Consul::restart`], without waiting until it is ready.
    ///
    /// # Errors
    /// The process cannot be started.
    pub fn restart_unready(&mut self, server: usize) -> anyhow::Result<()> {
        ensure!(self.agents[server].running.is_none(), "the server is running");
        self.run(server)
    }

    /// Freezes a server (SIGSTOP): connections stay open, and nothing responds.
    pub fn pause(&self, server: usize) {
        self.signal(server, Signal::SIGSTOP);
    }

    /// Resumes a server (SIGCONT).
    pub fn resume(&self, server: usize) {
        self.signal(server, Signal::SIGCONT);
    }

    fn signal(&self, server: usize, signal: Signal) {
        if let Some(guardian) = &self.agents[server].running {
            guardian.signal(signal);
        }
    }

    async fn call_at(
        &self,
        server: usize,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> anyhow::Result<Value> {
        let url = format!("http://{}{path}", self.agents[server].addr());
        let headers: Vec<_> =
            self.token.iter().map(|token| ("x-consul-token", token.as_str())).collect();
        let body = body.map_or_else(Vec::new, |body| body.to_string().into_bytes());
        let call = request(method, &url, &headers, body.into());
        let response = timeout(CALL_TIMEOUT, call).await.context("it timed out")??;
        ensure!(response.status.is_success(), "{path}: {} {}", response.status, response.text());
        if response.body.is_empty() { Ok(Value::Null) } else { Ok(response.json()) }
    }
}

impl Agent {
    fn configure(
        &mut self,
        number: usize,
        options: ConsulOptions,
        token: Option<&str>,
        gossip: &[u16],
    ) -> anyhow::Result<()> {
        let [http, serf, server] = self.ports;
        let dir = self.dir.path();
        let mut settings = json!({
            "node_name": format!("node-{}", number + 1),
            "bind_addr": "127.0.0.1",
            "client_addr": "127.0.0.1",
            "data_dir": dir.join("data"),
            "log_level": "warn",
            "disable_update_check": true,
            "leave_on_terminate": false,
            "performance": { "raft_multiplier": 1 },
            "ports": {
                "http": http, "https": -1, "dns": -1, "grpc": -1,
                "serf_lan": serf, "serf_wan": -1, "server": server,
            },
        });
        let fields = settings.as_object_mut().context("not an object")?;
        if let Some(token) = token {
            fields.insert(
                "acl".to_owned(),
                json!({
                    "enabled": true, "default_policy": "deny",
                    "tokens": { "master": token, "agent": token },
                }),
            );
        }
        let development = options.servers == 1 && !options.persistent;
        if !development {
            fields.insert("server".to_owned(), json!(true));
            fields.insert("bootstrap_expect".to_owned(), json!(options.servers));
        }
        if options.servers > 1 {
            let peers: Vec<_> = gossip.iter().map(|port| format!("127.0.0.1:{port}")).collect();
            fields.insert("retry_join".to_owned(), json!(peers));
            fields.insert("retry_interval".to_owned(), json!("1s"));
        }
        let file = dir.join("agent.json");
        fs::write(&file, settings.to_string())?;
        self.arguments = vec!["agent".to_owned(), format!("-config-file={}", file.display())];
        if development {
            self.arguments.push("-dev".to_owned());
        }
        Ok(())
    }

    fn addr(&self) -> String {
        format!("127.0.0.1:{}", self.ports[0])
    }

    fn log_tail(&self) -> String {
        let log = self.dir.path().join("consul.log");
        let text = fs::read_to_string::<&Path>(&log).unwrap_or_default();
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }
}

fn uuid() -> anyhow::Result<String> {
    let hex = format!("{:016x}{:016x}", getrandom::u64()?, getrandom::u64()?);
    Ok([&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-"))
}
