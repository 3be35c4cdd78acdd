//! Settings.

use std::{
    net::SocketAddr,
    num::{NonZeroU32, NonZeroU64},
    path::PathBuf,
};

/// The catalogue: owns the products, and tells everyone what changes.
#[derive(Debug, Clone, clap::Parser, serde::Serialize)]
#[command(name = "catalogue")]
pub struct Config {
    /// What to do.
    #[arg(value_enum, default_value_t = Action::Serve)]
    #[serde(skip)]
    pub action: Action,

    /// With `migrate`: what to do about the tables [default: up].
    #[arg(value_enum)]
    #[serde(skip)]
    pub migrate: Option<MigrateAction>,

    /// With `migrate`: how many steps at most; up: all, down: 1.
    #[arg(long, value_name = "N")]
    #[serde(skip)]
    pub steps: Option<NonZeroU32>,

    /// Where gRPC is served.
    #[arg(long, env = "LISTEN_ADDR", value_name = "ADDR", default_value = "127.0.0.1:50051")]
    pub listen: SocketAddr,

    /// Where health and metrics are served, over HTTP.
    #[arg(long, env = "ADMIN_ADDR", value_name = "ADDR", default_value = "127.0.0.1:9101")]
    pub admin: SocketAddr,

    /// Where the products are kept.
    #[command(flatten)]
    #[serde(flatten)]
    pub database: DatabaseArgs,

    /// Do not bring the tables up to date when starting: refuse to start if they are not.
    #[arg(long, env = "NO_MIGRATE")]
    pub no_migrate: bool,

    /// How many changes the feed keeps. Who has been away for more begins with a snapshot.
    #[arg(long, env = "KEEP_CHANGES", value_name = "N", default_value = "1000000")]
    pub keep_changes: NonZeroU64,

    /// How long a deleted product can be undeleted; then it is purged.
    #[arg(long, env = "KEEP_DELETED", value_name = "DAYS", default_value = "30")]
    pub keep_deleted: u16,

    /// How others are found, and how they find this instance.
    #[command(flatten)]
    #[serde(flatten)]
    pub discovery: discovery::Args,

    /// How requests are answered.
    #[command(flatten)]
    #[serde(flatten)]
    pub serve: server::ServeArgs,

    /// How the service logs.
    #[command(flatten)]
    #[serde(flatten)]
    pub telemetry: telemetry::Args,
}

/// Which database, and how it is used.
#[derive(Debug, Clone, clap::Args, serde::Serialize)]
pub struct DatabaseArgs {
    /// The directory of the embedded database; made if it is missing.
    #[arg(long, env = "DATA_DIR", value_name = "DIR", default_value = "./data/catalogue")]
    pub data_dir: PathBuf,

    /// The database to use instead of DIR/catalogue.db: postgres://user:password@host/name or
    /// sqlite:///srv/catalogue.db.
    #[arg(long = "database-url", env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    #[serde(rename = "database_url", serialize_with = "chassis::config::hidden")]
    pub url: Option<String>,

    /// A replica of the PostgreSQL database, for lists and exports without a min_revision, which
    /// may then be a little behind.
    #[arg(
        long = "database-read-url",
        env = "DATABASE_READ_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    #[serde(rename = "database_read_url", serialize_with = "chassis::config::hidden")]
    pub read_url: Option<String>,

    /// Connections to PostgreSQL that write, at most: so many writes run side by side.
    #[arg(
        long = "database-writers",
        env = "DATABASE_WRITERS",
        value_name = "N",
        default_value = "8"
    )]
    #[serde(rename = "database_writers")]
    pub writers: NonZeroU32,

    /// Connections to PostgreSQL that read, at most; as many more to the replica.
    #[arg(
        long = "database-readers",
        env = "DATABASE_READERS",
        value_name = "N",
        default_value = "8"
    )]
    #[serde(rename = "database_readers")]
    pub readers: NonZeroU32,

    /// Memory for products in this process, in bytes; 0 reads each from the database. What other
    /// replicas write is seen within a second.
    #[arg(long, env = "PRODUCT_CACHE", value_name = "BYTES", default_value_t = 64 << 20)]
    pub product_cache: u64,

    /// How long to wait for PostgreSQL to answer when starting, in seconds.
    #[arg(
        long = "database-wait",
        env = "DATABASE_WAIT",
        value_name = "SECONDS",
        default_value_t = 30
    )]
    #[serde(rename = "database_wait")]
    pub wait: u64,
}

/// What the program can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Action {
    /// Bring the tables up to date and serve.
    Serve,
    /// Change the tables, or say how they stand, and end.
    Migrate,
}

/// What to do about the tables. One process at a time does it, whoever else is starting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum MigrateAction {
    /// Bring them up to date.
    Up,
    /// Undo the newest step, and what is kept in the tables it made.
    Down,
    /// List all steps and what has become of them.
    Status,
    /// Say what `up` would do.
    Plan,
}
