//! The start of a service: ports, readiness, registration and drain, in the order that all share.

use std::net::SocketAddr;

use axum::Router;
use discovery::{Discovery, Instance};
use server::{Health, ServeArgs, Server};
use tokio_util::sync::CancellationToken;

use crate::{Drain, Running, admin, announce::announce, service_manager};

/// Settings that every service has.
#[derive(Debug, Clone, Copy)]
pub struct BootstrapArgs<'a> {
    /// Address of the public port.
    pub listen: SocketAddr,
    /// Address of the admin port.
    pub admin: SocketAddr,
    /// Settings of the public port and the drain.
    pub serve: &'a ServeArgs,
    /// Settings of the service registry.
    pub discovery: &'a discovery::Args,
}

/// A service whose ports are bound and which does not serve yet.
#[derive(Debug)]
pub struct Bootstrap {
    /// The public port. Clients wait in its backlog.
    pub server: Server,
    /// Finds other services.
    pub discovery: Discovery,
    /// Readiness, as the admin port reports it.
    pub health: Health,
    /// Cancelled when the drain has reached the point at which no further requests are accepted.
    pub shutdown: CancellationToken,
    drain: Drain,
    instance: Option<Instance>,
    admin_addr: SocketAddr,
}

impl Bootstrap {
    /// Binds the ports and prepares the drain, which `stop` begins. The admin port answers from now on.
    /// `name` is the service's name in the registry.
    ///
    /// # Errors
    /// A port cannot be bound, or a setting is unusable.
    pub async fn bind(
        name: &'static str,
        args: BootstrapArgs<'_>,
        health: Health,
        stop: CancellationToken,
    ) -> anyhow::Result<Self> {
        let discovery = Discovery::new(args.discovery)?;
        let server = Server::bind(args.listen, args.serve)?;
        let tls = args.serve.tls.tls_cert.is_some();
        let instance = discovery.instance(name, server.local_addr(), tls)?;
        let drain = Drain::new(stop, &health, args.serve);
        let shutdown = drain.closing();
        let admin_addr = admin::serve(args.admin, health.clone(), shutdown.clone()).await?;
        Ok(Self { server, discovery, health, shutdown, drain, instance, admin_addr })
    }

    /// Configures the public port.
    #[must_use]
    pub fn map_server(self, configure: impl FnOnce(Server) -> Server) -> Self {
        Self { server: configure(self.server), ..self }
    }

    /// Registers the instance and serves `app` until the shutdown; then waits for `close`, which
    /// releases the service's own resources.
    pub fn serve<C>(self, app: Router, close: C) -> Running
    where
        C: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        let Self { server, discovery, health, shutdown, drain, instance, admin_addr } = self;
        announce(&discovery, instance, &health, &drain);
        service_manager::notify(health, shutdown.clone());
        let addr = server.local_addr();
        tracing::info!(%addr, %admin_addr, "serving");
        Running::spawn(addr, admin_addr, async move {
            let served = server.serve(app, shutdown).await;
            close.await?;
            served
        })
    }
}
