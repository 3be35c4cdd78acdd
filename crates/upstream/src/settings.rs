//! How an upstream is called.

use std::{num::NonZeroUsize, time::Duration};

use breaker::{Backoff, Probes, Slow, Trip, Window};
use contract::Methods;

use crate::tls::ClientTls;

/// An answer that takes so long counts against its endpoint, good as it may be.
const SLOW: Duration = Duration::from_secs(3);

/// What can be chosen about the calls to a service. The defaults suit most.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What the service's methods may be taken for. Of one that is not among them nothing is known:
    /// it may stream, and it is never sent twice.
    pub methods: Methods,
    /// Encrypts what is sent, and knows whom to trust. Not set: neither.
    pub tls: Option<ClientTls>,
    /// Connections to each endpoint: more than one where a single one is the limit, be it of
    /// streams, be it of a core.
    pub connections: NonZeroUsize,
    /// Methods whose calls are asked of a second endpoint as well when they are late, such as
    /// `/catalogue.v1.CatalogueService/GetProduct`: never more than one call in twenty, and only
    /// methods that the contract says have no side effects. None by default.
    pub hedge: &'static [&'static str],
    /// Where nobody is connected: whether a call waits for as long as its deadline lets it. If not,
    /// it waits only while there is hope, and fails as soon as every endpoint has refused us.
    pub wait_for_endpoint: bool,
    /// When an endpoint is ejected.
    pub endpoint_breaker: breaker::Settings,
    /// When nobody is asked any more. It learns of failures only while every endpoint is bad.
    pub service_breaker: breaker::Settings,
}

impl Default for Settings {
    fn default() -> Self {
        let slow = Some(Slow { after: SLOW, ratio_above: 0.8 });
        Self {
            methods: Methods::default(),
            tls: None,
            connections: NonZeroUsize::MIN,
            hedge: &[],
            wait_for_endpoint: false,
            endpoint_breaker: breaker::Settings {
                trip: Trip { slow, ..Trip::default() },
                ..breaker::Settings::default()
            },
            // A service that was wholly bad is to be found well again within a second.
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
