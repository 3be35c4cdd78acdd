//! One serving thread: accepts, and at the end waits for what is under way.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use futures::FutureExt as _;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tokio_util::task::TaskTracker;

use super::{
    connection::{self, LAST_WORD, Shared},
    unary::UnaryService,
};
use crate::metrics;

/// So many tasks are worked on before sockets are looked at again (61 if tokio had its way). With a
/// hundred calls waiting for their turn, whoever is to be refused learns of it that much sooner.
const LOOK_AFTER: u32 = 16;

/// Serves on a runtime of its own until the server leaves and its connections have ended, which
/// they have `drain` for.
///
/// # Errors
/// The runtime cannot be started.
pub(super) fn serve(
    listener: std::net::TcpListener,
    mut shared: Shared,
    unary: Option<Arc<dyn UnaryService>>,
    permits: Arc<Semaphore>,
    drain: Duration,
) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .event_interval(LOOK_AFTER)
        .build()
        .context("starting a runtime")?;
    let name = std::thread::current().name().unwrap_or("serve").to_owned();
    metrics::watch_runtime(name, runtime.handle());
    runtime.block_on(async {
        shared.handler = unary.map(|service| service.handler());
        let shared = Arc::new(shared);
        let listener = TcpListener::from_std(listener).context("taking over the listener")?;
        let mut door = Door { listener, shared, permits, connections: TaskTracker::new() };
        tokio::select! {
            () = door.shared.closing.clone().cancelled_owned() => {}
            () = door.accept() => {}
        }
        door.accept_waiting();
        let Door { listener, shared, connections, .. } = door;
        drop(listener);
        connections.close();
        if timeout(drain.saturating_sub(LAST_WORD), connections.wait()).await.is_ok() {
            return Ok(());
        }
        shared.last_call.cancel();
        if timeout(drain.min(LAST_WORD), connections.wait()).await.is_err() {
            tracing::warn!(open = connections.len(), "cut connections that did not finish");
        }
        Ok(())
    })
}

struct Door {
    listener: TcpListener,
    shared: Arc<Shared>,
    permits: Arc<Semaphore>,
    connections: TaskTracker,
}

impl Door {
    /// Never ends by itself.
    async fn accept(&mut self) {
        loop {
            let permit = self.permits.clone().acquire_owned().await.expect("is never closed");
            match self.listener.accept().await {
                Ok((stream, peer)) => self.enter(stream, peer, permit),
                Err(error) => {
                    // Out of file descriptors, mostly: accepting again at once would only spin.
                    tracing::warn!(%error, "a connection could not be accepted");
                    sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }

    /// Those that had connected before the door was closed: closing it would reset them.
    fn accept_waiting(&mut self) {
        while let Ok(permit) = self.permits.clone().try_acquire_owned()
            && let Some(Ok((stream, peer))) = self.listener.accept().now_or_never()
        {
            self.enter(stream, peer, permit);
        }
    }

    fn enter(
        &mut self,
        stream: TcpStream,
        peer: std::net::SocketAddr,
        permit: OwnedSemaphorePermit,
    ) {
        let connection = connection::serve(stream, peer, Arc::clone(&self.shared));
        self.connections.spawn(async move {
            connection.await;
            drop(permit);
        });
    }
}
