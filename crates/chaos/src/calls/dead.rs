//! A dead service below layers that all retry.

use std::time::Duration;

use axum::{Router, extract::Request};
use discovery::{Endpoint, Endpoints};
use server::{CancellationToken, ServeArgs, Server};
use testkit::{
    Figure,
    fake::{Fake, Reply},
};
use tonic::Code;
use tower::ServiceExt as _;
use upstream::Upstream;

use super::balanced::{all_connected, read, settings};
use crate::{RunConfig, load::Load};

const RATE: f64 = 200.0;
const TIMEOUT: Duration = Duration::from_secs(5);

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let leaf = Fake::start(Reply::Status(Code::Unavailable)).await;
    let stop = CancellationToken::new();
    let mut upstream = to(leaf.endpoint());
    for _ in 0..2 {
        let addr = forwarder(upstream, stop.clone())?;
        upstream = to(Endpoint::at(addr.to_string()));
        all_connected(&upstream).await;
    }
    let load = Load::start(RATE, move |_| read(upstream.clone(), TIMEOUT));
    tokio::time::sleep(config.time(Duration::from_secs(30)).max(Duration::from_secs(3))).await;
    let calls = load.stop(TIMEOUT).await?;
    stop.cancel();
    let ratio = leaf.calls() as f64 / calls.count() as f64;
    Ok(vec![
        Figure::at_least("root calls", calls.count(), 100),
        Figure::exactly("root calls that succeeded", calls.succeeded().count(), 0),
        Figure {
            value: format!("{ratio:.2}"),
            ..Figure::at_most("leaf attempts / root calls", ratio, 1.25)
        },
    ])
}

fn to(endpoint: Endpoint) -> Upstream {
    Upstream::with("next", Endpoints::fixed([endpoint]), settings())
}

/// A service that forwards all calls.
fn forwarder(upstream: Upstream, stop: CancellationToken) -> anyhow::Result<std::net::SocketAddr> {
    let server = Server::bind("127.0.0.1:0".parse()?, &ServeArgs::default())?;
    let addr = server.local_addr();
    let app = Router::new().fallback(move |request: Request| async move {
        match upstream.oneshot(request.map(tonic::body::Body::new)).await {
            Ok(response) => response.map(axum::body::Body::new),
            Err(status) => server::grpc::answer(status),
        }
    });
    let app = server.layered(app, &[]);
    tokio::spawn(server.serve(app, stop));
    Ok(addr)
}
