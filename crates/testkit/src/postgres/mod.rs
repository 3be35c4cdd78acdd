//! PostgreSQL for tests.
//!
//! ```no_run
//! # async fn test() -> anyhow::Result<()> {
//! use testkit::Postgres;
//! // A server for all tests of a process; without PostgreSQL, the test is skipped.
//! let Some(postgres) = Postgres::shared().await else { return Ok(()) };
//! let empty = postgres.database().await?;
//! // Prepared once, then copied: a second migrated database costs only the copy.
//! let migrated = postgres.database_from("migrated", async |url| prepare(url).await).await?;
//! # async fn prepare(url: &str) -> anyhow::Result<()> { Ok(()) }
//! # prepare(&empty.url).await?;
//! # prepare(&migrated.url).await?;
//! # Ok(())
//! # }
//! ```
//!
//! A test that restarts or freezes its server, or needs durable commits, starts a private
//! [`PostgresServer`].

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

/// A PostgreSQL server in which tests create databases.
#[derive(Debug)]
pub struct Postgres {
    /// The URL of the maintenance database, with a user that may create databases.
    url: Url,
    addr: SocketAddr,
    /// Prefix of the names of databases that this process creates.
    prefix: String,
    /// Whether the server outlives the tests, so that databases must be dropped.
    existing: bool,
    created: AtomicU64,
    /// Names of template databases by key.
    templates: Mutex<HashMap<String, Arc<OnceCell<String>>>>,
}

impl Postgres {
    /// The server that all tests of this process share. Starts at the first use, and ends with the
    /// process, even if that is killed.
    ///
    /// In this order: the existing server of `TEST_DATABASE_URL`; that of `DATABASE_URL`, if it is
    /// PostgreSQL and its user may create databases; a private one of the installed programs
    /// (`PG_BIN`, Debian's directory, `PATH`). `None`, reported on standard error, without any of them.
    ///
    /// # Panics
    /// If the server of `TEST_DATABASE_URL` is unusable, or a private one does not start; with
    /// `CI=true`, also without any of them.
    pub async fn shared() -> Option<&'static Self> {
        static SHARED: OnceCell<Option<Shared>> = OnceCell::const_new();
        SHARED.get_or_init(Shared::find).await.as_ref().map(Shared::postgres)
    }

    /// The address of the server, as the target of a [`FaultProxy`](crate::FaultProxy).
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Creates an empty database. On an existing server it is dropped with the returned value.
    ///
    /// # Errors
    /// The connection fails, or the server refuses.
    pub async fn database(&self) -> anyhow::Result<Database> {
        let name = self.create("template0").await?;
        Ok(self.open(name))
    }

    /// Creates a copy of a template database. `prepare` fills the template at its URL, once per server
    /// and `key`; after a failure, the next caller runs it again.
    ///
    /// # Errors
    /// The connection fails, the server refuses, or `prepare` fails.
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
        // A database with open connections cannot be copied, and `prepare` may not have closed its
        // connections yet.
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

    /// Runs a statement over a new connection. A shared connection would belong to the runtime of the
    /// first test, and end with it.
    async fn run(&self, sql: &str) -> anyhow::Result<()> {
        let mut connection = PgConnection::connect(self.url.as_str())
            .await
            .with_context(|| format!("connecting to PostgreSQL at {}", self.addr))?;
        // Safe: composed of generated names only.
        let statement = sqlx::raw_sql(AssertSqlSafe(sql));
        statement.execute(&mut connection).await.with_context(|| sql.to_owned())?;
        connection.close().await.context("closing the connection")
    }

    fn new(url: Url, existing: bool) -> anyhow::Result<Self> {
        let (host, port) = (url.host_str().unwrap_or_default(), url.port().unwrap_or(5432));
        ensure!(!host.is_empty(), "the URL has no host; only TCP is supported");
        // URLs have IPv6 addresses in brackets.
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

/// The result of [`Postgres::shared`].
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
