//! Command-line flags and environment variables.

use crate::page_token_key::PageTokenKey;
use std::{net::SocketAddr, path::PathBuf};

/// Full-text search over products, from a local index that follows the catalogue's change feed.
#[derive(Debug, Clone, clap::Parser, serde::Serialize)]
#[command(name = "search", about, version)]
pub struct Config {
    /// Address to serve gRPC on.
    #[arg(long, env = "LISTEN_ADDR", default_value = "127.0.0.1:50052")]
    pub listen: SocketAddr,

    /// Address to serve /livez, /readyz, /metrics and /buildz on.
    #[arg(long, env = "ADMIN_ADDR", default_value = "127.0.0.1:9102")]
    pub admin: SocketAddr,

    /// Directory of the index; used by one process at a time. If deleted, it is filled again from
    /// the catalogue.
    #[arg(long, env = "DATA_DIR", default_value = "./data/search")]
    pub data_dir: PathBuf,

    /// Address of the catalogue: static://host:port,host:port, dns://name:port or consul://name.
    #[arg(long, env = "CATALOGUE_TARGET", default_value = "static://127.0.0.1:50051")]
    pub catalogue: discovery::Target,

    /// Key that signs page tokens, as 64 hexadecimal digits. Not needed: the catalogue gives all
    /// replicas the same keys. Replicas behind one address that are given a key must share it.
    #[arg(long, env = "PAGE_TOKEN_KEY", hide_env_values = true, value_name = "HEX")]
    #[serde(serialize_with = "chassis::config::hidden")]
    pub page_token_key: Option<PageTokenKey>,

    #[command(flatten)]
    pub discovery: discovery::Args,

    #[command(flatten)]
    pub serve: server::ServeArgs,

    /// TLS towards the catalogue.
    #[command(flatten)]
    pub upstream_tls: upstream::tls::UpstreamTlsArgs,

    #[command(flatten)]
    pub telemetry: telemetry::Args,
}
