//! A client process that opens idle HTTP/2 connections and keeps them open until its standard input ends. It
//! is a separate process so that it has its own file descriptors and memory.

use std::net::{IpAddr, SocketAddr};

use anyhow::{Context as _, Result, ensure};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    sync::mpsc,
    task::JoinSet,
};

/// Printed when all connections are open.
pub(crate) const READY: &str = "all connections are open";
/// Maximum number of connections being opened.
const CONCURRENCY: usize = 64;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
const FRAME_HEADER: usize = 9;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const ACK: u8 = 1;
/// Maximum size of a frame on an idle connection.
const MAX_FRAME: usize = 16 << 10;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Address of the server
    addr: SocketAddr,
    /// Source address
    source: IpAddr,
    /// Number of connections
    count: usize,
}

/// Opens the connections and keeps them open.
///
/// # Errors
/// A connection is refused or closed.
pub(crate) async fn run(args: Args) -> Result<bool> {
    ensure!(args.addr.ip().is_loopback(), "the server must be on loopback");
    let (opened, mut open) = mpsc::channel(CONCURRENCY);
    let mut connections = JoinSet::new();
    for started in 0..args.count {
        if started >= CONCURRENCY {
            next(&mut open, &mut connections).await?;
        }
        connections.spawn(hold(args.addr, args.source, opened.clone()));
    }
    for _ in 0..args.count.min(CONCURRENCY) {
        next(&mut open, &mut connections).await?;
    }
    println!("{READY}");
    let mut stdin = tokio::io::stdin();
    let mut ended = [0; 16];
    tokio::select! {
        _ = stdin.read(&mut ended) => Ok(true),
        Some(failed) = connections.join_next() => failed?.map(|()| false),
    }
}

/// Waits until another connection is open.
async fn next(open: &mut mpsc::Receiver<()>, connections: &mut JoinSet<Result<()>>) -> Result<()> {
    tokio::select! {
        Some(()) = open.recv() => Ok(()),
        Some(failed) = connections.join_next() => failed?.context("opening connections"),
    }
}

/// Opens a connection, and acknowledges SETTINGS and PINGs.
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
            // The server has acknowledged our settings: the connection is established.
            SETTINGS => {
                if let Some(opened) = opened.take() {
                    opened.send(()).await.ok();
                }
                payload = Vec::new();
            }
            PING if flags & ACK == 0 => stream.write_all(&ack(PING, &payload)).await?,
            GOAWAY => anyhow::bail!("the server closed a connection with GOAWAY"),
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
