//! Floods of frames that cost a client nothing.

use std::{net::SocketAddr, time::Duration};

use anyhow::Result;
use testkit::{Figure, http2_peer::literal};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::{Instant, timeout},
};

use super::{attacker, shop::Shop};
use crate::RunConfig;

const ADDRESS: u8 = 2;
/// Time after which a flood that has not been cut is ended.
const GIVEN_UP: Duration = Duration::from_secs(20);
/// A flood must be cut within this time, in seconds.
const CUT: f64 = 10.0;
/// Growth of memory, in MB.
const MEMORY: f64 = 50.0;
/// Bytes in one write.
const BATCH: usize = 64 << 10;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const CONTINUATION: u8 = 9;
const END_HEADERS: u8 = 4;

pub(super) async fn run(config: &RunConfig) -> Result<Vec<Figure>> {
    let mut shop = Shop::open().await?;
    let addr = shop.addr()?;
    let before = shop.memory();
    let (cut, beside) = shop
        .attack(config, async |time| {
            let began = Instant::now();
            let mut cut: Vec<(&str, f64)> = Vec::new();
            while cut.is_empty() || began.elapsed() < time {
                for flood in floods() {
                    cut.push((flood.name, flood.run(addr).await?));
                }
            }
            Ok(cut)
        })
        .await?;
    let slowest = cut.iter().max_by(|one, other| one.1.total_cmp(&other.1));
    let (name, seconds) = slowest.copied().unwrap_or_default();
    println!("{} floods, cut last: {name} after {seconds:.2} s", cut.len());
    let growth = shop.memory() - before;
    let mut figures = vec![
        Figure::at_most("slowest cut, s", seconds, CUT),
        Figure::at_most("growth of memory, MB", growth, MEMORY),
    ];
    figures.extend(beside.figures(config));
    Ok(figures)
}

/// A flood: the frames before it, and the repeated ones.
pub(super) struct Flood {
    name: &'static str,
    begin: Vec<u8>,
    /// The frames of a turn, which has a number.
    turn: fn(u32) -> Vec<u8>,
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("frames are short").to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

fn request(stream: u32) -> Vec<u8> {
    let fields = [
        (":method", "POST"),
        (":scheme", "http"),
        (":authority", "localhost"),
        (":path", "/catalogue.v1.CatalogueService/GetProduct"),
        ("content-type", "application/grpc"),
    ];
    frame(HEADERS, END_HEADERS, stream, &literal(&fields))
}

/// The floods.
pub(super) fn floods() -> [Flood; 9] {
    let plain = |name, turn| Flood { name, begin: Vec::new(), turn };
    [
        plain("PRIORITY", |_| frame(2, 0, 1, &[0, 0, 0, 0, 7])),
        plain("SETTINGS", |_| frame(4, 0, 0, &[0, 4, 0, 0, 255, 255])),
        plain("PING", |_| frame(6, 0, 0, b"12345678")),
        plain("WINDOW_UPDATE", |_| frame(8, 0, 0, &[0, 0, 0, 1])),
        plain("unknown frames", |_| frame(99, 0, 0, b"")),
        plain("rapid reset", |turn| {
            let stream = 2 * turn + 1;
            [request(stream), frame(RST_STREAM, 0, stream, &[0, 0, 0, 8])].concat()
        }),
        Flood {
            name: "CONTINUATION",
            begin: frame(HEADERS, 0, 1, &literal(&[(":method", "GET")])),
            turn: |_| frame(CONTINUATION, 0, 1, &literal(&[("x", "y")])),
        },
        Flood { name: "empty DATA", begin: request(1), turn: |_| frame(DATA, 0, 1, b"") },
        Flood {
            name: "large headers",
            begin: frame(HEADERS, 0, 1, &literal(&[(":method", "GET")])),
            turn: |_| frame(CONTINUATION, 0, 1, &literal(&[("x", &"y".repeat(100))])),
        },
    ]
}

impl Flood {
    /// Floods a connection while reading all that comes. Returns the seconds until it was cut.
    pub(super) async fn run(&self, addr: SocketAddr) -> Result<f64> {
        let mut stream = attacker::connect(addr, ADDRESS).await?;
        stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await?;
        stream.write_all(&frame(4, 0, 0, b"")).await?;
        stream.write_all(&self.begin).await?;
        let began = Instant::now();
        let (mut read, mut write) = stream.split();
        let writing = async {
            let mut turn = 0;
            loop {
                let mut batch = Vec::with_capacity(BATCH);
                while batch.len() < BATCH {
                    batch.extend((self.turn)(turn));
                    turn += 1;
                }
                if write.write_all(&batch).await.is_err() {
                    return;
                }
            }
        };
        let reading = async {
            let mut buffer = vec![0; 64 << 10];
            while read.read(&mut buffer).await.is_ok_and(|length| length > 0) {}
        };
        let cut = async {
            tokio::select! {
                () = writing => {}
                () = reading => {}
            }
        };
        timeout(GIVEN_UP, cut).await.ok();
        Ok(began.elapsed().as_secs_f64())
    }
}
