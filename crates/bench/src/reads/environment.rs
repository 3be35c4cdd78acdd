//! The environment of all shapes: databases, driver, peers and collector.

use std::{
    path::{Path, PathBuf},
    sync::Mutex,
    time::Duration,
};

use anyhow::{Result, ensure};
use devtools::bench::ReadsArgs;
use tempfile::TempDir;
use testkit::{Database, PostgresOptions, PostgresServer, program};

use super::{
    driver::{Driver, Load},
    peers::{self, Peers},
    programs::Programs,
};
use crate::telemetry::sink::Sink;

/// Number of products of each server, from `p00000001` on.
pub(crate) const PRODUCTS: u64 = 100_000;
/// Settings for a read-mostly catalogue that fits in memory, the same as those of the peers' `run`.
const POSTGRES: [(&str, &str); 8] = [
    ("shared_buffers", "512MB"),
    ("effective_cache_size", "2GB"),
    ("work_mem", "8MB"),
    ("max_wal_size", "2GB"),
    ("checkpoint_timeout", "30min"),
    ("random_page_cost", "1.1"),
    ("jit", "off"),
    ("autovacuum_naptime", "10min"),
];

/// The environment of all shapes.
pub(crate) struct Environment {
    pub(crate) driver: Driver,
    pub(crate) peers: Peers,
    pub(crate) programs: Programs,
    pub(crate) rounds: usize,
    pub(crate) short: bool,
    /// The file of products for search, if not that beside the checkout.
    pub(crate) corpus: Option<PathBuf>,
    database: Database,
    peers_database: Database,
    postgres: PostgresServer,
    collector: Sink,
    dir: TempDir,
}

impl Environment {
    /// Starts PostgreSQL with empty databases, and the collector. `None`, reported on standard error, if
    /// PostgreSQL is not installed.
    ///
    /// # Errors
    /// The driver is missing, or a service does not start.
    pub(crate) async fn start(args: &ReadsArgs) -> Result<Option<Self>> {
        let peers_dir = peers::dir()?;
        let program = peers_dir.join("bin/peer-load");
        let fix = "run ../shared/peer/setup, or set PEER_CACHE to the directory of the peers";
        ensure!(program.exists(), "the driver {} is missing: {fix}", program.display());
        let dir = tempfile::tempdir()?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from) as f64;
        let settings = POSTGRES.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let options = PostgresOptions { durable: true, settings };
        let Some(postgres) = PostgresServer::start(options).await? else { return Ok(None) };
        let peers_database = postgres.database().await?;
        let url = peers_database.url.clone();
        Ok(Some(Self {
            driver: Driver { program, cores },
            peers: Peers {
                dir: peers_dir,
                logs: dir.path().to_owned(),
                database: url,
                database_id: u32::try_from(postgres.id()?)?,
                absent: Mutex::default(),
            },
            programs: Programs::find(args.programs.clone().unwrap_or_else(built_programs))?,
            rounds: args.rounds(),
            short: args.short,
            corpus: args.corpus.clone(),
            database: postgres.database().await?,
            peers_database,
            postgres,
            collector: Sink::start().await?,
            dir,
        }))
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// URL of our PostgreSQL database.
    pub(crate) fn database(&self) -> &str {
        &self.database.url
    }

    /// URL of the peers' database.
    pub(crate) fn peers_database(&self) -> &str {
        &self.peers_database.url
    }

    /// The postmaster of PostgreSQL.
    pub(crate) fn database_id(&self) -> u32 {
        let id = self.postgres.id().expect("PostgreSQL runs as long as the bench");
        u32::try_from(id).expect("process ids are positive")
    }

    /// URL of the collector.
    pub(crate) fn collector(&self) -> String {
        self.collector.endpoint()
    }

    /// A closed loop with these numbers of connections and calls in flight.
    pub(crate) fn load(&self, connections: u32, in_flight: u32) -> Load {
        let (duration, warmup) = if self.short { (1_000, 300) } else { (3_000, 1_000) };
        Load {
            name: None,
            connections,
            in_flight,
            rate: None,
            duration: Duration::from_millis(duration),
            warmup: Duration::from_millis(warmup),
            warmup_calls: 3_000,
            options: Vec::new(),
        }
    }
}

/// The directory of the services of this checkout.
fn built_programs() -> PathBuf {
    program("catalogue").parent().map(Path::to_owned).unwrap_or_default()
}
