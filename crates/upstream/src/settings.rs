//! Settings of an upstream.

use std::{num::NonZeroUsize, time::Duration};

use breaker::{Backoff, Probes, Slow, Trip, Window};
use contract::Methods;

use crate::tls::ClientTls;

/// A slower response counts against its endpoint even if it succeeds.
const SLOW: Duration = Duration::from_secs(3);

/// With 64 streams each, a thousand streams for each lane and endpoint; unread, they hold 256 MiB.
const STREAM_CONNECTIONS: usize = 16;
/// Longer than pages take to open streams again after a network failure.
const STREAM_IDLE: Duration = Duration::from_secs(30);

/// Settings of an upstream. The defaults suit most services.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The service's methods. A method that is missing here may stream, and is only retried if the
    /// server has not executed it.
    pub methods: Methods,
    /// `None`: plain text.
    pub tls: Option<ClientTls>,
    /// Connections of each lane to each endpoint, kept open. More than one helps when the limit is one
    /// core.
    pub connections: NonZeroUsize,
    /// Limit of further connections of each lane to each endpoint, for streaming calls: one is opened
    /// when the others are full of streams.
    pub stream_connections: usize,
    /// Time after which such a connection without a stream is closed.
    pub stream_idle: Duration,
    /// Methods to hedge, such as `/catalogue.v1.CatalogueService/GetProduct`: a slow call is also sent
    /// to a second endpoint. At most one call in twenty, and only methods without side effects by
    /// their contract. None by default.
    pub hedge: &'static [&'static str],
    /// Whether a call without a connected endpoint waits until its deadline. If not, it fails as soon
    /// as every endpoint has refused a connection.
    pub wait_for_endpoint: bool,
    /// The breaker that ejects an endpoint.
    pub endpoint_breaker: breaker::Settings,
    /// The breaker that rejects all calls. It counts failures only while no endpoint is healthy.
    pub service_breaker: breaker::Settings,
}

impl Default for Settings {
    fn default() -> Self {
        let slow = Some(Slow { after: SLOW, ratio_above: 0.8 });
        Self {
            methods: Methods::default(),
            tls: None,
            connections: NonZeroUsize::MIN,
            stream_connections: STREAM_CONNECTIONS,
            stream_idle: STREAM_IDLE,
            hedge: &[],
            wait_for_endpoint: false,
            endpoint_breaker: breaker::Settings {
                trip: Trip { slow, ..Trip::default() },
                ..breaker::Settings::default()
            },
            // A recovered service must be detected within a second.
            service_breaker: breaker::Settings {
                window: Window::default(),
                trip: Trip::default(),
                open: Backoff {
                    initial: Duration::from_millis(250),
                    cap: Duration::from_millis(800),
                    jitter: 0.2,
                },
                probes: Probes::default(),
            },
        }
    }
}
