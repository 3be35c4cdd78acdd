//! Propagation of the deadline through a chain of services.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{Router, extract::Request};
use discovery::{Endpoint, Endpoints};
use server::{CancellationToken, ServeArgs, Server};
use testkit::{Figure, fake::Reply};
use tonic::transport::Channel;
use tower::ServiceExt as _;
use upstream::Upstream;

use super::{
    balanced::{Balanced, all_connected, read, settings},
    system,
};
use crate::RunConfig;

/// Deadline of the call.
const DEADLINE: Duration = Duration::from_millis(500);
/// Time that the middle service spends.
const SPENT: Duration = Duration::from_millis(400);

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let leaf = Balanced::start(1, Reply::Ok).await;
    let started = Arc::new(AtomicU64::new(0));
    let stop = CancellationToken::new();
    let server = Server::bind("127.0.0.1:0".parse()?, &ServeArgs::default())?;
    let addr = server.local_addr();
    let (to_leaf, count) = (leaf.upstream.clone(), Arc::clone(&started));
    let app = Router::new().fallback(move |request: Request| async move {
        count.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(SPENT).await;
        match to_leaf.oneshot(request.map(tonic::body::Body::new)).await {
            Ok(response) => response.map(axum::body::Body::new),
            Err(status) => server::grpc::answer(status),
        }
    });
    let app = server.layered(app, &[]);
    tokio::spawn(server.serve(app, stop.clone()));
    let endpoint = Endpoint::at(addr.to_string());
    let middle = Upstream::with("middle", Endpoints::fixed([endpoint]), settings());
    all_connected(&middle).await;
    let (mut most, mut least) = (0, u64::MAX);
    for _ in 0..config.count(20) {
        let before = leaf.calls()[0];
        read(middle.clone(), DEADLINE).await.ok();
        if leaf.calls()[0] > before {
            let timeout = leaf.fakes[0].header("grpc-timeout").unwrap_or_default();
            let timeout: u64 = timeout.strip_suffix('m').unwrap_or_default().parse()?;
            (most, least) = (most.max(timeout), least.min(timeout));
        }
    }
    // Expired calls are not started. A bare channel sends them, which our client would not.
    let before = started.load(Ordering::SeqCst);
    let channel = Channel::from_shared(format!("http://{addr}"))?.connect().await?;
    for _ in 0..config.count(100) {
        system::read(channel.clone(), Duration::from_nanos(1)).await.ok();
    }
    let expired = started.load(Ordering::SeqCst) - before;
    stop.cancel();
    Ok(vec![
        Figure::at_most("longest timeout at the leaf, ms", most, 120),
        Figure::at_least("shortest timeout at the leaf, ms", least, 40),
        Figure::exactly("expired calls started", expired, 0),
    ])
}
