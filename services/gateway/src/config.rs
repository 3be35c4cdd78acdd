//! All settings of the gateway.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use http::HeaderValue;

/// The public port of the product catalogue: gRPC, gRPC-web, JSON, live stock and a storefront.
#[derive(Debug, Clone, clap::Parser, serde::Serialize)]
#[command(name = "gateway", about, version)]
pub struct Config {
    /// Public listen address, for all protocols: HTTP/1.1 and HTTP/2, with TLS if --tls-cert is set.
    #[arg(long, env = "LISTEN_ADDR", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Admin listen address: /livez, /readyz, /metrics, /buildz.
    #[arg(long, env = "ADMIN_ADDR", default_value = "127.0.0.1:9100")]
    pub admin: SocketAddr,

    /// Target of the catalogue: `static://host:port,...`, `dns://name:port` or `consul://name`.
    #[arg(long, env = "CATALOGUE_TARGET", default_value = "static://127.0.0.1:50051")]
    pub catalogue: discovery::Target,

    /// Target of the search service: `static://host:port,...`, `dns://name:port` or `consul://name`.
    #[arg(long, env = "SEARCH_TARGET", default_value = "static://127.0.0.1:50052")]
    pub search: discovery::Target,

    /// Directory whose files are served under /media/. Not set: no files are served.
    #[arg(long, env = "MEDIA_DIR")]
    pub media_dir: Option<PathBuf>,

    /// The address under which the world reaches this gateway, such as `https://shop.example`: in links that
    /// search engines and shopping agents follow. Not set: the host of each request, with http.
    #[arg(long, env = "PUBLIC_URL", value_name = "URL", value_parser = crate::base_url::parse)]
    pub public_url: Option<String>,

    /// Origins of web pages that may call this gateway (CORS), such as `https://shop.example`; `*`
    /// for any. Not set: browsers block calls from pages of other origins.
    #[arg(long, env = "CORS_ORIGIN", value_delimiter = ',', value_parser = origin)]
    pub cors_origin: Vec<String>,

    /// Names under which browsers and HTTP clients address this gateway, without a port, such as
    /// `shop.example`; `*` for any. Requests to other hosts are refused, except to localhost, to
    /// loopback addresses, to the listen address and, when it listens on all addresses, to any address
    /// and to names without a dot. Not checked for gRPC.
    #[arg(long, env = "ALLOWED_HOST", value_delimiter = ',', value_parser = host)]
    pub allowed_host: Vec<String>,

    /// Networks of trusted peers whose trace context is continued, such as `10.0.0.0/8` for an
    /// ingress. Requests from other peers start new traces, linked to the caller's.
    #[arg(long, env = "TRUSTED_PEERS", value_name = "NET", value_delimiter = ',')]
    pub trusted_peers: Vec<ipnet::IpNet>,

    /// Log a line of target `access` for each request. Writes always have one of target `audit`.
    #[arg(long, env = "ACCESS_LOG", value_name = "BOOL", default_value_t = false,
          action = clap::ArgAction::Set)]
    pub access_log: bool,

    /// Limit of concurrent event streams, over all connections.
    #[arg(long, env = "MAX_EVENT_STREAMS", default_value_t = 10_000)]
    pub max_event_streams: usize,

    /// Limit of the further connections that each thread opens to each upstream instance for streams, of
    /// which each carries 64. The connections of other calls keep half of their streams for these.
    #[arg(long, env = "STREAM_CONNECTIONS", value_name = "N", default_value_t = 16)]
    pub stream_connections: usize,

    /// Default timeout of one call to an upstream service, in milliseconds.
    #[arg(long, env = "UPSTREAM_TIMEOUT_MS", default_value_t = 10_000,
          value_parser = clap::value_parser!(u64).range(1..=600_000))]
    pub upstream_timeout_ms: u64,

    /// Hedge reads: send a product read or a search to a second replica when the first is slow, for
    /// at most one extra call in twenty.
    #[arg(long, env = "HEDGE_READS")]
    pub hedge_reads: bool,

    #[command(flatten)]
    pub discovery: discovery::Args,

    #[command(flatten)]
    pub serve: server::ServeArgs,

    #[command(flatten)]
    pub oidc: access::OidcArgs,

    #[command(flatten)]
    pub imports: crate::import_args::ImportArgs,

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

/// Parses the name of a host, without a scheme and a port.
fn host(text: &str) -> Result<String, String> {
    let is_name = !text.is_empty() && !text.contains(['/', ':', '@', '?', '#', ' ']);
    let is_address = text.starts_with('[') && text.ends_with(']');
    if text == "*" || is_name && !text.contains('*') || is_address {
        Ok(text.to_owned())
    } else {
        Err("must be the name of a host without a scheme and a port, or *".to_owned())
    }
}

/// Parses an origin as browsers send it: a scheme and a host, without a path.
fn origin(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_origin = host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#']));
    if text == "*" || is_origin && HeaderValue::from_str(text).is_ok() {
        Ok(text.to_owned())
    } else {
        Err("must be scheme://host[:port] without a path, or *".to_owned())
    }
}
