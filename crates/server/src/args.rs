//! How a server runs: every setting, its unit and what holds without it.

use std::{num::NonZeroUsize, time::Duration};

use crate::{overload::OverloadArgs, tls::TlsArgs};

/// How a server runs.
#[derive(Debug, Clone, clap::Args, serde::Serialize)]
pub struct ServeArgs {
    /// Threads that answer requests, each with a listener of its own; default: one a core.
    #[arg(long, env = "SERVE_THREADS", value_name = "N")]
    pub threads: Option<NonZeroUsize>,

    /// How long to go on as before after the order to stop, having said that we are leaving, so
    /// that callers can turn elsewhere, in seconds; default: 2 where a registry is told, else 0.
    #[arg(long, env = "DRAIN_WAIT", value_name = "SECONDS")]
    pub drain_wait: Option<u64>,

    /// How long requests under way may take to finish when the service stops, in seconds.
    #[arg(long, env = "DRAIN_TIMEOUT", value_name = "SECONDS", default_value_t = 25)]
    pub drain_timeout: u64,

    /// Open connections at most; more wait to be accepted.
    #[arg(long, env = "MAX_CONNECTIONS", value_name = "N", default_value = "10000")]
    pub max_connections: NonZeroUsize,

    /// How connections are held.
    #[command(flatten)]
    #[serde(flatten)]
    pub connection: ConnectionArgs,

    /// How large messages may be.
    #[command(flatten)]
    #[serde(flatten)]
    pub messages: MessageArgs,

    /// What is taken on at once.
    #[command(flatten)]
    #[serde(flatten)]
    pub overload: OverloadArgs,

    /// TLS.
    #[command(flatten)]
    #[serde(flatten)]
    pub tls: TlsArgs,

    /// Answer gRPC server reflection: what there is to call, and with what.
    #[arg(long, env = "REFLECTION")]
    pub reflection: bool,

    /// Stop when standard input ends: for whoever starts services and must not leave any behind.
    #[arg(long)]
    pub exit_with_stdin: bool,
}

/// How connections are held.
#[derive(Debug, Clone, clap::Args, serde::Serialize)]
pub struct ConnectionArgs {
    /// Ask a peer to connect anew after about this long, in seconds, so that load spreads over
    /// replicas that came later; 0: never. Ten per cent more or less, by chance.
    #[arg(long, env = "MAX_CONNECTION_AGE", value_name = "SECONDS", default_value_t = 1_800)]
    pub max_connection_age: u64,

    /// How long what is under way on a connection may go on after that, in seconds.
    #[arg(long, env = "MAX_CONNECTION_AGE_GRACE", value_name = "SECONDS", default_value_t = 60)]
    pub max_connection_age_grace: u64,

    /// Requests a peer may have open at once on one HTTP/2 connection.
    #[arg(long, env = "MAX_STREAMS", value_name = "N", default_value_t = 256)]
    pub max_streams: u32,

    /// Requests a peer may open and cancel before we have looked at them, on one connection; a peer
    /// with more is cut (CVE-2023-44487). Default: 20 at the gateway, 256 behind it.
    #[arg(long, env = "MAX_PENDING_RESETS", value_name = "N")]
    pub max_pending_resets: Option<usize>,

    /// Headers or metadata of a request at most, in bytes.
    #[arg(long, env = "MAX_METADATA", value_name = "BYTES", default_value_t = 16 << 10)]
    pub max_metadata: u32,

    /// How long a peer may take to say what it speaks, with TLS to agree on it, and over HTTP/1 to
    /// send a request's headers, in seconds.
    #[arg(long, env = "HANDSHAKE_TIMEOUT", value_name = "SECONDS", default_value_t = 10)]
    pub handshake_timeout: u64,

    /// How often a quiet HTTP/2 peer is asked whether it is still there, in seconds.
    #[arg(long, env = "KEEPALIVE_INTERVAL", value_name = "SECONDS", default_value_t = 20)]
    pub keepalive_interval: u64,

    /// How long it may take to answer that, in seconds; then its connection is cut.
    #[arg(long, env = "KEEPALIVE_TIMEOUT", value_name = "SECONDS", default_value_t = 10)]
    pub keepalive_timeout: u64,

    /// How long a reader may take nothing of an answer that is there, in seconds; then the answer
    /// is cut.
    #[arg(long, env = "STALL_TIMEOUT", value_name = "SECONDS", default_value_t = 30)]
    pub stall_timeout: u64,
}

/// How large messages may be.
#[derive(Debug, Clone, Copy, clap::Args, serde::Serialize)]
pub struct MessageArgs {
    /// The largest message taken, in bytes: gRPC's own default.
    #[arg(long, env = "MAX_MESSAGE", value_name = "BYTES", default_value_t = 4 << 20)]
    pub max_message: usize,

    /// The largest message sent, in bytes.
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
            connection: ConnectionArgs::default(),
            messages: MessageArgs::default(),
            overload: OverloadArgs::default(),
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
    /// How old a connection becomes: drawn anew for each, so that those opened together do not all
    /// come back together.
    pub(super) fn age(&self) -> Option<Duration> {
        let age = Duration::from_secs(self.max_connection_age);
        (!age.is_zero()).then(|| age.mul_f64(0.9 + 0.2 * random::unit()))
    }

    pub(super) fn grace(&self) -> Duration {
        Duration::from_secs(self.max_connection_age_grace)
    }

    pub(super) fn handshake(&self) -> Duration {
        Duration::from_secs(self.handshake_timeout)
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
    fn what_holds_without_settings_is_said_once() {
        let parsed = Config::parse_from(["test"]).serve;
        let plain = serde_json::to_value(ServeArgs::default()).unwrap();
        assert_eq!(serde_json::to_value(parsed).unwrap(), plain);
    }

    #[test]
    fn ages_differ_by_a_tenth_and_can_be_endless() {
        let args = ConnectionArgs { max_connection_age: 100, ..ConnectionArgs::default() };
        for _ in 0..100 {
            let age = args.age().expect("it ages").as_secs_f64();
            assert!((89.9..=110.1).contains(&age), "{age}");
        }
        assert_eq!(ConnectionArgs { max_connection_age: 0, ..args }.age(), None);
    }
}
