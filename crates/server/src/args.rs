//! Settings of a server.

use std::{num::NonZeroUsize, time::Duration};

use crate::{bodies::BodyArgs, overload::OverloadArgs, tls::TlsArgs};

/// Settings of a server.
#[derive(Debug, Clone, clap::Args, serde::Serialize)]
pub struct ServeArgs {
    /// Serving threads, each with its own listener; default: one a core.
    #[arg(long, env = "SERVE_THREADS", value_name = "N")]
    pub threads: Option<NonZeroUsize>,

    /// Time to keep serving after the signal to stop, while not ready and deregistered, so that clients
    /// turn to other instances, in seconds; default: 2 with a registry, else 0.
    #[arg(long, env = "DRAIN_WAIT", value_name = "SECONDS")]
    pub drain_wait: Option<u64>,

    /// Time for requests under way to finish when the service stops, in seconds.
    #[arg(long, env = "DRAIN_TIMEOUT", value_name = "SECONDS", default_value_t = 25)]
    pub drain_timeout: u64,

    /// Maximum open connections; further ones wait to be accepted.
    #[arg(long, env = "MAX_CONNECTIONS", value_name = "N", default_value = "10000")]
    pub max_connections: NonZeroUsize,

    /// Share of one peer address (IPv6: of its /64 network) in connections, open streams, event streams among
    /// them, and request bodies, in per cent; 0: no limit. Default: 50 at the gateway, 0 behind it, where a single peer may be all there is.
    #[arg(long, env = "PEER_SHARE", value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub peer_share: Option<u8>,

    /// Expect a PROXY protocol header (version 1 or 2) on each connection of a --trusted-proxy, in which it names the
    /// client. A connection of one without a header is closed; of other peers none is read.
    #[arg(long, env = "PROXY_PROTOCOL", requires = "trusted_proxy")]
    pub proxy_protocol: bool,

    /// Connections.
    #[command(flatten)]
    #[serde(flatten)]
    pub connection: ConnectionArgs,

    /// Messages.
    #[command(flatten)]
    #[serde(flatten)]
    pub messages: MessageArgs,

    /// Request bodies.
    #[command(flatten)]
    #[serde(flatten)]
    pub bodies: BodyArgs,

    /// Overload.
    #[command(flatten)]
    #[serde(flatten)]
    pub overload: OverloadArgs,

    /// Access.
    #[command(flatten)]
    #[serde(flatten)]
    pub access: access::AccessArgs,

    /// TLS.
    #[command(flatten)]
    #[serde(flatten)]
    pub tls: TlsArgs,

    /// Serve gRPC reflection: the methods and their messages.
    #[arg(long, env = "REFLECTION")]
    pub reflection: bool,

    /// Stop when standard input ends, so that the service does not outlive the process that started it.
    #[arg(long)]
    pub exit_with_stdin: bool,
}

/// Limits and timeouts of connections.
#[derive(Debug, Clone, clap::Args, serde::Serialize)]
pub struct ConnectionArgs {
    /// Age at which a connection is closed gracefully, so that load spreads to newer replicas, in
    /// seconds, plus or minus ten per cent at random; 0: never.
    #[arg(long, env = "MAX_CONNECTION_AGE", value_name = "SECONDS", default_value_t = 1_800)]
    pub max_connection_age: u64,

    /// Time for requests under way on an aged connection to finish, in seconds.
    #[arg(long, env = "MAX_CONNECTION_AGE_GRACE", value_name = "SECONDS", default_value_t = 60)]
    pub max_connection_age_grace: u64,

    /// Maximum concurrent streams of an HTTP/2 connection.
    #[arg(long, env = "MAX_STREAMS", value_name = "N", default_value_t = 256)]
    pub max_streams: u32,

    /// Maximum requests that a peer has opened and cancelled before they were read, on one connection; a
    /// peer with more is disconnected (CVE-2023-44487). Default: 20 at the gateway, 256 behind it.
    #[arg(long, env = "MAX_PENDING_RESETS", value_name = "N")]
    pub max_pending_resets: Option<usize>,

    /// Maximum size of a request's headers or metadata, in bytes.
    #[arg(long, env = "MAX_METADATA", value_name = "BYTES", default_value_t = 16 << 10)]
    pub max_metadata: u32,

    /// Time for a peer to complete the TLS handshake and send its first bytes, and over HTTP/1 the headers
    /// of each request, in seconds.
    #[arg(long, env = "HANDSHAKE_TIMEOUT", value_name = "SECONDS", default_value_t = 10)]
    pub handshake_timeout: u64,

    /// Time for which an HTTP/1 connection may be idle between requests, in seconds: more than the 60 of common
    /// balancers, which would else send requests into a connection that is being closed.
    #[arg(long, env = "IDLE_TIMEOUT", value_name = "SECONDS", default_value_t = 75)]
    pub idle_timeout: u64,

