//! What all shapes are measured in: the databases with the same products, the driver, the peers.

use std::{
    path::{Path, PathBuf},
    sync::Mutex,
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use futures::TryStreamExt as _;
use prost::Message as _;
use proto::catalogue::v1::{ImportProductsRequest, ImportRow, Product};
use sqlx::{Connection as _, PgConnection, Row as _};
use tempfile::TempDir;
use testkit::{Database, PostgresOptions, PostgresServer};
use tonic::transport::Channel;

use super::{
    Args,
    driver::{Driver, Load},
    ours::{self, Cache, Engine, Programs},
    peers::{self, Peers},
    server::Server,
};
use crate::{telemetry::sink::Sink, transfer::client};

/// Products that every server has: `p00000001` and on.
pub(crate) const PRODUCTS: u64 = 100_000;
const ROWS_A_MESSAGE: usize = 500;
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

pub(crate) struct Setting {
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

impl Setting {
    /// Starts PostgreSQL and fills the databases of the peers and of both our engines. Nothing, said
    /// aloud, where there is no PostgreSQL.
    ///
    /// # Errors
    /// The driver is absent, or a service does not start.
    pub(crate) async fn prepare(args: &Args) -> Result<Option<Self>> {
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
        let setting = Self {
            driver: Driver { program, cores },
            peers: Peers {
                folder,
                logs: dir.path().to_owned(),
                database: url,
                database_id: u32::try_from(postgres.id()?)?,
                absent: Mutex::default(),
            },
            programs: Programs::find(args.programs())?,
            rounds: args.rounds(),
            short: args.short,
            corpus: args.corpus.clone(),
            database: postgres.database().await?,
            peers_database,
            postgres,
            collector: Sink::start().await?,
            dir,
        };
        setting.fill().await.context("filling the databases")?;
        Ok(Some(setting))
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// URL of our PostgreSQL database.
    pub(crate) fn database(&self) -> &str {
        &self.database.url
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

    /// The peers' table, and the same products through our own import into both engines.
    async fn fill(&self) -> Result<()> {
        let mut connection = PgConnection::connect(&self.peers_database.url).await?;
        sqlx::raw_sql(include_str!("seed.sql")).execute(&mut connection).await?;
        sqlx::raw_sql("VACUUM (ANALYZE, FREEZE) products").execute(&mut connection).await?;
        let messages = messages(&mut connection).await?;
        connection.close().await?;
        for engine in [Engine::Postgres, Engine::Sqlite] {
            let catalogue = ours::catalogue(self, engine, Cache::Off).start(self).await?;
            let answer = client::import(channel(&catalogue).await?, messages.clone()).await?;
            ensure!(u64::try_from(answer.created)? == PRODUCTS, "not all imported: {answer:?}");
        }
        let mut connection = PgConnection::connect(self.database()).await?;
        sqlx::raw_sql("VACUUM (ANALYZE)").execute(&mut connection).await?;
        Ok(connection.close().await?)
    }
}

/// A typed client's connection to a server.
///
/// # Errors
/// It does not answer.
pub(crate) async fn channel(server: &Server) -> Result<Channel> {
    let endpoint = Channel::from_shared(format!("http://{}", server.addr))?;
    endpoint.connect().await.with_context(|| format!("connecting to {}", server.name))
}

/// The peers' products, encoded as the messages of an import.
async fn messages(connection: &mut PgConnection) -> Result<Vec<Bytes>> {
    const SELECT: &str = "SELECT id, name, description, (price_eur * 100)::bigint AS cents, \
        stock_qty, image_urls FROM products ORDER BY id";
    let rows: Vec<_> = sqlx::query(SELECT).fetch(connection).try_collect().await?;
    let mut messages = Vec::new();
    for (number, chunk) in rows.chunks(ROWS_A_MESSAGE).enumerate() {
        let mut import = ImportProductsRequest::default();
        for (index, row) in chunk.iter().enumerate() {
            let product = Product {
                id: row.try_get("id")?,
                name: row.try_get("name")?,
                description: row.try_get("description")?,
                price: Some(proto::money::from_minor(row.try_get("cents")?, "EUR")),
                stock_qty: row.try_get("stock_qty")?,
                image_urls: row.try_get("image_urls")?,
                ..Default::default()
            };
            let line = i64::try_from(number * ROWS_A_MESSAGE + index + 1)?;
            import.rows.push(ImportRow { line, product: Some(product), update_mask: None });
        }
        messages.push(import.encode_to_vec().into());
    }
    Ok(messages)
}
