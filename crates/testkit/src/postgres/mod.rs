//! PostgreSQL for tests.
//!
//! ```no_run
//! # async fn test() -> anyhow::Result<()> {
//! use testkit::Postgres;
//! // One server for all tests of a process; without one, the test is skipped, said aloud.
//! let Some(postgres) = Postgres::shared().await else { return Ok(()) };
//! let empty = postgres.database().await?;
//! // Prepared once, then copied: what a migrated database costs from the second on is a copy.
//! let migrated = postgres.database_from("migrated", async |url| prepare(url).await).await?;
//! # async fn prepare(url: &str) -> anyhow::Result<()> { Ok(()) }
//! # prepare(&empty.url).await?;
//! # prepare(&migrated.url).await?;
//! # Ok(())
//! # }
//! ```
//!
//! A test that restarts or freezes its server, or needs one that syncs, has a [`PostgresServer`]
//! of its own.

mod binaries;
mod database;
mod existing;
mod guardian;
mod server;

use std::{
    collections::HashMap,
    net::{SocketAddr, ToSocketAddrs as _},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::{Context as _, ensure};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::sync::OnceCell;
use url::Url;

pub use database::Database;
pub use server::{Options, PostgresServer, Shutdown};

/// A PostgreSQL server where tests may create databases.
#[derive(Debug)]
pub struct Postgres {
    /// Of a database that is always there, as a user who may create others.
    url: Url,
    addr: SocketAddr,
    /// What the names of our databases begin with.
    prefix: String,
    /// Whether somebody else runs it, so that our databases do not end with it.
    existing: bool,
    created: AtomicU64,
    /// By key, the name of the database to copy.
    templates: Mutex<HashMap<String, Arc<OnceCell<String>>>>,
}

impl Postgres {
    /// The server that all tests of this process share. Started when it is first asked for; ends
    /// with the process, however that ends.
    ///
    /// In this order: the existing server of `TEST_DATABASE_URL`; that of `DATABASE_URL`, if it is
    /// PostgreSQL and we may create databases there; a private one by the installed programs
    /// (`PG_BIN`, Debian's folder, `PATH`). Nothing, said aloud, where none can be had.
    ///
    /// # Panics
    /// When the server of `TEST_DATABASE_URL` cannot be used or a private one does not start; with
    /// `CI=true`, also where none can be had.
    pub async fn shared() -> Option<&'static Self> {
        static SHARED: OnceCell<Option<Shared>> = OnceCell::const_new();
        SHARED.get_or_init(Shared::find).await.as_ref().map(Shared::postgres)
    }

    /// Where it listens: what a [`FaultProxy`](crate::FaultProxy) is put before.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// A new, empty database. A private server keeps it to its own end, an existing one until it
    /// is dropped here.
    ///
    /// # Errors
    /// The server does not answer or refuses.
    pub async fn database(&self) -> anyhow::Result<Database> {
        let name = self.create("template0").await?;
        Ok(self.open(name))
    }

    /// A new database that is a copy of another, which `prepare` is given the URL of once per
    /// server and `key`. A `prepare` that fails is asked again by the next caller.
    ///
    /// # Errors
    /// The server does not answer, or `prepare` fails.
    pub async fn database_from(
        &self,
        key: &str,
        prepare: impl AsyncFnOnce(&str) -> anyhow::Result<()>,
    ) -> anyhow::Result<Database> {
        let template = {
            let mut templates = self.templates.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(templates.entry(key.to_owned()).or_default())
        };
        let template = template.get_or_try_init(|| self.template(key, prepare)).await?;
        let name = self.create(template).await?;
        Ok(self.open(name))
    }

    async fn template(
        &self,
        key: &str,
        prepare: impl AsyncFnOnce(&str) -> anyhow::Result<()>,
    ) -> anyhow::Result<String> {
        let name = self.create("template0").await?;
        let url = database::url_of(&self.url, &name);
        prepare(url.as_str()).await.with_context(|| format!("preparing the database {key:?}"))?;
        // A database can be copied only while nobody is connected to it, and who has prepared it
        // may not have closed yet.
        self.run(&format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")).await?;
        self.run(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        ))
        .await?;
        Ok(name)
    }

    async fn create(&self, template: &str) -> anyhow::Result<String> {
        let number = self.created.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}_{number}", self.prefix);
        self.run(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await?;
        Ok(name)
    }

    fn open(&self, name: String) -> Database {
        Database::new(&self.url, name, self.existing)
    }

    /// Each statement has a connection of its own: one that is kept would belong to the runtime of
    /// the test that came first, and end with it.
    async fn run(&self, sql: &str) -> anyhow::Result<()> {
        let mut connection = PgConnection::connect(self.url.as_str())
            .await
            .with_context(|| format!("connecting to PostgreSQL at {}", self.addr))?;
        // Made of names of our own only.
        let statement = sqlx::raw_sql(AssertSqlSafe(sql));
        statement.execute(&mut connection).await.with_context(|| sql.to_owned())?;
        connection.close().await.context("closing the connection")
    }

    fn new(url: Url, existing: bool) -> anyhow::Result<Self> {
        let (host, port) = (url.host_str().unwrap_or_default(), url.port().unwrap_or(5432));
        ensure!(!host.is_empty(), "the URL names no host; only TCP is supported");
        // Brackets are for IPv6 in URLs only.
        let host = host.trim_matches(['[', ']']);
        let addr = (host, port).to_socket_addrs().with_context(|| format!("resolving {host}"))?;
        let addr = addr.into_iter().next().with_context(|| format!("{host} has no address"))?;
        Ok(Self {
            url,
            addr,
            prefix: database::prefix(),
            existing,
            created: AtomicU64::new(0),
            templates: Mutex::default(),
        })
    }
}

/// What [`Postgres::shared`] has found.
enum Shared {
    Existing(Postgres),
    Private(PostgresServer),
}

impl Shared {
    async fn find() -> Option<Self> {
        if let Some(postgres) = existing::find().await {
            return Some(Self::Existing(postgres));
        }
        let started = PostgresServer::start(Options::default()).await;
        let started = started.unwrap_or_else(|error| panic!("no PostgreSQL for tests: {error:#}"));
        started.map(Self::Private)
    }

    fn postgres(&self) -> &Postgres {
        match self {
            Self::Existing(postgres) => postgres,
            Self::Private(server) => server,
        }
    }
}
