//! Every setting of the gateway.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use http::HeaderValue;

/// The public port of the product catalogue: gRPC, gRPC-web, JSON, live stock and a storefront.
#[derive(Debug, Clone, clap::Parser, serde::Serialize)]
#[command(name = "gateway", about, version)]
pub struct Config {
    /// Where to listen for everyone: HTTP/1.1 and HTTP/2 without TLS, every protocol.
    #[arg(long, env = "LISTEN_ADDR", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Where to listen for operators: /livez, /readyz, /metrics, /buildz.
    #[arg(long, env = "ADMIN_ADDR", default_value = "127.0.0.1:9100")]
    pub admin: SocketAddr,

    /// Where the catalogue is: `static://host:port,...`, `dns://name:port` or `consul://name`.
    #[arg(long, env = "CATALOGUE_TARGET", default_value = "static://127.0.0.1:50051")]
    pub catalogue: discovery::Target,

    /// Where the search service is: `static://host:port,...`, `dns://name:port` or `consul://name`.
    #[arg(long, env = "SEARCH_TARGET", default_value = "static://127.0.0.1:50052")]
    pub search: discovery::Target,

    /// A folder whose files are served under /media/. Not set: nothing is.
    #[arg(long, env = "MEDIA_DIR")]
    pub media_dir: Option<PathBuf>,

    /// Web pages of these origins may call us, such as `https://shop.example`; `*` for any.
    /// Not set: browsers keep pages of other origins out.
    #[arg(long, env = "CORS_ORIGIN", value_delimiter = ',', value_parser = origin)]
    pub cors_origin: Vec<String>,

    /// Whose word is taken on the trace that a request belongs to, such as `10.0.0.0/8`: an ingress of
    /// yours. Requests of all others begin traces of their own, linked to what they say.
    #[arg(long, env = "TRUSTED_PEERS", value_name = "NET", value_delimiter = ',')]
    pub trusted_peers: Vec<ipnet::IpNet>,

    /// How many event streams may be open at once, over all connections.
    #[arg(long, env = "MAX_EVENT_STREAMS", default_value_t = 10_000)]
    pub max_event_streams: usize,

    /// How long one call to a service behind us may take, in milliseconds, where the caller has
    /// not said.
    #[arg(long, env = "UPSTREAM_TIMEOUT_MS", default_value_t = 10_000,
          value_parser = clap::value_parser!(u64).range(1..=600_000))]
    pub upstream_timeout_ms: u64,

    /// Ask a second replica for a product or a search when the first is late: at most one call in
    /// twenty more, for a shorter wait where one replica is slow.
    #[arg(long, env = "HEDGE_READS")]
    pub hedge_reads: bool,

    #[command(flatten)]
    pub discovery: discovery::Args,

    #[command(flatten)]
    pub serve: server::ServeArgs,

    /// How the services that we call are known, and we to them.
    #[command(flatten)]
    pub upstream_tls: upstream::tls::UpstreamTlsArgs,

    #[command(flatten)]
    pub telemetry: telemetry::Args,
}

impl Config {
    pub(crate) fn upstream_timeout(&self) -> Duration {
        Duration::from_millis(self.upstream_timeout_ms)
    }
}

/// An origin as browsers send it: a scheme and a host, no path.
fn origin(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_origin = host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#']));
    if text == "*" || is_origin && HeaderValue::from_str(text).is_ok() {
        Ok(text.to_owned())
    } else {
        Err("must be scheme://host[:port] without a path, or *".to_owned())
    }
}
