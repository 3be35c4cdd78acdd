//! Requests whose bodies never come.

use anyhow::Result;
use testkit::{
    Figure,
    http2_peer::{HEADERS, literal},
};
use tokio::time::sleep;

use super::{attacker, shop::Shop};
use crate::RunConfig;

const ADDRESS: u8 = 2;
const HTTP1: usize = 400;
const CONNECTIONS: usize = 4;
/// As many as a connection may have.
const STREAMS: u32 = 250;
const END_HEADERS: u8 = 4;

pub(super) async fn run(config: &RunConfig) -> Result<Vec<Figure>> {
    let shop = Shop::open().await?;
    let addr = shop.addr()?;
    let (open, beside) = shop
        .attack(config, async |time| {
            let mut sockets = Vec::new();
            let head = "POST /v1/products HTTP/1.1\r\nhost: localhost\r\n\
                        content-type: application/json\r\ncontent-length: 9\r\n\r\n";
            for _ in 0..HTTP1 {
                sockets.push(attacker::send(addr, ADDRESS, head).await?);
            }
            let mut peers = Vec::new();
            let call = literal(&[
                (":method", "POST"),
                (":scheme", "http"),
                (":authority", "localhost"),
                (":path", "/catalogue.v1.CatalogueService/CreateProduct"),
                ("content-type", "application/grpc"),
                ("te", "trailers"),
                ("grpc-timeout", "60S"),
            ]);
            for _ in 0..CONNECTIONS {
                let mut peer = attacker::http2(addr, ADDRESS).await?;
                for number in 0..STREAMS {
                    peer.send(HEADERS, END_HEADERS, 2 * number + 1, &call).await;
                }
                peers.push(peer);
            }
            sleep(time).await;
            Ok(sockets.len() + peers.len() * STREAMS as usize)
        })
        .await?;
    let mut figures = vec![Figure::at_least("requests without a body", open, 1_400)];
    figures.extend(beside.figures(config));
    Ok(figures)
}
