//! One endpoint: its connection, its breaker, what is under way on it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use breaker::{Breaker, Settings};
use tonic::transport::{self, Channel};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// A peer that does not answer a PING within the second of these is given up.
const KEEPALIVE: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(3));
/// A stream nobody reads holds its window out of the connection's: small ones in a large one, or a few
/// stalled readers stop everyone's calls.
const STREAM_WINDOW: u32 = 256 << 10;
const CONNECTION_WINDOW: u32 = 32 << 20;

/// A replica of a service.
#[derive(Debug)]
pub(super) struct Endpoint {
    pub(super) channel: Channel,
    pub(super) breaker: Breaker,
    under_way: Arc<AtomicUsize>,
}

impl Endpoint {
    /// The endpoint at `host:port`. It connects when it is first needed and again when the
    /// connection was lost.
    pub(super) fn new(host_and_port: &str) -> Self {
        let channel = transport::Endpoint::from_shared(format!("http://{host_and_port}"))
            .expect("a target holds host:port only")
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_nodelay(true)
            .http2_keep_alive_interval(KEEPALIVE.0)
            .keep_alive_timeout(KEEPALIVE.1)
            .keep_alive_while_idle(true)
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .connect_lazy();
        Self { channel, breaker: Breaker::new(Settings::default()), under_way: Arc::default() }
    }

    /// Whether its breaker would let a call pass.
    pub(super) fn is_well(&self) -> bool {
        self.breaker.check().is_ok()
    }

    /// How many calls wait for their headers.
    pub(super) fn load(&self) -> usize {
        self.under_way.load(Ordering::Relaxed)
    }

    /// Counts a call as under way until what is returned is dropped.
    pub(super) fn enter(&self) -> UnderWay {
        self.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(self.under_way.clone())
    }
}

/// A call that is under way.
#[derive(Debug)]
pub(super) struct UnderWay(Arc<AtomicUsize>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
