//! What all shapes are measured in: the databases with the same products, the driver, the peers.

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

/// Products that every server has: `p00000001` and on.
pub(crate) const PRODUCTS: u64 = 100_000;
/// A read-mostly catalogue that fits in memory, as the peers' own `run` sets it up.
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

pub(crate) struct Environment {
    pub(crate) driver: Driver,
    pub(crate) peers: Peers,
    pub(crate) programs: Programs,
    pub(crate) rounds: usize,
    pub(crate) short: bool,
    /// The products that are searched, if not those beside the checkout.
    pub(crate) corpus: Option<PathBuf>,
    database: Database,
    peers_database: Database,
    postgres: PostgresServer,
    collector: Sink,
    dir: TempDir,
}

impl Environment {
    /// Starts PostgreSQL and fills the databases of the peers and of both our engines. Nothing, said
    /// aloud, where there is no PostgreSQL.
    ///
    /// # Errors
    /// The driver is absent, or a service does not start.
    pub(crate) async fn prepare(args: &ReadsArgs) -> Result<Option<Self>> {
        let folder = peers::folder()?;
        let program = folder.join("bin/peer-load");
        let cure = "run ../shared/peer/setup, or set PEER_CACHE to the folder of the peers";
        ensure!(program.exists(), "the driver {} is not present: {cure}", program.display());
        let dir = tempfile::tempdir()?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from) as f64;
        let settings = POSTGRES.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let options = PostgresOptions { durable: true, settings };
        let Some(postgres) = PostgresServer::start(options).await? else { return Ok(None) };
        let peers_database = postgres.database().await?;
        let url = peers_database.url.clone();
        let environment = Self {
            driver: Driver { program, cores },
            peers: Peers {
                folder,
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
        };
        Ok(Some(environment))
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

    /// The first process of PostgreSQL.
    pub(crate) fn database_id(&self) -> u32 {
        let id = self.postgres.id().expect("PostgreSQL runs as long as the bench");
        u32::try_from(id).expect("process ids are positive")
    }

    /// Where telemetry is sent.
    pub(crate) fn collector(&self) -> String {
        self.collector.endpoint()
    }

    /// Closed loop over so many connections and calls in flight.
    pub(crate) fn load(&self, connections: u32, in_flight: u32) -> Load {
        let (duration, warmup) = if self.short { (1_000, 300) } else { (3_000, 1_000) };
        Load {
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
