//! A client that opens HTTP/2 connections and holds them without a call, until its standard input
//! ends. A process of its own, so that descriptors and memory are not those of the bench.

use std::net::{IpAddr, SocketAddr};

use anyhow::{Context as _, Result, ensure};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    sync::mpsc,
    task::JoinSet,
};

/// What is printed once all connections are open.
pub(crate) const READY: &str = "all connections are open";
/// Connections that are being opened at once.
const AT_ONCE: usize = 64;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
const FRAME_HEADER: usize = 9;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const ACK: u8 = 1;
/// Frames that come unasked are small.
const MAX_FRAME: usize = 16 << 10;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The server
    addr: SocketAddr,
    /// Source address
    source: IpAddr,
    /// Connections
    count: usize,
}

/// Opens and holds them.
///
/// # Errors
/// One is refused, or ends.
pub(crate) async fn run(args: Args) -> Result<bool> {
    ensure!(args.addr.ip().is_loopback(), "only loopback is loaded");
    let (opened, mut open) = mpsc::channel(AT_ONCE);
    let mut held = JoinSet::new();
    for begun in 0..args.count {
        if begun >= AT_ONCE {
            next(&mut open, &mut held).await?;
        }
        held.spawn(hold(args.addr, args.source, opened.clone()));
    }
    for _ in 0..args.count.min(AT_ONCE) {
        next(&mut open, &mut held).await?;
    }
    println!("{READY}");
    let mut stdin = tokio::io::stdin();
    let mut ended = [0; 16];
    tokio::select! {
        _ = stdin.read(&mut ended) => Ok(true),
        Some(failed) = held.join_next() => failed?.map(|()| false),
    }
}

/// Waits until one more is open.
async fn next(open: &mut mpsc::Receiver<()>, held: &mut JoinSet<Result<()>>) -> Result<()> {
    tokio::select! {
        Some(()) = open.recv() => Ok(()),
        Some(failed) = held.join_next() => failed?.context("opening connections"),
    }
}

/// Opens one and answers what the server asks: its settings, and whether we are still there.
async fn hold(addr: SocketAddr, source: IpAddr, opened: mpsc::Sender<()>) -> Result<()> {
    let mut stream = connect(addr, source).await?;
    stream.write_all(PREFACE).await?;
    let mut opened = Some(opened);
    let mut payload = Vec::new();
    loop {
        let mut header = [0; FRAME_HEADER];
        stream.read_exact(&mut header).await.context("the server closed a connection")?;
        let length = u32::from_be_bytes([0, header[0], header[1], header[2]]) as usize;
        ensure!(length <= MAX_FRAME, "a frame of {length} bytes");
        payload.resize(length, 0);
        stream.read_exact(&mut payload).await?;
        let (kind, flags) = (header[3], header[4]);
        match kind {
            SETTINGS if flags & ACK == 0 => stream.write_all(&ack(SETTINGS, &[])).await?,
            // The server has read our settings: the connection is whole.
            SETTINGS => {
                if let Some(opened) = opened.take() {
                    opened.send(()).await.ok();
                }
                payload = Vec::new();
            }
            PING if flags & ACK == 0 => stream.write_all(&ack(PING, &payload)).await?,
            GOAWAY => anyhow::bail!("the server turned a connection away"),
            _ => {}
        }
    }
}

async fn connect(addr: SocketAddr, source: IpAddr) -> Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((source, 0).into())?;
    let stream = socket.connect(addr).await.context("connecting")?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

fn ack(kind: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).expect("a ping has eight bytes");
    let mut frame = vec![0, 0, length, kind, ACK, 0, 0, 0, 0];
    frame.extend(payload);
    frame
}
