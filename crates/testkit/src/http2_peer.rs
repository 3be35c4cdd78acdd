//! An HTTP/2 client that sends and receives single frames, for tests of protocol errors and shutdown.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Timeout of reading a frame.
const TIMEOUT: Duration = Duration::from_secs(20);

/// DATA.
pub const DATA: u8 = 0;
/// HEADERS.
pub const HEADERS: u8 = 1;
/// RST_STREAM.
pub const RST_STREAM: u8 = 3;
/// SETTINGS.
pub const SETTINGS: u8 = 4;
/// PING.
pub const PING: u8 = 6;
/// GOAWAY.
pub const GOAWAY: u8 = 7;
const END_HEADERS: u8 = 4;
const END_STREAM: u8 = 1;
const ACK: u8 = 1;

/// A frame (RFC 9113, section 4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Such as [`HEADERS`].
    pub kind: u8,
    /// Flags, with a meaning that depends on the kind.
    pub flags: u8,
    /// Stream id; 0 for the connection.
    pub stream: u32,
    /// Payload without the frame header.
    pub payload: Vec<u8>,
}

impl Frame {
    /// The last stream id of a GOAWAY.
    ///
    /// # Panics
    /// If it is too short for a GOAWAY.
    pub fn last_stream(&self) -> u32 {
        u32::from_be_bytes(self.payload[..4].try_into().expect("four bytes"))
    }
}

/// A connection to a server.
#[derive(Debug)]
pub struct Http2Peer(TcpStream);

impl Http2Peer {
    /// Connects, and sends the preface and SETTINGS with this initial window per stream, in bytes.
    ///
    /// # Panics
    /// If the connection fails.
    pub async fn connect(addr: SocketAddr, window: u32) -> Self {
        let mut peer = Self::over(TcpStream::connect(addr).await.unwrap());
        peer.greet(window).await;
        peer
    }

    /// A peer over a connection on which nothing has been sent.
    pub fn over(stream: TcpStream) -> Self {
        Self(stream)
    }

    /// Sends the preface and SETTINGS with this initial window per stream, in bytes.
    pub async fn greet(&mut self, window: u32) {
        self.0.write_all(PREFACE).await.ok();
        let mut initial_window = vec![0, 4];
        initial_window.extend(window.to_be_bytes());
        self.send(SETTINGS, 0, 0, &initial_window).await;
    }

    /// Sends a frame.
    ///
    /// # Panics
    /// If the payload exceeds 4 GiB.
    pub async fn send(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        let mut frame = length[1..].to_vec();
        frame.extend([kind, flags]);
        frame.extend(stream.to_be_bytes());
        frame.extend(payload);
        // If the server has closed the connection, the next read returns the end.
        self.0.write_all(&frame).await.ok();
    }

    /// Sends a gRPC request with one message.
    ///
    /// # Panics
    /// If the message exceeds 4 GiB.
    pub async fn call(&mut self, stream: u32, path: &str, message: &[u8]) {
        let fields = [
            (":method", "POST"),
            (":scheme", "http"),
            (":authority", "test"),
            (":path", path),
            ("content-type", "application/grpc"),
            ("te", "trailers"),
        ];
        self.send(HEADERS, END_HEADERS, stream, &literal(&fields)).await;
        let mut body = vec![0];
        body.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
        body.extend(message);
        self.send(DATA, END_STREAM, stream, &body).await;
    }

    /// Acknowledges a PING.
    pub async fn acknowledge(&mut self, ping: &Frame) {
        self.send(PING, ACK, 0, &ping.payload).await;
    }

    /// Reads the next frame; `None` at the end of the connection.
    ///
    /// # Panics
    /// If none arrives within 20 s.
    pub async fn next(&mut self) -> Option<Frame> {
        let read = async {
            let mut head = [0; 9];
            self.0.read_exact(&mut head).await.ok()?;
            let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
            let mut payload = vec![0; length as usize];
            self.0.read_exact(&mut payload).await.ok()?;
            let stream = u32::from_be_bytes(head[5..].try_into().expect("four bytes"));
            Some(Frame { kind: head[3], flags: head[4], stream, payload })
        };
        timeout(TIMEOUT, read).await.expect("the server sends a frame or closes the connection")
    }

    /// Reads until the next frame of this kind that is not an acknowledgement; `None` at the end of the
    /// connection.
    pub async fn next_of(&mut self, kind: u8) -> Option<Frame> {
        loop {
            let frame = self.next().await?;
            let is_ack = matches!(frame.kind, SETTINGS | PING) && frame.flags & ACK != 0;
            if frame.kind == kind && !is_ack {
                return Some(frame);
            }
        }
    }

    /// The TCP stream, for sending arbitrary bytes.
    pub fn raw(&mut self) -> &mut TcpStream {
        &mut self.0
    }
}

/// Encodes headers as literals without compression (RFC 7541, section 6.2.2).
pub fn literal(fields: &[(&str, &str)]) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in fields {
        block.push(0);
        for text in [name, value] {
            length(&mut block, text.len());
            block.extend(text.as_bytes());
        }
    }
    block
}

/// Encodes an integer with a prefix of seven bits (RFC 7541, section 5.1).
fn length(block: &mut Vec<u8>, length: usize) {
    if length < 127 {
        block.push(length as u8);
        return;
    }
    block.push(127);
    let mut rest = length - 127;
    while rest >= 128 {
        block.push((rest % 128) as u8 | 128);
        rest /= 128;
    }
    block.push(rest as u8);
}
