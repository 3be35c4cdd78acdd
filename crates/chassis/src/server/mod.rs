//! The public port: listeners, threads, connections, drain.

mod connection;
mod listen;

use std::{net::SocketAddr, num::NonZeroUsize, sync::Arc, time::Duration};

use anyhow::Context as _;
use axum::Router;
use tokio::{
    net::TcpListener,
    sync::{Semaphore, oneshot},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How a server runs.
#[derive(Debug, Clone, clap::Args, serde::Serialize)]
pub struct ServeArgs {
    /// Threads that answer requests, each with a listener of its own; default: one a core.
    #[arg(long, env = "SERVE_THREADS", value_name = "N")]
    pub threads: Option<NonZeroUsize>,

    /// How long requests under way may take to finish when the service stops, in seconds.
    #[arg(long, env = "DRAIN_TIMEOUT", value_name = "SECONDS", default_value_t = 25)]
    pub drain_timeout: u64,

    /// Open connections at most; more wait to be accepted.
    #[arg(long, env = "MAX_CONNECTIONS", value_name = "N", default_value = "10000")]
    pub max_connections: NonZeroUsize,

    /// Stop when standard input ends: for whoever starts services and must not leave any behind.
    #[arg(long)]
    pub exit_with_stdin: bool,
}

impl Default for ServeArgs {
    fn default() -> Self {
        Self {
            threads: None,
            drain_timeout: 25,
            max_connections: NonZeroUsize::new(10_000).expect("is not zero"),
            exit_with_stdin: false,
        }
    }
}

/// A bound public port. Connections wait in its backlog until it [serves](Server::serve).
#[derive(Debug)]
pub struct Server {
    listeners: Vec<std::net::TcpListener>,
    addr: SocketAddr,
    drain: Duration,
    max_connections: usize,
}

impl Server {
    /// Binds `addr`; port 0 takes a free one.
    ///
    /// # Errors
    /// The address is in use, even by a process that would share it, or cannot be bound.
    pub fn bind(addr: SocketAddr, args: &ServeArgs) -> anyhow::Result<Self> {
        let threads = args.threads.or_else(|| std::thread::available_parallelism().ok());
        let threads = threads.map_or(1, NonZeroUsize::get);
        let listeners = listen::share(addr, threads)
            .with_context(|| format!("the port {addr} cannot be used"))?;
        let addr = listeners[0].local_addr()?;
        Ok(Self {
            listeners,
            addr,
            drain: Duration::from_secs(args.drain_timeout),
            max_connections: args.max_connections.get(),
        })
    }

    /// Where it listens, with the port it was given.
    pub fn local_addr(&self) -> SocketAddr {
        self.addr
    }

    /// Answers requests until `shutdown`, then lets those under way finish within the drain time.
    ///
    /// Every thread runs a current-thread runtime on a listener of its own (SO_REUSEPORT): no
    /// request wakes another core, which halves the CPU a small call costs.
    ///
    /// # Errors
    /// A thread could not be started, or one ended by a panic.
    pub async fn serve(self, app: Router, shutdown: CancellationToken) -> anyhow::Result<()> {
        let permits = Arc::new(Semaphore::new(self.max_connections));
        let mut threads = Vec::new();
        for (index, listener) in self.listeners.into_iter().enumerate() {
            let (app, shutdown, permits) = (app.clone(), shutdown.clone(), permits.clone());
            let (ended, on_end) = oneshot::channel();
            std::thread::Builder::new()
                .name(format!("serve-{index}"))
                .spawn(move || {
                    ended.send(serve_thread(listener, app, shutdown, permits, self.drain)).ok();
                })
                .context("starting a thread")?;
            threads.push(on_end);
        }
        for thread in threads {
            thread.await.context("a serving thread panicked")??;
        }
        Ok(())
    }
}

fn serve_thread(
    listener: std::net::TcpListener,
    app: Router,
    shutdown: CancellationToken,
    permits: Arc<Semaphore>,
    drain: Duration,
) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("starting a runtime")?;
    runtime.block_on(async {
        let listener = TcpListener::from_std(listener).context("taking over the listener")?;
        let connections = TaskTracker::new();
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = accept(&listener, app, &connections, &permits, &shutdown) => {}
        }
        drop(listener);
        connections.close();
        if tokio::time::timeout(drain, connections.wait()).await.is_err() {
            tracing::warn!(open = connections.len(), "cut connections that did not finish");
        }
        Ok(())
    })
}

async fn accept(
    listener: &TcpListener,
    app: Router,
    connections: &TaskTracker,
    permits: &Arc<Semaphore>,
    shutdown: &CancellationToken,
) {
    loop {
        let permit = permits.clone().acquire_owned().await.expect("is never closed");
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, mostly: accepting again at once would only spin.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let connection = connection::serve(stream, peer, app.clone(), shutdown.clone());
        connections.spawn(async move {
            connection.await;
            drop(permit);
        });
    }
}
