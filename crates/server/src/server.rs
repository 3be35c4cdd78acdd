//! The public port: listeners and serving threads.

use std::{
    fmt,
    net::SocketAddr,
    num::NonZeroUsize,
    sync::{Arc, OnceLock},
};

use access::Access;
use anyhow::Context as _;
use audit::Trail;
use axum::Router;
use telemetry::{ServerLayer, Trust};
use tokio::sync::{Semaphore, oneshot};
use tokio_util::sync::CancellationToken;

use crate::{
    args::ServeArgs,
    bodies::Bodies,
    connection::ServerContext,
    listen,
    methods::Methods,
    open_files,
    overload::{self, Gate, Refuse},
    peers::{Peers, Totals},
    thread,
    tls::ServerTls,
    unary::UnaryService,
};

/// Default of `--max-pending-resets`: of an exposed server (h2's own default), and of one inside the deployment, with
/// clients that cancel many calls together when their own callers hang up.
const PENDING_RESETS: (usize, usize) = (20, 256);

/// Default of `--peer-share` of an exposed server, in per cent. Servers inside the deployment often have one peer.
const PEER_SHARE: u8 = 50;

/// A bound public port. Connections wait in its backlog until it [serves](Server::serve).
pub struct Server {
    listeners: Vec<std::net::TcpListener>,
    addr: SocketAddr,
    pub(crate) args: ServeArgs,
    exposed: bool,
    /// Peers with a trace context that is adopted.
    pub(crate) trust: Trust,
    refuse: Refuse,
    access: Access,
    trail: Trail,
    tls: Option<ServerTls>,
    /// Methods of the contract, once known.
    pub(crate) methods: OnceLock<Methods>,
    unary: Option<Arc<dyn UnaryService>>,
    /// Paths of HTTP.
    streams: Vec<&'static str>,
    /// Paths of HTTP whose handlers receive the bodies.
    uploads: Vec<&'static str>,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("addr", &self.addr).finish_non_exhaustive()
    }
}

impl Server {
    /// Binds `addr`; port 0 picks a free port.
    ///
    /// # Errors
    /// The address cannot be bound or is in use, even by a process that would share it; it can be reached from other
    /// machines and no setting decides on access; or a file of TLS or access is unusable.
    pub fn bind(addr: SocketAddr, args: &ServeArgs) -> anyhow::Result<Self> {
        let access = Access::new(&args.access, addr)?;
        let threads = args.threads.or_else(|| std::thread::available_parallelism().ok());
        let threads = threads.map_or(1, NonZeroUsize::get);
        let listeners =
            listen::share(addr, threads).with_context(|| format!("cannot listen on {addr}"))?;
        let addr = listeners[0].local_addr()?;
        let trail = Trail::new(&access);
        Ok(Self {
            listeners,
            addr,
            args: args.clone(),
            exposed: false,
            trust: Trust::All,
            refuse: overload::refuse_grpc,
            access,
            trail,
            tls: ServerTls::new(&args.tls)?,
            methods: OnceLock::new(),
            unary: None,
            streams: Vec::new(),
            uploads: Vec::new(),
        })
    }

    /// Exposes the server to outside clients: tighter limits, and trace context is adopted only from peers
    /// in `trust`.
    #[must_use]
    pub fn exposed(mut self, trust: Trust) -> Self {
        self.exposed = true;
        self.trust = trust;
        self
    }

    /// The telemetry layer for HTTP routes of this server.
    pub fn watch_http(&self) -> ServerLayer {
        ServerLayer::http(self.trust.clone())
    }

    /// Sets the response to refused requests; the default is a gRPC status.
    #[must_use]
    pub fn refusing(mut self, refuse: Refuse) -> Self {
        self.refuse = refuse;
        self
    }

    /// Serves methods ahead of the router, which must serve them as well.
    #[must_use]
    pub fn unary(mut self, service: Arc<dyn UnaryService>) -> Self {
        self.unary = Some(service);
        self
    }

    /// Paths of HTTP with streams as responses: their requests count among the open streams, of all and of their peer,
    /// and not among the calls under way.
    #[must_use]
    pub fn streams(mut self, paths: impl IntoIterator<Item = &'static str>) -> Self {
        self.streams.extend(paths);
        self
    }

    /// Paths of HTTP that take a body of any size by POST or PATCH: the handler receives it, within limits of its own.
    /// They may have one id in braces. Such requests count among the open streams, until their response has been sent.
    #[must_use]
    pub fn uploads(mut self, paths: impl IntoIterator<Item = &'static str>) -> Self {
        self.uploads.extend(paths);
        self
    }

    /// The check of calls. The service has to keep its keys up to date.
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// Replaces the audit trail of calls.
    #[must_use]
    pub fn audited(mut self, trail: Trail) -> Self {
        self.trail = trail;
        self
    }

    /// The audit trail of calls. The service has to store its events.
    pub fn trail(&self) -> &Trail {
        &self.trail
    }

    /// The bound address, with the actual port.
    pub fn local_addr(&self) -> SocketAddr {
        self.addr
    }

    /// Serves requests until `closing`, then waits for those under way within the drain timeout.
    ///
    /// Each thread runs a current-thread runtime on its own listener (SO_REUSEPORT), so that no request
    /// wakes another core, which halves the CPU of a small call.
    ///
    /// # Errors
    /// A thread could not be started, or panicked.
    pub async fn serve(self, app: Router, closing: CancellationToken) -> anyhow::Result<()> {
        let connections = open_files::affordable_connections(
            self.args.max_connections.get().min(Semaphore::MAX_PERMITS),
        );
        let permits = Arc::new(Semaphore::new(connections));
        let totals = Totals {
            connections,
            streams: self.args.overload.max_open_streams,
            bodies: self.args.bodies.max_waiting_bodies,
            buffered: self.args.bodies.max_buffered,
        };
        let share = self.args.peer_share.unwrap_or(if self.exposed { PEER_SHARE } else { 0 });
        let methods = self.methods.into_inner().unwrap_or_default();
        let mut methods = methods.with_streams(&self.streams).with_uploads(&self.uploads);
        if let Some(unary) = &self.unary {
            methods = methods.with_unary(unary.methods());
        }
        let mut context = ServerContext {
            app,
            gate: Gate::new(methods, &self.args.overload, self.refuse),
            peers: Peers::new(totals, share),
            bodies: Arc::new(Bodies::new(self.args.bodies)),
            access: self.access,
            trail: self.trail,
            tls: self.tls,
            args: self.args.connection.clone(),
            messages: self.args.messages,
            proxy_protocol: self.args.proxy_protocol,
            trust: self.trust,
            handler: None,
            exposed: self.exposed,
            closing,
            last_call: CancellationToken::new(),
        };
        let (strangers, services) = PENDING_RESETS;
        let resets = if self.exposed { strangers } else { services };
        context.args.max_pending_resets.get_or_insert(resets);
        let mut threads = Vec::new();
        for (index, listener) in self.listeners.into_iter().enumerate() {
            let (context, permits) = (context.clone(), permits.clone());
            let unary = self.unary.clone();
            let (ended, on_end) = oneshot::channel();
            let drain = self.args.drain();
            std::thread::Builder::new()
                .name(format!("serve-{index}"))
                .spawn(move || ended.send(thread::serve(listener, context, unary, permits, drain)))
                .context("starting a thread")?;
            threads.push(on_end);
        }
        for thread in threads {
            thread.await.context("a serving thread panicked")??;
        }
        Ok(())
    }
}
