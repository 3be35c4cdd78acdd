//! Connections come of age.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::ensure;
use discovery::{Endpoint, Endpoints};
use proto::catalogue::v1::{
    AdjustStockRequest, GetProductRequest, catalogue_service_client::CatalogueServiceClient,
    stock_service_client::StockServiceClient,
};
use tonic::Status;
use upstream::{Methods, Settings, Upstream};

use super::{
    super::catalogue::subject::{Engine, Subject, product},
    bound,
    load::at_rate,
};
use crate::{Figure, Http2Peer, Setting, http2_peer as http2};

pub(super) async fn run(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let mut subject = Subject::prepare(Engine::Sqlite).await?;
    subject.set(&["--max-connection-age=1", "--max-connection-age-grace=2"]);
    subject.restart().await?;
    subject.create(product("p")).await?;
    let addr: SocketAddr = subject.addr().parse()?;
    let (mut slowest, mut out_of_order) = (0.0_f64, 0_u64);
    for _ in 0..setting.count(10) {
        let (frames, closed) = watch_it_age(addr).await?;
        slowest = slowest.max(closed.as_secs_f64());
        let wanted = ["GOAWAY(max)", "PING", "GOAWAY(last)", "trailers", "closed"];
        if frames != wanted {
            println!("{frames:?}");
            out_of_order += 1;
        }
    }
    subject.set(&["--max-connection-age=5"]);
    subject.kill();
    subject.restart().await?;
    // As services call: of a call that hyper has just sent it may say that a goodbye came before it.
    let upstream = upstream(&subject.addr());
    let time = setting.time(Duration::from_secs(30)).max(Duration::from_secs(7));
    let calls = at_rate(200.0, time, |number| one(upstream.clone(), number)).await;
    if let Some((_, status)) = calls.failed().next() {
        println!("{status}");
    }
    Ok(vec![
        Figure::exactly("connections that ended in another order", out_of_order, 0),
        Figure::at_most("age 1 s, grace 2 s: closed after, s", slowest, bound(setting, 3.2)),
        Figure::at_least("calls at 200 a second, age 5 s", calls.all.len(), 1_000),
        Figure::exactly("of them failed", calls.failed().count(), 0),
    ])
}

fn upstream(addr: &str) -> Upstream {
    let settings = Settings { methods: Methods::of(proto::DESCRIPTORS), ..Settings::default() };
    let upstream = Upstream::with("catalogue", Endpoints::fixed([Endpoint::at(addr)]), settings);
    upstream.deadline(Duration::from_secs(10))
}

/// A read, or a write, which nobody dares to send again that may have been heard.
async fn one(upstream: Upstream, number: u64) -> Result<(), Status> {
    let product_id = "p".to_owned();
    if number.is_multiple_of(2) {
        let request = GetProductRequest { product_id, ..Default::default() };
        return CatalogueServiceClient::new(upstream).get_product(request).await.map(drop);
    }
    let request = AdjustStockRequest { product_id, delta: 1, ..Default::default() };
    StockServiceClient::new(upstream).adjust_stock(request).await.map(drop)
}

/// What a peer with a watch open sees of its connection's end, in order, and when it is closed.
async fn watch_it_age(addr: SocketAddr) -> anyhow::Result<(Vec<&'static str>, Duration)> {
    let began = Instant::now();
    let mut peer = Http2Peer::connect(addr, 65_535).await;
    peer.call(1, "/grpc.health.v1.Health/Watch", &[]).await;
    let mut frames = Vec::new();
    while let Some(frame) = peer.next().await {
        ensure!(began.elapsed() < Duration::from_secs(10), "it does not end");
        match frame.kind {
            http2::GOAWAY if frame.last_stream() == i32::MAX as u32 => frames.push("GOAWAY(max)"),
            http2::GOAWAY => frames.push("GOAWAY(last)"),
            http2::PING if frame.flags & 1 == 0 => {
                peer.acknowledge(&frame).await;
                frames.push("PING");
            }
            http2::HEADERS if frame.flags & 1 == 1 => frames.push("trailers"),
            _ => {}
        }
    }
    frames.push("closed");
    Ok((frames, began.elapsed()))
}
