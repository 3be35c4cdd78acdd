//! Threads that make calls: those of one runtime, or each with its own runtime, as in a server.

use std::{net::SocketAddr, thread};

use anyhow::{Context as _, Result};
use futures::future::try_join_all;
use tokio::{
    runtime::{Builder, Handle},
    task::JoinHandle,
};
use tonic::transport::Channel;

/// Runtimes on which calls are made.
pub(crate) struct Callers(Vec<Handle>);

impl Callers {
    /// Callers on the current runtime, whose threads steal tasks.
    pub(crate) fn on_this_runtime() -> Self {
        Self(vec![Handle::current()])
    }

    /// Callers on `count` threads with a current-thread runtime each, until the process ends.
    pub(crate) fn on_threads(count: usize) -> Result<Self> {
        let handle = || {
            let runtime = Builder::new_current_thread().enable_all().build();
            let runtime = runtime.context("starting a runtime")?;
            let handle = runtime.handle().clone();
            thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
            Ok(handle)
        };
        Ok(Self((0..count).map(|_| handle()).collect::<Result<_>>()?))
    }

    /// A connected channel for each runtime.
    pub(crate) async fn connect(&self, addr: SocketAddr) -> Result<Vec<Channel>> {
        let endpoint = Channel::from_shared(format!("http://{addr}"))?.tcp_nodelay(true);
        let connect = |handle: &Handle| {
            let endpoint = endpoint.clone();
            handle.spawn(async move { endpoint.connect().await })
        };
        let channels = try_join_all(self.0.iter().map(connect)).await?;
        Ok(channels.into_iter().collect::<Result<_, _>>()?)
    }

    /// Spawns `work` on the runtime of caller `number`.
    pub(crate) fn spawn<F>(&self, number: usize, work: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        self.0[number % self.0.len()].spawn(work)
    }
}
