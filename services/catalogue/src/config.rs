//! The settings of the service.

use std::{
    net::SocketAddr,
    num::{NonZeroU16, NonZeroU32, NonZeroU64},
    path::PathBuf,
};

/// The catalogue service: stores the products and publishes their changes.
#[derive(Debug, Clone, clap::Parser, serde::Serialize)]
#[command(name = "catalogue", version)]
pub struct Config {
    /// Action to run.
    #[arg(value_enum, default_value_t = Action::Serve)]
    #[serde(skip)]
    pub action: Action,

    /// With `migrate`: the migration action [default: up]
    #[arg(value_enum)]
    #[serde(skip)]
    pub migrate: Option<MigrateAction>,

    /// With `migrate`: the maximum number of migrations [default: all for up, 1 for down]
    #[arg(long, value_name = "N")]
    #[serde(skip)]
    pub steps: Option<NonZeroU32>,

    /// Address of the gRPC listener.
    #[arg(long, env = "LISTEN_ADDR", value_name = "ADDR", default_value = "127.0.0.1:50051")]
    pub listen: SocketAddr,

    /// Address of the HTTP listener for health checks and metrics.
    #[arg(long, env = "ADMIN_ADDR", value_name = "ADDR", default_value = "127.0.0.1:9101")]
    pub admin: SocketAddr,

    #[command(flatten)]
    #[serde(flatten)]
    pub database: DatabaseArgs,

    /// Fail to start if migrations are pending, instead of applying them.
    #[arg(long, env = "NO_MIGRATE")]
    pub no_migrate: bool,

    /// Number of changes retained in the feed; a client that is further behind restarts with a snapshot.
    #[arg(long, env = "KEEP_CHANGES", value_name = "N", default_value = "1000000")]
    pub keep_changes: NonZeroU64,

    /// Days after which a deleted product is purged; until then it can be undeleted.
    #[arg(long, env = "KEEP_DELETED", value_name = "DAYS", default_value = "30")]
    pub keep_deleted: u16,

    /// Days after which events of the audit trail are deleted.
    #[arg(long, env = "KEEP_AUDIT", value_name = "DAYS", default_value = "90")]
    pub keep_audit: NonZeroU16,

    /// Days for which an import can be undone.
    #[arg(long, env = "KEEP_IMPORTS", value_name = "DAYS", default_value = "30")]
    pub keep_imports: NonZeroU16,

    #[command(flatten)]
    #[serde(flatten)]
    pub discovery: discovery::Args,

    #[command(flatten)]
    #[serde(flatten)]
    pub serve: server::ServeArgs,

    #[command(flatten)]
    #[serde(flatten)]
    pub telemetry: telemetry::Args,
}

/// The settings of the database.
#[derive(Debug, Clone, clap::Args, serde::Serialize)]
pub struct DatabaseArgs {
    /// Directory of the SQLite database; created if missing.
    #[arg(long, env = "DATA_DIR", value_name = "DIR", default_value = "./data/catalogue")]
    pub data_dir: PathBuf,

    /// Database to use instead of DIR/catalogue.db: postgres://user:password@host/name or
    /// sqlite:///srv/catalogue.db.
    #[arg(long = "database-url", env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    #[serde(rename = "database_url", serialize_with = "chassis::config::hidden")]
    pub url: Option<String>,

    /// Read replica of the PostgreSQL database, for lists and exports without a min_revision, which may
    /// then be slightly stale.
    #[arg(
        long = "database-read-url",
        env = "DATABASE_READ_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    #[serde(rename = "database_read_url", serialize_with = "chassis::config::hidden")]
    pub read_url: Option<String>,

    /// Maximum number of writing connections to PostgreSQL, and so of concurrent writes.
    #[arg(
        long = "database-writers",
        env = "DATABASE_WRITERS",
        value_name = "N",
        default_value = "8"
    )]
    #[serde(rename = "database_writers")]
    pub writers: NonZeroU32,

    /// Maximum number of reading connections to PostgreSQL; the read replica gets as many more.
    #[arg(
        long = "database-readers",
        env = "DATABASE_READERS",
        value_name = "N",
        default_value = "8"
    )]
    #[serde(rename = "database_readers")]
    pub readers: NonZeroU32,

    /// Size of the in-process product cache, in bytes; 0 disables it. Writes of other replicas are seen
    /// within a second.
    #[arg(long, env = "PRODUCT_CACHE", value_name = "BYTES", default_value_t = 64 << 20)]
    pub product_cache: u64,

    /// How long to wait for PostgreSQL to become available at startup, in seconds.
    #[arg(
        long = "database-wait",
        env = "DATABASE_WAIT",
        value_name = "SECONDS",
        default_value_t = 30
    )]
    #[serde(rename = "database_wait")]
    pub wait: u64,
}

/// The actions of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Action {
    /// Apply pending migrations and serve.
    Serve,
    /// Apply, revert or list migrations, and exit.
    Migrate,
}

/// The actions of `migrate`. A lock ensures that one process at a time migrates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum MigrateAction {
    /// Apply pending migrations.
    Up,
    /// Revert the newest migration, deleting the data in the tables and columns it added.
    Down,
    /// List all migrations and their states.
    Status,
    /// List the migrations that `up` would apply.
    Plan,
}