    /// Interval of keepalive PINGs to an idle HTTP/2 peer, in seconds.
    #[arg(long, env = "KEEPALIVE_INTERVAL", value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub keepalive_interval: u64,

    /// Time for a peer to acknowledge a keepalive PING, in seconds; then its connection is closed.
    #[arg(long, env = "KEEPALIVE_TIMEOUT", value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub keepalive_timeout: u64,

    /// Time after which a response is cut if its client reads nothing of pending data, in seconds.
    #[arg(long, env = "STALL_TIMEOUT", value_name = "SECONDS", default_value_t = 30)]
    pub stall_timeout: u64,
}

/// Limits on the size of messages.
#[derive(Debug, Clone, Copy, clap::Args, serde::Serialize)]
pub struct MessageArgs {
    /// Maximum size of a received message, in bytes; the default is gRPC's.
    #[arg(long, env = "MAX_MESSAGE", value_name = "BYTES", default_value_t = 4 << 20)]
    pub max_message: usize,

    /// Maximum size of a sent message, in bytes.
    #[arg(long, env = "MAX_ANSWER", value_name = "BYTES", default_value_t = 64 << 20)]
    pub max_answer: usize,
}

impl Default for ServeArgs {
    fn default() -> Self {
        Self {
            threads: None,
            drain_wait: None,
            drain_timeout: 25,
            max_connections: NonZeroUsize::new(10_000).expect("is not zero"),
            peer_share: None,
            proxy_protocol: false,
            connection: ConnectionArgs::default(),
            messages: MessageArgs::default(),
            bodies: BodyArgs::default(),
            overload: OverloadArgs::default(),
            access: access::AccessArgs::default(),
            tls: TlsArgs::default(),
            reflection: false,
            exit_with_stdin: false,
        }
    }
}

impl Default for ConnectionArgs {
    fn default() -> Self {
        Self {
            max_connection_age: 1_800,
            max_connection_age_grace: 60,
            max_streams: 256,
            max_pending_resets: None,
            max_metadata: 16 << 10,
            handshake_timeout: 10,
            idle_timeout: 75,
            keepalive_interval: 20,
            keepalive_timeout: 10,
            stall_timeout: 30,
        }
    }
}

impl Default for MessageArgs {
    fn default() -> Self {
        Self { max_message: 4 << 20, max_answer: 64 << 20 }
    }
}

impl ServeArgs {
    pub(super) fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_timeout)
    }
}

impl ConnectionArgs {
    /// Random maximum age of a connection, so that connections opened together do not reconnect
    /// together.
    pub(super) fn age(&self) -> Option<Duration> {
        let age = Duration::from_secs(self.max_connection_age);
        (!age.is_zero()).then(|| age.mul_f64(0.9 + 0.2 * fastrand::f64()))
    }

    pub(super) fn grace(&self) -> Duration {
        Duration::from_secs(self.max_connection_age_grace)
    }

    pub(super) fn handshake(&self) -> Duration {
        Duration::from_secs(self.handshake_timeout)
    }

    pub(super) fn idle(&self) -> Duration {
        Duration::from_secs(self.idle_timeout)
    }

    pub(super) fn stall(&self) -> Duration {
        Duration::from_secs(self.stall_timeout)
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(Debug, clap::Parser)]
    struct Config {
        #[command(flatten)]
        serve: ServeArgs,
    }

    #[test]
    fn parser_defaults_are_those_of_the_type() {
        let parsed = Config::parse_from(["test"]).serve;
        let plain = serde_json::to_value(ServeArgs::default()).unwrap();
        assert_eq!(serde_json::to_value(parsed).unwrap(), plain);
    }

    #[test]
    fn ages_vary_by_a_tenth_and_can_be_unlimited() {
        let args = ConnectionArgs { max_connection_age: 100, ..ConnectionArgs::default() };
        for _ in 0..100 {
            let age = args.age().expect("it ages").as_secs_f64();
            assert!((89.9..=110.1).contains(&age), "{age}");
        }
        assert_eq!(ConnectionArgs { max_connection_age: 0, ..args }.age(), None);
    }

    #[test]
    fn keepalive_settings_are_bounded() {
        for flag in ["--keepalive-interval", "--keepalive-timeout"] {
            for value in ["0", "86401", "18446744073709551615"] {
                let error = Config::try_parse_from(["test", flag, value]).unwrap_err().to_string();
                assert!(error.contains(flag) && error.contains("1..=86400"), "{error}");
            }
            assert!(Config::try_parse_from(["test", flag, "1"]).is_ok());
        }
    }
}
