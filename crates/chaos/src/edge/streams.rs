//! Streams that are not read.

use anyhow::Result;
use testkit::Figure;
use tokio::time::sleep;

use super::{attacker, shop::Shop};
use crate::RunConfig;

const ADDRESS: u8 = 2;
const STREAMS: usize = 600;
/// Each takes a separate upstream stream: a watch of a filter, a list.
const PATHS: [&str; 2] = ["/v1/changes?start=now&filter=brand%3D%22x%22", "/v1/products:stream"];

pub(super) async fn run(config: &RunConfig) -> Result<Vec<Figure>> {
    let shop = Shop::open().await?;
    let addr = shop.addr()?;
    let (served, beside) = shop
        .attack(config, async |time| {
            let mut sockets = Vec::new();
            for number in 0..STREAMS {
                let path = PATHS[number % PATHS.len()];
                let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
                sockets.push(attacker::send(addr, ADDRESS, &request).await?);
            }
            sleep(time).await;
            let mut served = 0;
            for socket in &mut sockets {
                served += usize::from(attacker::status(socket).await == Some(200));
            }
            Ok(served)
        })
        .await?;
    let mut figures = vec![Figure::at_least("streams that were served", served, STREAMS)];
    figures.extend(beside.figures(config));
    Ok(figures)
}
