//! Starts a gateway and its upstream services, on free ports.

use std::{net::SocketAddr, thread, time::Duration};

use clap::Parser as _;
use proto::{
    catalogue::v1::{
        catalogue_service_server::CatalogueServiceServer,
        category_service_server::CategoryServiceServer, feed_service_server::FeedServiceServer,
        instance_service_server::InstanceServiceServer, key_service_server::KeyServiceServer,
        stock_service_server::StockServiceServer, transfer_service_server::TransferServiceServer,
    },
    search::v1::{
        search_admin_service_server::SearchAdminServiceServer,
        search_service_server::SearchServiceServer,
    },
};
use tokio::{net::TcpListener, runtime::Runtime};
use tokio_stream::wrappers::TcpListenerStream;
use tokio_util::sync::CancellationToken;
use tonic::transport::{Channel, Server};

use crate::{fake::Fake, http_client::Client};

/// Long enough for a busy machine, short enough to detect a hang.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Waits for `future`; panics after [`TIMEOUT`].
pub(crate) async fn within_timeout<F: Future>(what: &str, future: F) -> F::Output {
    match tokio::time::timeout(TIMEOUT, future).await {
        Ok(output) => output,
        Err(_) => panic!("timed out: {what}"),
    }
}

/// Waits until `condition` is true.
pub(crate) async fn eventually(what: &str, condition: impl AsyncFn() -> bool) {
    within_timeout(what, async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

/// A gateway with one fake as both upstreams.
pub(crate) struct Environment {
    pub(crate) fake: Fake,
    pub(crate) upstream: UpstreamServer,
    pub(crate) gateway: Gateway,
}

impl Environment {
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    pub(crate) async fn start_with(flags: &[&str]) -> Self {
        let fake = Fake::default();
        let upstream = UpstreamServer::start(&fake, free_addr().await);
        let gateway = Gateway::start(upstream.addr, upstream.addr, flags).await;
        Self { fake, upstream, gateway }
    }

    pub(crate) fn http(&self) -> Client {
        Client::new(self.gateway.addr)
    }

    pub(crate) fn channel(&self) -> Channel {
        self.gateway.channel()
    }
}

pub(crate) struct Gateway {
    pub(crate) addr: SocketAddr,
    pub(crate) admin_addr: SocketAddr,
    shutdown: CancellationToken,
}

impl Gateway {
    pub(crate) async fn start(catalogue: SocketAddr, search: SocketAddr, flags: &[&str]) -> Self {
        let (catalogue, search) = (format!("static://{catalogue}"), format!("static://{search}"));
        let base = [
            "gateway",
            "--listen",
            "127.0.0.1:0",
            "--admin",
            "127.0.0.1:0",
            "--threads",
            "1",
            "--drain-timeout",
            "1",
            "--catalogue",
            &catalogue,
            "--search",
            &search,
        ];
        let config = gateway::Config::parse_from(base.iter().chain(flags));
        let shutdown = CancellationToken::new();
        let running = gateway::start(config, shutdown.clone()).await.unwrap();
        Self { addr: running.addr, admin_addr: running.admin_addr, shutdown }
    }

    pub(crate) fn channel(&self) -> Channel {
        Channel::from_shared(format!("http://{}", self.addr)).unwrap().connect_lazy()
    }

    pub(crate) fn stop(&self) {
        self.shutdown.cancel();
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

/// A server with its own runtime, so that it can be killed with all its connections.
pub(crate) struct UpstreamServer {
    pub(crate) addr: SocketAddr,
    runtime: Option<Runtime>,
}

impl UpstreamServer {
    pub(crate) fn start(fake: &Fake, addr: SocketAddr) -> Self {
        let fake = fake.clone();
        let runtime = thread::spawn(move || {
            let runtime = Runtime::new().unwrap();
            let listener = runtime.block_on(bind(addr));
            runtime.spawn(serve(fake, listener));
            runtime
        });
        Self { addr, runtime: Some(runtime.join().unwrap()) }
    }

    pub(crate) fn kill(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }

    pub(crate) fn restart(&mut self, fake: &Fake) {
        self.kill();
        *self = Self::start(fake, self.addr);
    }
}

impl Drop for UpstreamServer {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Binds an address of a server that was just killed: its connections may still be closing.
async fn bind(addr: SocketAddr) -> TcpListener {
    let bound = async {
        loop {
            match TcpListener::bind(addr).await {
                Ok(listener) => return listener,
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    };
    within_timeout("the port of the killed server", bound).await
}

async fn serve(fake: Fake, listener: TcpListener) {
    let (reporter, health) = tonic_health::server::health_reporter();
    reporter.set_service_status("", tonic_health::ServingStatus::Serving).await;
    Server::builder()
        .add_service(health)
        .add_service(CatalogueServiceServer::new(fake.clone()))
        .add_service(CategoryServiceServer::new(fake.clone()))
        .add_service(StockServiceServer::new(fake.clone()))
        .add_service(FeedServiceServer::new(fake.clone()))
        .add_service(InstanceServiceServer::new(fake.clone()))
        .add_service(KeyServiceServer::new(fake.clone()))
        .add_service(TransferServiceServer::new(fake.clone()))
        .add_service(SearchServiceServer::new(fake.clone()))
        .add_service(SearchAdminServiceServer::new(fake))
        .serve_with_incoming(TcpListenerStream::new(listener))
        .await
        .unwrap();
}

/// An address without a listener, for a test to bind later.
pub(crate) async fn free_addr() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}
