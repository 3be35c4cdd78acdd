//! Settings.

use std::{net::SocketAddr, num::NonZeroU64, path::PathBuf};

/// The catalogue: owns the products, and tells everyone what changes.
#[derive(Debug, Clone, clap::Parser, serde::Serialize)]
#[command(name = "catalogue")]
pub struct Config {
    /// What to do.
    #[arg(value_enum, default_value_t = Action::Serve)]
    #[serde(skip)]
    pub action: Action,

    /// Where gRPC is served.
    #[arg(long, env = "LISTEN_ADDR", value_name = "ADDR", default_value = "127.0.0.1:50051")]
    pub listen: SocketAddr,

    /// Where health and metrics are served, over HTTP.
    #[arg(long, env = "ADMIN_ADDR", value_name = "ADDR", default_value = "127.0.0.1:9101")]
    pub admin: SocketAddr,

    /// The directory of the embedded database; made if it is missing.
    #[arg(long, env = "DATA_DIR", value_name = "DIR", default_value = "./data/catalogue")]
    pub data_dir: PathBuf,

    /// The database to use instead of DIR/catalogue.db, such as sqlite:///srv/catalogue.db.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    #[serde(serialize_with = "chassis::config::hidden")]
    pub database_url: Option<String>,

    /// How many changes the feed keeps. Who has been away for more begins with a snapshot.
    #[arg(long, env = "KEEP_CHANGES", value_name = "N", default_value = "1000000")]
    pub keep_changes: NonZeroU64,

    /// How requests are answered.
    #[command(flatten)]
    #[serde(flatten)]
    pub serve: chassis::ServeArgs,

    /// How the service logs.
    #[command(flatten)]
    #[serde(flatten)]
    pub telemetry: telemetry::Args,
}

/// What the program can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Action {
    /// Bring the tables up to date and serve.
    Serve,
    /// Bring the tables up to date and end.
    Migrate,
}
