//! A serving thread: accepts connections, and at the end waits for the open ones.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context as _;
use futures::FutureExt as _;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tokio_util::task::TaskTracker;

use crate::{
    connection::{self, Accepted, FINAL_GRACE, ServerContext},
    metrics,
    unary::UnaryService,
};

/// Tasks polled between two polls of the sockets (tokio's default is 61). Fewer make refusals faster when
/// a hundred calls are queued.
const EVENT_INTERVAL: u32 = 16;

/// Serves on its own runtime until the server closes and its connections have ended, or `drain` has
/// passed.
///
/// # Errors
/// The runtime cannot be started.
pub(super) fn serve(
    listener: std::net::TcpListener,
    mut context: ServerContext,
    unary: Option<Arc<dyn UnaryService>>,
    permits: Arc<Semaphore>,
    drain: Duration,
) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .event_interval(EVENT_INTERVAL)
        .build()
        .context("starting a runtime")?;
    let name = std::thread::current().name().unwrap_or("serve").to_owned();
    metrics::watch_runtime(name, runtime.handle());
    runtime.block_on(async {
        context.handler = unary.map(|service| service.handler());
        let context = Arc::new(context);
        let listener = TcpListener::from_std(listener).context("registering the listener")?;
        let mut acceptor = Acceptor { listener, context, permits, connections: TaskTracker::new() };
        tokio::select! {
            () = acceptor.context.closing.clone().cancelled_owned() => {}
            () = acceptor.accept() => {}
        }
        acceptor.accept_waiting();
        let Acceptor { listener, context, connections, .. } = acceptor;
        drop(listener);
        connections.close();
        if timeout(drain.saturating_sub(FINAL_GRACE), connections.wait()).await.is_ok() {
            return Ok(());
        }
        context.last_call.cancel();
        if timeout(drain.min(FINAL_GRACE), connections.wait()).await.is_err() {
            tracing::warn!(
                open = connections.len(),
                "closed connections that did not finish in time"
            );
        }
        Ok(())
    })
}

struct Acceptor {
    listener: TcpListener,
    context: Arc<ServerContext>,
    permits: Arc<Semaphore>,
    connections: TaskTracker,
}

impl Acceptor {
    /// Accepts connections, endlessly. The permit comes second: a thread that held one while its listener
    /// is idle would keep it from the others. At the limit each thread holds one accepted connection.
    async fn accept(&mut self) {
        loop {
            match self.listener.accept().await {
                Ok((stream, addr)) => {
                    // Before the permit: connections that are closed at once need not wait for one.
                    let Some(peer) = self.peer(addr) else { continue };
                    let permit = self.permits.clone().acquire_owned().await;
                    self.spawn(stream, peer, permit.expect("is never closed"));
                }
                Err(error) => {
                    // Mostly out of file descriptors: an immediate retry would spin.
                    tracing::warn!(%error, "accepting a connection failed");
                    sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }

    /// Accepts pending connections, which closing the listener would reset.
    fn accept_waiting(&mut self) {
        while let Ok(permit) = self.permits.clone().try_acquire_owned()
            && let Some(Ok((stream, addr))) = self.listener.accept().now_or_never()
        {
            if let Some(peer) = self.peer(addr) {
                self.spawn(stream, peer, permit);
            }
        }
    }

    /// The peer at an address. `None` if that has its share: the connection is closed.
    fn peer(&self, addr: SocketAddr) -> Option<Accepted> {
        if self.context.is_proxied(addr) {
            return Some(Accepted::Proxy(addr));
        }
        self.context.count(addr).map(|counted| Accepted::Client(addr, counted))
    }

    fn spawn(&mut self, stream: TcpStream, peer: Accepted, permit: OwnedSemaphorePermit) {
        let connection = connection::serve(stream, peer, Arc::clone(&self.context));
        self.connections.spawn(async move {
            connection.await;
            drop(permit);
        });
    }
}
