//! A real agent of a test.

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
use crate::{Fleet, http_client, provision::Provision};

/// For a start, which takes 1.5 s, on a busy machine.
const START_PATIENCE: Duration = Duration::from_secs(60);
/// A port may be taken between our finding it free and the agent's start.
const TRIES: usize = 4;
const CALL_WITHIN: Duration = Duration::from_secs(5);
const BETWEEN: Duration = Duration::from_millis(50);

/// That of `CONSUL_BIN`, the one on `PATH`, else Debian's.
static CONSUL: Provision = Provision {
    what: "Consul",
    script: "consul",
    cure: "cargo xtask test, on Debian; else install Consul, or set CONSUL_BIN to its program",
    found: OnceLock::new(),
};

/// How an agent is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsulOptions {
    /// Whether calls need a token; without one they are denied everything.
    pub acl: bool,
    /// How many servers there are: 1, or 3, which elect a leader.
    pub servers: usize,
    /// Whether a restarted agent still knows what it knew: it is no agent for development then, and
    /// takes longer to start.
    pub keeps: bool,
}

impl Default for ConsulOptions {
    fn default() -> Self {
        Self { acl: false, servers: 1, keeps: false }
    }
}

/// A Consul on free ports of the loopback interface. Ends when it is dropped, and with the process,
/// however that ends.
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
    /// The one of this process, an agent for development, started when it is first asked for.
    /// Nothing, said aloud, where there is no Consul.
    ///
    /// # Panics
    /// With `CI=true` and no Consul, or when it does not start.
    pub async fn shared() -> Option<&'static Self> {
        static SHARED: OnceCell<Option<Consul>> = OnceCell::const_new();
        let start = async || {
            let started = Self::start(ConsulOptions::default()).await;
            started.unwrap_or_else(|error| panic!("no Consul for tests: {error:#}"))
        };
        SHARED.get_or_init(start).await.as_ref()
    }

    /// One of a test's own. Nothing, said aloud, where there is no Consul.
    ///
    /// # Errors
    /// It does not start.
    ///
    /// # Panics
    /// With `CI=true` and no Consul.
    pub async fn start(options: ConsulOptions) -> anyhow::Result<Option<Self>> {
        let Some(program) = spawn_blocking(|| CONSUL.find()).await? else { return Ok(None) };
        let mut failure = None;
        for _ in 0..TRIES {
            let mut consul = Self::new(program.clone(), options)?;
            match consul.launch().await {
                Ok(()) => return Ok(Some(consul)),
                Err(error) if format!("{error:#}").contains("address already in use") => {
                    failure = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
        Err(failure.context("a first try")?)
    }

    fn new(program: PathBuf, options: ConsulOptions) -> anyhow::Result<Self> {
        let token = options.acl.then(uuid).transpose()?;
        let mut agents = Vec::new();
        for _ in 0..options.servers {
            let first = Fleet::free_ports(3);
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

    /// Waits until all that run know a leader and their own node.
    async fn ready(&self) -> anyhow::Result<()> {
        let began = Instant::now();
        for (index, agent) in self.agents.iter().enumerate() {
            while let Some(guardian) = &agent.running {
                let nodes = self.call_at(index, Method::GET, "/v1/catalog/nodes", None).await;
                let nodes = nodes.ok().and_then(|nodes| nodes.as_array().map(Vec::len));
                if nodes == Some(self.options.servers) {
                    break;
                }
                if !guardian.runs() || began.elapsed() > START_PATIENCE {
                    bail!("Consul does not start:\n{}", agent.last_words());
                }
                tokio::time::sleep(BETWEEN).await;
            }
        }
        Ok(())
    }

    /// `host:port` of its HTTP interface; of the first of three.
    pub fn addr(&self) -> String {
        self.agents[0].addr()
    }

    /// The addresses of all its servers.
    pub fn addrs(&self) -> Vec<String> {
        self.agents.iter().map(Agent::addr).collect()
    }

    /// As they know each other, by `/v1/status/leader` for instance.
    pub fn servers(&self) -> Vec<String> {
        self.agents.iter().map(|agent| format!("127.0.0.1:{}", agent.ports[2])).collect()
    }

    /// As `REGISTRY` takes it.
    pub fn registry(&self) -> String {
        format!("consul://{}", self.addr())
    }

    /// A token that may do everything, if calls need one.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// GET, at its first server.
    ///
    /// # Errors
    /// It does not answer, or not with JSON and 200.
    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.call_at(0, Method::GET, path, None).await
    }

    /// PUT, at its first server.
    ///
    /// # Errors
    /// As [`Consul::get`].
    pub async fn put(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.call_at(0, Method::PUT, path, Some(body)).await
    }

    /// The ids of the instances of a service that pass.
    ///
    /// # Errors
    /// As [`Consul::get`].
    pub async fn passing(&self, service: &str) -> anyhow::Result<Vec<String>> {
        let entries = self.get(&format!("/v1/health/service/{service}?passing")).await?;
        let entries = entries.as_array().context("a list")?;
        Ok(entries
            .iter()
            .filter_map(|it| it["Service"]["ID"].as_str())
            .map(str::to_owned)
            .collect())
    }

    /// The ids of all instances of a service, however they are.
    ///
    /// # Errors
    /// As [`Consul::get`].
    pub async fn listed(&self, service: &str) -> anyhow::Result<Vec<String>> {
        let entries = self.get(&format!("/v1/catalog/service/{service}")).await?;
        let entries = entries.as_array().context("a list")?;
        Ok(entries.iter().filter_map(|it| it["ServiceID"].as_str()).map(str::to_owned).collect())
    }

    /// kill -9, of one of its servers.
    ///
    /// # Panics
    /// There is no such server, or the blocking thread panicked.
    pub async fn kill(&mut self, server: usize) {
        if let Some(guardian) = self.agents[server].running.take() {
            spawn_blocking(|| guardian.end(Signal::SIGKILL)).await.expect("it does not panic");
        }
    }

    /// Starts a server that was killed, where it was. Without [`ConsulOptions::keeps`] it knows
    /// nothing of what it knew.
    ///
    /// # Errors
    /// It does not start.
    pub async fn restart(&mut self, server: usize) -> anyhow::Result<()> {
        ensure!(self.agents[server].running.is_none(), "it runs");
        self.run(server)?;
        self.ready().await
    }

    /// As [`Consul::restart`], without waiting until it answers.
    ///
    /// # Errors
    /// It cannot be started at all.
    pub fn restart_soon(&mut self, server: usize) -> anyhow::Result<()> {
        ensure!(self.agents[server].running.is_none(), "it runs");
        self.run(server)
    }

    /// Freezes a server (SIGSTOP): connections stay, nothing answers.
    pub fn pause(&self, server: usize) {
        self.signal(server, Signal::SIGSTOP);
    }

    /// Lets it go on (SIGCONT).
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
        let calling = http_client::request(method, &url, &headers, body.into());
        let answer = timeout(CALL_WITHIN, calling).await.context("no answer")??;
        ensure!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.text());
        if answer.body.is_empty() { Ok(Value::Null) } else { Ok(answer.json()) }
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
        let fields = settings.as_object_mut().context("an object")?;
        if let Some(token) = token {
            fields.insert(
                "acl".to_owned(),
                json!({
                    "enabled": true, "default_policy": "deny",
                    "tokens": { "master": token, "agent": token },
                }),
            );
        }
        let development = options.servers == 1 && !options.keeps;
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

    fn last_words(&self) -> String {
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
