//! A service that has been started.

use std::net::SocketAddr;

use anyhow::Context as _;
use tokio::task::JoinHandle;

/// A service at work, in its own process or in a test's.
#[derive(Debug)]
#[must_use = "its end should be waited for"]
pub struct Running {
    /// Where it answers, with the port it was given.
    pub addr: SocketAddr,
    /// Where it answers operators.
    pub admin_addr: SocketAddr,
    work: JoinHandle<anyhow::Result<()>>,
}

impl Running {
    /// Runs `work`, which is all the service does, in the background.
    pub fn spawn<F>(addr: SocketAddr, admin_addr: SocketAddr, work: F) -> Self
    where
        F: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        Self { addr, admin_addr, work: tokio::spawn(work) }
    }

    /// Waits until it has stopped and what it held is free for another process.
    ///
    /// # Errors
    /// It stopped because it failed.
    pub async fn finished(self) -> anyhow::Result<()> {
        self.work.await.context("the service panicked")?
    }
}
