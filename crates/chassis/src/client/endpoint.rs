//! One endpoint and its connection.

use std::time::Duration;

use tonic::transport::{Channel, Endpoint};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// A peer that does not answer a PING within the second of these is given up.
const KEEPALIVE: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(3));
const STREAM_WINDOW: u32 = 1 << 20;
const CONNECTION_WINDOW: u32 = 4 << 20;

/// A connection to `host:port`, made when it is first needed and again when it was lost.
pub(super) fn connect_lazily(host_and_port: &str) -> Channel {
    Endpoint::from_shared(format!("http://{host_and_port}"))
        .expect("a target holds host:port only")
        .connect_timeout(CONNECT_TIMEOUT)
        .tcp_nodelay(true)
        .http2_keep_alive_interval(KEEPALIVE.0)
        .keep_alive_timeout(KEEPALIVE.1)
        .keep_alive_while_idle(true)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .connect_lazy()
}
