//! The public port: listeners, threads, connections, drain.

use std::{
    fmt,
    net::SocketAddr,
    num::NonZeroUsize,
    sync::{Arc, OnceLock},
};

use anyhow::Context as _;
use axum::Router;
use telemetry::{ServerLayer, Trust};
use tokio::sync::{Semaphore, oneshot};
use tokio_util::sync::CancellationToken;

use crate::{
    args::ServeArgs,
    connection::Shared,
    grpc::methods::Methods,
    listen, open_files,
    overload::{self, Gate, Refuse},
    thread,
    tls::ServerTls,
    unary::UnaryService,
};

/// How many requests a stranger may open and cancel before we have looked at them (h2's own
/// default); a service of ours does so whenever many of its callers hang up together.
const PENDING_RESETS: (usize, usize) = (20, 256);

/// A bound public port. Connections wait in its backlog until it [serves](Server::serve).
pub struct Server {
    listeners: Vec<std::net::TcpListener>,
    addr: SocketAddr,
    pub(crate) args: ServeArgs,
    exposed: bool,
    /// Whose word on traces is taken.
    pub(crate) trust: Trust,
    refuse: Refuse,
    tls: Option<ServerTls>,
    /// What there is to call.
    pub(crate) methods: OnceLock<Methods>,
    unary: Option<Arc<dyn UnaryService>>,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("addr", &self.addr).finish_non_exhaustive()
    }
}

impl Server {
    /// Binds `addr`; port 0 takes a free one.
    ///
    /// # Errors
    /// The address is in use, even by a process that would share it, or cannot be bound; or a file
    /// for TLS cannot be used.
    pub fn bind(addr: SocketAddr, args: &ServeArgs) -> anyhow::Result<Self> {
        let threads = args.threads.or_else(|| std::thread::available_parallelism().ok());
        let threads = threads.map_or(1, NonZeroUsize::get);
        let listeners = listen::share(addr, threads)
            .with_context(|| format!("the port {addr} cannot be used"))?;
        let addr = listeners[0].local_addr()?;
        Ok(Self {
            listeners,
            addr,
            args: args.clone(),
            exposed: false,
            trust: Trust::All,
            refuse: overload::refuse_grpc,
            tls: ServerTls::new(&args.tls)?,
            methods: OnceLock::new(),
            unary: None,
        })
    }

    /// The same, for strangers to call: they get less credit than services of ours, and what they
    /// say of the traces they belong to is believed of those only that `trust` names.
    #[must_use]
    pub fn exposed(mut self, trust: Trust) -> Self {
        self.exposed = true;
        self.trust = trust;
        self
    }

    /// What sees every request of a web application of this server: to be put around the routes of
    /// its router.
    pub fn watch_http(&self) -> ServerLayer {
        ServerLayer::http(self.trust.clone())
    }

    /// The same, with `refuse` to answer those there is no room for; without, they are answered in
    /// gRPC's words.
    #[must_use]
    pub fn refusing(mut self, refuse: Refuse) -> Self {
        self.refuse = refuse;
        self
    }

    /// The same, with methods that are served ahead of the router, which has to serve them as well.
    #[must_use]
    pub fn unary(mut self, service: Arc<dyn UnaryService>) -> Self {
        self.unary = Some(service);
        self
    }

    /// Where it listens, with the port it was given.
    pub fn local_addr(&self) -> SocketAddr {
        self.addr
    }

    /// Answers requests until `closing`, then lets those under way finish within the drain time.
    ///
    /// Every thread runs a current-thread runtime on a listener of its own (SO_REUSEPORT): no
    /// request wakes another core, which halves the CPU a small call costs.
    ///
    /// # Errors
    /// A thread could not be started, or one ended by a panic.
    pub async fn serve(self, app: Router, closing: CancellationToken) -> anyhow::Result<()> {
        let permits = Arc::new(Semaphore::new(open_files::affordable_connections(
            self.args.max_connections.get().min(Semaphore::MAX_PERMITS),
        )));
        let mut methods = self.methods.into_inner().unwrap_or_default();
        if let Some(unary) = &self.unary {
            methods = methods.with_unary(unary.methods());
        }
        let mut shared = Shared {
            app,
            gate: Gate::new(methods, &self.args.overload, self.refuse),
            tls: self.tls,
            args: self.args.connection.clone(),
            messages: self.args.messages,
            trust: self.trust,
            handler: None,
            exposed: self.exposed,
            closing,
            last_call: CancellationToken::new(),
        };
        let (strangers, services) = PENDING_RESETS;
        let resets = if self.exposed { strangers } else { services };
        shared.args.max_pending_resets.get_or_insert(resets);
        let mut threads = Vec::new();
        for (index, listener) in self.listeners.into_iter().enumerate() {
            let (shared, permits) = (shared.clone(), permits.clone());
            let unary = self.unary.clone();
            let (ended, on_end) = oneshot::channel();
            let drain = self.args.drain();
            std::thread::Builder::new()
                .name(format!("serve-{index}"))
                .spawn(move || ended.send(thread::serve(listener, shared, unary, permits, drain)))
                .context("starting a thread")?;
            threads.push(on_end);
        }
        for thread in threads {
            thread.await.context("a serving thread panicked")??;
        }
        Ok(())
    }
}
