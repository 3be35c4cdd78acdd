//! The state that the connections of a serving thread share, and the peer of each.

use std::{net::SocketAddr, sync::Arc};

use access::{Access, Origin};
use audit::Trail;
use axum::Router;
use telemetry::Trust;
use tokio_util::sync::CancellationToken;

use crate::{
    args::{ConnectionArgs, MessageArgs},
    bodies::Bodies,
    metrics,
    overload::Gate,
    peers::{PeerConnection, PeerUsage, Peers},
    tls::{PeerIdentity, ServerTls},
    unary::UnaryHandler,
};

/// Settings and state that all connections of a serving thread share.
#[derive(Clone)]
pub(crate) struct ServerContext {
    pub(crate) app: Router,
    pub(crate) gate: Gate,
    pub(crate) peers: Peers,
    pub(crate) bodies: Arc<Bodies>,
    /// Checks calls of the methods that are served ahead of `app`.
    pub(crate) access: Access,
    /// Audits refusals on these connections.
    pub(crate) trail: Trail,
    pub(crate) tls: Option<ServerTls>,
    pub(crate) args: ConnectionArgs,
    pub(crate) messages: MessageArgs,
    /// Trusted proxies name the client ahead of everything else.
    pub(crate) proxy_protocol: bool,
    /// Peers with a trace context that is adopted.
    pub(crate) trust: Trust,
    /// Serves frequent unary methods ahead of `app`, on this thread.
    pub(crate) handler: Option<Arc<dyn UnaryHandler>>,
    /// Clients outside the deployment connect; they get tighter limits.
    pub(crate) exposed: bool,
    /// Cancelled when the server begins to drain.
    pub(crate) closing: CancellationToken,
    /// Cancelled [`FINAL_GRACE`](super::FINAL_GRACE) before open streams are cut.
    pub(crate) last_call: CancellationToken,
}

impl ServerContext {
    /// Whether a connection from this address begins with a PROXY protocol header.
    pub(crate) fn is_proxied(&self, addr: SocketAddr) -> bool {
        self.proxy_protocol && self.access.proxies().includes(addr.ip().to_canonical())
    }

    /// Counts a connection of a client. `None` if its address has its share: the connection is to be closed.
    pub(crate) fn count(&self, client: SocketAddr) -> Option<PeerConnection> {
        let counted = self.peers.connect(client.ip());
        if counted.is_none() {
            metrics::refused(metrics::CONNECTIONS);
            tracing::debug!(peer = %client, "closed a connection: its address has its share");
        }
        counted
    }
}

/// The remote end of a connection: its address and that address's usage, its identity by client certificate, and its
/// origin for access control.
#[derive(Debug, Clone)]
pub(crate) struct Peer {
    pub(crate) addr: SocketAddr,
    pub(crate) usage: Arc<PeerUsage>,
    pub(crate) identity: Option<PeerIdentity>,
    pub(crate) origin: Origin,
}

impl Peer {
    pub(crate) fn new(
        addr: SocketAddr,
        usage: Arc<PeerUsage>,
        identity: Option<PeerIdentity>,
        access: &Access,
    ) -> Self {
        let names = identity.iter().flat_map(PeerIdentity::names);
        let origin = access.origin(addr.ip(), names);
        Self { addr, usage, identity, origin }
    }
}
