//! Replicas of the services: catalogues on one PostgreSQL, searches, and a gateway.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use nix::sys::signal::Signal;
use tempfile::TempDir;
use testkit::{Database, PostgresOptions, PostgresServer, Process, free_ports, program};

/// A service process.
struct Replica {
    service: &'static str,
    port: u16,
    arguments: Vec<String>,
    process: Option<Process>,
}

/// Catalogues, searches and a gateway that calls them.
pub(super) struct Replicas {
    /// The gateway is the last.
    all: Vec<Replica>,
    dir: TempDir,
    postgres: (PostgresServer, Database),
}

impl Replicas {
    /// Starts the replicas, and waits until all are ready.
    pub(super) async fn start(catalogues: u16, searches: u16) -> anyhow::Result<Self> {
        let Some(server) = PostgresServer::start(PostgresOptions::default()).await? else {
            bail!("PostgreSQL is not installed");
        };
        let database = server.database().await?;
        let dir = tempfile::tempdir()?;
        let first = free_ports(2 * (catalogues + searches + 1));
        let at = |index: u16| first + 2 * index;
        let list = |from: u16, count: u16| {
            let addrs = (from..from + count).map(|index| format!("127.0.0.1:{}", at(index)));
            format!("static://{}", addrs.collect::<Vec<_>>().join(","))
        };
        let (to_catalogues, to_searches) = (list(0, catalogues), list(catalogues, searches));
        let replica = |service, index: u16, more: Vec<String>| {
            let (port, admin) = (at(index), at(index) + 1);
            let mut arguments = vec![
                format!("--listen=127.0.0.1:{port}"),
                format!("--admin=127.0.0.1:{admin}"),
                "--log=info".to_owned(),
            ];
            arguments.extend(more);
            Replica { service, port, arguments, process: None }
        };
        let mut all = Vec::new();
        for index in 0..catalogues {
            let url = format!("--database-url={}", database.url);
            all.push(replica("catalogue", index, vec![url, "--database-readers=4".to_owned()]));
        }
        for index in catalogues..catalogues + searches {
            let data = format!("--data-dir={}", dir.path().join(index.to_string()).display());
            all.push(replica("search", index, vec![data, format!("--catalogue={to_catalogues}")]));
        }
        let targets =
            vec![format!("--catalogue={to_catalogues}"), format!("--search={to_searches}")];
        all.push(replica("gateway", catalogues + searches, targets));
        let mut replicas = Self { all, dir, postgres: (server, database) };
        for index in 0..replicas.all.len() {
            replicas.run(index).await?;
        }
        Ok(replicas)
    }

    /// `host:port` of the gateway.
    pub(super) fn gateway(&self) -> String {
        let gateway = self.all.last().expect("there is a gateway");
        format!("127.0.0.1:{}", gateway.port)
    }

    /// `host:port` of the admin port of a replica.
    pub(super) fn admin(&self, index: usize) -> String {
        format!("127.0.0.1:{}", self.all[index].port + 1)
    }

    /// URL of the catalogues' database.
    pub(super) fn database(&self) -> &str {
        &self.postgres.1.url
    }

    /// Number of replicas behind the gateway.
    pub(super) fn behind(&self) -> usize {
        self.all.len() - 1
    }

    /// Stops a replica (SIGTERM), waits for its end, and starts it again. Returns the time until its end.
    pub(super) async fn restart(&mut self, index: usize) -> anyhow::Result<Duration> {
        let replica = &mut self.all[index];
        let mut process = replica.process.take().context("the replica is not running")?;
        let began = Instant::now();
        process.signal(Signal::SIGTERM);
        let exit = process.ends_within(Duration::from_secs(40)).await.context(replica.service)?;
        let took = began.elapsed();
        ensure!(exit.success(), "{} ended with {exit}: {}", replica.service, process.log());
        self.run(index).await?;
        Ok(took)
    }

    async fn run(&mut self, index: usize) -> anyhow::Result<()> {
        let replica = &mut self.all[index];
        let log = self.dir.path().join(format!("{}-{index}.log", replica.service));
        let process = Process::start(&program(replica.service), &replica.arguments, &log)?;
        replica.process.insert(process).ready(replica.port + 1).await;
        Ok(())
    }
}
