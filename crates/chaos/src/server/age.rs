//! Connections that reach their maximum age.

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
use testkit::{Figure, Http2Peer, http2_peer as http2};
use tonic::Status;
use upstream::{Methods, Settings, Upstream};

use super::bound;
use crate::catalogue::{CatalogueProcess, Engine, product};
use crate::{RunConfig, load::at_rate};

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut catalogue = CatalogueProcess::prepare(Engine::Sqlite).await?;
    catalogue.set_flags(&["--max-connection-age=1", "--max-connection-age-grace=2"]);
    catalogue.restart().await?;
    catalogue.create(product("p")).await?;
    let addr: SocketAddr = catalogue.addr().parse()?;
    let (mut slowest, mut out_of_order) = (0.0_f64, 0_u64);
    for _ in 0..config.count(10) {
        let (frames, open_for) = observe_shutdown(addr).await?;
        slowest = slowest.max(open_for.as_secs_f64());
        let wanted = ["GOAWAY(max)", "PING", "GOAWAY(last)", "trailers", "closed"];
        if frames != wanted {
            println!("{frames:?}");
            out_of_order += 1;
        }
    }
    catalogue.set_flags(&["--max-connection-age=5"]);
    catalogue.kill();
    catalogue.restart().await?;
    // With our client: hyper may report a call as not sent when a GOAWAY arrives at the same time.
    let upstream = upstream(&catalogue.addr());
    let time = config.time(Duration::from_secs(30)).max(Duration::from_secs(7));
    let calls = at_rate(200.0, time, |number| call(upstream.clone(), number)).await;
    if let Some((_, status)) = calls.failed().next() {
        println!("{status}");
    }
    Ok(vec![
        Figure::exactly("connections closed out of order", out_of_order, 0),
        Figure::at_most("age 1 s, grace 2 s: closed after, s", slowest, bound(config, 3.2)),
        Figure::at_least("calls at 200 per second, age 5 s", calls.all.len(), 1_000),
        Figure::exactly("calls failed", calls.failed().count(), 0),
    ])
}

fn upstream(addr: &str) -> Upstream {
    let settings = Settings { methods: Methods::of(proto::DESCRIPTORS), ..Settings::default() };
    let upstream = Upstream::with("catalogue", Endpoints::fixed([Endpoint::at(addr)]), settings);
    upstream.deadline(Duration::from_secs(10))
}

/// Makes a read or a write. A write that may have been executed is not retried.
async fn call(upstream: Upstream, number: u64) -> Result<(), Status> {
    let product_id = "p".to_owned();
    if number.is_multiple_of(2) {
        let request = GetProductRequest { product_id, ..Default::default() };
        return CatalogueServiceClient::new(upstream).get_product(request).await.map(drop);
    }
    let request = AdjustStockRequest { product_id, delta: 1, ..Default::default() };
    StockServiceClient::new(upstream).adjust_stock(request).await.map(drop)
}

/// Opens a stream, and returns the frames that end its connection, in order, and the time until the end.
async fn observe_shutdown(addr: SocketAddr) -> anyhow::Result<(Vec<&'static str>, Duration)> {
    let began = Instant::now();
    let mut peer = Http2Peer::connect(addr, 65_535).await;
    peer.call(1, "/grpc.health.v1.Health/Watch", &[]).await;
    let mut frames = Vec::new();
    while let Some(frame) = peer.next().await {
        ensure!(began.elapsed() < Duration::from_secs(10), "the connection stays open");
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
