//! Every setting of search.

use crate::page::Key;
use std::{net::SocketAddr, path::PathBuf};

/// Finds products by words, from an index of its own that follows the catalogue.
#[derive(Debug, Clone, clap::Parser, serde::Serialize)]
#[command(name = "search", about, version)]
pub struct Config {
    /// Where to listen for gRPC.
    #[arg(long, env = "LISTEN_ADDR", default_value = "127.0.0.1:50052")]
    pub listen: SocketAddr,

    /// Where to listen for operators: /livez, /readyz, /metrics, /buildz.
    #[arg(long, env = "ADMIN_ADDR", default_value = "127.0.0.1:9102")]
    pub admin: SocketAddr,

    /// The folder of the index. One process at a time; it can be deleted, and is then filled anew.
    #[arg(long, env = "DATA_DIR", default_value = "./data/search")]
    pub data_dir: PathBuf,

    /// Where the catalogue is: static://host:port,host:port, dns://name:port or consul://name.
    #[arg(long, env = "CATALOGUE_TARGET", default_value = "static://127.0.0.1:50051")]
    pub catalogue: discovery::Target,

    /// 64 hexadecimal digits that sign page tokens; replicas behind one address share them. Not
    /// set: made at the first start and kept in the data folder.
    #[arg(long, env = "PAGE_TOKEN_KEY", hide_env_values = true, value_name = "HEX")]
    #[serde(serialize_with = "chassis::config::hidden")]
    pub page_token_key: Option<Key>,

    #[command(flatten)]
    pub discovery: discovery::Args,

    #[command(flatten)]
    pub serve: chassis::ServeArgs,

    /// How the services that we call are known, and we to them.
    #[command(flatten)]
    pub upstream_tls: chassis::tls::UpstreamTlsArgs,

    #[command(flatten)]
    pub telemetry: telemetry::Args,
}
