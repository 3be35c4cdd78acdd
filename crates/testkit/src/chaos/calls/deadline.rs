//! How much time the last in a row is told it has.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{Router, extract::Request};
use discovery::{Endpoint, Endpoints};
use server::CancellationToken;
use server::{ServeArgs, Server};
use tonic::transport::Channel;
use tower::ServiceExt as _;
use upstream::Upstream;

use super::{
    balanced::{Balanced, all_connected, read, settings},
    system,
};
use crate::{Figure, Setting, fake::Reply};

const GIVEN: Duration = Duration::from_millis(500);
const SPENT: Duration = Duration::from_millis(400);

pub(super) async fn run(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let leaf = Balanced::start(1, Reply::Ok).await;
    let begun = Arc::new(AtomicU64::new(0));
    let stop = CancellationToken::new();
    let server = Server::bind("127.0.0.1:0".parse()?, &ServeArgs::default())?;
    let addr = server.local_addr();
    let (to_leaf, count) = (leaf.upstream.clone(), Arc::clone(&begun));
    let app = Router::new().fallback(move |request: Request| async move {
        count.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(SPENT).await;
        match to_leaf.oneshot(request.map(tonic::body::Body::new)).await {
            Ok(answer) => answer.map(axum::body::Body::new),
            Err(status) => server::grpc::answer(status),
        }
    });
    let app = server.layered(app, &[]);
    tokio::spawn(server.serve(app, stop.clone()));
    let endpoint = Endpoint::at(addr.to_string());
    let middle = Upstream::with("middle", Endpoints::fixed([endpoint]), settings());
    all_connected(&middle).await;
    let (mut most, mut least) = (0, u64::MAX);
    for _ in 0..setting.count(20) {
        let before = leaf.calls()[0];
        read(middle.clone(), GIVEN).await.ok();
        if leaf.calls()[0] > before {
            let told = leaf.fakes[0].header("grpc-timeout").unwrap_or_default();
            let told: u64 = told.strip_suffix('m').unwrap_or_default().parse()?;
            (most, least) = (most.max(told), least.min(told));
        }
    }
    // What comes too late is not begun: a caller with no time left, past our own client.
    let before = begun.load(Ordering::SeqCst);
    let channel = Channel::from_shared(format!("http://{addr}"))?.connect().await?;
    for _ in 0..setting.count(100) {
        system::read(channel.clone(), Duration::from_nanos(1)).await.ok();
    }
    let expired = begun.load(Ordering::SeqCst) - before;
    stop.cancel();
    Ok(vec![
        Figure::at_most("most that the leaf was told, ms", most, 120),
        Figure::at_least("least that it was told, ms", least, 40),
        Figure::exactly("expired calls begun", expired, 0),
    ])
}
