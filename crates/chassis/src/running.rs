//! A running service.

use std::net::SocketAddr;

use anyhow::Context as _;
use tokio::task::JoinHandle;

/// A running service, in its own process or in a test.
#[derive(Debug)]
#[must_use = "await `finished` for its end"]
pub struct Running {
    /// Address of the public port, with the actual port.
    pub addr: SocketAddr,
    /// Address of the admin port.
    pub admin_addr: SocketAddr,
    work: JoinHandle<anyhow::Result<()>>,
}

impl Running {
    /// Runs `work`, the whole of the service, in the background.
    pub fn spawn<F>(addr: SocketAddr, admin_addr: SocketAddr, work: F) -> Self
    where
        F: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        Self { addr, admin_addr, work: tokio::spawn(work) }
    }

    /// Waits until the service has stopped and released its resources.
    ///
    /// # Errors
    /// The service failed.
    pub async fn finished(self) -> anyhow::Result<()> {
        self.work.await.context("the service panicked")?
    }
}
