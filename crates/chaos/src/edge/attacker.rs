//! The attacker's connections. They come from other addresses of the loopback network than the good client's, so
//! that shares of addresses hold for them alone.

use std::{net::SocketAddr, time::Duration};

use anyhow::Result;
use testkit::Http2Peer;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

/// Time after which the server's silence counts as an end.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Connects from `127.0.0.last`.
pub(super) async fn connect(server: SocketAddr, last: u8) -> Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from(([127, 0, 0, last], 0)))?;
    let stream = socket.connect(server).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// An HTTP/2 connection that has been greeted.
pub(super) async fn http2(server: SocketAddr, last: u8) -> Result<Http2Peer> {
    let mut peer = Http2Peer::over(connect(server, last).await?);
    peer.greet(65_535).await;
    Ok(peer)
}

/// Sends bytes as an HTTP/1.1 request, and leaves the response unread.
pub(super) async fn send(server: SocketAddr, last: u8, request: &str) -> Result<TcpStream> {
    let mut stream = connect(server, last).await?;
    stream.write_all(request.as_bytes()).await?;
    Ok(stream)
}

/// The status of the response on an HTTP/1.1 connection; `None` if it ends or stays silent.
pub(super) async fn status(stream: &mut TcpStream) -> Option<u16> {
    let mut head = [0; 12];
    timeout(TIMEOUT, stream.read_exact(&mut head)).await.ok()?.ok()?;
    std::str::from_utf8(&head[9..]).ok()?.parse().ok()
}
